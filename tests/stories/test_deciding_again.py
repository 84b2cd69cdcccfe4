"""The consent text says something else now: whoever accepted the old one decides again before anything is asked."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from tests import engines
from tests.practice import Practice, data_of, labels, opened, said

IN_FORCE = "3-code-14d-900s-morning"
ASKED_AGAIN = "Este texto ha cambiado desde que lo aceptó."


async def accepted_an_older_text(practice: Practice) -> tuple[Phone, Phone]:
    """Let a patient have accepted the text before this one."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    with engines.raw(practice.database) as db:
        db.execute("UPDATE consents SET version = '1'")
    return ruiz, ana


async def test_the_new_text_comes_before_the_question(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)

    await practice.session_ends(ruiz)

    assert ana.last().text.startswith("Este texto ha cambiado desde que lo aceptó.")
    assert "duran 14 días" in ana.last().text
    assert labels(ana) == ["Acepto", "Prefiero que no"]
    assert not any("1 de 3" in text for text in said(ana))


@pytest.mark.both
async def test_accepting_brings_the_question_at_once(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(hours=2))

    await practice.taps(ana, "Acepto")

    assert "1 de 3" in ana.last().text
    (_, again) = await practice.rows("SELECT version, accepted FROM consents ORDER BY id")
    assert (again["version"], again["accepted"]) == (IN_FORCE, 1)


async def test_declining_asks_nothing_and_tells_the_therapist(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "Prefiero que no")
    await practice.pass_time(timedelta(days=4))

    assert ana.last().text.startswith("De acuerdo: no preguntaré nada.")
    assert ruiz.last().text == "P-07 prefiere que no. No recibirá preguntas."
    assert await practice.rows("SELECT state FROM patients") == [{"state": "declined"}]
    assert await practice.check_ins() == ["skipped"]


async def test_who_does_not_decide_is_not_asked_and_reads_the_text_again_after_the_next_session(
    practice: Practice,
) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(days=4))
    assert await practice.check_ins() == ["skipped"]

    await practice.session_ends(ruiz)

    assert sum(text.startswith("Este texto ha cambiado") for text in said(ana)) == 2
    assert not any("1 de 3" in text for text in said(ana))


async def test_a_decision_that_is_already_made_changes_nothing_more(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)
    text = ana.last()
    await practice.taps(ana, "Acepto")

    assert await practice.taps_data(ana, "ca:1:0", text) == "Este botón ya no sirve."
    assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_nobody_decides_for_somebody_else(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)

    assert await practice.taps_data(ruiz, "ca:1:0", ana.last()) == "Este botón ya no sirve."
    assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


# What a practice changes in its settings


async def changed(practice: Practice, settings: str) -> None:
    """Let the practice write other settings and start the bot again."""
    await practice.stop()
    practice.settings = settings
    await practice.start()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("[practice]\nsecond_contact_reads = true\n", "y leer esas palabras"),
        ('[practice]\nother_contact = "Dra. Soto, 600 000 000"\n', "Dra. Soto, 600 000 000"),
        ('[backup]\nkeep = 30\nfolder = ""\n', "duran 30 días"),
        ('[check_in]\ndelay = "1h"\n', "Llegan 1 hora después"),
    ],
)
async def test_a_promise_that_changed_is_put_before_the_patient(practice: Practice, settings: str, says: str) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await changed(practice, settings)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(hours=1))

    assert ana.last().text.startswith(ASKED_AGAIN)
    assert says in ana.last().text
    assert not any("1 de 3" in text for text in said(ana))


async def test_another_number_to_call_asks_nobody_again(tmp_path: Path) -> None:
    settings = '[practice]\nother_contact = "Dra. Soto, 600 000 000"\n'
    async with opened(tmp_path, settings=settings) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)

        await changed(practice, settings.replace("600 000 000", "600 000 001"))
        await practice.session_ends(ruiz)

        assert "1 de 3" in ana.last().text


async def test_who_accepts_the_text_on_the_screen_has_not_agreed_to_the_one_that_came_after(practice: Practice) -> None:
    """The old text stands in the chat while the practice changes what it promises; then *Acepto* is tapped."""
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "P-07")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    await changed(practice, "[practice]\nsecond_contact_reads = true\n")

    await practice.taps(ana, "Acepto")
    await practice.session_ends(ruiz)

    assert ana.last().text.startswith(ASKED_AGAIN)
    await practice.taps(ana, "Acepto")
    assert "1 de 3" in ana.last().text
    rows = await practice.rows("SELECT version FROM consents ORDER BY id")
    assert [row["version"] for row in rows] == ["0", "3-reads-14d-900s-morning"]


async def test_an_old_text_tapped_late_takes_nothing_back(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)
    old = ana.last()
    await changed(practice, "[practice]\nsecond_contact_reads = true\n")
    await practice.pass_time(timedelta(days=4))
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Acepto")

    assert await practice.taps_data(ana, "ca:1:0", old) == "Este botón ya no sirve."
    assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_who_changes_the_language_in_between_has_read_the_same_text(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "P-07")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    text = ana.last()
    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Idioma", "English")

    await practice.taps_data(ana, data_of(text, "Acepto"), text)

    assert [row["version"] for row in await practice.rows("SELECT version FROM consents")] == [IN_FORCE]


async def test_the_second_contact_reads_the_words_of_whoever_has_agreed_to_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await practice.says(ana, "quiero morirme")
    await changed(practice, "[practice]\nsecond_contact_reads = true\n")
    await practice.pass_time(timedelta(minutes=30))

    assert labels(soto) == ["Me hago cargo"]
    assert await practice.taps_data(soto, "uw:1:0") == "Este botón ya no sirve."
    assert not any("quiero morirme" in text for text in said(soto))

    await practice.session_ends(ruiz)
    await practice.taps(ana, "Acepto")
    await practice.taps_data(soto, "uw:1:0")

    assert "quiero morirme" in soto.last().text

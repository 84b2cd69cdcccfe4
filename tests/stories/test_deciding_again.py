"""The consent text says something else now: whoever accepted the old one decides again before anything is asked."""

from datetime import timedelta

import aiosqlite

from bot.demo.phone import Phone
from tests.practice import Practice, labels, said


async def accepted_an_older_text(practice: Practice) -> tuple[Phone, Phone]:
    """Let a patient have accepted the text before this one."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    async with aiosqlite.connect(practice.database) as db:
        await db.execute("UPDATE consents SET version = '1'")
        await db.commit()
    return ruiz, ana


async def test_the_new_text_comes_before_the_question(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)

    await practice.session_ends(ruiz)

    assert ana.last().text.startswith("Este texto ha cambiado desde que lo aceptó.")
    assert "duran 14 días" in ana.last().text
    assert labels(ana) == ["Acepto", "Prefiero que no"]
    assert not any("1 de 3" in text for text in said(ana))


async def test_accepting_brings_the_question_at_once(practice: Practice) -> None:
    ruiz, ana = await accepted_an_older_text(practice)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(hours=2))

    await practice.taps(ana, "Acepto")

    assert "1 de 3" in ana.last().text
    (_, again) = await practice.rows("SELECT version, accepted FROM consents ORDER BY id")
    assert (again["version"], again["accepted"]) == ("2", 1)


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

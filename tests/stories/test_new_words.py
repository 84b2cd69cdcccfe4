"""More words while the first are still unseen: another message, the same one edited, a therapist's own, two therapists.

Nothing that was written urgently is lost or kept back because something older waits.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from storage.columns import KeyRing
from tests.practice import Practice, data_of, labels, opened, said

PUSH = "P-07: urgente"
TONIGHT = "me voy a matar esta noche, tengo las pastillas"
TWO = "Avisos de P-07 sin ver: 2."


async def house(practice: Practice) -> tuple[Phone, Phone, Phone]:
    """Return the phones of a therapist, a patient and a second contact."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    return ruiz, ana, await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")


def alerts(phone: Phone) -> list[str]:
    return [text for text in said(phone) if text.startswith("P-07") and ": urgente" in text]


async def heard(practice: Practice, phones: Sequence[Phone], minutes: int) -> list[list[int]]:
    """Let minutes pass; return after how many of them each phone was alerted."""
    began_at, found = practice.clock.now(), [list[int]() for _ in phones]
    for minute in range(1, minutes + 1):
        before = [len(alerts(phone)) for phone in phones]
        await practice.go_to(began_at + timedelta(minutes=minute))
        for place, phone in enumerate(phones):
            found[place] += [minute] * (len(alerts(phone)) - before[place])
    return found


async def test_new_words_at_night_are_pressed_like_the_first_and_second_contacts_hear_of_them(tmp_path: Path) -> None:
    async with opened(tmp_path, start=datetime(2026, 11, 17, 19, 0, tzinfo=UTC)) as practice:
        ruiz, ana, soto = await house(practice)
        await practice.says(ana, "no puedo mas, quiero morirme")
        for _ in range(12):
            await practice.pass_time(timedelta(minutes=15))
        assert (len(alerts(ruiz)), len(alerts(soto))) == (3, 2), "the last at 21:00: night begins at 22:00"

        await practice.says(ana, TONIGHT)
        assert (len(alerts(ruiz)), len(alerts(soto))) == (4, 3), "both at once: the older words are unseen"

        assert await heard(practice, [ruiz, soto], 100) == [[5, 15, 60], [5, 15, 60]]
        assert TWO in alerts(ruiz)[-1]
        assert TWO in alerts(soto)[-1]


async def test_one_repeat_stands_for_several_unseen_alerts_and_names_how_many(practice: Practice) -> None:
    ruiz, ana, soto = await house(practice)
    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=2))
    await practice.says(ana, "de verdad, quiero morirme")
    assert TWO in alerts(ruiz)[-1]

    assert await heard(practice, [ruiz, soto], 70) == [[5, 15, 60], [28, 60]], "28: half an hour after the first"
    assert TWO in alerts(ruiz)[-1]
    assert "Avisos" not in alerts(ruiz)[0]


async def test_words_that_go_on_do_not_put_off_telling_somebody_else(practice: Practice) -> None:
    _, ana, soto = await house(practice)

    for _ in range(3):
        await practice.says(ana, "quiero morirme")
        await practice.pass_time(timedelta(minutes=10))

    assert len(alerts(soto)) == 1, "half an hour after the first"
    await practice.says(ana, "quiero morirme")
    assert len(alerts(soto)) == 2, "at once: they know of it"


async def test_once_the_newer_words_are_seen_the_older_are_followed_up(practice: Practice) -> None:
    ruiz, ana, _ = await house(practice)
    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=2))
    await practice.says(ana, TONIGHT)
    await practice.taps(ruiz, "Lo he visto")

    assert (await heard(practice, [ruiz], 60))[0] == [3, 13, 58]
    assert "Avisos" not in alerts(ruiz)[-1]


async def test_whoever_was_told_of_several_hears_of_the_one_that_is_left(practice: Practice) -> None:
    ruiz, ana, soto = await house(practice)
    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=10))
    await practice.says(ana, TONIGHT)
    newest = ruiz.last()
    await practice.pass_time(timedelta(minutes=20))
    assert len(alerts(soto)) == 1
    await practice.taps_data(ruiz, data_of(newest, "Lo he visto"), newest)
    assert len(alerts(soto)) == 1, "one push stood for both"

    assert await heard(practice, [ruiz, soto], 30) == [[30], [30]]
    assert labels(soto) == ["Me hago cargo"]
    await practice.taps(soto, "Me hago cargo")
    assert await practice.rows("SELECT id FROM concerns WHERE seen_at IS NULL") == []


async def steps(practice: Practice, step: str) -> list[tuple[int, int]]:
    rows = await practice.rows(
        "SELECT concern_id, person_id FROM concern_steps WHERE step = :step ORDER BY id", step=step
    )
    return [(row["concern_id"], row["person_id"]) for row in rows]


async def test_every_repeat_is_a_row_for_each_person_it_went_to(practice: Practice) -> None:
    _, ana, _ = await house(practice)
    await practice.says(ana, "quiero morirme")

    for minutes in (5, 10, 15, 30):
        await practice.pass_time(timedelta(minutes=minutes))

    (ruiz,) = {person for _, person in await steps(practice, "told")}
    (soto,) = {person for _, person in await steps(practice, "second_told")}
    assert await steps(practice, "repeated") == [(1, ruiz), (1, ruiz), (1, soto), (1, ruiz)]


async def test_repeats_go_to_the_second_contacts_too(practice: Practice) -> None:
    ruiz, ana, soto = await house(practice)
    await practice.says(ana, "quiero morirme")

    assert await heard(practice, [ruiz, soto], 180) == [[5, 15, 60, 120, 180], [30, 60, 120, 180]]


# Edits


async def test_urgent_words_that_were_edited_before_anybody_read_them_stay_readable(practice: Practice) -> None:
    ruiz, ana, _ = await house(practice)
    message = await ana.send("me voy a matar el viernes con las pastillas de mi madre")
    await practice.settle()

    await practice.edits(ana, message, "quiero morirme")

    assert await practice.words() == [
        ("crisis", "me voy a matar el viernes con las pastillas de mi madre"),
        ("crisis", "quiero morirme"),
    ]
    assert len(alerts(ruiz)) == 2
    older, newer = (message for message in ruiz.messages if message.text.startswith(PUSH))
    for alert, words in ((older, "el viernes"), (newer, "quiero morirme")):
        await practice.taps_data(ruiz, data_of(alert, "Leer sus palabras"), alert)
        assert words in alert.text


@pytest.mark.both
async def test_taking_back_urgent_words_by_an_edit_does_not_take_them_from_the_therapist(practice: Practice) -> None:
    ruiz, ana, _ = await house(practice)
    message = await ana.send("quiero morirme")
    await practice.settle()

    await practice.edits(ana, message, "nada, era una broma")

    assert await practice.words() == [("crisis", "quiero morirme")]
    assert said(ana)[-1].startswith("Ese cambio no se ha guardado")
    await practice.taps(ruiz, "Leer sus palabras")
    assert "quiero morirme" in ruiz.last().text


async def test_an_edit_that_changes_nothing_is_nothing_new(practice: Practice) -> None:
    _, ana, _ = await house(practice)
    message = await ana.send("quiero morirme")
    await practice.settle()

    await practice.edits(ana, message, "quiero morirme")

    assert len(await practice.rows("SELECT id FROM concerns")) == 1


# Two therapists, a therapist's own link


async def test_both_therapists_of_one_account_are_told_when_no_question_says_which(practice: Practice) -> None:
    ruiz = await practice.therapist()
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana = await practice.patient(ruiz)
    await practice.says(ana, f"/start {await practice.invitation(gil, 'G-1')}")
    await practice.taps(ana, "Acepto")

    await practice.says(ana, "quiero morirme")

    assert ruiz.last().text.startswith(PUSH)
    assert gil.last().text.startswith("G-1: urgente")
    assert {"La Dra. Ruiz ya tiene el aviso.", "El Dr. Gil ya tiene el aviso."} <= set(said(ana))
    assert sum(text.startswith("Si está en peligro") for text in said(ana)) == 1
    for phone in (ruiz, gil):
        await practice.taps(phone, "Leer sus palabras")
        assert "quiero morirme" in phone.last().text


async def tries_a_link(practice: Practice, therapist: Phone) -> None:
    await practice.says(therapist, f"/start {await practice.invitation(therapist, 'PRUEBA')}")
    await practice.taps(therapist, "Acepto")


async def test_the_note_of_a_therapist_who_tried_a_link_is_kept_as_a_note(practice: Practice) -> None:
    ruiz, ana, _ = await house(practice)
    await tries_a_link(practice, ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    await practice.says(ruiz, "Hablado. Ya no quiere morirse, pero antes pensaba en suicidarse")

    assert ruiz.last().text == "P-07: la nota está guardada."
    ring = KeyRing(practice.keys.seal, practice.keys.index)
    (row,) = await practice.rows("SELECT note FROM concerns")
    assert ring.unseal(row["note"]).startswith("Hablado.")
    assert len(await practice.rows("SELECT id FROM concerns")) == 1, "no alarm about themselves"


async def test_what_a_therapist_writes_as_a_patient_is_heard_when_no_note_is_asked_for(practice: Practice) -> None:
    ruiz, _, _ = await house(practice)
    await tries_a_link(practice, ruiz)

    await practice.says(ruiz, "quiero morirme")

    assert await practice.words() == [("crisis", "quiero morirme")]
    assert any(text.startswith("PRUEBA: urgente") for text in said(ruiz))


async def test_a_therapist_in_treatment_with_a_colleague_loses_neither_the_note_nor_the_help(
    practice: Practice,
) -> None:
    ruiz, ana, _ = await house(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(ruiz, f"/start {await practice.invitation(gil, 'G-1')}")
    await practice.taps(ruiz, "Acepto")
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    await practice.says(ruiz, "la que quiere morirme soy yo: quiero morirme")

    assert gil.last().text.startswith("G-1: urgente")
    notes = await practice.rows(
        "SELECT code, note IS NOT NULL AS noted FROM concerns JOIN patients ON patients.id = patient_id"
    )
    assert {row["code"]: row["noted"] for row in notes} == {"P-07": 1, "G-1": 0}


async def test_what_is_done_to_a_therapist_in_treatment_is_kept_nowhere_also_while_a_note_is_asked_for(
    practice: Practice,
) -> None:
    ruiz, ana, _ = await house(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(ruiz, f"/start {await practice.invitation(gil, 'G-1')}")
    await practice.taps(ruiz, "Acepto")
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    await practice.says(ruiz, "mi pareja me pega")

    assert "016" in "".join(said(ruiz)[-2:])
    assert await practice.rows("SELECT id FROM concerns WHERE note IS NOT NULL") == []


# What is noted


async def test_every_step_is_a_row(practice: Practice) -> None:
    ruiz, ana, _ = await house(practice)
    await practice.session_ends(ruiz)

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=30))
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    rows = await practice.rows("SELECT step FROM concern_steps ORDER BY id")
    taken = [row["step"] for row in rows]
    assert taken[:4] == ["opened", "card_left", "stopped", "told"]
    assert sorted(taken[4:6]) == ["delivered", "said_kept"], "two chats, beside each other"
    assert taken[6:] == [
        *("said_reached", "repeated", "second_told", "delivered", "said_elsewhere", "seen", "contacted"),
    ]


@pytest.mark.parametrize(("words", "negated"), [("no quiero morirme", True), ("quiero morirme", False)])
async def test_a_negation_is_said_and_lowers_nothing(practice: Practice, words: str, *, negated: bool) -> None:
    ruiz, ana, _ = await house(practice)

    await practice.says(ana, words)
    assert await heard(practice, [ruiz], 16) == [[5, 15]]
    await practice.taps(ruiz, "Leer sus palabras")

    assert await practice.rows("SELECT negated FROM concerns") == [{"negated": int(negated)}]
    assert ("La frase lleva una negación." in ruiz.last().text) is negated
    assert "Lo he visto" in labels(ruiz)

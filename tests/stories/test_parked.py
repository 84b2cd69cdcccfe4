"""Something that can never be sent, or never be worked: one damaged row, one message that Telegram always refuses.

It is tried five times and then put aside; everybody else goes on, and nobody who had to know something is left without.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json
from bot.domain.model import Role
from bot.domain.post import Due
from bot.services.delivery import TRIES
from tests import engines
from tests.practice import NO_QUIET, Practice, opened, said
from tests.test_requests_on_paper import microchequeo

ALERT = "P-07: caída de la alianza percibida."
INSTEAD = "P-07: hay un aviso que no se puede mostrar. Está en la lista: /alertas"
REFUSED = Fault.answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"})


def refuses(practice: Practice, words: str) -> Callable[[], int]:
    """Let Telegram refuse every message that says this; return how often it did."""
    refused: list[str] = []

    def fault(_: str, params: Json) -> Fault | None:
        if words not in str(params.get("text", "")):
            return None
        refused.append(words)
        return REFUSED

    practice.telegram.fault = fault
    return lambda: len(refused)


def damages(practice: Practice, statement: str) -> None:
    """Change a row as no part of the program would."""
    with closing(sqlite3.connect(practice.database)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        assert db.execute(statement).rowcount == 1
        db.commit()


def changes(practice: Practice, statement: str) -> None:
    """Change what the database does."""
    with closing(sqlite3.connect(practice.database)) as db:
        db.execute(statement)


async def an_hour_passes(practice: Practice) -> None:
    for _ in range(12):
        await practice.pass_time(timedelta(minutes=5))


async def fallen(practice: Practice) -> tuple[Phone, Phone]:
    """Return the phones of a therapist and of a patient whose answers have fallen; the alert is due in six minutes."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 5, 5, 2)
    return ruiz, ana


async def test_an_alert_that_telegram_never_takes_is_put_aside_and_a_plain_line_comes_instead(
    practice: Practice,
) -> None:
    ruiz, _ = await fallen(practice)
    refused = refuses(practice, ALERT)

    await an_hour_passes(practice)

    assert refused() == TRIES
    assert said(ruiz).count(INSTEAD) == 1
    parked = await practice.rows("SELECT kind, last_error FROM outbox WHERE parked_at IS NOT NULL")
    assert parked == [{"kind": "alert_raised", "last_error": "refused: message is too long"}]
    async with practice.bot.store.reading() as tx:
        assert [(one.kind, one.reason) for one in await tx.outbox.parked(10)] == [
            ("alert_raised", "refused: message is too long")
        ]


async def test_what_is_written_to_the_same_chat_meanwhile_arrives(practice: Practice) -> None:
    ruiz, _ = await fallen(practice)
    refuses(practice, ALERT)
    await practice.pass_time(timedelta(minutes=6))

    await practice.invitation(ruiz, "P-08")
    await practice.says(ruiz, "/pacientes")

    assert ruiz.last().text.startswith("2 pacientes")


async def test_urgent_words_that_cannot_be_shown_to_the_therapist_go_to_the_second_contact(practice: Practice) -> None:
    ruiz = await practice.therapist()
    gil = await practice.enrolled(Role.SECOND_CONTACT, 300, "Marta")
    ana = await practice.patient(ruiz)
    refused = refuses(practice, "P-07: urgente.")

    await practice.says(ana, "quiero morirme")
    for _ in range(8):
        await practice.pass_time(timedelta(seconds=5))

    assert refused() == TRIES
    assert INSTEAD in said(ruiz)
    assert any(text.startswith("P-07, paciente de la Dra. Ruiz: urgente.") for text in said(gil))


@pytest.mark.file
async def test_a_notice_that_cannot_be_read_keeps_no_other_from_leaving(practice: Practice) -> None:
    ruiz, _ = await fallen(practice)
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "sendMessage" else None
    await practice.pass_time(timedelta(minutes=6))
    damages(practice, "UPDATE outbox SET body = x'00' WHERE kind = 'alert_raised' AND sent_at IS NULL")
    practice.telegram.fault = None

    await practice.invitation(ruiz, "P-08")
    await an_hour_passes(practice)

    assert await practice.rows("SELECT kind FROM outbox WHERE parked_at IS NOT NULL") == [{"kind": "alert_raised"}]
    assert sum("no se puede mostrar" in text for text in said(ruiz)) == 1


@pytest.mark.file
async def test_a_question_that_cannot_be_made_is_put_aside_and_the_others_are_asked(practice: Practice) -> None:
    ruiz, gil = await practice.therapist(), await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana, eva = await practice.patient(ruiz), await practice.patient(gil, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(gil, "P-08", ask=False)
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "sendMessage" else None
    await practice.pass_time(timedelta(minutes=15))
    damages(practice, "UPDATE therapists SET name = x'00' WHERE id = 1")
    practice.telegram.fault = None

    await an_hour_passes(practice)

    assert "1 de 3" in eva.last().text
    assert "1 de 3" not in ana.last().text
    assert await practice.rows("SELECT kind, faults FROM outbox WHERE parked_at IS NOT NULL") == [
        {"kind": "question", "faults": TRIES}
    ]


@pytest.mark.file
async def test_check_ins_that_cannot_be_asked_are_passed_over_and_tried_later(practice: Practice) -> None:
    ruiz, gil = await practice.therapist(), await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana, eva = await practice.patient(ruiz), await practice.patient(gil, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    (row,) = await practice.rows("SELECT name FROM therapists WHERE id = 1")
    damages(practice, "UPDATE therapists SET name = x'00' WHERE id = 1")
    await practice.session_ends(gil, "P-08")
    assert "1 de 3" in eva.last().text
    assert (await practice.bot.store.dues())[Due.CHECK_IN] > practice.clock.now()

    with engines.raw(practice.database) as db:
        db.execute("UPDATE therapists SET name = ? WHERE id = 1", (row["name"],))
    await practice.pass_time(timedelta(minutes=15))

    assert "1 de 3" in ana.last().text


@pytest.mark.file
async def test_one_damaged_check_in_keeps_no_other_from_being_asked_shown_and_judged(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana, eva = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(ruiz, "P-08", ask=False)
    damages(practice, "UPDATE check_ins SET items = 'nonsense' WHERE id = 1")
    await practice.pass_time(timedelta(minutes=15))
    assert "1 de 3" in eva.last().text
    assert "1 de 3" not in ana.last().text

    practice.telegram.fault = lambda method, _: Fault.tear() if method == "editMessageText" else None
    await practice.taps(eva, "5")
    practice.telegram.fault = None
    damages(practice, "UPDATE check_ins SET lag_at = due_at, message_id = 1, settles_at = due_at WHERE id = 1")
    await practice.pass_time(timedelta(minutes=1))
    assert "2 de 3" in eva.last().text

    await practice.taps(eva, "5", "2", "Listo")
    damages(practice, "UPDATE check_ins SET next_at = due_at WHERE id = 1")
    await practice.pass_time(timedelta(minutes=20))
    assert await practice.rows("SELECT id FROM check_ins WHERE settles_at IS NOT NULL") == [{"id": 1}]


@pytest.mark.file
async def test_a_tap_that_can_never_be_worked_is_put_aside_over_restarts_and_the_chat_goes_on(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    damages(practice, "UPDATE check_ins SET asked_at = 'nonsense'")

    await practice.taps(ana, "7")
    await practice.says(ana, "/privacidad")
    answered = ana.last().text
    await practice.pass_time(timedelta(seconds=30))
    await practice.stop()
    await practice.start()
    await an_hour_passes(practice)

    assert answered.startswith("Qué se guarda")
    assert await practice.rows("SELECT attempts, last_error, done_at FROM inbox WHERE parked_at IS NOT NULL") == [
        {"attempts": 5, "last_error": "ValueError", "done_at": None}
    ]
    async with practice.bot.store.reading() as tx:
        assert [(one.kind, one.reason) for one in await tx.inbox.parked(10)] == [("update", "ValueError")]


@pytest.mark.file
async def test_an_update_that_cannot_be_read_any_more_is_put_aside_and_the_bot_goes_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    damages(practice, "UPDATE check_ins SET asked_at = 'nonsense'")
    await practice.taps(ana, "7")
    damages(practice, "UPDATE inbox SET body = x'00' WHERE done_at IS NULL")

    await an_hour_passes(practice)
    await practice.says(ruiz, "/pacientes")

    assert ruiz.last().text.startswith("1 paciente")
    assert (await practice.bot.store.waiting())["parked"] == 1


@pytest.mark.file
async def test_a_chat_that_something_unforeseen_keeps_from_being_worked_rests_and_the_others_go_on(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    damages(practice, "UPDATE check_ins SET asked_at = 'nonsense'")
    refuse = "BEFORE UPDATE ON inbox WHEN NEW.attempts > OLD.attempts BEGIN SELECT RAISE(ABORT, 'damaged'); END"
    changes(practice, f"CREATE TRIGGER damage {refuse}")

    await practice.taps(ana, "7")
    await practice.says(ruiz, "/pacientes")

    assert ruiz.last().text.startswith("1 paciente")
    assert "intake" in await practice.bot.health.warnings()
    assert await practice.bot.health.reasons() == {}

    changes(practice, "DROP TRIGGER damage")
    await practice.pass_time(timedelta(minutes=2))
    assert await practice.rows("SELECT attempts FROM inbox WHERE done_at IS NULL") == [{"attempts": 1}]
    assert "intake" not in await practice.bot.health.warnings()


# Tried again once the cause is gone


@pytest.mark.both
async def test_an_alert_that_was_put_aside_arrives_when_it_is_tried_again(practice: Practice) -> None:
    ruiz, _ = await fallen(practice)
    refuses(practice, ALERT)
    await an_hour_passes(practice)
    practice.telegram.fault = None

    [aside] = await practice.bot.services.parked.list()
    done, left = await practice.bot.services.parked.retry([aside.number])
    await practice.pass_time(timedelta(seconds=5))

    assert (done, left, await practice.bot.services.parked.list()) == ([aside], [], [])
    assert sum(text.startswith(ALERT) for text in said(ruiz)) == 1
    assert await practice.rows("SELECT actor, act, subject, subject_id FROM audit WHERE act = 'retried'") == [
        {"actor": None, "act": "retried", "subject": "outbox", "subject_id": aside.row.id}
    ]


async def test_what_fails_again_is_put_aside_again_after_five_tries(practice: Practice) -> None:
    ruiz, _ = await fallen(practice)
    refused = refuses(practice, ALERT)
    await an_hour_passes(practice)

    await practice.bot.services.parked.retry(None)
    await an_hour_passes(practice)

    assert refused() == 2 * TRIES
    assert said(ruiz).count(INSTEAD) == 1, "once is enough"
    assert [one.row.kind for one in await practice.bot.services.parked.list()] == ["alert_raised"]


@pytest.mark.file
async def test_an_answer_that_was_put_aside_counts_when_it_is_tried_again(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    damages(practice, "UPDATE check_ins SET asked_at = 'nonsense' || asked_at")
    await practice.taps(ana, "7")
    await an_hour_passes(practice)
    damages(practice, "UPDATE check_ins SET asked_at = substr(asked_at, 9)")

    [aside] = await practice.bot.services.parked.list()
    await practice.bot.services.parked.retry([aside.number])
    await practice.pass_time(timedelta(seconds=5))

    assert (aside.row.kind, aside.row.reason) == ("update", "ValueError")
    assert await practice.scores() == [(1, "understood", 7)]
    assert "2 de 3" in ana.last().text


async def test_of_what_was_put_aside_nothing_is_kept_when_somebody_leaves(practice: Practice) -> None:
    _, ana = await fallen(practice)
    refuses(practice, ALERT)
    await an_hour_passes(practice)
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")
    await practice.pass_time(timedelta(days=3))

    done, left = await practice.bot.services.parked.retry(None)

    assert (done, [one.row.kind for one in left]) == ([], ["alert_raised"])
    assert await practice.rows("SELECT body FROM outbox WHERE parked_at IS NOT NULL") == [{"body": None}]


async def test_at_the_command_line_it_is_listed_without_content_and_tried_again(tmp_path: Path) -> None:
    settings = NO_QUIET + '[backup]\nfolder = ""\n'
    noon = SystemClock().now().replace(hour=12, minute=0) - timedelta(days=1)  # not just before working hours begin
    async with opened(tmp_path, settings=settings, start=noon) as practice:
        before = await microchequeo(practice, "parked", "--retry", "all")
        ruiz, _ = await fallen(practice)
        refuses(practice, ALERT)
        await an_hour_passes(practice)
        practice.telegram.fault = None
        [aside] = await practice.bot.services.parked.list()
        listed = await microchequeo(practice, "parked")
        unknown = await microchequeo(practice, "parked", "--retry", "m999")
        tried = await microchequeo(practice, "parked", "--retry", aside.number.upper())
        await practice.pass_time(timedelta(seconds=5))  # not a day: if nobody has seen it by then, it comes once more

    assert before == (0, "Nothing is put aside.\n", "")
    assert all(sign in listed[1] for sign in (aside.number, "alert_raised", "refused: message is too long"))
    assert "P-07" not in listed[1]
    assert (unknown[0], "has the number m999" in unknown[2]) == (2, True)
    assert tried[1].startswith(f"tried again: {aside.number}")
    assert sum(text.startswith(ALERT) for text in said(ruiz)) == 1

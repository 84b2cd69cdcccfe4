"""Telegram is away, slow, or says "too many requests", just when somebody answers or needs to know.

What was answered stands, what was due arrives later, and nobody is left in front of an old question.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json
from tests.practice import Practice, data_of, labels, said

ALERT = "P-07: caída de la alianza percibida."
OVERLAPS = (
    "P-07 ya tiene una sesión que se cruza con esa hora: no quedó anotada otra. Para verla, moverla o anularla: /agenda"
)
SOON = timedelta(seconds=11)


async def asked(practice: Practice) -> tuple[Phone, Phone]:
    """Return a therapist and a patient who is being asked the first question."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    return ruiz, ana


def fails(practice: Practice, fault: Fault, *methods: str, times: int = 1_000) -> Callable[[], int]:
    """Let the next calls of `methods` fail; return how many did."""
    failed: list[str] = []

    def once(method: str, _: Json) -> Fault | None:
        if method not in methods or len(failed) >= times:
            return None
        failed.append(method)
        return fault

    practice.telegram.fault = once
    return lambda: len(failed)


async def passes_until(practice: Practice, happened: Callable[[], bool]) -> None:
    """Let time pass until something has happened: a 429 is waited out on the machine's clock, not on the story's."""
    async with asyncio.timeout(60):
        while not happened():
            await practice.pass_time(timedelta(seconds=5))


async def test_a_reply_lost_in_an_outage_strands_nobody(practice: Practice) -> None:
    _, ana = await asked(practice)
    failed = fails(practice, Fault.tear(), "editMessageText", "sendMessage")

    await practice.taps(ana, "7")
    assert failed()
    assert await practice.scores() == [(1, "understood", 7)]
    assert "1 de 3" in ana.last().text
    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert "2 de 3" in ana.last().text


async def test_a_longer_outage_strands_nobody_either(practice: Practice) -> None:
    _, ana = await asked(practice)
    fails(practice, Fault.tear(), "editMessageText", "sendMessage")
    await practice.taps(ana, "7")
    for _ in range(5):
        await practice.pass_time(timedelta(minutes=1))

    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert "2 de 3" in ana.last().text
    assert sum("de 3" in text for text in said(ana)) == 1


async def test_an_edit_that_was_done_but_not_confirmed_leaves_one_question(practice: Practice) -> None:
    _, ana = await asked(practice)
    failed = fails(practice, Fault.lose_reply(), "editMessageText", times=1)

    await practice.taps(ana, "7")
    await practice.pass_time(SOON)
    await practice.taps(ana, "6")

    assert failed() == 1
    assert "3 de 3" in ana.last().text
    assert sum("de 3" in text for text in said(ana)) == 1


async def test_a_typed_answer_brings_its_next_question_after_the_outage(practice: Practice) -> None:
    _, ana = await asked(practice)
    fails(practice, Fault.tear(), "sendMessage")

    await practice.says(ana, "7")
    assert await practice.scores() == [(1, "understood", 7)]
    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert "2 de 3" in ana.last().text


async def fallen(practice: Practice) -> Phone:
    """Return a therapist who has opened an alert."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 0)
    await practice.week(ruiz, ana, 5, 5, 0)
    await practice.taps(ruiz, "Ver")
    return ruiz


@pytest.mark.both
@pytest.mark.parametrize(
    ("label", "shown"),
    [("Visto", "Visto."), ("Lo hablamos", "Anotado: ya se habló."), ("No era eso", "Anotado: no era eso.")],
)
async def test_the_therapists_word_is_shown_after_the_outage(practice: Practice, label: str, shown: str) -> None:
    ruiz = await fallen(practice)
    alert = next(message for message in ruiz.messages if label in message.labels())
    failed = fails(practice, Fault.tear(), "editMessageText", "sendMessage")

    await practice.taps_data(ruiz, data_of(alert, label), alert)
    assert failed()
    assert shown not in "".join(said(ruiz))
    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert shown in "".join(said(ruiz))
    kept = await practice.rows("SELECT act FROM audit WHERE subject = 'episode'")
    assert len(kept) == 1


async def test_a_session_that_was_taken_back_says_so_after_the_outage(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    failed = fails(practice, Fault.tear(), "editMessageText", "sendMessage")

    await practice.taps(ruiz, "Deshacer")
    assert failed()
    assert await practice.rows("SELECT state FROM sessions") == [{"state": "cancelled"}]
    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert ruiz.last().text == "P-07: sesión anulada. No habrá preguntas por ella."
    assert await practice.rows("SELECT act FROM audit WHERE subject = 'session'") == [
        {"act": "noted"},
        {"act": "undid"},
    ]


@pytest.mark.both
async def test_a_new_language_is_spoken_after_the_outage(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Idioma")
    fails(practice, Fault.tear(), "editMessageText", "sendMessage")

    await practice.taps(ruiz, "English")
    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert ruiz.last().text.startswith("Language: English")


async def test_what_was_tapped_last_stands_though_the_first_reply_was_lost(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Idioma")
    fails(practice, Fault.tear(), "editMessageText", "sendMessage")
    await practice.taps(ruiz, "English")

    practice.telegram.fault = None
    await practice.taps(ruiz, "Español")
    await practice.pass_time(SOON)

    assert ruiz.last().text.startswith("Idioma: español")
    assert await practice.rows("SELECT language FROM people") == [{"language": "es"}]


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("/sesion P-07 ahora", OVERLAPS),
        ("/sesion P-99 ahora", "No hay ningún paciente P-99. La lista: /pacientes"),
        ("/nuevo P-08", "P-08 ya existe. Elija otro código."),
        ("/pacientes", "1 paciente\nP-07 · en marcha"),
    ],
)
async def test_a_refusal_is_heard_after_the_outage(practice: Practice, line: str, reply: str) -> None:
    ruiz = await practice.therapist()
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.patient(ruiz)
    await practice.invitation(gil, "P-08")
    await practice.session_ends(ruiz, ask=False)
    fails(practice, Fault.tear(), "sendMessage")

    await practice.says(ruiz, line)
    practice.telegram.fault = None
    await practice.pass_time(SOON)

    assert ruiz.last().text == reply
    assert said(ruiz).count(reply) == 1


async def test_an_answer_that_telegram_never_takes_is_not_given_for_ever(practice: Practice) -> None:
    ruiz = await practice.therapist()
    failed = fails(practice, Fault.tear(), "sendMessage")

    await practice.says(ruiz, "/pacientes")
    for _ in range(20):
        await practice.pass_time(timedelta(minutes=10))

    assert failed() == 10
    assert await practice.rows("SELECT parked_at, body FROM inbox WHERE done_at IS NULL") == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault.tear(),
        Fault.too_many_requests(1),
        Fault.answer(500),
        Fault.answer(502, b"<html>"),
        Fault.answer(200, b"{"),
    ],
    ids=["torn", "429", "500", "502", "not JSON"],
)
async def test_a_question_that_could_not_leave_leaves_later(practice: Practice, fault: Fault) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    failed = fails(practice, fault, "sendMessage", times=2)

    await practice.pass_time(timedelta(minutes=15))
    await passes_until(practice, lambda: "1 de 3" in ana.last().text)

    assert failed() == 2
    assert sum("1 de 3" in text for text in said(ana)) == 1
    assert labels(ana)[:11] == [str(number) for number in range(11)]


@pytest.mark.parametrize(
    "fault", [Fault.tear(), Fault.too_many_requests(1), Fault.answer(500)], ids=["torn", "429", "500"]
)
async def test_an_alert_that_could_not_leave_leaves_later(practice: Practice, fault: Fault) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 5, 5, 2)
    fails(practice, fault, "sendMessage", times=3)

    await practice.pass_time(timedelta(minutes=6))
    assert ALERT not in said(ruiz)
    await passes_until(practice, lambda: ALERT in said(ruiz))

    assert said(ruiz).count(ALERT) == 1
    assert await practice.rows("SELECT count(*) AS n FROM episodes") == [{"n": 1}]


async def test_a_question_that_arrived_unconfirmed_may_come_twice_and_a_tap_on_either_counts(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    fails(practice, Fault.lose_reply(), "sendMessage", times=1)
    await practice.pass_time(timedelta(minutes=15))
    await practice.pass_time(SOON)
    first, second = [message for message in ana.messages if "1 de 3" in message.text]

    await ana.tap("7", message=first)
    await practice.settle()

    assert await practice.scores() == [(1, "understood", 7)]
    assert "2 de 3" in first.text
    assert second.labels() == []


def calls_made(practice: Practice) -> int:
    return sum(call.method != "getUpdates" for call in practice.telegram.calls)


async def test_while_telegram_holds_everybody_nothing_leaves_and_answers_are_kept(practice: Practice) -> None:
    _, ana = await asked(practice)
    fails(practice, Fault.too_many_requests(600), "sendMessage")
    for number in range(3):
        await practice.says(practice.telegram.phone(900 + number, "Alguien"), "/ayuda")
    made = calls_made(practice)

    await practice.taps(ana, "7")
    await practice.pass_time(timedelta(minutes=1))

    assert calls_made(practice) == made
    assert await practice.scores() == [(1, "understood", 7)]


async def test_in_a_chat_that_telegram_holds_a_tap_is_not_answered_either_and_counts(practice: Practice) -> None:
    _, ana = await asked(practice)
    fails(practice, Fault.too_many_requests(600), "editMessageText", times=1)
    await practice.taps(ana, "7")
    made = calls_made(practice)

    await ana.tap("7")
    await practice.settle()

    assert calls_made(practice) == made


async def test_the_digest_comes_after_an_outage(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    await practice.answers(ana, 8, 8, 2)
    fails(practice, Fault.answer(500), "sendPhoto", "sendMessage")
    await practice.pass_time(timedelta(days=5, hours=2))
    assert not any(text.startswith("Semana ") for text in said(ruiz))

    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=10))

    assert any(text.startswith("Semana ") for text in said(ruiz))
    assert ruiz.last().photo


async def test_a_question_whose_time_passed_in_an_outage_is_not_sent_any_more(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    fails(practice, Fault.tear(), "sendMessage")
    await practice.pass_time(timedelta(minutes=15))
    await practice.pass_time(timedelta(hours=80))
    heard = len(ana.messages)

    practice.telegram.fault = None
    await practice.pass_time(timedelta(hours=1))

    assert len(ana.messages) == heard
    assert await practice.check_ins() == ["late"]
    assert await practice.rows("SELECT * FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL") == []


async def test_while_telegram_cannot_be_polled_nothing_is_lost(practice: Practice) -> None:
    _, ana = await asked(practice)
    failed = fails(practice, Fault.answer(502, b"bad gateway"), "getUpdates", times=2)

    await practice.taps(ana, "7", "6")

    assert failed()
    assert [score for _, _, score in await practice.scores()] == [7, 6]

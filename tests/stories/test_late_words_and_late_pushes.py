"""The network is away for hours, and everything arrives later than it was meant.

What a person wrote before a question is no answer to it, and nobody is woken up by what is late.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.faults import Fault
from bot.demo.state import Json
from tests.practice import Practice, said


class FaultFor:
    """Let nothing reach one phone."""

    def __init__(self, chat_id: int) -> None:
        self.chat_id = str(chat_id)

    def __call__(self, method: str, params: Json) -> Fault | None:
        return Fault.tear() if method != "getUpdates" and str(params.get("chat_id")) == self.chat_id else None


@pytest.mark.both
async def test_a_number_written_before_the_question_arrived_is_no_answer_to_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    practice.telegram.fault = FaultFor(ana.chat_id)
    await practice.session_ends(ruiz)

    await practice.says(ana, "10")
    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=5))

    assert await practice.scores() == []
    assert any("¿Se sintió comprendido hoy?" in text for text in said(ana))


async def test_words_that_waited_while_the_question_was_asked_are_no_answer_to_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    await practice.stop()
    await ana.send("10")
    practice.clock.advance(timedelta(minutes=15))

    await practice.start()
    await practice.settle()

    assert await practice.scores() == []


async def test_a_question_that_an_outage_made_late_waits_for_the_morning(practice: Practice) -> None:
    practice.clock.move_to(datetime(2026, 11, 17, 20, 0, tzinfo=UTC))
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    practice.telegram.fault = FaultFor(ana.chat_id)
    await practice.session_ends(ruiz)
    await practice.go_to(datetime(2026, 11, 18, 1, 35, tzinfo=UTC))

    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=11))
    at_night = [text for text in said(ana) if "1 de 3" in text]
    await practice.go_to(datetime(2026, 11, 18, 7, 31, tzinfo=UTC))

    assert at_night == []
    assert any("Sesión del martes 17 con la Dra. Ruiz · 1 de 3" in text for text in said(ana))


async def test_a_question_still_on_its_way_does_not_arrive_after_a_pause(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    practice.telegram.fault = FaultFor(ana.chat_id)
    await practice.session_ends(ruiz)

    practice.telegram.fault = None
    await practice.says(ana, "/pausa")
    await practice.pass_time(timedelta(minutes=11))

    assert not any("1 de 3" in text for text in said(ana))


async def test_one_slow_chat_keeps_nobody_else_waiting(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    practice.telegram.fault = lambda method, params: (
        Fault.hang(4) if method == "sendPhoto" and str(params.get("chat_id")) == str(ruiz.chat_id) else None
    )
    await ruiz.send("/nuevo P-08")
    await practice.telegram.drained()
    await practice.bot.intake.idle()

    await ana.send("7")
    shown = await ana.wait_for(lambda message: "2 de 3" in message.text, timeout=3)

    assert shown.from_bot

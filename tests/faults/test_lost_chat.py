"""A chat that is gone costs one try, not one every few seconds for ever."""

from datetime import timedelta

from bot.demo.faults import Fault
from bot.demo.state import Json
from tests.practice import Practice

BLOCKED = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}


async def test_question_that_closed_in_a_chat_that_is_gone_is_not_shown_for_ever(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "7")
    await ana.block()
    practice.telegram.fault = _refuse_edits
    await practice.pass_time(timedelta(hours=80))

    before = len(practice.telegram.calls)
    for _ in range(5):
        await practice.pass_time(timedelta(minutes=1))

    tried = [call.method for call in list(practice.telegram.calls)[before:] if call.method != "getUpdates"]
    assert tried == ["editMessageText"]


def _refuse_edits(method: str, _: Json) -> Fault | None:
    return Fault.answer(403, BLOCKED) if method == "editMessageText" else None

"""What Telegram's refusals mean for a delivery, by their wording in any case."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram import Bot, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, CallbackContext

from bot.demo import refusals
from handlers import failures
from handlers.failures import LastResort
from handlers.polling import held_for

CASES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.capitalize]

GONE = [
    (Forbidden(f"Forbidden: {refusals.BLOCKED}"), "bot was blocked"),
    (Forbidden(f"Forbidden: {refusals.CANNOT_INITIATE}"), "can't initiate conversation"),
    (Forbidden("Forbidden: user is deactivated"), "user is deactivated"),
    (Forbidden("Forbidden: bot was kicked from the group chat"), "bot was kicked"),
    (Forbidden(f"Forbidden: {refusals.NOT_A_MEMBER}"), "forbidden"),
    (Forbidden("Forbidden: something they will think of one day"), "forbidden"),
    (BadRequest(f"Bad Request: {refusals.CHAT_NOT_FOUND}"), "chat not found"),
    (BadRequest("Bad Request: user is deactivated"), "user is deactivated"),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("error", "reason"), GONE, ids=str)
def test_a_chat_that_is_gone_stays_gone(error: TelegramError, reason: str, case: Callable[[str], str]) -> None:
    recased = type(error)(case(str(error)))

    failure = failures.translated(recased)

    assert (failure.permanent, failure.reason, failure.retry_after) == (True, reason, None)


PASSING = [
    (TimedOut(), "TimedOut"),
    (NetworkError("Bad Gateway: Fue muy deprisa"), "NetworkError"),
    (Conflict("terminated by other getUpdates request"), "Conflict"),
    (InvalidToken("Unauthorized"), "InvalidToken"),
    (ChatMigrated(-100), "ChatMigrated"),
    (TelegramError("the answer is not JSON"), "TelegramError"),
]


@pytest.mark.parametrize(("error", "reason"), PASSING, ids=str)
def test_anything_else_may_pass_and_is_named_by_its_kind(error: TelegramError, reason: str) -> None:
    failure = failures.translated(error)

    assert (failure.permanent, failure.reason, failure.retry_after) == (False, reason, None)


@pytest.mark.parametrize("text", [refusals.TEXT_TOO_LONG, refusals.BUTTON_DATA, refusals.IMAGE_PROCESS_FAILED])
def test_a_refused_message_says_why_briefly_and_in_our_own_words(text: str) -> None:
    failure = failures.translated(BadRequest(f"Bad Request: {text}: Fue muy deprisa"))

    assert not failure.permanent
    assert failure.reason == f"refused: {text.lower()}"


def test_a_refusal_that_nobody_knows_is_not_quoted() -> None:
    assert failures.translated(BadRequest("Bad Request: Fue muy deprisa")).reason == "refused"


@pytest.mark.parametrize("wait", [3, timedelta(seconds=3)])
def test_a_429_waits_exactly_as_long_as_telegram_says(wait: int | timedelta) -> None:
    failure = failures.translated(RetryAfter(wait))

    assert (failure.permanent, failure.retry_after) == (False, 3.0)


@pytest.mark.parametrize(("asked", "held"), [(0, 1.0), (-5, 1.0), (3, 3.0), (86_400, 600.0)])
def test_fetching_rests_a_second_at_least_and_ten_minutes_at_most(asked: int, held: float) -> None:
    assert held_for(RetryAfter(asked)) == held


@pytest.mark.parametrize("case", CASES)
def test_an_edit_that_changes_nothing_is_told_apart(case: Callable[[str], str]) -> None:
    assert failures.same_already(BadRequest(case(refusals.NOT_MODIFIED)))
    assert not failures.same_already(BadRequest(case(refusals.EDIT_NOT_FOUND)))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        (refusals.EDIT_NOT_FOUND, True),
        (refusals.CANNOT_EDIT, True),
        (refusals.NO_TEXT_TO_EDIT, True),
        (refusals.NOT_MODIFIED, False),
    ],
)
def test_a_message_that_cannot_be_edited_any_more_is_told_apart(
    case: Callable[[str], str],
    text: str,
    beyond: bool,  # noqa: FBT001 - a column
) -> None:
    assert failures.beyond_editing(BadRequest(case(text))) is beyond


async def test_the_last_resort_tells_the_intake_and_logs_no_word(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[int, BaseException]] = []
    last_resort = LastResort()
    last_resort.listener = lambda inbox_id, error: heard.append((inbox_id, error))
    application = Application.builder().token("1:a").updater(None).build()
    update = Update.de_json({"update_id": 1, "inbox_id": 42}, Bot("1:a"))
    fault = ValueError("Fue muy deprisa")
    context = CallbackContext(application)
    context.error = fault

    with caplog.at_level(logging.DEBUG):
        await last_resort.note(update, context)

    assert heard == [(42, fault)]
    assert "deprisa" not in caplog.text

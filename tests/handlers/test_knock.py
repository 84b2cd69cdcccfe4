"""A tap is read from what came in; whatever Telegram would not send is left to PTB."""

from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Bot

from bot.domain.model import CheckInId, InboxId, Score, Step
from handlers.actions import ScoreTap
from handlers.knock import tap

BOT = Bot("1:token")
ROW = InboxId(7)
MESSAGE = {"message_id": 12, "date": 1_700_000_000, "text": "¿?", "chat": {"id": 200, "type": "private"}}
PERSON = {"id": 200, "is_bot": False, "first_name": "Ana", "language_code": "en"}
TAP = {"id": "4", "from": PERSON, "chat_instance": "9", "message": MESSAGE, "data": "s:1:u:7"}


def came(**changed: Any) -> Mapping[str, Any]:
    """Return an update with a tap of which this is different."""
    return {"update_id": 1, "callback_query": {**TAP, **changed}}


def test_a_tap_is_read_with_everything_the_door_asks() -> None:
    knock = tap(came(), ROW, BOT)

    assert knock is not None
    assert (knock.chat_id, knock.receipt, knock.language) == (200, ROW, "en")
    assert knock.tapped is not None
    assert (knock.tapped.callback_id, knock.tapped.message_id) == ("4", 12)
    assert knock.tapped.action == ScoreTap(CheckInId(1), Step.UNDERSTOOD, Score(7))


def test_rooms_that_look_at_the_message_find_it() -> None:
    knock = tap(came(), ROW, BOT)

    assert knock is not None
    assert knock.update.effective_message is not None
    assert knock.update.effective_message.text == "¿?"


def test_a_button_that_says_nothing_is_a_tap_without_a_meaning() -> None:
    knock = tap({"callback_query": {name: value for name, value in TAP.items() if name != "data"}}, ROW, BOT)

    assert knock is not None
    assert knock.tapped is not None
    assert knock.tapped.action is None


@pytest.mark.parametrize(
    "raw",
    [
        came(message={**MESSAGE, "chat": {"id": -5, "type": "supergroup"}}),
        came(message=None),
        came(message={**MESSAGE, "message_id": "12"}),
        came(id=4),
        {"callback_query": None},
        {"message": MESSAGE},
    ],
)
def test_everything_else_is_left_to_ptb(raw: Mapping[str, Any]) -> None:
    assert tap(raw, ROW, BOT) is None


def test_what_a_tap_shows_in_a_log_is_no_content() -> None:
    assert "200" not in repr(tap(came(), ROW, BOT))
    assert "s:1:u:7" not in repr(tap(came(), ROW, BOT))

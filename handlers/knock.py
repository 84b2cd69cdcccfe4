"""Who knocks: what the door has to know of an update.

A tap is read from what came in as it came.  To make PTB's objects of it takes longer than to keep its answer; they are
made for the few rooms that look at the message under the button.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Self

from telegram import Bot, Chat, Update

from bot.domain.model import InboxId
from bot.domain.post import Receipt
from handlers import keyboards
from handlers.actions import Action

INBOX_ID: Final = "inbox_id"
"""The field that intake adds to an update: its row."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button: the id under which Telegram wants an answer, where it stands, and what it says if that can be read."""

    callback_id: str = field(repr=False)
    message_id: int
    data: str = field(repr=False)
    action: Action | None = field(repr=False)


@dataclass(frozen=True)
class Knock:
    """One update of somebody in a chat; `language` is that of their phone, perhaps empty."""

    chat_id: int = field(repr=False)
    receipt: Receipt
    language: str = field(repr=False)
    came: Update | tuple[Mapping[str, Any], Bot] = field(repr=False)
    tapped: Tapped | None = None

    @classmethod
    def of(cls, update: Update) -> Self:
        """Read an update of PTB's that is no tap.  LookupError for one without a chat."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None:
            raise LookupError("an update without a chat")
        language = (user.language_code or "") if user is not None else ""
        return cls(chat.id, Receipt(InboxId(update.api_kwargs[INBOX_ID])), language, update)

    @cached_property
    def update(self) -> Update:
        """Return PTB's object."""
        if isinstance(self.came, Update):
            return self.came
        raw, bot = self.came
        return Update.de_json({**raw, INBOX_ID: self.receipt}, bot)


def tap(raw: Mapping[str, Any], row: InboxId, bot: Bot) -> Knock | None:
    """Read a tap in a private chat; None for every other update, and for whatever Telegram would not send."""
    match raw:
        case {
            "callback_query": {
                "id": str(callback_id),
                "from": {"id": int()} as person,
                "message": {"message_id": int(message_id), "chat": {"id": int(chat_id), "type": Chat.PRIVATE}},
            } as query
        }:
            data = _text(query.get("data"))
            tapped = Tapped(callback_id, message_id, data, keyboards.decode(data))
            return Knock(chat_id, Receipt(row), _text(person.get("language_code")), (raw, bot), tapped)
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

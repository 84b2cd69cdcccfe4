"""What comes in and what goes out, as rows: updates in the inbox, notices in the outbox."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from bot.domain.model import InboxId, OutboxId, PersonId, Urgency
from bot.domain.notices import Notice

Receipt = NewType("Receipt", int)
"""The inbox row of the update that causes a transaction."""

Lane = NewType("Lane", bytes)
"""What the updates of one chat have in common: its blind index.  They are worked in order, chats beside each other."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where typed words came from: an edit of the same message finds them again."""

    chat_id: int = field(repr=False)
    message_id: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as it arrived: `key` tells redeliveries apart from news, `body` is its JSON."""

    key: str = field(repr=False)
    chat_id: int = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update that waits to be worked."""

    id: InboxId
    body: str = field(repr=False)
    attempts: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A notice that is due; `attempts` counts the tries that failed."""

    id: OutboxId
    person_id: PersonId
    notice: Notice
    urgency: Urgency
    due_at: datetime
    not_after: datetime | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a delivery: the message, and for a check-in the face and the wording that it shows."""

    message_id: int | None = None
    face: str | None = None
    text_version: str | None = None

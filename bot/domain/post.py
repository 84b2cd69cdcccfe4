"""What comes in, what goes out and what the bot does for itself, as rows: updates, notices, chores."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bot.domain.model import InboxId, OutboxId, PersonId, Urgency
from bot.domain.notices import Notice

Receipt = NewType("Receipt", int)
"""The inbox row of the update that causes a transaction."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where typed words came from: an edit of the same message finds them again."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as it arrived: `key` tells redeliveries apart from news, `body` is its JSON."""

    key: str
    chat_id: int
    body: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update that waits to be worked; `lane` groups the updates of one chat."""

    id: InboxId
    lane: bytes
    body: str
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
class ChoreRow:
    """A chore that is due; `attempts` counts the tries that failed since it was last done."""

    name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a delivery: the message, and for a check-in the face and the wording that it shows."""

    message_id: int | None = None
    face: str | None = None
    text_version: str | None = None

"""Sums about the practice's post and its open cases, and what falls due next: codes at most, nothing about anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.model import OutboxId, PersonId, Urgency


@dataclass(frozen=True, slots=True)
class Figures:
    """How many messages of each class wait, how many episodes are open, and how many urgent words without contact."""

    waiting: Mapping[Urgency, int]
    episodes: int
    concerns: int


class Coming(StrEnum):
    """What falls due next."""

    QUESTION = "question"
    CHECK_IN = "check_in"
    """A check-in that is open: a reminder, its end, the look of the rules."""
    SESSION = "session"
    """The line before a session."""
    DIGEST = "digest"
    URGENT = "urgent"
    """Urgent words that are repeated, or passed on."""
    MESSAGE = "message"
    CHORE = "chore"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One thing that falls due; `code`: the patient's, where it is about one; `chore`: which.

    `ends_at`: of a question that is to be asked, when its session ends.
    """

    what: Coming
    at: datetime
    code: str | None = field(default=None, repr=False)
    chore: str | None = None
    ends_at: datetime | None = None


class Fate(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Sending:
    """A message that leaves, or has left; `attempts`: tries that failed."""

    id: OutboxId
    kind: str
    person_id: PersonId
    urgency: Urgency
    fate: Fate
    attempts: int

"""What a calendar file says, once it is read; why one is refused.  No titles in any repr or error."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.calendars import CalendarEvent, CalendarFile, uid_in
from bot.domain.errors import MicrochequeoError

LARGEST: Final = 1024 * 1024
"""Bytes of a file."""

LOOKS_BACK: Final = timedelta(days=1)
"""An occurrence that began longer ago is not reported."""

HORIZON: Final = timedelta(weeks=12)
"""Nor is one that begins later than this."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One session as the calendar has it; aware UTC instants, at most a day apart, the end after the start.

    `key` names it for ever: the UID; of a recurring event the UID and the local date on which it was to begin at first
    (and the time, where the UID has two on that date).  It stays when the occurrence, or its whole series, moves.
    """

    key: str = field(repr=False)
    title: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar file within the horizon, in order of time.

    `uids` holds all UIDs of the file, so that a missing one means a deleted event and not a distant one.  `ignored`
    counts UIDs without a session within the horizon, `unreadable` counts events; what an unreadable one would have
    said is not known, so the sessions of `unread_uids` had better stay as they are.
    """

    occurrences: tuple[Occurrence, ...]
    uids: frozenset[str] = field(repr=False)
    ignored: int
    unreadable: int
    unread_uids: frozenset[str] = field(default=frozenset(), repr=False)

    def as_file(self) -> CalendarFile:
        """Return it as the practice takes it over."""
        events = [
            CalendarEvent(
                uid_in(each.key, self.uids), each.key, each.title, each.starts_at, each.ends_at, each.cancelled
            )
            for each in self.occurrences
        ]
        return CalendarFile(events, self.uids, self.unread_uids, self.ignored, self.unreadable)


class Refusal(StrEnum):
    """Why a whole file is refused."""

    TOO_LARGE = "too_large"
    TOO_MANY_EVENTS = "too_many_events"
    NOT_A_CALENDAR = "not_a_calendar"
    RECURRENCE = "recurrence"
    TOO_SLOW = "too_slow"


class CalendarRefusedError(MicrochequeoError):
    """The file was not read.  `line` is where it went wrong (from 1), where there is such a line."""

    def __init__(self, reason: Refusal, line: int | None = None) -> None:
        super().__init__(f"calendar refused: {reason}" + (f" (line {line})" if line else ""))
        self.reason = reason
        self.line = line

"""What calendars say of sessions: events as they are read, entries as they are kept, and whose a title is.

No titles in any repr.  What is kept names an entry by keyed hashes; only the titles' owner sees them, while asking.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.appointments import Appointment

WAITS_FOR: Final = timedelta(days=14)
"""How long an entry is kept whose title nobody has been named for."""

EXPORTED_AHEAD: Final = timedelta(weeks=8)
"""How far ahead the file looks that is written of the coming sessions."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One session as a calendar file has it, aware UTC; `key` names it for ever, `uid` is what the file calls it by."""

    uid: str = field(repr=False)
    key: str = field(repr=False)
    title: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A file as it was read.  `unread_uids` are those of which something could not be read; the rest is counted."""

    events: Sequence[CalendarEvent] = field(repr=False)
    uids: Collection[str] = field(repr=False)
    unread_uids: Collection[str] = field(repr=False)
    ignored: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session as a calendar has it; `ref` is a keyed hash, whose first part names the UID (`uid_of`)."""

    ref: bytes = field(repr=False)
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Imported:
    """A session that came from a calendar, and when the calendar last said that it is; None: that it is not."""

    appointment: Appointment
    ref: bytes = field(repr=False)
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A title of which nobody knows whose it is: `count` sessions, the next one at `next_at` (UTC)."""

    title: str = field(repr=False)
    ref: bytes = field(repr=False)
    count: int
    next_at: datetime


UID_PART: Final = 16
"""Bytes of an entry's hash that name its UID."""


def uid_of(ref: bytes) -> bytes:
    """Return the part of an entry's hash that names its UID."""
    return ref[:UID_PART]


def uid_in(key: str, uids: Collection[str]) -> str:
    """Return the UID of an occurrence's key: all of it, or what stands before the date (see `bot.ical.events`)."""
    return key if key in uids else key.rpartition("/")[0]


def plain(title: str) -> str:
    """Return a title as it is compared: what differs in spaces or capitals alone is the same."""
    return " ".join(title.split()).casefold()


def named(title: str, codes: Collection[str]) -> str | None:
    """Return the one code that a title names as a word of its own; None for none or several.

    A code may be an everyday word: one without digits counts in capitals only, one of digits alone as the whole title.
    """
    found = [code for code in codes if _names(title, code)]
    return found[0] if len(found) == 1 else None


def _names(title: str, code: str) -> bool:
    if code.isdecimal():
        return title.strip() == code
    any_case = re.IGNORECASE if any(letter.isdecimal() for letter in code) else re.NOFLAG
    return re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", title, any_case) is not None


def without_past(file: CalendarFile, now: datetime) -> CalendarFile:
    """Leave out what is over: a session that was never noted is not noted afterwards."""
    coming = [event for event in file.events if event.ends_at > now]
    return replace(file, events=coming, ignored=file.ignored + len(file.events) - len(coming))

"""One VEVENT → one entry: when, what, how it repeats.  Raises UnreadableEntryError where it is not understood."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from icalendar.prop import vDuration

from bot.ical.lines import Block, Line
from bot.ical.rules import Rule, read_rule
from bot.ical.zones import Zones

LONGEST_TITLE: Final = 200
"""Characters kept of a SUMMARY; a code stands at its beginning."""

LONGEST_UID: Final = 1_024
LONGEST_SESSION: Final = timedelta(days=1)
"""What lasts this long is no session: an absence, or an all-day event as Outlook writes it."""

YEARS: Final = range(1900, 2201)

_DATE: Final = re.compile(r"[0-9]{8}")
_ESCAPED: Final = re.compile(r"\\(.)")
_INSTANT: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z?")
_ONCE: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"})

Time = datetime | date


class UnreadableEntryError(Exception):
    """An event that is not understood; quotes nothing.  Never leaves this package."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an event takes from the calendar around it; `zone` is where its floating times are meant."""

    zones: Zones
    zone: tzinfo
    zone_is_given: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT.  `moved_from` is its RECURRENCE-ID, and `following` says that it also moves what comes after."""

    uid: str = field(repr=False)
    title: str = field(repr=False)
    starts: Time
    ends: Time
    version: tuple[int, str]
    cancelled: bool
    moved_from: Time | None = None
    following: bool = False
    rules: tuple[Rule, ...] = ()
    added: tuple[Time | tuple[datetime, timedelta], ...] = ()
    excluded: tuple[Time, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether it is a series."""
        return bool(self.rules or self.added)

    @property
    def zone(self) -> tzinfo | None:
        """Where its wall-clock time is meant; None for an all-day event."""
        return self.starts.tzinfo if isinstance(self.starts, datetime) else None

    @property
    def is_session(self) -> bool:
        """Whether it has a time of day and a length that a session can have.

        An event without a length is a reminder: to ask how a session was, the bot must know when it ends.
        """
        if not isinstance(self.starts, datetime) or not isinstance(self.ends, datetime):
            return False
        return timedelta() < instant(self.ends) - instant(self.starts) < LONGEST_SESSION


def instant(moment: datetime) -> datetime:
    """Return the aware moment in UTC: two moments in one zone are otherwise compared by their clocks."""
    return moment.astimezone(UTC)


def read_entry(block: Block, around: Surroundings, unnamed: str) -> Entry:
    """Read an event; `unnamed` is its UID if it has none.  Raises whatever the libraries raise, too."""
    lines = block.by_name()
    whole = block.closed and all(inner.closed for inner in block.blocks)
    if not whole or "EXRULE" in lines or any(len(lines.get(name, ())) > 1 for name in _ONCE):
        raise UnreadableEntryError
    moved = lines.get("RECURRENCE-ID", [])
    repeats = not moved and ("RRULE" in lines or "RDATE" in lines)
    starts = _moment(lines["DTSTART"][0], around, local=repeats)
    repeats = repeats and isinstance(starts, datetime)  # all-day events are no sessions, however they repeat
    return Entry(
        uid=read_uid(block) or unnamed,
        title=" ".join(_text(lines.get("SUMMARY", [])).split())[:LONGEST_TITLE].rstrip(),
        starts=starts,
        ends=_ends(starts, lines, around),
        version=(_sequence(lines), _text(lines.get("LAST-MODIFIED", lines.get("DTSTAMP", [])))),
        cancelled=around.cancelled or _text(lines.get("STATUS", [])).upper() in {"CANCELLED", "CANCELED"},
        moved_from=_moment(moved[0], around, local=False) if moved else None,
        following=bool(moved) and moved[0].parameter("RANGE").upper() == "THISANDFUTURE",
        rules=tuple(read_rule(line.value) for line in lines.get("RRULE", [])) if repeats else (),
        added=tuple(_added(lines.get("RDATE", []), around)) if repeats else (),
        excluded=tuple(_dates(lines.get("EXDATE", []), around)) if repeats else (),
    )


def read_uid(block: Block) -> str:
    """Return the UID, empty when there is none.  Raises UnreadableEntryError for one that is far too long."""
    uid = _text(block.named("UID"))
    if len(uid) > LONGEST_UID:
        raise UnreadableEntryError
    return uid


def _text(lines: list[Line]) -> str:
    return _ESCAPED.sub(_unescaped, lines[0].value).strip() if lines else ""


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def _sequence(lines: dict[str, list[Line]]) -> int:
    text = _text(lines.get("SEQUENCE", []))
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _moment(line: Line, around: Surroundings, *, local: bool) -> Time:
    """Read a date or a time; `local`: what repeats in UTC is meant by the clock of the calendar's own zone."""
    moment = _time(line.value.upper(), line, around)
    if local and isinstance(moment, datetime) and moment.tzinfo is UTC and around.zone_is_given:
        return moment.astimezone(around.zone)
    return moment


def _time(value: str, line: Line, around: Surroundings) -> Time:
    if _DATE.fullmatch(value) or (line.parameter("VALUE").upper() == "DATE" and _INSTANT.fullmatch(value)):
        return date.fromisoformat(value[:8])
    if not _INSTANT.fullmatch(value) or int(value[:4]) not in YEARS:
        raise UnreadableEntryError
    clock = datetime.fromisoformat(value.rstrip("Z"))
    if value.endswith("Z"):
        return clock.replace(tzinfo=UTC)
    name = line.parameter("TZID")
    zone = around.zones.named(name) if name else around.zone
    return clock.replace(tzinfo=zone)


def _ends(starts: Time, lines: dict[str, list[Line]], around: Surroundings) -> Time:
    if "DTEND" in lines:
        ends = _moment(lines["DTEND"][0], around, local=False)
    elif "DURATION" in lines:
        ends = _after(starts, _length(lines["DURATION"][0].value))
    else:
        ends = starts
    if isinstance(starts, datetime) != isinstance(ends, datetime) or _order(ends) < _order(starts):
        raise UnreadableEntryError
    return ends.astimezone(starts.tzinfo) if isinstance(starts, datetime) and isinstance(ends, datetime) else ends


def _after(starts: Time, length: timedelta) -> Time:
    """Add elapsed time, not clock time: fifty minutes are fifty minutes when the clocks change."""
    if isinstance(starts, datetime):
        return (instant(starts) + length).astimezone(starts.tzinfo)
    return starts + length


def _length(text: str) -> timedelta:
    length: timedelta = vDuration.from_ical(text.upper())  # type: ignore[no-untyped-call]
    return length


def _order(moment: Time) -> datetime:
    return instant(moment) if isinstance(moment, datetime) else datetime.combine(moment, time(), tzinfo=UTC)


def _dates(lines: list[Line], around: Surroundings) -> list[Time]:
    return [_time(value.strip().upper(), line, around) for line in lines for value in line.value.split(",")]


def _added(lines: list[Line], around: Surroundings) -> list[Time | tuple[datetime, timedelta]]:
    """Read RDATE: dates, times and periods."""
    return [_added_one(value.strip().upper(), line, around) for line in lines for value in line.value.split(",")]


def _added_one(value: str, line: Line, around: Surroundings) -> Time | tuple[datetime, timedelta]:
    start, _, end = value.partition("/")
    starts = _time(start, line, around)
    if not end:
        return starts
    if not isinstance(starts, datetime):
        raise UnreadableEntryError
    ends = _after(starts, _length(end)) if end.startswith("P") else _time(end, line, around)
    length = _order(ends) - instant(starts)
    if not timedelta() < length < LONGEST_SESSION:
        raise UnreadableEntryError
    return starts, length

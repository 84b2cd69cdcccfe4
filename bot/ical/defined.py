"""A time zone that a file defines itself (VTIMEZONE), as a short table of its changes within the horizon.

dateutil understands the definition; the table stands in for it, because dateutil counts every change since 1601 anew
each time it is asked.  Before and after the table its first and last offset hold.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from io import StringIO
from typing import Final

from dateutil.tz import tzical

from bot.ical.chances import happens
from bot.ical.events import HORIZON
from bot.ical.lines import Block
from bot.ical.rules import read_rule

STEP: Final = timedelta(weeks=1)
"""How often to look for a change; no zone changes its clocks twice within a week."""

MARGIN: Final = timedelta(weeks=2)

_ONSET: Final = re.compile(r"(\d{4})(\d{4}T\d{6})Z?")
_COPIED: Final = frozenset({"TZOFFSETFROM", "TZOFFSETTO", "RDATE"})


class BadDefinitionError(Exception):
    """A VTIMEZONE that is not read.  Never leaves this package."""


class DefinedZone(tzinfo):
    """Offsets from UTC: the first one, and changes in order of time (naive UTC, offset from then on)."""

    def __init__(self, first: timedelta, changes: list[tuple[datetime, timedelta]]) -> None:
        self._first = first
        self._changes = changes

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Give the offset by the clock; `fold` chooses between the two meanings of an hour that exists twice."""
        if dt is None:
            return None
        clock, offset = dt.replace(tzinfo=None), self._first
        for at, after in self._changes:
            if clock >= at + (min(offset, after) if dt.fold else max(offset, after)):
                offset = after
        return offset

    def dst(self, dt: datetime | None) -> timedelta | None:  # noqa: ARG002 - the interface of tzinfo
        """Say nothing about summer time: only the offset matters."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:  # noqa: ARG002 - the interface of tzinfo
        """Give no name: a made-up one could be taken for a known zone."""
        return None

    def fromutc(self, dt: datetime) -> datetime:
        """Give the clock at an instant."""
        offset = self._first
        for at, after in self._changes:
            offset = after if dt.replace(tzinfo=None) >= at else offset
        clock = (dt + offset).replace(fold=0)
        return clock if self.utcoffset(clock) == offset else clock.replace(fold=1)


def read_definition(block: Block, now: datetime) -> DefinedZone:
    """Read a VTIMEZONE for the horizon around `now`.  Raises BadDefinitionError, and whatever dateutil raises."""
    zone = tzical(StringIO("\n".join(_written(block, now.year)))).get()
    at = now.astimezone(UTC) - MARGIN
    first = offset = _offset(zone, at)
    changes = []
    while at < now + HORIZON + MARGIN:
        after = _offset(zone, at + STEP)
        if after != offset:
            changes.append((_change(zone, at, at + STEP).replace(tzinfo=None), after))
        at, offset = at + STEP, after
    return DefinedZone(first, changes)


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).replace(tzinfo=None) - at.replace(tzinfo=None)


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Find the minute between two instants at which the offset changes."""
    old = _offset(zone, before)
    minutes = range(int((after - before) / timedelta(minutes=1)))
    low, high = 0, len(minutes)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, before + timedelta(minutes=middle)) == old else (low, middle)
    return before.replace(second=0, microsecond=0) + timedelta(minutes=high)


def _written(block: Block, year: int) -> Iterator[str]:
    """Write a definition anew with what dateutil knows, and nothing that could keep it busy."""
    yield from ("BEGIN:VTIMEZONE", "TZID:defined")
    for part in block.blocks:
        yield from (f"BEGIN:{part.name}", *_part(part, year - 2), f"END:{part.name}")
    yield "END:VTIMEZONE"


def _part(part: Block, first_year: int) -> Iterator[str]:
    """Write STANDARD or DAYLIGHT; a rule without end (Outlook's begin in 1601) begins a little while ago."""
    onset = _ONSET.fullmatch(part.named("DTSTART")[0].value)
    if onset is None:
        raise BadDefinitionError
    day = datetime.fromisoformat(f"{onset[1]}{onset[2]}")
    rules = [read_rule(line.value) for line in part.named("RRULE")]
    if any(rule.frequency != "YEARLY" or rule.interval > 1 or rule.count or not happens(rule, day) for rule in rules):
        raise BadDefinitionError
    moved = rules and all(not rule.until for rule in rules)
    yield f"DTSTART:{max(day.year, first_year) if moved else day.year:04}{onset[2]}"
    yield from (f"RRULE:{rule.text(UTC)}" for rule in rules)
    yield from (f"{line.name}:{line.value}" for line in part.lines if line.name in _COPIED)

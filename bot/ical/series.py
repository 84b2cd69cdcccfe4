"""All events of one UID → its occurrences.  Which dates a rule gives is left to recurring-ical-events and dateutil.

The library is given clock times without a zone, those of the series' own: what repeats is the clock time, comparing
instants of two zones is slow, and `UNTIL` needs no guessing.  The instants are put back here; a session keeps its
length in minutes when the clocks change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from icalendar import Calendar, Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur, vText
from recurring_ical_events import CalendarQuery

from bot.ical.entries import Entry, Time, instant
from bot.ical.events import Occurrence

WHICH: Final = "X-MICROCHEQUEO-ENTRY"
"""Carries the place of an entry through the library, which returns copies."""

MARGIN: Final = timedelta(days=2)
"""How much farther to look, so that a date at the edge of the window is whole: keys depend on it."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is reported: what begins from `first` until before `last` (aware UTC)."""

    first: datetime
    last: datetime

    def holds(self, starts_at: datetime) -> bool:
        """Whether something that begins then is reported."""
        return self.first <= starts_at < self.last


@dataclass(frozen=True, slots=True)
class _Found:
    """An occurrence; `original` is the clock time at which it was to begin at first, None if the UID has no other."""

    entry: Entry
    original: datetime | None
    starts_at: datetime
    ends_at: datetime


def occurrences(entries: Iterable[Entry], window: Window, zone: tzinfo) -> list[Occurrence]:
    """Return what one UID has within the window; `zone` is for changed occurrences whose series is not in the file."""
    main, changed = _settled(entries)
    cancelled = main is not None and main.cancelled
    home = (main.zone if main else None) or zone
    changed = [replace(entry, moved_from=_by_clock(entry.moved_from, main, home)) for entry in changed]
    if main is not None and not main.repeats and not changed:
        found = _alone(main)
    else:
        found = list(_expanded(main, changed, window, home))
    crowded = _crowded(main, changed, found, home)
    return [
        Occurrence(
            _key(each, crowded),
            each.entry.title,
            each.starts_at,
            each.ends_at,
            cancelled=cancelled or each.entry.cancelled,
        )
        for each in found
        if window.holds(each.starts_at)
    ]


def _alone(main: Entry) -> list[_Found]:
    if not main.is_session or not isinstance(main.starts, datetime) or not isinstance(main.ends, datetime):
        return []
    return [_Found(main, None, instant(main.starts), instant(main.ends))]


def _settled(entries: Iterable[Entry]) -> tuple[Entry | None, list[Entry]]:
    """Return the event itself and its changed occurrences, of each the newest version (the last one among equals)."""
    newest: dict[Time | None, Entry] = {}
    for entry in entries:
        place = instant(entry.moved_from) if isinstance(entry.moved_from, datetime) else entry.moved_from
        if place not in newest or entry.version >= newest[place].version:
            newest[place] = entry
    main = newest.pop(None, None)
    return main, list(newest.values())


def _by_clock(moment: Time | None, main: Entry | None, home: tzinfo) -> datetime | None:
    """Return a RECURRENCE-ID by the clock of its series.  One that is only a date means the series' time of day."""
    if isinstance(moment, datetime):
        return moment.astimezone(home)
    if moment is None:
        return None
    at = main.starts.time() if main and isinstance(main.starts, datetime) else time()
    return datetime.combine(moment, at, tzinfo=home)


def _expanded(main: Entry | None, changed: list[Entry], window: Window, home: tzinfo) -> Iterator[_Found]:
    """Ask the library.  A changed occurrence that is no session any more still takes the original's place."""
    sessions = [entry for entry in changed if entry.is_session]
    gone = tuple(entry.moved_from for entry in changed if entry.moved_from and not entry.is_session)
    calendar, entries = Calendar(), list[Entry]()
    if main is not None and main.is_session and not _ended(main, window):
        sessions.insert(0, replace(main, excluded=(*main.excluded, *gone)))
    for entry in sessions:
        calendar.add_component(_event(entry, len(entries), home))
        entries.append(entry)
    if not entries:
        return
    first, last = _clock(window.first - MARGIN, home), _clock(window.last + MARGIN, home)
    for component in CalendarQuery(calendar).between(first, last):
        yield _found(entries[int(component[WHICH])], component["DTSTART"].dt, component["DTEND"].dt, home)


def _found(entry: Entry, starts: datetime, ends: datetime, home: tzinfo) -> _Found:
    starts_at = instant(starts.replace(tzinfo=home))
    if not isinstance(entry.moved_from, datetime) or not isinstance(entry.starts, datetime):
        return _Found(entry, starts, starts_at, starts_at + (ends - starts))
    if not entry.following:
        starts_at = instant(entry.starts)
        return _Found(entry, _clock(entry.moved_from, home), starts_at, starts_at + (ends - starts))
    original = starts - (_clock(entry.starts, home) - _clock(entry.moved_from, home))
    return _Found(entry, original, starts_at, starts_at + (ends - starts))


def _clock(moment: datetime, home: tzinfo) -> datetime:
    """Return what the clock says, without its zone."""
    return moment.astimezone(home).replace(tzinfo=None, fold=0)


def _ended(main: Entry, window: Window) -> bool:
    before = (window.first - MARGIN).date()
    return bool(main.rules) and not main.added and all(rule.ended(before) for rule in main.rules)


def _event(entry: Entry, place: int, home: tzinfo) -> Event:
    event = Event()
    event["UID"] = vText("one")  # one UID at a time: its own, which may be long or odd, need not go through the library
    event[WHICH] = vText(str(place))
    starts, length = _begins(entry, home)
    event["DTSTART"], event["DTEND"] = vDDDTypes(starts), vDDDTypes(starts + length)
    if isinstance(entry.moved_from, datetime):
        event["RECURRENCE-ID"] = vDDDTypes(_clock(entry.moved_from, home))
        if entry.following:
            event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
    if entry.rules:
        event["RRULE"] = [vRecur.from_ical(rule.text(home)) for rule in entry.rules]
    if entry.added:
        event["RDATE"] = vDDDLists([_added(each, home) for each in entry.added])
    if entry.excluded:
        event["EXDATE"] = vDDDLists([_bare(each, home) for each in entry.excluded])
    return event


def _begins(entry: Entry, home: tzinfo) -> tuple[datetime, timedelta]:
    if not isinstance(entry.starts, datetime) or not isinstance(entry.ends, datetime):
        raise TypeError
    return _clock(entry.starts, home), instant(entry.ends) - instant(entry.starts)


def _bare(moment: Time, home: tzinfo) -> Time:
    return _clock(moment, home) if isinstance(moment, datetime) else moment


def _added(each: Time | tuple[datetime, timedelta], home: tzinfo) -> Time | tuple[datetime, timedelta]:
    return (_clock(each[0], home), each[1]) if isinstance(each, tuple) else _bare(each, home)


def _crowded(main: Entry | None, changed: list[Entry], found: list[_Found], home: tzinfo) -> set[date]:
    """Return the dates that have two occurrences, be one of them moved away or taken out."""
    times = defaultdict[date, set[time]](set)
    known = [each.original for each in found] + [entry.moved_from for entry in changed]
    for moment in (*known, *(main.excluded if main else ())):
        if isinstance(moment, datetime):
            clock = _clock(moment, home) if moment.tzinfo else moment
            times[clock.date()].add(clock.time())
    return {day for day, at in times.items() if len(at) > 1}


def _key(found: _Found, crowded: set[date]) -> str:
    if found.original is None:
        return found.entry.uid
    day = found.original.date()
    return f"{found.entry.uid}/{found.original:%Y-%m-%dT%H:%M}" if day in crowded else f"{found.entry.uid}/{day}"

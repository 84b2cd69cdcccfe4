"""The blocks of a calendar file → its occurrences within the horizon.

Takes what `limits.check` has let through; no bounds here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.ical.entries import Entry, Surroundings, UnreadableEntryError, read_entry, read_uid
from bot.ical.events import HORIZON, LOOKS_BACK, Calendar, CalendarRefusedError, Occurrence, Refusal
from bot.ical.lines import Block
from bot.ical.series import Window, occurrences
from bot.ical.zones import UnknownZoneError, Zones

MOST_OCCURRENCES: Final = 5_000
"""Within the horizon; a practice of sixty sessions a week has 720."""


@dataclass(slots=True)
class _File:
    """What has been read so far, by UID."""

    entries: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list), repr=False)
    unreadable: int = 0
    unread_uids: set[str] = field(default_factory=set, repr=False)

    def add(self, block: Block, around: Surroundings) -> None:
        """Read one event; one that can't be read is counted and spoils no other."""
        try:
            entry = read_entry(block, around, self._unnamed(block))
        except Exception:  # noqa: BLE001 - three libraries read what anyone may have written: whatever they raise, go on
            self._missed(1, _uid_if_any(block))
        else:
            self.entries[entry.uid].append(entry)

    def found(self, uid: str, window: Window, zone: tzinfo) -> list[Occurrence]:
        """Return the occurrences of one UID; if they can't be told, its events are unreadable."""
        try:
            return occurrences(self.entries[uid], window, zone)
        except Exception:  # noqa: BLE001 - as above
            self._missed(len(self.entries[uid]), uid)
            return []

    def _missed(self, events: int, uid: str) -> None:
        self.unreadable += events
        if uid:
            self.unread_uids.add(uid)

    def _unnamed(self, block: Block) -> str:
        """Name an event without a UID after its beginning: the same file gives the same name again."""
        starts = " ".join(line.text for line in block.named("DTSTART"))
        names = (f"no-uid {starts} {number}" for number in range(1, len(self.entries) + 2))
        return next(name for name in names if name not in self.entries)


def read_calendar(blocks: Iterable[Block], *, now: datetime, zone: ZoneInfo) -> Calendar:
    """Read the blocks of a file; `zone` is the practice's, for floating times.  Raises CalendarRefusedError.

    An occurrence that EXDATE takes out does not appear; one that STATUS or METHOD:CANCEL cancels appears as cancelled.
    """
    calendars = [block for block in blocks if block.name == "VCALENDAR"]
    if not calendars or not all(block.closed for block in calendars):
        raise CalendarRefusedError(Refusal.NOT_A_CALENDAR)
    file = _File()
    for block, around in _events(calendars, now, zone):
        file.add(block, around)
    return _within(file, Window(now - LOOKS_BACK, now + HORIZON), zone)


def _events(calendars: list[Block], now: datetime, zone: tzinfo) -> Iterator[tuple[Block, Surroundings]]:
    zones = Zones((each for calendar in calendars for each in calendar.all("VTIMEZONE")), now)
    for calendar in calendars:
        given = _own_zone(calendar, zones)
        cancelled = any(line.value.upper() == "CANCEL" for line in calendar.named("METHOD"))
        around = Surroundings(zones, given or zone, given is not None, cancelled)
        for block in calendar.all("VEVENT"):
            yield block, around


def _own_zone(calendar: Block, zones: Zones) -> tzinfo | None:
    """Return the zone in X-WR-TIMEZONE (Google, Apple); one that nobody knows is as good as none."""
    try:
        return next((zones.named(line.value) for line in calendar.named("X-WR-TIMEZONE")), None)
    except UnknownZoneError:
        return None


def _within(file: _File, window: Window, zone: tzinfo) -> Calendar:
    by_key: dict[str, Occurrence] = {}
    ignored = 0
    for uid in file.entries:
        found = file.found(uid, window, zone)
        ignored += not found and uid not in file.unread_uids
        for each in found:
            by_key.setdefault(each.key, each)
        if len(by_key) > MOST_OCCURRENCES:
            raise CalendarRefusedError(Refusal.TOO_MANY_EVENTS)
    return Calendar(
        occurrences=tuple(sorted(by_key.values(), key=lambda each: (each.starts_at, each.key))),
        uids=frozenset(file.entries) | frozenset(file.unread_uids),
        ignored=ignored,
        unreadable=file.unreadable,
        unread_uids=frozenset(file.unread_uids),
    )


def _uid_if_any(block: Block) -> str:
    try:
        return read_uid(block)
    except UnreadableEntryError:
        return ""

"""Small calendar files, and what is read from them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.ical.events import Calendar
from bot.ical.limits import check
from bot.ical.reading import read_calendar

MADRID: Final = ZoneInfo("Europe/Madrid")
NOW: Final = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
"""Monday, ten o'clock in Madrid; the clocks go back on the 25th."""

FILES: Final = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "files").glob("*.ics"))}


def event(*lines: str, uid: str = "a", summary: str = "P-07") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT"])


def at(clock: str, *lines: str, uid: str = "a", summary: str = "P-07") -> str:
    """Write an event of fifty minutes that begins at this clock time in Madrid: "20261020T170000"."""
    return event(f"DTSTART;TZID=Europe/Madrid:{clock}", "DURATION:PT50M", *lines, uid=uid, summary=summary)


def calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).encode()


def read(*parts: str, now: datetime = NOW) -> Calendar:
    """Check and read a calendar of these parts."""
    return read_bytes(calendar(*parts), now=now)


def read_bytes(data: bytes, now: datetime = NOW) -> Calendar:
    return read_calendar(check(data, now=now), now=now, zone=MADRID)


def clocks(read: Calendar, zone: ZoneInfo = MADRID) -> list[str]:
    """Return when the occurrences begin, by the clock: "2026-10-20 17:00", with an x when cancelled."""
    return [f"{each.starts_at.astimezone(zone):%Y-%m-%d %H:%M}{' x' * each.cancelled}" for each in read.occurrences]


def keys(read: Calendar) -> list[str]:
    return [each.key for each in read.occurrences]

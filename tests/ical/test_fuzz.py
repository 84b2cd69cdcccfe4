"""Damaged calendars: whatever comes, it is read or refused, and soon.  FUZZ_CALENDARS says how many to try."""

import os
from random import Random
from time import process_time
from typing import Final

import pytest

from bot.ical.events import Calendar, CalendarRefusedError
from tests.fuzz.damage import damaged
from tests.ical.calendars import FILES, read_bytes

CALENDARS: Final = int(os.environ.get("FUZZ_CALENDARS", "20000"))
PARTS: Final = 4
"""They come in so many parts, so that several processes can share them."""

SOON: Final = 0.05
"""Seconds of processor time; what took longer while the machine was busy is read three times more, alone."""

TWICE: Final = 50
"""One in so many is read again, and has to be the same."""

SPLICES: Final = [
    *(b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VTIMEZONE", b"\r\n ", b"\x00"),
    *(b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=DAILY", b"RRULE:FREQ=YEARLY;BYMONTHDAY=29", b"RDATE:20261101T170000Z"),
    *(b"EXDATE:20261103T160000Z", b"STATUS:CANCELLED", b"DTSTART;VALUE=DATE:20261101", b"DTEND:99991231T235959Z"),
    *(b"DURATION:-P1D", b"DURATION:P99W", b"SEQUENCE:99999999999", b"UID:", b"TZID:", b"\xff\xfe", b'"', b";", b":"),
    *(b"RECURRENCE-ID;RANGE=THISANDFUTURE:20261103T160000Z", b"DTSTART:00010101T000000", b"X-WR-TIMEZONE:Mars"),
]
LINES: Final = [b"\r\n" + splice + b"\r\n" for splice in SPLICES]


def one_of(random: Random) -> bytes:
    """Return a damaged calendar."""
    whole, times = random.choice(list(FILES.values())), random.randint(1, 12)
    return damaged(whole, random, times, LINES, b"\r\n")


def taken(data: bytes) -> tuple[float, Calendar | None]:
    """Return the processor's seconds that a calendar takes, and what was read, None if it was refused."""
    began = process_time()
    try:
        found = read_bytes(data)
    except CalendarRefusedError:
        found = None
    return process_time() - began, found


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_calendar_is_read_or_refused_and_soon(part: int) -> None:
    for seed in range(part, CALENDARS, PARTS):
        data = one_of(Random(seed))  # noqa: S311 - a fuzzer
        took, found = taken(data)
        if found is not None:
            assert len({each.key for each in found.occurrences}) == len(found.occurrences), seed
            assert all(each.starts_at < each.ends_at for each in found.occurrences), seed
        if took > SOON or seed % TWICE == 0:
            again = [taken(data) for _ in range(3)]
            assert all(each == found for _, each in again), seed
            assert min(seconds for seconds, _ in again) <= SOON, seed

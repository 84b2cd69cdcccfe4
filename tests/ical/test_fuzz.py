"""Damaged calendars: whatever comes, it is read or refused, and soon.  FUZZ_CALENDARS says how many to try."""

import os
from random import Random
from time import process_time
from typing import Final

from bot.ical.events import CalendarRefusedError
from tests.ical.calendars import FILES, NOW, read_bytes

CALENDARS: Final = int(os.environ.get("FUZZ_CALENDARS", "3000"))
SOON: Final = 0.05
"""Seconds of processor time; a few may meet a machine that is busy with something else."""

SPLICES: Final = [
    *(b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VTIMEZONE", b"\r\n ", b"\x00"),
    *(b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=DAILY", b"RRULE:FREQ=YEARLY;BYMONTHDAY=29", b"RDATE:20261101T170000Z"),
    *(b"EXDATE:20261103T160000Z", b"STATUS:CANCELLED", b"DTSTART;VALUE=DATE:20261101", b"DTEND:99991231T235959Z"),
    *(b"DURATION:-P1D", b"DURATION:P99W", b"SEQUENCE:99999999999", b"UID:", b"TZID:", b"\xff\xfe", b'"', b";", b":"),
    *(b"RECURRENCE-ID;RANGE=THISANDFUTURE:20261103T160000Z", b"DTSTART:00010101T000000", b"X-WR-TIMEZONE:Mars"),
]


def damaged(random: Random) -> bytes:
    data = bytearray(random.choice(list(FILES.values())))
    for _ in range(random.randint(1, 12)):
        at, length = random.randrange(len(data) + 1), random.randint(1, 60)
        match random.randrange(6):
            case 0:
                data[at : at + length] = b""
            case 1:
                data[at:at] = data[at : at + length * 8]
            case 2:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 3:
                data[at:at] = b"\r\n" + random.choice(SPLICES) + b"\r\n"
            case 4:
                data[at : at + 1] = str(random.randint(0, 9999)).encode()
            case _:
                lines = data.split(b"\r\n")
                one, other = random.randrange(len(lines)), random.randrange(len(lines))
                lines[one], lines[other] = lines[other], lines[one]
                data = bytearray(b"\r\n".join(lines))
    return bytes(data)


def test_a_damaged_calendar_is_read_or_refused_and_soon() -> None:
    slow = []
    for seed in range(CALENDARS):
        data, began = damaged(Random(seed)), process_time()  # noqa: S311 - a fuzzer
        try:
            found = read_bytes(data)
        except CalendarRefusedError:
            found = None
        took = process_time() - began
        if took > SOON:
            slow.append((seed, took))
        if found is not None:
            assert len({each.key for each in found.occurrences}) == len(found.occurrences), seed
            assert all(each.starts_at < each.ends_at for each in found.occurrences), seed
            assert read_bytes(data, now=NOW) == found, seed

    assert len(slow) <= CALENDARS / 50, slow

"""What is written is read again, by us and as the other programs want it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ical.events import Occurrence
from bot.ical.writing import ComingSession, write_calendar
from tests.ical.calendars import MADRID, NOW, read_bytes

SESSION = ComingSession("s-1@microchequeo", "P-07", NOW, NOW + timedelta(minutes=50), MADRID)


def test_a_session_is_written_by_its_code_alone() -> None:
    lines = write_calendar([SESSION], name="Agenda", now=NOW).decode().split("\r\n")

    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Microchequeo//Agenda//ES",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Agenda",
        "X-WR-TIMEZONE:Europe/Madrid",
        "BEGIN:VEVENT",
        "SUMMARY:P-07",
        "DTSTART:20261019T080000Z",
        "DTEND:20261019T085000Z",
        "DTSTAMP:20261019T080000Z",
        "UID:s-1@microchequeo",
        "CLASS:PRIVATE",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_the_same_sessions_give_the_same_bytes_in_any_order() -> None:
    other = ComingSession("s-2", "P-08", NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=50), MADRID)

    assert write_calendar([SESSION, other], name="A", now=NOW) == write_calendar([other, SESSION], name="A", now=NOW)


def test_sessions_in_two_zones_name_none() -> None:
    other = ComingSession("s-2", "P-08", NOW, NOW + timedelta(minutes=50), ZoneInfo("America/Santiago"))

    assert b"X-WR-TIMEZONE" not in write_calendar([SESSION, other], name="A", now=NOW)


def test_an_empty_agenda_is_a_calendar() -> None:
    assert read_bytes(write_calendar([], name="Agenda", now=NOW)).occurrences == ()


CODES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="\\"), min_size=1, max_size=60
)
"""No backslashes: icalendar 7.3 writes the two characters "\\N" as a line break, and no code has them."""

SESSIONS = st.lists(
    st.builds(
        ComingSession,
        uid=CODES,
        code=CODES,
        starts_at=st.datetimes(datetime(2026, 10, 20), datetime(2027, 1, 10)).map(  # noqa: DTZ001 - given a zone below
            lambda at: at.replace(microsecond=0, tzinfo=UTC)
        ),
        ends_at=st.just(NOW),
        zone=st.sampled_from([MADRID, ZoneInfo("America/Santiago")]),
    ),
    unique_by=lambda session: session.uid,
    max_size=8,
)


@settings(deadline=None)  # the machine may be busy
@given(SESSIONS, st.integers(1, 1439), CODES)
def test_what_is_written_is_read_again(sessions: list[ComingSession], minutes: int, name: str) -> None:
    length = timedelta(minutes=minutes)
    coming = [
        ComingSession(each.uid, each.code, each.starts_at, each.starts_at + length, each.zone) for each in sessions
    ]

    found = read_bytes(write_calendar(coming, name=name, now=NOW))

    expected = [Occurrence(each.uid, each.code, each.starts_at, each.ends_at, cancelled=False) for each in coming]
    assert found.occurrences == tuple(sorted(expected, key=lambda each: (each.starts_at, each.key)))
    assert (found.ignored, found.unreadable) == (0, 0)

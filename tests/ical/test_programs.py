"""Files as Google, Outlook and Apple export them: the same sessions as the therapist sees in the program."""

from datetime import timedelta

import pytest

from tests.ical.calendars import FILES, clocks, keys, read_bytes


def test_google_series_with_one_moved_one_cancelled_and_one_deleted() -> None:
    found = read_bytes(FILES["google"])

    series = [clock for clock, key in zip(clocks(found), keys(found), strict=True) if key.startswith("3k2j")]
    assert series == [
        "2026-10-20 17:00",
        "2026-10-27 17:00",
        "2026-11-04 10:00",
        "2026-11-10 17:00",
        "2026-11-17 17:00 x",
        "2026-11-24 17:00",
        "2026-12-01 17:00",
        "2026-12-15 17:00",
    ]


def test_google_single_events_are_in_utc_and_titles_unescaped() -> None:
    single = next(each for each in read_bytes(FILES["google"]).occurrences if each.key == "7pl9ok2mij3nuh4b@google.com")

    assert single.title == "P-12 primera, con su hermana"
    assert (single.starts_at.hour, single.ends_at - single.starts_at) == (15, timedelta(minutes=50))


def test_outlook_names_zones_as_windows_does() -> None:
    found = read_bytes(FILES["outlook"])

    assert clocks(found) == [
        "2026-10-20 13:00",
        "2026-10-22 15:00",
        "2026-10-26 12:00",
        "2026-10-30 09:00",
        "2026-11-09 12:00",
        "2026-11-16 12:00",
        "2026-11-23 12:00",
        "2026-11-27 09:00",
    ]


def test_apple_every_second_week_with_a_moved_one_and_a_floating_one() -> None:
    found = read_bytes(FILES["apple"])

    assert clocks(found) == ["2026-10-27 11:30", "2026-10-30 10:00", "2026-12-10 18:00"]


@pytest.mark.parametrize(
    ("program", "uids", "ignored"), [("google", 4, 2), ("outlook", 4, 1), ("apple", 3, 1)], ids=str
)
def test_every_event_is_accounted_for(program: str, uids: int, ignored: int) -> None:
    found = read_bytes(FILES[program])

    assert (len(found.uids), found.ignored, found.unreadable) == (uids, ignored, 0)


@pytest.mark.parametrize("program", FILES)
def test_the_line_ending_does_not_matter(program: str) -> None:
    data = FILES[program]

    read = [read_bytes(data.replace(b"\r\n", ending)) for ending in (b"\r\n", b"\n", b"\r", b"\r\n\r\n")]

    assert all(each == read[0] for each in read)


@pytest.mark.parametrize("program", FILES)
def test_reading_a_file_again_gives_the_same(program: str) -> None:
    assert read_bytes(FILES[program]) == read_bytes(FILES[program])

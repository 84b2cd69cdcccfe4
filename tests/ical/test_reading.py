"""What a calendar file says, promise by promise."""

from codecs import BOM_UTF8, BOM_UTF16_LE
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ical.events import HORIZON, CalendarRefusedError, Refusal
from tests.ical.calendars import NOW, at, calendar, clocks, event, keys, read, read_bytes

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"
TUESDAY = "20261020T170000"
MOVED = "RECURRENCE-ID;TZID=Europe/Madrid:20261027T170000"
DEFINED = """BEGIN:VTIMEZONE
TZID:(UTC+01:00) Bruselas\\, Madrid
BEGIN:STANDARD
DTSTART:16010101T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


# Time


def test_a_series_keeps_its_clock_time_when_the_clocks_go_back() -> None:
    found = read(at(TUESDAY, WEEKLY))

    assert clocks(found) == ["2026-10-20 17:00", "2026-10-27 17:00", "2026-11-03 17:00"]
    assert [each.starts_at.hour for each in found.occurrences] == [15, 16, 16]


def test_a_series_keeps_its_clock_time_when_the_clocks_go_forward() -> None:
    now = datetime(2027, 3, 22, tzinfo=UTC)

    found = read(at("20270323T170000", WEEKLY), now=now)

    assert [each.starts_at.hour for each in found.occurrences] == [16, 15, 15]


@pytest.mark.parametrize(("clock", "hour"), [("20261025T023000", 0), ("20270328T023000", 1)], ids=["twice", "never"])
def test_an_hour_that_exists_twice_or_never_yields_one_session_of_its_length(clock: str, hour: int) -> None:
    now = datetime.strptime(clock[:8], "%Y%m%d").replace(tzinfo=UTC)

    found = read(at(clock, "RRULE:FREQ=DAILY;COUNT=2"), now=now)

    assert len(found.occurrences) == 2
    assert found.occurrences[0].starts_at.hour == hour
    assert {each.ends_at - each.starts_at for each in found.occurrences} == {timedelta(minutes=50)}


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART;TZID=Europe/Madrid:20261020T170000",
        'DTSTART;TZID="Europe/Madrid":20261020T170000',
        "DTSTART;TZID=Romance Standard Time:20261020T170000",
        "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Madrid:20261020T170000",
        'DTSTART;TZID="(UTC+01:00) Bruselas\\, Madrid":20261020T170000',
        "DTSTART:20261020T170000",
        "DTSTART:20261020T150000Z",
        "DTSTART;TZID=Pacific SA Standard Time:20261020T120000",
        "dtstart;value=date-time;tzid=Europe/Madrid:20261020t170000",
    ],
    ids=["IANA", "quoted", "Windows", "prefixed", "defined", "floating", "UTC", "Santiago", "small letters"],
)
def test_all_ways_to_write_five_o_clock(start: str) -> None:
    found = read(DEFINED, event(start, "DURATION:PT50M", "RRULE:FREQ=DAILY;COUNT=1"))

    assert clocks(found) == ["2026-10-20 17:00"]


def test_a_zone_that_the_file_defines_changes_its_clocks() -> None:
    series = event('DTSTART;TZID="(UTC+01:00) Bruselas\\, Madrid":20261020T170000', "DURATION:PT50M", WEEKLY)

    assert clocks(read(DEFINED, series)) == ["2026-10-20 17:00", "2026-10-27 17:00", "2026-11-03 17:00"]


@pytest.mark.parametrize("name", ["Nowhere/Land", "Europe", "../../etc/passwd", "/etc/passwd", "(UTC+01:00) Madrid"])
def test_a_zone_that_nobody_knows_is_not_guessed(name: str) -> None:
    found = read(event(f"DTSTART;TZID={name}:20261020T170000", "DURATION:PT50M"), at(TUESDAY, uid="b"))

    assert (found.unreadable, set(found.unread_uids), set(found.uids)) == (1, {"a"}, {"a", "b"})


@pytest.mark.parametrize("definition", ["RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY;INTERVAL=2", "TZOFFSETTO:north", ""])
def test_a_definition_that_makes_no_sense_is_no_zone(definition: str) -> None:
    zone = f"BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000\r\n{definition}\r\nEND:STANDARD"

    found = read(zone, "END:VTIMEZONE", event("DTSTART;TZID=X:20261020T170000", "DURATION:PT50M"))

    assert found.unreadable == 1


def test_floating_times_are_meant_in_the_zone_that_the_calendar_names() -> None:
    found = read("X-WR-TIMEZONE:America/Santiago", event("DTSTART:20261020T120000", "DURATION:PT50M"))

    assert clocks(found) == ["2026-10-20 17:00"]


def test_a_series_in_utc_repeats_by_the_clock_of_the_zone_that_the_calendar_names() -> None:
    found = read("X-WR-TIMEZONE:Europe/Madrid", event("DTSTART:20261020T150000Z", "DURATION:PT50M", WEEKLY))

    assert clocks(found) == ["2026-10-20 17:00", "2026-10-27 17:00", "2026-11-03 17:00"]


def test_an_end_in_another_zone_counts() -> None:
    found = read(event("DTSTART;TZID=Europe/Madrid:20261020T170000", "DTEND:20261020T160000Z"))

    assert found.occurrences[0].ends_at - found.occurrences[0].starts_at == timedelta(hours=1)


# Recurrence


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3"], ["10-20", "11-03", "11-17"]),
        (["RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4"], ["10-20", "10-22", "10-27", "10-29"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261103"], ["10-20", "10-27", "11-03"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261103T160000Z"], ["10-20", "10-27", "11-03"]),
        (["RRULE:UNTIL=20261103T155959Z;FREQ=WEEKLY"], ["10-20", "10-27"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261103T170000"], ["10-20", "10-27", "11-03"]),
        (["RRULE:FREQ=DAILY;INTERVAL=10;COUNT=2"], ["10-20", "10-30"]),
        (["RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=5"], ["10-20", "10-21", "10-22", "10-23", "10-26"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3"], ["10-20", "11-20", "12-20"]),
        (["RRULE:FREQ=MONTHLY;BYDAY=3TU;COUNT=3"], ["10-20", "11-17", "12-15"]),
        (["RRULE:FREQ=MONTHLY;BYDAY=TU;BYSETPOS=3;COUNT=2"], ["10-20", "11-17"]),
        (["RRULE:FREQ=MONTHLY;BYMONTHDAY=-12;COUNT=2"], ["10-20", "11-19"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3;WKST=SU", "EXDATE:20261027T160000Z"], ["10-20", "11-03"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261027"], ["10-20", "11-03"]),
        (["RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;TZID=Europe/Madrid:20261029T170000"], ["10-20", "10-27", "10-29"]),
        (["RDATE;VALUE=PERIOD:20261022T150000Z/PT50M,20261023T150000Z/20261023T155000Z"], ["10-20", "10-22", "10-23"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Madrid:20261020T170000,20261027T170000"], ["11-03"]),
    ],
    ids=lambda value: value[0].replace("RRULE:FREQ=", "") if isinstance(value, list) else None,
)
def test_rules_and_dates(lines: list[str], days: list[str]) -> None:
    assert clocks(read(at(TUESDAY, *lines))) == [f"2026-{day} 17:00" for day in days]


def test_a_series_that_began_years_ago_goes_on() -> None:
    found = read(at("20160105T170000", "RRULE:FREQ=WEEKLY"))

    assert len(found.occurrences) == 12
    assert found.occurrences[0].key == "a/2026-10-20"


def test_a_series_that_ended_is_ignored_but_for_what_was_moved_into_the_horizon() -> None:
    old = at("20250107T170000", "RRULE:FREQ=WEEKLY;UNTIL=20250301")
    moved = at("20261020T170000", "RECURRENCE-ID;TZID=Europe/Madrid:20250114T170000")

    assert read(old).ignored == 1
    assert keys(read(old, moved)) == ["a/2025-01-14"]


def test_a_changed_occurrence_takes_the_place_of_the_original() -> None:
    found = read(at(TUESDAY, WEEKLY), at("20261028T110000", MOVED, summary="P-08"))

    assert clocks(found) == ["2026-10-20 17:00", "2026-10-28 11:00", "2026-11-03 17:00"]
    assert [each.title for each in found.occurrences] == ["P-07", "P-08", "P-07"]


@pytest.mark.parametrize(
    "moved",
    [
        "RECURRENCE-ID:20261027T160000Z",
        "RECURRENCE-ID;TZID=Romance Standard Time:20261027T170000",
        "RECURRENCE-ID;VALUE=DATE:20261027",
    ],
    ids=["UTC", "another name", "date"],
)
def test_a_changed_occurrence_is_found_however_it_is_named(moved: str) -> None:
    found = read(at(TUESDAY, WEEKLY), at("20261028T110000", moved))

    assert keys(found) == ["a/2026-10-20", "a/2026-10-27", "a/2026-11-03"]
    assert clocks(found)[1] == "2026-10-28 11:00"


def test_this_and_following_moves_the_rest() -> None:
    moved = MOVED.replace("ID;", "ID;RANGE=THISANDFUTURE;")

    found = read(at(TUESDAY, "RRULE:FREQ=WEEKLY;COUNT=4"), at("20261028T180000", moved))

    assert clocks(found) == ["2026-10-20 17:00", "2026-10-28 18:00", "2026-11-04 18:00", "2026-11-11 18:00"]
    assert keys(found) == ["a/2026-10-20", "a/2026-10-27", "a/2026-11-03", "a/2026-11-10"]


def test_a_changed_occurrence_that_became_all_day_is_no_session_and_leaves_no_original() -> None:
    found = read(at(TUESDAY, WEEKLY), event(MOVED, "DTSTART;VALUE=DATE:20261027"))

    assert clocks(found) == ["2026-10-20 17:00", "2026-11-03 17:00"]


# Cancelled


def test_a_cancelled_event_appears_as_cancelled() -> None:
    assert clocks(read(at(TUESDAY, "STATUS:CANCELLED"))) == ["2026-10-20 17:00 x"]


def test_a_cancelled_occurrence_appears_as_cancelled_at_its_original_time() -> None:
    found = read(at(TUESDAY, WEEKLY), at("20261027T170000", MOVED, "STATUS:CANCELLED"))

    assert clocks(found) == ["2026-10-20 17:00", "2026-10-27 17:00 x", "2026-11-03 17:00"]


def test_a_cancelled_series_cancels_its_changed_occurrences_too() -> None:
    found = read(at(TUESDAY, WEEKLY, "STATUS:CANCELLED"), at("20261028T110000", MOVED))

    assert all(each.cancelled for each in found.occurrences)
    assert len(found.occurrences) == 3


def test_a_cancellation_by_post_cancels_what_it_names() -> None:
    assert clocks(read("METHOD:CANCEL", at("20261027T170000", MOVED))) == ["2026-10-27 17:00 x"]


# Keys


def test_a_single_event_keeps_its_key_when_it_moves() -> None:
    assert keys(read(at(TUESDAY))) == keys(read(at("20261022T090000"))) == ["a"]


def test_a_series_moved_by_an_hour_keeps_its_keys() -> None:
    assert keys(read(at(TUESDAY, WEEKLY))) == keys(read(at("20261020T180000", WEEKLY)))


def test_a_moved_occurrence_keeps_its_key() -> None:
    before = read(at(TUESDAY, WEEKLY))
    after = read(at(TUESDAY, WEEKLY), at("20261030T090000", MOVED))

    assert keys(before) == keys(after)


def test_keys_hold_the_local_date_and_not_that_of_utc() -> None:
    late = event("DTSTART;TZID=America/Santiago:20261020T220000", "DURATION:PT50M", "RRULE:FREQ=WEEKLY;COUNT=1")

    assert keys(read(late)) == ["a/2026-10-20"]


def test_two_on_one_date_are_told_apart_by_their_time() -> None:
    found = read(at(TUESDAY, "RRULE:FREQ=DAILY;COUNT=2", "RDATE;TZID=Europe/Madrid:20261020T190000"))

    assert keys(found) == ["a/2026-10-20T17:00", "a/2026-10-20T19:00", "a/2026-10-21"]


def test_two_on_one_date_keep_their_keys_when_one_moves_far_away_or_is_taken_out() -> None:
    twice = ("RRULE:FREQ=WEEKLY;COUNT=1", "RDATE;TZID=Europe/Madrid:20261020T190000")
    away = at("20271020T170000", "RECURRENCE-ID;TZID=Europe/Madrid:20261020T170000")

    assert keys(read(at(TUESDAY, *twice), away)) == ["a/2026-10-20T19:00"]
    assert keys(read(at(TUESDAY, *twice, "EXDATE;TZID=Europe/Madrid:20261020T170000"))) == ["a/2026-10-20T19:00"]


def test_an_event_without_a_uid_gets_the_same_key_again() -> None:
    nameless = calendar(at(TUESDAY, uid=""), at(TUESDAY, uid=""), at("20261021T170000", uid=""))

    assert keys(read_bytes(nameless)) == keys(read_bytes(nameless))
    assert len(set(keys(read_bytes(nameless)))) == 3


def test_nothing_about_a_person_is_in_a_repr_or_an_error() -> None:
    found = read(at(TUESDAY, uid="ana@example.org", summary="Ana Pruebas"))

    assert "ana" not in repr(found).lower()
    assert str(CalendarRefusedError(Refusal.RECURRENCE, 12)) == "calendar refused: recurrence (line 12)"


# What counts


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;VALUE=DATE:20261020", "DTEND;VALUE=DATE:20261021"],
        ["DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=WEEKLY"],
        ["DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=YEARLY;BYYEARDAY=100"],
        ["DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29"],
        ["DTSTART:20261020T000000", "DTEND:20261021T000000"],
        ["DTSTART:20261020T170000"],
        ["DTSTART:20261020T170000", "DTEND:20261020T170000"],
        ["DTSTART:20261017T170000", "DURATION:PT50M"],
        ["DTSTART:20270120T170000", "DURATION:PT50M"],
    ],
    ids=["all day", "all day weekly", "all day odd", "leap day", "24 h", "no end", "no length", "past", "distant"],
)
def test_what_is_no_session_within_the_horizon_is_ignored_and_counted(lines: list[str]) -> None:
    found = read(event(*lines))

    assert (found.occurrences, found.ignored, found.unreadable, set(found.uids)) == ((), 1, 0, {"a"})


@pytest.mark.parametrize(
    ("start", "seen"),
    [
        (NOW - timedelta(days=1), True),
        (NOW - timedelta(days=1, seconds=1), False),
        (NOW + HORIZON, False),
        (NOW + HORIZON - timedelta(seconds=1), True),
    ],
    ids=["first", "too early", "too late", "last"],
)
def test_the_horizon_is_exact(start: datetime, seen: bool) -> None:  # noqa: FBT001 - a table
    found = read(event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT50M"))

    assert bool(found.occurrences) is seen


def test_an_event_shown_as_free_is_read_like_any_other() -> None:
    assert clocks(read(at(TUESDAY, "TRANSP:TRANSPARENT"))) == ["2026-10-20 17:00"]


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:tomorrow", "DURATION:PT50M"],
        ["DTSTART:20261320T170000", "DURATION:PT50M"],
        ["DTSTART:20261020T170000", "DTSTART:20261021T170000", "DURATION:PT50M"],
        ["DTSTART:20261020T170000", "DTEND:20261020T160000"],
        ["DTSTART:20261020T170000", "DTEND;VALUE=DATE:20261020"],
        ["DTSTART:20261020T170000", "DURATION:soon"],
        ["DTSTART:20261020T170000", "DURATION:P9999999999D"],
        ["DTSTART:20261020T170000", "DURATION:PT50M", "EXDATE:never", "RRULE:FREQ=WEEKLY"],
        ["DTSTART:20261020T170000", "DURATION:PT50M", "EXRULE:FREQ=WEEKLY"],
        ["DTSTART:20261020T170000", "DURATION:PT50M", "RDATE;VALUE=PERIOD:20261020T170000/P9D"],
        ["DTSTART:00010101T000000", "DURATION:PT50M"],
        ["SUMMARY:P-01"],
        ["DTSTART:20261020T170000", "DURATION:PT50M", "BEGIN:VALARM"],
    ],
    ids=lambda lines: lines[-1],
)
def test_one_bad_event_spoils_no_other(lines: list[str]) -> None:
    found = read(event(*lines), at(TUESDAY, uid="b"))

    assert (found.unreadable, set(found.unread_uids), keys(found)) == (1, {"a"}, ["b"])


def test_an_event_that_never_ends_does_not_swallow_the_next_one() -> None:
    found = read(at(TUESDAY).removesuffix("END:VEVENT"), at(TUESDAY, uid="b"))

    assert (found.unreadable, keys(found)) == (1, ["b"])


@pytest.mark.parametrize("newest_first", [True, False], ids=["newest first", "newest last"])
def test_of_two_versions_the_higher_sequence_wins(newest_first: bool) -> None:  # noqa: FBT001 - a table
    versions = [at(TUESDAY, "SEQUENCE:10"), at("20261021T170000", "SEQUENCE:9")]

    found = read(*versions if newest_first else reversed(versions))

    assert clocks(found) == ["2026-10-20 17:00"]


def test_of_two_versions_of_one_sequence_the_later_change_wins() -> None:
    found = read(at(TUESDAY, "LAST-MODIFIED:20261018T120000Z"), at("20261021T170000", "LAST-MODIFIED:20261018T110000Z"))

    assert clocks(found) == ["2026-10-20 17:00"]


# Bytes


def test_several_calendars_in_one_file_are_read_each_in_its_own_zone() -> None:
    santiago = calendar("X-WR-TIMEZONE:America/Santiago", event("DTSTART:20261020T120000", "DURATION:PT50M", uid="s"))
    madrid = calendar(event("DTSTART:20261021T120000", "DURATION:PT50M", uid="m"))

    assert clocks(read_bytes(santiago + madrid)) == ["2026-10-20 17:00", "2026-10-21 12:00"]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: BOM_UTF8 + text.encode(),
        lambda text: BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: text.encode("latin-1"),
        lambda text: text.encode().replace("ñ".encode(), b"\xc3\r\n \xb1"),
        lambda text: text.encode().replace("ñ".encode(), b"\xc3\n\t\xb1"),
    ],
    ids=["UTF-8", "BOM", "UTF-16", "latin-1", "folded within a letter", "folded with a tab"],
)
def test_letters_survive(encode: Callable[[str], bytes]) -> None:
    data = encode(calendar(at(TUESDAY, summary="Señora Ibáñez")).decode())

    assert [each.title for each in read_bytes(data).occurrences] == ["Señora Ibáñez"]


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x00" * 1000, b"PK\x03\x04", b"BEGIN:VCARD\nEND:VCARD"], ids=range(5)
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(CalendarRefusedError) as refused:
        read_bytes(data)

    assert refused.value.reason == Refusal.NOT_A_CALENDAR


def test_half_a_file_is_refused_because_what_is_missing_is_not_cancelled() -> None:
    data = calendar(at(TUESDAY), at(TUESDAY, uid="b"))

    with pytest.raises(CalendarRefusedError):
        read_bytes(data[: len(data) * 2 // 3])


def test_an_empty_calendar_is_a_calendar() -> None:
    assert read().occurrences == ()


@settings(deadline=None)  # the machine may be busy
@given(
    st.sampled_from(["Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]), st.data()
)
def test_a_weekly_session_is_always_at_the_same_clock_time(name: str, data: st.DataObject) -> None:
    zone, hour = ZoneInfo(name), data.draw(st.integers(6, 22))
    now = data.draw(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1))).replace(tzinfo=UTC)  # noqa: DTZ001
    start = now - timedelta(days=data.draw(st.integers(0, 600)))

    found = read(
        event(f"DTSTART;TZID={name}:{start:%Y%m%d}T{hour:02}1500", "DURATION:PT50M", "RRULE:FREQ=WEEKLY"), now=now
    )

    assert {clock[-5:] for clock in clocks(found, zone)} == {f"{hour:02}:15"}
    assert 11 <= len(found.occurrences) <= 14

"""What is refused before any library sees it, and how soon."""

import zlib
from time import process_time

import pytest

from bot.ical.events import LARGEST, CalendarRefusedError, Refusal
from bot.ical.limits import MOST_DATES, MOST_EVENTS, check
from tests.ical.calendars import FILES, NOW, at, calendar, clocks, event, read, read_bytes
from tests.measuring import undisturbed

SOON = 1.0
"""Seconds of processor time."""

HEAD, TAIL = b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"


def refusal(data: bytes) -> CalendarRefusedError:
    with undisturbed():
        began = process_time()
        with pytest.raises(CalendarRefusedError) as refused:
            check(data, now=NOW)
        assert process_time() - began < SOON
    return refused.value


def ruled(rule: str, start: str = "20261020T170000") -> bytes:
    return calendar(at(start, f"RRULE:{rule}"))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=HOURLY",
        "freq=secondly",
        "COUNT=2;FREQ=SECONDLY",
        "FREQ = SECONDLY",
        "BYMONTHDAY=31;BYMONTH=2",
        "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
        "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=WEEKLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
        "FREQ=MONTHLY;BYDAY=MO,2TU",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=YEARLY;BYDAY=53MO",
        "FREQ=YEARLY;BYDAY=52MO;BYMONTH=2",
        "FREQ=YEARLY;INTERVAL=28;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=2;BYMONTH=2",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=1000000",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=10000",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20261231",
        "FREQ=WEEKLY;UNTIL=20261331",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYHOUR=1,2,3,4,5",
        "FREQ=WEEKLY;BYSECOND=1",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=366",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=WEEKLY;FREQ=SECONDLY",
        "FREQ=WEEKLY;BYMONTH=１",
        "FREQ=WEEKLY;WKST=XX",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 400),
        "WEEKLY",
        "",
    ],
)
def test_a_rule_that_repeats_too_often_or_never_refuses_the_file_and_names_the_line(rule: str) -> None:
    refused = refusal(ruled(rule))

    assert (refused.reason, refused.line) == (Refusal.RECURRENCE, 8)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;WKST=SU;COUNT=9999;",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=DAILY;BYMONTH=10,11",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY",
    ],
)
def test_a_rule_that_programs_write_is_read(rule: str) -> None:
    began = process_time()

    assert read_bytes(ruled(rule)).unreadable == 0
    assert process_time() - began < SOON


def test_a_rule_hidden_by_folding_is_found() -> None:
    refused = refusal(ruled("FREQ=SEC\r\n\r\n ON\r\n\tDLY"))

    assert (refused.reason, refused.line) == (Refusal.RECURRENCE, 8)


@pytest.mark.parametrize("component", ["VTODO", "VTIMEZONE", "VALARM", "X-ANY"])
def test_a_rule_that_repeats_each_second_is_refused_wherever_it_stands(component: str) -> None:
    data = calendar(f"BEGIN:{component}\r\nRRULE:FREQ=SECONDLY\r\nEND:{component}")

    assert refusal(data).reason == Refusal.RECURRENCE


def test_an_all_day_bomb_is_refused_too() -> None:
    data = calendar(event("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2"))

    assert refusal(data).reason == Refusal.RECURRENCE


def dates(name: str, number: int, *, per_line: int) -> str:
    each = [f"2026{1 + place % 12:02}{1 + place % 28:02}T170000Z" for place in range(number)]
    return "\r\n".join(f"{name}:{','.join(each[at : at + per_line])}" for at in range(0, number, per_line))


@pytest.mark.parametrize("per_line", [1, 10_000], ids=["a line each", "one line"])
@pytest.mark.parametrize("name", ["EXDATE", "RDATE"])
def test_ten_thousand_dates_are_refused(name: str, per_line: int) -> None:
    data = calendar(at("20261020T170000", "RRULE:FREQ=WEEKLY", dates(name, 10_000, per_line=per_line)))

    assert refusal(data).reason in {Refusal.RECURRENCE, Refusal.TOO_LARGE}


def test_as_many_dates_as_are_allowed_are_read() -> None:
    series = at("20261020T170000", "RRULE:FREQ=WEEKLY;COUNT=1", dates("EXDATE", MOST_DATES, per_line=100))

    assert clocks(read(series)) == ["2026-10-20 17:00"]


def test_many_dates_in_many_events_are_refused() -> None:
    events = [at("20261020T170000", dates("EXDATE", 999, per_line=999), uid=str(number)) for number in range(11)]

    assert refusal(calendar(*events)).reason == Refusal.RECURRENCE


def test_many_long_series_together_are_refused() -> None:
    events = [at("20160105T170000", "RRULE:FREQ=DAILY", uid=str(number)) for number in range(40)]

    assert refusal(calendar(*events)).reason == Refusal.RECURRENCE


def test_ten_years_of_a_full_practice_are_read() -> None:
    """Sixty weekly series since 2016, and four hundred that ended, each with a moved session."""
    going = [at("20160105T170000", "RRULE:FREQ=WEEKLY", uid=f"g{number}") for number in range(60)]
    ended = [at("20180102T170000", "RRULE:FREQ=WEEKLY;UNTIL=20190101", uid=f"e{number}") for number in range(400)]

    found = read(*going, *ended)

    assert (len(found.occurrences), found.ignored) == (60 * 12, 400)


def test_a_thousand_events_are_read_and_one_more_is_refused() -> None:
    events = [at("20261020T170000", uid=str(number)) for number in range(MOST_EVENTS + 1)]

    assert len(read(*events[1:]).occurrences) == MOST_EVENTS
    assert refusal(calendar(*events)).reason == Refusal.TOO_MANY_EVENTS


def test_too_many_sessions_within_the_horizon_are_refused() -> None:
    events = [at("20261020T170000", "RRULE:FREQ=DAILY", uid=str(number)) for number in range(100)]

    with pytest.raises(CalendarRefusedError) as refused:
        read(*events)

    assert refused.value.reason == Refusal.TOO_MANY_EVENTS


BOMBS = {
    "over 1 MiB": (b" " * (LARGEST + 1), Refusal.TOO_LARGE),
    "one line": (HEAD + b"X:" + b"x" * (LARGEST - 100) + b"\r\n" + TAIL, Refusal.TOO_LARGE),
    "one folded line": (HEAD + b"X:" + b"\r\n x" * 50_000 + b"x" * 500_000 + b"\r\n" + TAIL, Refusal.TOO_LARGE),
    "folds": (HEAD + b"X:" + b"\n " * 500_000 + b"\r\n" + TAIL, Refusal.TOO_LARGE),
    "quotation marks": (HEAD + b"X:" + b'"' * 1_000_000 + b"\r\n" + TAIL, Refusal.TOO_LARGE),
    "blank lines": (HEAD + b"\n" * 1_000_000 + TAIL, Refusal.TOO_LARGE),
    "short lines": (HEAD + b"a\r" * 500_000 + TAIL, Refusal.TOO_LARGE),
    "nesting": (b"BEGIN:VEVENT\r\n" * 50_000, Refusal.NOT_A_CALENDAR),
    "nested calendars": (HEAD * 50_000 + TAIL * 8, Refusal.NOT_A_CALENDAR),
    "nested in one": (HEAD + b"BEGIN:X\r\n" * 500 + b"END:X\r\n" * 500 + TAIL, Refusal.NOT_A_CALENDAR),
    "a full event": (HEAD + b"BEGIN:VEVENT\r\n" + b"A:b\r\n" * 3_000 + b"END:VEVENT\r\n" + TAIL, Refusal.TOO_LARGE),
    "zones": (HEAD + b"BEGIN:VTIMEZONE\r\nEND:VTIMEZONE\r\n" * 51 + TAIL, Refusal.TOO_LARGE),
    "a zip": (zlib.compress(HEAD + TAIL), Refusal.NOT_A_CALENDAR),
    "nothing": (b"", Refusal.NOT_A_CALENDAR),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_at_once(bomb: str) -> None:
    data, reason = BOMBS[bomb]

    assert refusal(data).reason == reason


@pytest.mark.parametrize("program", FILES)
def test_what_programs_export_is_let_through(program: str) -> None:
    check(FILES[program], now=NOW)

"""A series keeps its hour on the wall, once on each of its days, whatever window it is looked at through."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.recurrence import MOST_WEEKS, Recurrence, days, spans

MADRID, SANTIAGO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Santiago")
FIFTY = timedelta(minutes=50)
TUESDAYS = Recurrence(date(2026, 11, 17), time(17), FIFTY, (1,))
FOREVER = date(2031, 12, 31)

REGIONS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
ZONES = st.sampled_from(sorted(name for name in available_timezones() if name.split("/")[0] in REGIONS)).map(ZoneInfo)
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))


@st.composite
def rules(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Recurrence:
    first = draw(DATES)
    return Recurrence(
        first,
        draw(MINUTES),
        timedelta(minutes=draw(st.integers(5, 480))),
        tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
        draw(st.integers(1, MOST_WEEKS)),
        draw(st.none() | st.integers(0, 900).map(lambda ahead: first + timedelta(days=ahead))),
        draw(st.none() | st.integers(1, 60)),
    )


def simply(rule: Recurrence) -> list[date]:
    """Walk day by day, as one would with a calendar on the wall."""
    monday = rule.first - timedelta(days=rule.first.weekday())
    found: list[date] = []
    day = rule.first
    while day <= min(rule.until or FOREVER, FOREVER) and len(found) < (rule.count or 10_000):
        if day.weekday() in rule.weekdays and (day - monday).days // 7 % rule.every == 0:
            found.append(day)
        day += timedelta(days=1)
    return found


@given(rules())
def test_the_days_are_those_that_a_wall_calendar_gives(rule: Recurrence) -> None:
    assert list(days(rule, rule.first, FOREVER)) == simply(rule)


@given(rules(), DATES, DATES, DATES)
def test_a_window_in_two_parts_gives_what_the_whole_gives(rule: Recurrence, one: date, two: date, three: date) -> None:
    since, middle, until = sorted((one, two, three))

    parts = [*days(rule, since, middle), *days(rule, middle + timedelta(days=1), until)]

    assert parts == list(days(rule, since, until))
    assert all(since <= day <= until for day in parts)


@given(rules(), ZONES, DATES)
def test_each_day_has_one_session_at_the_hour_on_the_wall(rule: Recurrence, zone: ZoneInfo, since: date) -> None:
    found = spans(rule, zone, since, since + timedelta(days=400))

    for on, starts_at, ends_at in found:
        local = starts_at.astimezone(zone)
        exists = datetime.combine(on, rule.at, zone).astimezone(UTC).astimezone(zone).time() == rule.at
        assert (local.date(), local.time(), local.fold) == (on, rule.at, 0) or not exists
        assert local.replace(tzinfo=None) >= datetime.combine(on, rule.at)
        assert ends_at - starts_at == rule.length
    assert all(one.on < two.on and one.starts_at < two.starts_at for one, two in pairwise(found))


@given(rules())
def test_neither_the_count_nor_the_last_day_is_passed(rule: Recurrence) -> None:
    found = list(days(rule, date(2024, 1, 1), FOREVER))

    assert len(found) <= (rule.count or len(found))
    assert all(rule.first <= day <= (rule.until or day) for day in found)


def test_the_hour_stays_when_the_clocks_go_back() -> None:
    rule = replace(TUESDAYS, first=date(2026, 10, 20))

    assert [starts_at.isoformat() for _, starts_at, _ in spans(rule, MADRID, rule.first, date(2026, 10, 27))] == [
        "2026-10-20T15:00:00+00:00",
        "2026-10-27T16:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("zone", "on", "at", "starts", "_why"),
    [
        (MADRID, date(2027, 3, 28), time(2, 30), "2027-03-28T03:30+02:00", "skipped: moves forward"),
        (MADRID, date(2026, 10, 25), time(2, 30), "2026-10-25T02:30+02:00", "twice: the first"),
        (SANTIAGO, date(2026, 9, 6), time(0, 30), "2026-09-06T01:30-03:00", "skipped at midnight: the same day"),
        (SANTIAGO, date(2026, 4, 4), time(23, 30), "2026-04-04T23:30-03:00", "twice before midnight: the first"),
    ],
)
def test_an_hour_that_is_missing_or_double_is_one_session(
    zone: ZoneInfo, on: date, at: time, starts: str, _why: str
) -> None:
    rule = Recurrence(on, at, FIFTY, (on.weekday(),))

    (only,) = spans(rule, zone, on, on)

    assert only.starts_at.astimezone(zone).isoformat(timespec="minutes") == starts
    assert only.ends_at == only.starts_at + FIFTY


def test_weeks_are_counted_from_the_monday_of_the_first() -> None:
    rule = Recurrence(date(2026, 11, 19), time(9), FIFTY, (1, 3), every=2)  # a Thursday

    assert [day.day for day in days(rule, rule.first, date(2026, 12, 17))] == [19, 1, 3, 15, 17]


def test_the_count_begins_at_the_first_and_not_at_the_window() -> None:
    rule = replace(TUESDAYS, count=3)

    assert list(days(rule, date(2026, 12, 1), FOREVER)) == [date(2026, 12, 1)]


def test_the_last_day_counts() -> None:
    rule = replace(TUESDAYS, until=date(2026, 11, 24))

    assert list(days(rule, rule.first, FOREVER)) == [date(2026, 11, 17), date(2026, 11, 24)]


def test_the_ends_of_the_calendar_are_no_trap() -> None:
    daily = Recurrence(date.min, time(17), FIFTY, tuple(range(7)), every=1, count=2)

    assert list(days(daily, date.min, date.max)) == [date.min, date.min + timedelta(days=1)]
    assert list(days(replace(daily, first=date.max), date.min, date.max)) == [date.max]


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": ()},
        {"weekdays": (3, 1)},
        {"weekdays": (1, 1)},
        {"weekdays": (7,)},
        {"weekdays": (-1,)},
        {"every": 0},
        {"every": 13},
        {"length": timedelta(0)},
        {"length": timedelta(days=2)},
        {"at": time(17, tzinfo=UTC)},
        {"at": time(17, 0, 30)},
        {"until": date(2026, 11, 16)},
        {"count": 0},
        {"count": 1001},
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_meant_does_not_exist(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=" "):
        replace(TUESDAYS, **wrong)

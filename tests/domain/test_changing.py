"""A series that changes from one day on: nothing is lost, nothing is added, and no week gets what it had twice."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changing import changed, may_begin
from bot.domain.recurrence import Recurrence, days

FIFTY = timedelta(minutes=50)
LATER = date(2030, 1, 1)
"""Beyond whatever can be drawn: the twentieth day of a rule that has one every four weeks, and two months."""


@st.composite
def changes(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[Recurrence, date, date]:
    """Draw a rule, one of its days, and a day from which that one can go on."""
    first = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    weekdays = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
    count = draw(st.none() | st.integers(1, 30))
    rule = Recurrence(first, time(17), FIFTY, weekdays, draw(st.integers(1, 4)), count=count)
    was_on = draw(st.sampled_from([day for _, day in zip(range(20), days(rule, first, LATER), strict=False)]))
    ahead = [was_on + timedelta(days=number) for number in range(-6, 60)]
    return rule, was_on, draw(st.sampled_from([on for on in ahead if may_begin(rule, was_on, on, begun=False)]))


@given(changes())
def test_the_number_of_sessions_stays(change: tuple[Recurrence, date, date]) -> None:
    rule, was_on, on = change

    after = changed(rule, was_on, was_on.weekday(), on, time(9))

    assert after is not None
    gone = sum(1 for _ in days(rule, rule.first, was_on - timedelta(days=1)))
    if rule.count is None:
        assert after.moved.count is None
        assert after.others is None or after.others.count is None
    else:
        assert gone + (after.moved.count or 0) + (after.others.count or 0 if after.others else 0) == rule.count


@given(changes())
def test_the_other_weekdays_are_exactly_where_they_were(change: tuple[Recurrence, date, date]) -> None:
    rule, was_on, on = change

    after = changed(rule, was_on, was_on.weekday(), on, time(9))

    before = [day for day in days(rule, was_on, LATER) if day.weekday() != was_on.weekday()]
    assert after is not None
    assert before == (list(days(after.others, rule.first, LATER)) if after.others else [])


@given(changes())
def test_the_weekday_that_moves_stays_once_in_the_weeks_of_its_series(change: tuple[Recurrence, date, date]) -> None:
    rule, was_on, on = change

    after = changed(rule, was_on, was_on.weekday(), on, time(9))

    assert after is not None
    moved = [day for _, day in zip(range(30), days(after.moved, date.min, LATER), strict=False)]
    assert moved[0] == on
    assert on - timedelta(days=on.weekday()) >= was_on - timedelta(days=was_on.weekday()), "never in a week before"
    assert all((later - on).days % (7 * rule.every) == 0 for later in moved)
    if after.others:
        monday = rule.first - timedelta(days=rule.first.weekday())
        assert all((day - monday).days // 7 % rule.every == 0 for day in moved)


def test_the_last_day_stays_unless_the_first_that_moves_lies_after_it() -> None:
    rule = Recurrence(date(2026, 11, 16), time(17), FIFTY, (0, 3), until=date(2026, 11, 26))

    after = changed(rule, date(2026, 11, 26), 3, date(2026, 11, 27), time(9))
    sooner = changed(rule, date(2026, 11, 19), 3, date(2026, 11, 20), time(9))

    assert after is not None
    assert sooner is not None
    assert (after.moved.until, after.others) == (date(2026, 11, 27), None)
    assert (sooner.moved.until, sooner.others and sooner.others.until) == (rule.until, rule.until)


def test_of_a_weekday_that_is_over_nothing_can_move() -> None:
    rule = Recurrence(date(2026, 11, 16), time(17), FIFTY, (0, 3), count=3)

    assert changed(rule, date(2026, 11, 20), 3, date(2026, 11, 27), time(9)) is None


def test_in_the_week_of_a_session_that_has_begun_there_is_no_other() -> None:
    rule = Recurrence(date(2026, 11, 17), time(17), FIFTY, (1,))

    assert not may_begin(rule, date(2026, 11, 17), date(2026, 11, 19), begun=True)
    assert may_begin(rule, date(2026, 11, 17), date(2026, 11, 23), begun=True)

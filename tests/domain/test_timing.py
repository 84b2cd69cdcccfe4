"""Every rule of time yields one instant, never in quiet hours, never before its cause: by table and by property.

The tables walk through both changes of the clock in Madrid and in Santiago (where an hour is missing or double at
midnight); the properties go through every zone of the world, 2024–2030.
"""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import timing
from bot.domain.hours import QuietHours
from bot.domain.timing import CheckInTimes

MADRID, SANTIAGO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Santiago")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
NIGHT, NONE = QuietHours(time(22), time(9)), QuietHours(time(0), time(0))

TIMES = CheckInTimes(
    delay=15 * MINUTE, quiet=NIGHT, reminder_after=20 * HOUR, expires_after=72 * HOUR, grace=5 * MINUTE
)


def at(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(instant: datetime, zone: ZoneInfo) -> str:
    """Show an instant on the local clock, with its distance to UTC."""
    return instant.astimezone(zone).isoformat(timespec="minutes")


ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
INSTANTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    max_value=datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
WALL_TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59]))
QUIET = st.builds(QuietHours, WALL_TIMES, WALL_TIMES)
SPANS = st.timedeltas(timedelta(0), timedelta(days=4))


CHANGING = [
    ZoneInfo(place)
    for place in (
        *("Europe/Madrid", "Atlantic/Canary", "Atlantic/Azores", "Europe/London", "America/New_York"),
        *("America/Santiago", "America/Havana", "America/Asuncion", "America/Nuuk", "America/St_Johns"),
        *("Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem"),
        *("Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Chatham", "Pacific/Easter"),
    )
]
"""Zones whose clocks change: at night, at midnight, before midnight, by half an hour, by two hours, around a fast."""


@cache
def changes(zone: ZoneInfo) -> list[datetime]:
    """Return the hours after which the clock of a zone is set to another offset, 2024–2030."""
    days = [datetime(2024, 1, 1, tzinfo=UTC) + number * DAY for number in range(7 * 365)]
    hours = (day + number * HOUR for day in days if differs(day, DAY, zone) for number in range(24))
    return [hour for hour in hours if differs(hour, HOUR, zone)]


def differs(instant: datetime, span: timedelta, zone: ZoneInfo) -> bool:
    return offset(instant, zone) != offset(instant + span, zone)


@st.composite
def near_changes(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """Draw an instant within a day and a half of a change of some clock."""
    zone = draw(st.sampled_from(CHANGING))
    return draw(st.sampled_from(changes(zone))) + draw(st.timedeltas(-DAY, 1.5 * DAY)), zone


def offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


MOMENTS = st.one_of(st.tuples(INSTANTS, ZONES), near_changes())


# Wall time to instants


@pytest.mark.parametrize(
    ("zone", "local", "instant", "_why"),
    [
        (MADRID, "2027-03-28T01:59", "2027-03-28T00:59", "the last minute of winter"),
        (MADRID, "2027-03-28T02:30", "2027-03-28T01:30", "does not exist: moves forward to 03:30"),
        (MADRID, "2027-03-28T03:00", "2027-03-28T01:00", "the first minute of summer"),
        (MADRID, "2026-10-25T02:30", "2026-10-25T00:30", "comes twice: the first"),
        (MADRID, "2026-10-25T03:00", "2026-10-25T02:00", "after both"),
        (SANTIAGO, "2026-09-05T23:59", "2026-09-06T03:59", "the last minute of winter"),
        (SANTIAGO, "2026-09-06T00:30", "2026-09-06T04:30", "midnight does not exist: moves forward to 01:30"),
        (SANTIAGO, "2026-09-06T01:00", "2026-09-06T04:00", "the first minute of summer"),
        (SANTIAGO, "2026-04-04T23:30", "2026-04-05T02:30", "comes twice: the first"),
        (SANTIAGO, "2026-04-05T00:00", "2026-04-05T04:00", "after both"),
    ],
)
def test_wall_time_is_one_instant(zone: ZoneInfo, local: str, instant: str, _why: str) -> None:
    assert timing.to_utc(datetime.fromisoformat(local), zone) == at(instant)


# Quiet hours


@pytest.mark.parametrize(
    ("zone", "instant", "expected", "_why"),
    [
        (MADRID, "2026-11-17T16:00", "2026-11-17T17:00+01:00", "by day: at once"),
        (MADRID, "2026-11-17T20:59", "2026-11-17T21:59+01:00", "the last minute of the day"),
        (MADRID, "2026-11-17T21:00", "2026-11-18T09:00+01:00", "quiet from its first minute on"),
        (MADRID, "2026-11-18T07:59", "2026-11-18T09:00+01:00", "quiet until its last"),
        (MADRID, "2026-11-18T08:00", "2026-11-18T09:00+01:00", "the first minute of the day"),
        (MADRID, "2027-03-27T22:00", "2027-03-28T09:00+02:00", "a night of ten hours: nine on the clock all the same"),
        (MADRID, "2027-03-28T01:30", "2027-03-28T09:00+02:00", "just after the clock went forward"),
        (MADRID, "2026-10-24T21:00", "2026-10-25T09:00+01:00", "a night of twelve hours"),
        (MADRID, "2026-10-25T00:30", "2026-10-25T09:00+01:00", "the first half past two"),
        (MADRID, "2026-10-25T01:30", "2026-10-25T09:00+01:00", "the second"),
        (SANTIAGO, "2026-09-06T02:30", "2026-09-06T09:00-03:00", "the night that has no midnight"),
        (SANTIAGO, "2026-09-06T04:00", "2026-09-06T09:00-03:00", "one in the morning, an hour too early"),
        (SANTIAGO, "2026-04-05T02:30", "2026-04-05T09:00-04:00", "the first half past eleven"),
        (SANTIAGO, "2026-04-05T03:30", "2026-04-05T09:00-04:00", "the second"),
    ],
)
def test_the_night_ends_at_nine_on_the_clock(zone: ZoneInfo, instant: str, expected: str, _why: str) -> None:
    assert wall(timing.out_of_quiet(at(instant), zone, NIGHT), zone) == expected


@pytest.mark.parametrize(
    ("zone", "quiet", "instant", "expected", "_why"),
    [
        (MADRID, (22, 2.5), "2026-10-25T00:10", "2026-10-25T02:30+02:00", "ends in the first half past two"),
        (MADRID, (22, 2.5), "2026-10-25T01:10", "2026-10-25T02:30+01:00", "quiet again: ends in the second"),
        (MADRID, (22, 2.5), "2026-10-25T00:40", "2026-10-25T02:40+02:00", "between the two it is not quiet"),
        (MADRID, (22, 2.5), "2027-03-28T00:30", "2027-03-28T03:30+02:00", "ends at a time that does not exist"),
        (MADRID, (3, 2.5), "2027-03-28T00:30", "2027-03-29T02:30+02:00", "and would begin again before it has ended"),
        (SANTIAGO, (20, 23.5), "2026-04-05T02:10", "2026-04-04T23:30-03:00", "the first half past eleven"),
        (SANTIAGO, (20, 23.5), "2026-04-05T03:10", "2026-04-04T23:30-04:00", "the second"),
        (SANTIAGO, (20, 0.5), "2026-09-06T03:30", "2026-09-06T01:30-03:00", "half past midnight does not exist"),
        (SANTIAGO, (20, 0), "2026-09-06T03:30", "2026-09-06T01:00-03:00", "nor does midnight"),
    ],
)
def test_quiet_hours_may_end_inside_the_change(
    zone: ZoneInfo, quiet: tuple[float, float], instant: str, expected: str, _why: str
) -> None:
    starts, ends = (time(int(hour), round(hour % 1 * 60)) for hour in quiet)

    assert wall(timing.out_of_quiet(at(instant), zone, QuietHours(starts, ends)), zone) == expected


@settings(deadline=None)
@given(MOMENTS, QUIET)
def test_what_leaves_the_quiet_hours_is_outside_them_and_not_earlier(
    moment: tuple[datetime, ZoneInfo], quiet: QuietHours
) -> None:
    instant, zone = moment

    out = timing.out_of_quiet(instant, zone, quiet)

    assert instant <= out < instant + 2 * DAY
    assert out.astimezone(zone).time() not in quiet
    assert timing.out_of_quiet(out, zone, quiet) == out


@settings(deadline=None)
@given(MOMENTS, QUIET)
def test_what_is_not_in_quiet_hours_is_not_moved(moment: tuple[datetime, ZoneInfo], quiet: QuietHours) -> None:
    instant, zone = moment

    is_quiet = instant.astimezone(zone).time() in quiet

    assert (timing.out_of_quiet(instant, zone, quiet) == instant) is not is_quiet


# The question


@settings(deadline=None)
@given(MOMENTS, SPANS, QUIET)
def test_the_question_comes_after_the_session_and_its_delay(
    moment: tuple[datetime, ZoneInfo], delay: timedelta, quiet: QuietHours
) -> None:
    ends_at, zone = moment

    due_at = timing.due(ends_at, CheckInTimes(delay, quiet, HOUR, HOUR, HOUR), zone)

    assert due_at >= ends_at + delay
    assert due_at.astimezone(zone).time() not in quiet
    assert due_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("next_session", "closes", "_why"),
    [
        (None, "2026-11-20T16:15", "three days"),
        ("2026-11-24T16:00", "2026-11-20T16:15", "the next session is later than that"),
        ("2026-11-18T16:00", "2026-11-18T15:00", "an hour before the next session"),
        ("2026-11-17T17:30", "2026-11-17T16:45", "never less than half an hour"),
        ("2026-11-17T16:00", "2026-11-17T16:45", "not even when the next session is under way"),
    ],
)
def test_an_untouched_question_closes(next_session: str | None, closes: str, _why: str) -> None:
    next_at = at(next_session) if next_session else None

    assert timing.closing(at("2026-11-17T16:15"), next_at, TIMES) == at(closes)


@settings(deadline=None)
@given(INSTANTS, st.none() | SPANS, st.timedeltas(timedelta(0), 5 * DAY))
def test_a_question_stays_open_as_long_as_it_may_and_no_longer(
    asked_at: datetime, gap: timedelta | None, expires_after: timedelta
) -> None:
    times = CheckInTimes(HOUR, NONE, HOUR, expires_after, HOUR)
    next_at = asked_at + gap if gap is not None else None

    open_for = timing.closing(asked_at, next_at, times) - asked_at

    assert min(timing.SHORTEST_OPEN, expires_after) <= open_for <= expires_after


@pytest.mark.parametrize(
    ("asked", "reminded", "_why"),
    [
        ("2026-11-17T16:15", "2026-11-18T13:15+01:00", "twenty hours later"),
        ("2026-11-17T06:00", "2026-11-18T09:00+01:00", "twenty hours later is the night: the morning after"),
        ("2026-10-24T10:00", "2026-10-25T09:00+01:00", "the morning after the clock went back"),
        ("2027-03-27T10:00", "2027-03-28T09:00+02:00", "the morning after the clock went forward"),
    ],
)
def test_the_reminder_comes_by_day(asked: str, reminded: str, _why: str) -> None:
    reminder = timing.reminder(at(asked), at(asked) + 72 * HOUR, TIMES, MADRID)

    assert reminder is not None
    assert wall(reminder, MADRID) == reminded


def test_no_reminder_for_a_question_that_is_closed_by_then() -> None:
    asked_at = at("2026-11-17T16:15")

    assert timing.reminder(asked_at, asked_at + 20 * HOUR, TIMES, MADRID) is None
    assert timing.reminder(asked_at, asked_at + 20 * HOUR + MINUTE, TIMES, MADRID) == asked_at + 20 * HOUR


def test_no_reminder_when_the_practice_wants_none() -> None:
    times = CheckInTimes(HOUR, NONE, timedelta(0), 72 * HOUR, HOUR)

    assert timing.reminder(at("2026-11-17T16:15"), at("2026-11-20T16:15"), times, MADRID) is None


@settings(deadline=None)
@given(MOMENTS, QUIET, SPANS, SPANS)
def test_reminders_and_repeated_questions_come_by_day_and_before_the_closing(
    moment: tuple[datetime, ZoneInfo], quiet: QuietHours, after: timedelta, open_for: timedelta
) -> None:
    asked_at, zone = moment
    times = CheckInTimes(HOUR, quiet, after, 72 * HOUR, HOUR)

    for wait, again in [
        (after, timing.reminder(asked_at, asked_at + open_for, times, zone)),
        (timing.LATER, timing.asked_again(asked_at, asked_at + open_for, times, zone)),
    ]:
        if again is not None:
            assert asked_at + wait <= again < asked_at + open_for
            assert again.astimezone(zone).time() not in quiet


@pytest.mark.parametrize(
    ("now", "asked", "_why"),
    [
        ("2026-11-17T10:00", "2026-11-17T14:00+01:00", "three hours later"),
        ("2026-11-17T18:30", "2026-11-18T09:00+01:00", "three hours later is the night"),
        ("2027-03-27T23:30", "2027-03-28T09:00+02:00", "three hours that the clock counts as four"),
    ],
)
def test_later_asks_again(now: str, asked: str, _why: str) -> None:
    again = timing.asked_again(at(now), at(now) + 72 * HOUR, TIMES, MADRID)

    assert again is not None
    assert wall(again, MADRID) == asked


# The grace


@pytest.mark.parametrize(
    ("touched", "settles", "_why"),
    [
        (0, 5, "nothing after the second score"),
        (3, 8, "five minutes from the last touch"),
        (9, 14, "once more"),
        (10, 15, "a quarter of an hour at most"),
        (14, 15, "whatever comes"),
        (40, 45, "a correction that comes later has a grace of its own"),
    ],
)
def test_the_rules_wait_for_corrections_but_not_for_long(touched: int, settles: int, _why: str) -> None:
    scored_at = at("2026-11-17T16:20")

    settles_at = timing.settling(scored_at + touched * MINUTE, scored_at, TIMES)

    assert settles_at == scored_at + settles * MINUTE


@settings(deadline=None)
@given(INSTANTS, SPANS, SPANS)
def test_the_grace_is_never_over_before_the_answer_nor_later_than_it_may(
    scored_at: datetime, touched_after: timedelta, grace: timedelta
) -> None:
    times = CheckInTimes(HOUR, NONE, HOUR, HOUR, grace)

    settles_at = timing.settling(scored_at + touched_after, scored_at, times)

    first_look = scored_at + max(timing.GRACE_AT_MOST, grace)
    latest = first_look if scored_at + touched_after < first_look else scored_at + touched_after + grace
    assert scored_at <= settles_at <= latest


# The week


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "after", "expected", "_why"),
    [
        (MADRID, 4, 18, "2026-11-17T16:00", "2026-11-20T18:00+01:00", "the coming Friday"),
        (MADRID, 4, 18, "2026-11-20T16:59", "2026-11-20T18:00+01:00", "today, in a minute"),
        (MADRID, 4, 18, "2026-11-20T17:00", "2026-11-27T18:00+01:00", "now is not after now"),
        (MADRID, 4, 18, "2026-10-23T16:00", "2026-10-30T18:00+01:00", "six in summer, six in winter"),
        (MADRID, 4, 18, "2027-03-26T17:00", "2027-04-02T18:00+02:00", "six in winter, six in summer"),
        (MADRID, 6, 2, "2027-03-21T12:00", "2027-03-28T03:00+02:00", "two o'clock does not exist: three"),
        (MADRID, 6, 2, "2027-03-28T01:00", "2027-04-04T02:00+02:00", "and that was this week's"),
        (MADRID, 6, 2, "2026-10-18T12:00", "2026-10-25T02:00+02:00", "two o'clock comes twice: the first"),
        (MADRID, 6, 2, "2026-10-25T00:00", "2026-11-01T02:00+01:00", "and the second is not another"),
        (SANTIAGO, 4, 18, "2026-09-04T22:00", "2026-09-11T18:00-03:00", "six in winter, six in summer"),
        (SANTIAGO, 4, 18, "2026-04-03T21:00", "2026-04-10T18:00-04:00", "six in summer, six in winter"),
        (SANTIAGO, 6, 0, "2026-09-01T12:00", "2026-09-06T01:00-03:00", "midnight does not exist: one"),
        (SANTIAGO, 5, 23, "2026-04-01T12:00", "2026-04-04T23:00-03:00", "eleven comes twice: the first"),
        (SANTIAGO, 5, 23, "2026-04-05T02:00", "2026-04-11T23:00-04:00", "and the second is not another"),
    ],
)
def test_the_digest_keeps_its_hour_on_the_clock(
    zone: ZoneInfo, weekday: int, hour: int, after: str, expected: str, _why: str
) -> None:
    assert wall(timing.next_weekly(at(after), weekday, hour, zone), zone) == expected


@settings(deadline=None)
@given(MOMENTS, st.integers(0, 6), st.integers(0, 23))
def test_every_week_has_one_digest(moment: tuple[datetime, ZoneInfo], weekday: int, hour: int) -> None:
    after, zone = moment

    first = timing.next_weekly(after, weekday, hour, zone)
    second = timing.next_weekly(first, weekday, hour, zone)

    assert after < first <= after + 8 * DAY
    assert timedelta(days=6) < second - first < timedelta(days=8)
    named = [instant for instant in (first, second) if is_named(instant, weekday, hour, zone)]
    assert len(named) == 2 or moved_by_a_change(first, second, zone)


def is_named(instant: datetime, weekday: int, hour: int, zone: ZoneInfo) -> bool:
    local = instant.astimezone(zone)
    return (local.weekday(), local.time()) == (weekday, time(hour))


def moved_by_a_change(first: datetime, second: datetime, zone: ZoneInfo) -> bool:
    """Say whether a clock changed within three hours before either instant: its hour did not exist."""
    return any(offset(instant, zone) != offset(instant - 3 * HOUR, zone) for instant in (first, second))


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        (MADRID, "2026-11-17T07:59", "2026-11-17T09:00+01:00"),
        (MADRID, "2026-11-17T08:00", "2026-11-18T09:00+01:00"),
        (MADRID, "2027-03-27T20:00", "2027-03-28T09:00+02:00"),
        (SANTIAGO, "2026-04-04T20:00", "2026-04-05T09:00-04:00"),
    ],
)
def test_working_hours_open_once_a_day(zone: ZoneInfo, after: str, expected: str) -> None:
    assert wall(timing.next_opening(at(after), time(9), zone), zone) == expected


@settings(deadline=None)
@given(MOMENTS, WALL_TIMES)
def test_the_next_opening_is_after_now_and_within_a_day(moment: tuple[datetime, ZoneInfo], opens: time) -> None:
    after, zone = moment

    assert after < timing.next_opening(after, opens, zone) <= after + 1.5 * DAY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-11-16T23:00", "2026-11-17T22:59", True),
        ("2026-11-16T22:59", "2026-11-16T23:00", False),
        ("2026-10-25T00:30", "2026-10-25T01:30", True),
        ("2027-03-27T22:59", "2027-03-27T23:00", False),
    ],
)
def test_the_day_is_the_one_on_the_local_calendar(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a column
    assert timing.same_local_day(at(one), at(other), MADRID) is same


def test_a_message_was_sent_when_it_says_unless_that_cannot_be() -> None:
    now = at("2026-11-17T16:20")

    assert timing.sending(now - HOUR, now) == now - HOUR
    assert timing.sending(now + HOUR, now) == now
    assert timing.sending(now - 25 * HOUR, now) is None
    assert timing.sending(None, now) is None


@given(WALL_TIMES, WALL_TIMES, WALL_TIMES)
def test_whoever_is_not_at_work_is_between_two_working_days(one: time, opens: time, closes: time) -> None:
    if opens == closes:
        assert timing.at_work(one, opens, closes)
    else:
        assert timing.at_work(one, opens, closes) is not timing.at_work(one, closes, opens)
        assert timing.at_work(opens, opens, closes)
        assert not timing.at_work(closes, opens, closes)

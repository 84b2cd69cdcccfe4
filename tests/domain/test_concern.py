"""When an urgent alert is repeated and passed on: instants only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import concern as rules
from bot.domain.concern import Due
from tests.handlers.gallery import CONCERN

MADRID = ZoneInfo("Europe/Madrid")
AFTERNOON = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
"""17:00 in Madrid."""

EVENING = datetime(2026, 11, 17, 19, 50, tzinfo=UTC)
"""20:50 in Madrid."""

OPENED = replace(CONCERN, opened_at=AFTERNOON)
SECOND = timedelta(seconds=1)


def at(*minutes: int) -> list[datetime]:
    return [AFTERNOON + timedelta(minutes=one) for one in minutes]


def planned(opened_at: datetime, count: int) -> list[datetime]:
    """Return the instants at which something is done, if nobody ever sees it."""
    concern, now = replace(OPENED, opened_at=opened_at), opened_at
    found: list[datetime] = []
    while len(found) < count:
        now = rules.next_at([concern], now) or now
        concern = replace(concern, next_at=now)
        if Due.SECOND in rules.due([concern], now):
            concern = replace(concern, second_at=now)
        found.append(now)
    return found


def test_it_is_repeated_after_5_15_and_60_minutes_then_hourly_and_passed_on_after_30() -> None:
    assert planned(AFTERNOON, 6) == at(5, 15, 30, 60, 120, 180)


def test_at_night_the_first_hour_alone_is_pressed() -> None:
    local = [instant.astimezone(MADRID).strftime("%d %H:%M") for instant in planned(EVENING, 7)]

    assert local == ["17 20:55", "17 21:05", "17 21:20", "17 21:50", "18 08:50", "18 09:50", "18 10:50"]


def test_only_the_second_contact_is_due_after_30_minutes() -> None:
    half_an_hour = AFTERNOON + rules.SECOND_AFTER

    assert rules.due([replace(OPENED, next_at=half_an_hour)], half_an_hour) == (Due.SECOND,)


def test_after_an_outage_one_repeat_stands_for_all() -> None:
    late = AFTERNOON + timedelta(hours=3)

    assert rules.due([replace(OPENED, next_at=AFTERNOON + timedelta(minutes=5))], late) == (Due.REPEAT, Due.SECOND)
    assert rules.next_at([replace(OPENED, second_at=late)], late) == AFTERNOON + timedelta(hours=4)


def test_once_all_is_seen_nothing_is_due_any_more() -> None:
    assert rules.due([], AFTERNOON + timedelta(days=1)) == ()
    assert rules.next_at([], AFTERNOON) is None


def test_the_newest_of_several_says_when_it_is_repeated_and_the_oldest_when_others_are_told() -> None:
    older, newer = OPENED, replace(OPENED, opened_at=AFTERNOON + timedelta(minutes=20))

    assert rules.next_at([older, newer], newer.opened_at) == AFTERNOON + timedelta(minutes=25)
    assert rules.next_at([older, newer], AFTERNOON + timedelta(minutes=25)) == AFTERNOON + rules.SECOND_AFTER


def test_others_who_know_of_older_words_are_told_of_newer_ones_at_once() -> None:
    told = replace(OPENED, second_at=AFTERNOON + rules.SECOND_AFTER)
    at_once = AFTERNOON + timedelta(hours=2)
    newer = replace(OPENED, opened_at=at_once, next_at=at_once)

    assert rules.due([told, newer], at_once) == (Due.SECOND,)
    assert rules.due([replace(told, second_at=None, opened_at=at_once), newer], at_once) == ()


@pytest.mark.parametrize("too_early", [AFTERNOON, AFTERNOON + timedelta(minutes=5) - SECOND])
def test_nothing_is_due_before_its_time(too_early: datetime) -> None:
    assert rules.due([replace(OPENED, next_at=AFTERNOON + timedelta(minutes=5))], too_early) == ()


@given(st.integers(0, 7 * 24 * 60), st.integers(0, 24 * 60))
def test_the_next_repeat_is_always_later_and_never_far(minutes: int, opened: int) -> None:
    concern = replace(OPENED, opened_at=AFTERNOON + timedelta(minutes=opened))
    after = concern.opened_at + timedelta(minutes=minutes)

    repeat = rules.next_repeat(concern, after)

    assert timedelta(0) < repeat - after <= timedelta(hours=11)

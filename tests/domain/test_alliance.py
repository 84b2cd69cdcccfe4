"""The rule of the seed, at its edges: two points of ten are four of twenty, from one answered session to the next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alliance import Entry, Finding, Outcome, Rule, Rules, evaluate, is_back, mean
from bot.domain.model import CheckInId, Item, Points, Score

TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def rating(understood: int, sense: int, week: int = 0, pending: int | None = None) -> Entry:
    scores = {Item.UNDERSTOOD: Score(understood), Item.SENSE: Score(sense)}
    extra = {} if pending is None else {Item.PENDING: Score(pending)}
    return Entry(CheckInId(week + 1), TUESDAY + week * WEEK, Outcome.ANSWERED, scores | extra)


def drop(*course: Entry, threshold: int = 4) -> Finding | None:
    """Ask the rule of the seed alone about the last check-in."""
    rules = Rules(on=frozenset({Rule.DROP}), drop=Points(threshold))
    return next(iter(evaluate(course, course[-1].check_in_id, rules)), None)


SCORES = st.integers(0, 10)
RATINGS = st.builds(rating, SCORES, SCORES, st.just(0), st.none() | SCORES)
NEXT_RATINGS = st.builds(rating, SCORES, SCORES, st.just(1), st.none() | SCORES)


@pytest.mark.parametrize(
    ("before", "after", "lost", "_why"),
    [
        ((9, 9), (7, 7), 4, "two points of ten: exactly the seed's threshold"),
        ((9, 9), (8, 7), None, "a point and a half"),
        ((9, 9), (9, 5), 4, "all of it in one item"),
        ((9, 9), (10, 4), 4, "one item up, the other down"),
        ((10, 10), (0, 0), 20, "everything"),
        ((4, 0), (0, 0), 4, "down to nothing"),
        ((3, 0), (0, 0), None, "nothing, but from hardly more"),
        ((7, 7), (7, 7), None, "no change"),
        ((7, 7), (9, 9), None, "a gain of two points"),
        ((0, 0), (10, 10), None, "a gain of everything"),
    ],
)
def test_a_fall_of_two_points_or_more_is_a_drop(
    before: tuple[int, int], after: tuple[int, int], lost: int | None, _why: str
) -> None:
    fall = drop(rating(*before), rating(*after, week=1))

    assert (fall.lost if fall else None) == lost


@given(RATINGS, NEXT_RATINGS)
def test_a_drop_is_exactly_a_loss_of_four_sum_points(previous: Entry, current: Entry) -> None:
    fall = drop(previous, current)

    assert (fall is not None) == (previous.alliance - current.alliance >= 4)


@given(RATINGS, NEXT_RATINGS)
def test_there_is_never_a_drop_both_ways(previous: Entry, current: Entry) -> None:
    assert drop(previous, current) is None or drop(current, previous) is None


@given(st.tuples(*[st.integers(0, 5)] * 4), st.integers(0, 5))
def test_only_the_difference_counts(values: tuple[int, int, int, int], constant: int) -> None:
    one, two, three, four = values

    fall = drop(rating(one, two), rating(three, four, week=1))
    one, two, three, four = (value + constant for value in values)
    fall_higher_up = drop(rating(one, two), rating(three, four, week=1))

    assert (fall and fall.lost) == (fall_higher_up and fall_higher_up.lost)


@given(SCORES, SCORES)
def test_what_is_pending_is_no_part_of_the_alliance(before: int, after: int) -> None:
    assert drop(rating(7, 7, pending=before), rating(7, 7, week=1, pending=after)) is None


@given(RATINGS, NEXT_RATINGS, st.integers(1, 20), st.integers(1, 20))
def test_a_higher_threshold_never_finds_more(previous: Entry, current: Entry, one: int, other: int) -> None:
    low, high = sorted((one, other))

    if drop(previous, current, threshold=high) is not None:
        assert drop(previous, current, threshold=low) is not None


@pytest.mark.parametrize(
    ("before", "after", "item"),
    [
        ((9, 9), (4, 8), Item.UNDERSTOOD),
        ((9, 9), (8, 4), Item.SENSE),
        ((9, 9), (6, 6), Item.UNDERSTOOD),
        ((2, 10), (5, 1), Item.SENSE),
    ],
)
def test_the_item_that_fell_most_is_named_the_first_when_both_fell_alike(
    before: tuple[int, int], after: tuple[int, int], item: Item
) -> None:
    fall = drop(rating(*before), rating(*after, week=1))

    assert fall is not None
    assert fall.most_moved is item


def test_the_gap_is_the_time_between_the_two_sessions() -> None:
    fall = drop(rating(9, 9), rating(4, 4, week=3))

    assert fall is not None
    assert fall.gap == 3 * WEEK


@pytest.mark.parametrize(
    ("level_before", "now", "back"),
    [(18, (9, 9), True), (18, (9, 8), True), (18, (8, 8), False), (18, (10, 10), True), (0, (0, 0), True)],
)
def test_half_a_point_below_the_level_before_is_repaired(level_before: int, now: tuple[int, int], back: bool) -> None:  # noqa: FBT001 - a column
    assert is_back(Points(level_before), rating(*now), Rules()) is back


@given(RATINGS, NEXT_RATINGS)
def test_what_is_a_drop_is_never_repaired_in_the_same_breath(previous: Entry, current: Entry) -> None:
    if drop(previous, current, threshold=4) is not None:
        assert not is_back(previous.alliance, current, Rules())


def test_the_first_answered_session_is_compared_with_nothing() -> None:
    assert drop(rating(0, 0)) is None


@given(st.lists(st.tuples(SCORES, SCORES), min_size=2, max_size=8))
def test_each_answered_session_is_compared_with_exactly_the_one_before(series: list[tuple[int, int]]) -> None:
    course = [rating(*scores, week=week) for week, scores in enumerate(series)]
    found = [drop(*course[: place + 1]) for place in range(len(course))]

    assert [one is not None and one.previous for one in found] == [
        place > 0 and sum(series[place - 1]) - sum(series[place]) >= 4 and course[place - 1]
        for place in range(len(course))
    ]


@pytest.mark.parametrize(("points", "shown"), [(0, 0.0), (1, 0.5), (15, 7.5), (20, 10.0)])
def test_sums_are_shown_as_the_mean_of_two_items(points: int, shown: float) -> None:
    assert mean(Points(points)) == shown

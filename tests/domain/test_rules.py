"""Every rule of the alliance at its edges, and what holds for all of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alliance import (
    Entry,
    Finding,
    Outcome,
    Rule,
    Rules,
    baseline,
    evaluate,
    is_back,
    stays_down,
)
from bot.domain.model import CheckInId, Item, Points, Score

TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
RULES = Rules()

Told = tuple[int, ...] | str | None
"""A week of a course: (understood, sense[, pending]), (understood,) alone, None for no answer, "-" for passed over."""


def course(*told: Told) -> list[Entry]:
    return [_entry(week, each) for week, each in enumerate(told)]


def _entry(week: int, told: Told) -> Entry:
    check_in_id, at = CheckInId(week + 1), TUESDAY + week * WEEK
    if not isinstance(told, tuple):
        return Entry(check_in_id, at, Outcome.UNANSWERED if told is None else Outcome.PASSED)
    scores = {item: Score(value) for item, value in zip(Item, told, strict=False)}
    return Entry(check_in_id, at, Outcome.PARTLY if len(told) == 1 else Outcome.ANSWERED, scores)


def found(*told: Told, rules: Rules = RULES) -> dict[Rule, Finding]:
    """Apply the rules to the last week of a course."""
    weeks = course(*told)
    return {finding.rule: finding for finding in evaluate(weeks, weeks[-1].check_in_id, rules)}


def rules_of(*told: Told, rules: Rules = RULES) -> set[str]:
    return {str(rule) for rule in found(*told, rules=rules)}


@pytest.mark.parametrize(
    ("told", "expected", "_why"),
    [
        ([(9, 9), (8, 7)], set(), "three sum points are no drop"),
        ([(9, 9), (7, 7)], {"drop"}, "four are: two points of ten"),
        ([(9, 9), (9, 5)], {"drop"}, "all of it in one item: a drop, and not said twice"),
        ([(9, 9), (9, 6)], {"item_drop"}, "one item alone"),
        ([(9, 9), (9, 7)], set(), "two points of one item are nothing"),
        ([(5, 9), (9, 6)], {"item_drop"}, "one item up, the other down by three"),
        ([(9, 8)], set(), "a first session is compared with nothing"),
        ([(2, 2)], {"low_start"}, "but may be low"),
        ([(7, 6)], {"low_start"}, "6.5 of ten"),
        ([(7, 7)], set(), "7 of ten is not below 7"),
        ([(9, 9), (6, 6), (9, 9)], set(), "the way up"),
        ([(9, 9), "-", (7, 7)], {"drop"}, "declined in between: compared with the answered one before"),
        ([(9, 9), None, (7, 7)], {"drop"}, "silent in between: the same"),
        ([(9, 9), (6,)], {"item_drop"}, "the second item is missing: the first is compared with itself"),
        ([(9, 9), (7,)], set(), "by two points only"),
        ([(9, 9), (6,), (7, 7)], {"drop"}, "compared with the last complete one"),
        ([(6,)], set(), "a first one that is not complete is no low start"),
        ([(9, 9), "-", "-"], set(), "a session that was cut, stopped or declined says nothing"),
        ([(9, 9), None], set(), "one silence"),
        ([(9, 9), None, None], {"silence"}, "two"),
        ([(9, 9), None, "-", None], {"silence"}, "what is passed over does not break the run"),
        ([(9, 9), None, (9, 9), None], set(), "an answer does"),
        ([(9, 9), None, (9,), None], set(), "half an answer, too"),
        ([(9, 9), (7, 7), None], {"silence"}, "the first silence right after a drop"),
        ([(9, 9), (7, 7), "-", None], {"silence"}, "though something was passed over"),
        ([(9, 9), (7, 7), (7, 7), None], set(), "but not after the session that followed"),
        ([None, None], {"silence"}, "somebody who never answered"),
        ([(9, 9, 6)], set(), "little was left pending"),
        ([(9, 9, 7)], {"pending"}, "much"),
        ([(9, 9, 10), (9, 9, 0)], set(), "last time's is not this time's"),
        ([(10, 10), (10, 10), (10, 10)], {"ceiling"}, "the third week of tens"),
        ([(10, 10), (10, 10), (10, 9)], set(), "not all of them"),
        ([(10, 10), (10, 10), (10, 10), (10, 10)], set(), "a hint is not said every week"),
        ([(10, 10)] * 6, {"ceiling"}, "but at the sixth again"),
        ([(10, 10), (10, 10), None, (10, 10)], {"ceiling"}, "three answered ones in a row"),
        ([(10, 10), (10, 10), (10, 10), None], set(), "an unanswered one is no ten"),
        ([(9, 9), (8, 9), (8, 8), (8, 7)], {"slide"}, "three falls in a row, three points in all"),
        ([(9, 9), (8, 9), (8, 8)], set(), "two falls"),
        ([(9, 9), (8, 9), (8, 9), (8, 8)], set(), "one of the three stood still"),
        ([(9, 9), (8, 9), None, (8, 8), (8, 7)], {"slide"}, "of answered sessions"),
        ([(9, 9), (9, 9), (9, 9), (8, 7), (8, 6)], {"slide"}, "four below the median of the first ones"),
        ([(9, 9), (9, 9), (9, 9), (8, 8), (8, 7)], set(), "three below it"),
        ([(9, 9), (9, 9), (7, 7)], {"drop"}, "two sessions make no baseline"),
        ([(9, 9), (9, 9), (9, 9), (7, 7)], {"drop", "slide"}, "with the fourth answered one there is a baseline"),
    ],
)
def test_what_the_rules_find(told: list[Told], expected: set[str], _why: str) -> None:
    assert rules_of(*told) == expected


def test_words_about_what_was_left_pending_count_without_a_high_score() -> None:
    week = course((9, 9, 2))[0]
    spoken = Entry(week.check_in_id, week.session_at, week.outcome, week.scores, left_words=True)

    assert [finding.rule for finding in evaluate([spoken], spoken.check_in_id, RULES)] == [Rule.PENDING]


def test_a_drop_says_why() -> None:
    drop = found((9, 9), None, "-", (9, 4))[Rule.DROP]

    assert drop.previous is not None
    assert (drop.previous.check_in_id, drop.current.check_in_id) == (1, 4)
    assert (drop.level, drop.lost) == (Fraction(18), Fraction(5))
    assert (drop.gap, drop.unanswered) == (3 * WEEK, 1)
    assert drop.items == (Item.UNDERSTOOD, Item.SENSE)


def test_an_item_drop_names_the_item_that_fell_most() -> None:
    fall = found((5, 9), (9, 5))[Rule.ITEM_DROP]

    assert fall.items == (Item.SENSE,)
    assert fall.lost == Fraction(4)


def test_a_slide_says_from_where() -> None:
    below = found((9, 8), (9, 8), (9, 9), (9, 9), (8, 8), (6, 7))[Rule.SLIDE]
    falling = found((9, 9), (9, 9), (8, 9), (8, 8), (8, 7))[Rule.SLIDE]

    assert (below.level, below.lost, below.count) == (Fraction(17), Fraction(4), 1)
    assert (falling.level, falling.lost, falling.count) == (Fraction(18), Fraction(3), 3)
    assert falling.previous is not None
    assert falling.previous.check_in_id == 2


def test_silence_counts_its_weeks() -> None:
    assert found((9, 9), None, None, "-", None)[Rule.SILENCE].count == 3


@pytest.mark.parametrize(
    ("sums", "median"),
    [
        ([18, 16], None),
        ([18, 16, 12], Fraction(16)),
        ([18, 16, 12, 13], Fraction(29, 2)),
        ([18, 16, 12, 13, 20], Fraction(16)),
        ([18, 16, 12, 13, 20, 0, 0, 0], Fraction(16)),
    ],
)
def test_the_baseline_is_frozen_after_the_fifth_answer(sums: list[int], median: Fraction | None) -> None:
    assert baseline(course(*[(total // 2, total - total // 2) for total in sums])) == median


@pytest.mark.parametrize(
    ("level", "now", "back"),
    [
        (Fraction(18), (9, 8), True),
        (Fraction(18), (8, 8), False),
        (Fraction(35, 2), (9, 8), True),
        (Fraction(35, 2), (8, 8), False),
        (Fraction(18), (10, 10), True),
        (Fraction(1), (0, 0), True),
    ],
)
def test_half_a_point_below_the_level_counts_as_back(level: Fraction, now: tuple[int, int], *, back: bool) -> None:
    assert is_back(level, course(now)[0], RULES) is back


def test_half_an_answer_repairs_nothing() -> None:
    assert not is_back(Fraction(2), course((10,))[0], RULES)


@pytest.mark.parametrize(
    ("after", "stays"),
    [
        ([(7, 7)], False),
        ([(7, 7), (7, 7)], True),
        ([(7, 7), None], False),
        ([(7, 7), "-", (7, 7)], True),
        ([(7, 7), (7,)], False),
    ],
)
def test_two_answered_sessions_after_a_fall_are_enough(after: list[Told], *, stays: bool) -> None:
    weeks = course((9, 9), (6, 6), *after)

    assert stays_down(weeks, weeks[1].check_in_id, weeks[-1].check_in_id, RULES) is stays


def test_every_rule_can_be_switched_off_alone() -> None:
    fires: dict[Rule, list[Told]] = {
        Rule.DROP: [(9, 9), (7, 7)],
        Rule.ITEM_DROP: [(9, 9), (9, 6)],
        Rule.SLIDE: [(9, 9), (8, 9), (8, 8), (8, 7)],
        Rule.SILENCE: [None, None],
        Rule.LOW_START: [(2, 2)],
        Rule.PENDING: [(9, 9, 7)],
        Rule.CEILING: [(10, 10), (10, 10), (10, 10)],
    }
    without = {rule: rules_of(*told, rules=Rules(on=frozenset(Rule) - {rule})) for rule, told in fires.items()}

    assert set(fires) == set(Rule)
    assert [rule for rule, told in fires.items() if str(rule) not in rules_of(*told)] == []
    assert [rule for rule, still in without.items() if str(rule) in still] == []


@pytest.mark.parametrize(
    ("told", "stricter", "rule"),
    [
        ([(9, 9), (7, 7)], Rules(drop=Points(5)), "drop"),
        ([(9, 9), (9, 6)], Rules(item_drop=4), "item_drop"),
        ([(9, 9), (8, 9), (8, 8), (8, 7)], Rules(falls=Points(4)), "slide"),
        ([(9, 9), (9, 9), (9, 9), (8, 7), (8, 6)], Rules(slide=Points(5)), "slide"),
        ([None, None], Rules(silence=3), "silence"),
        ([(7, 6)], Rules(low_start=Points(13)), "low_start"),
        ([(9, 9, 7)], Rules(pending=8), "pending"),
        ([(10, 10)] * 3, Rules(ceiling=4), "ceiling"),
    ],
)
def test_every_threshold_can_be_set(told: list[Told], stricter: Rules, rule: str) -> None:
    assert rule in rules_of(*told)
    assert rule not in rules_of(*told, rules=stricter)


def test_without_the_rule_of_the_sum_each_item_is_looked_at() -> None:
    assert rules_of((9, 9), (9, 5), rules=Rules(on=frozenset({Rule.ITEM_DROP}))) == {"item_drop"}


def test_a_corrected_answer_is_judged_as_if_it_had_been_the_first() -> None:
    assert rules_of((9, 9), (7, 7)) == {"drop"}
    assert rules_of((9, 9), (8, 7)) == set()


SCORES = st.integers(0, 10)
ANSWERS = st.tuples(SCORES, SCORES) | st.tuples(SCORES, SCORES, SCORES)
TOLD: st.SearchStrategy[Told] = ANSWERS | st.tuples(SCORES) | st.none() | st.just("-")
COURSES = st.lists(TOLD, min_size=1, max_size=9)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=6), st.integers(1, 3))
def test_a_constant_added_to_all_scores_changes_no_fall(told: list[tuple[int, int]], constant: int) -> None:
    higher = [(one + constant, two + constant) for one, two in told]
    falls = {"drop", "item_drop", "slide"}

    assert rules_of(*told) & falls == rules_of(*higher) & falls


@given(COURSES, st.permutations(list(Rule)))
def test_the_order_in_which_rules_are_applied_does_not_matter(told: list[Told], order: Sequence[Rule]) -> None:
    one_by_one = set[str]()
    for rule in order:
        one_by_one |= rules_of(*told, rules=Rules(on=frozenset({rule, Rule.DROP}))) & {str(rule)}

    assert one_by_one == rules_of(*told)


@given(COURSES)
def test_applied_again_the_rules_find_the_same(told: list[Told]) -> None:
    assert found(*told) == found(*told)


@given(COURSES, COURSES)
def test_what_comes_later_changes_nothing(told: list[Told], later: list[Told]) -> None:
    weeks = course(*told, *later)

    assert evaluate(weeks, weeks[len(told) - 1].check_in_id, RULES) == tuple(found(*told).values())


@given(COURSES)
def test_what_says_nothing_changes_nothing(told: list[Told]) -> None:
    between = [each for week in told for each in ("-", week)]
    bare = {rule: (finding.lost, finding.level, finding.items, finding.count) for rule, finding in found(*told).items()}

    assert {r: (f.lost, f.level, f.items, f.count) for r, f in found(*between).items()} == bare


@given(st.lists(TOLD, min_size=2, max_size=9))
def test_every_fall_names_what_it_is_compared_with(told: list[Told]) -> None:
    falls = [finding for rule, finding in found(*told).items() if rule in (Rule.DROP, Rule.ITEM_DROP, Rule.SLIDE)]

    for fall in falls:
        assert fall.previous is not None
        assert fall.gap == fall.current.session_at - fall.previous.session_at
        assert fall.lost > 0

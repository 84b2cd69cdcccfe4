"""When a guess is blind, and what many of them say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import guessing
from bot.domain.guessing import Direction, Gap, Guess, GuessId, GuessState
from bot.domain.model import CheckInId, PersonId, Points, Score, TherapistId, TreatmentId

NOW = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
IDS = GuessId(1), CheckInId(2), TreatmentId(3), TherapistId(4), PersonId(5)
ASKED = Guess(*IDS, "P-07", GuessState.OPEN, NOW - timedelta(minutes=15), NOW, NOW + DAY)
GIVEN = replace(ASKED, state=GuessState.GIVEN, value=Score(7), guessed_at=NOW)


def pairs(*gaps: int) -> list[tuple[Score, Points]]:
    """Give a pair for each gap in points of ten."""
    return [(Score(5 + gap), Points(10)) for gap in gaps]


def test_two_guesses_say_nothing_and_three_do() -> None:
    assert guessing.gap(pairs(2, 2)) is None
    assert guessing.gap(pairs(2, 2, 2)) == Gap(Fraction(2), 3)


def test_the_gap_is_guess_less_score_in_points_of_ten() -> None:
    found = guessing.gap([(Score(8), Points(13)), (Score(7), Points(14)), (Score(6), Points(9))])

    assert found == Gap(Fraction(1), 3)


@pytest.mark.parametrize(
    ("alliances", "direction"),
    [
        ((9, 9), Direction.CLOSE),
        ((9, 8), Direction.HIGHER),
        ((11, 11), Direction.CLOSE),
        ((11, 12), Direction.LOWER),
        ((10, 10), Direction.CLOSE),
    ],
)
def test_half_a_point_either_way_is_close(alliances: tuple[int, int], direction: Direction) -> None:
    one, other = (Points(value) for value in alliances)

    found = guessing.gap([(Score(5), one), (Score(5), one), (Score(5), other)])

    assert found is not None
    assert found.direction is direction


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 20)), min_size=3))
def test_who_guesses_what_is_answered_is_close_and_the_order_does_not_matter(made: list[tuple[int, int]]) -> None:
    blind = [(Score(guess), Points(alliance)) for guess, alliance in made]

    found = guessing.gap(blind)

    assert found == guessing.gap(blind[::-1])
    assert guessing.gap([(guess, Points(2 * guess)) for guess, _ in blind]) == Gap(Fraction(0), len(blind))


def test_the_question_stands_from_its_instant_for_a_day() -> None:
    standing = [guessing.is_open(ASKED, NOW + span) for span in (-SECOND, timedelta(0), DAY - SECOND, DAY)]

    assert standing == [False, True, True, False]


def test_the_question_does_not_stand_into_the_next_session() -> None:
    assert guessing.lapse(NOW, None) == NOW + DAY
    assert guessing.lapse(NOW, NOW + 2 * DAY) == NOW + DAY
    assert guessing.lapse(NOW, NOW + SECOND) == NOW + SECOND


def test_a_score_is_withheld_only_while_there_is_one_and_the_question_stands() -> None:
    rated = replace(ASKED, rated=True)

    assert guessing.withheld([rated], NOW) == {rated.check_in_id: rated.id}
    for other in (ASKED, replace(GIVEN, rated=True), replace(rated, state=GuessState.SKIPPED)):
        assert guessing.withheld([other], NOW) == {}
    assert guessing.withheld([rated], NOW + DAY) == {}


def test_another_number_takes_its_place_until_the_score_is_shown() -> None:
    mended = guessing.given(GIVEN, Score(3), NOW + 2 * DAY)

    assert mended is not None
    assert mended.value == Score(3)
    seen = guessing.seen(GIVEN, NOW)
    assert seen is not None
    assert guessing.given(seen, Score(3), NOW) is None


@pytest.mark.parametrize("state", sorted(set(GuessState) - {GuessState.OPEN, GuessState.GIVEN}))
def test_what_has_ended_takes_no_number_and_does_not_end_again(state: GuessState) -> None:
    over = replace(ASKED, state=state, ended_at=NOW)

    assert guessing.given(over, Score(7), NOW) is None
    assert guessing.ended(over, GuessState.LAPSED, NOW) is None
    assert guessing.seen(over, NOW) is None


def test_a_guess_that_was_given_is_not_withdrawn() -> None:
    assert guessing.ended(GIVEN, GuessState.WITHDRAWN, NOW) is None


def test_a_score_that_was_shown_first_leaves_nothing_to_guess() -> None:
    seen = guessing.seen(ASKED, NOW)

    assert seen is not None
    assert (seen.state, seen.shown_at) == (GuessState.SEEN, NOW)


def test_nothing_is_asked_about_a_session_whose_questions_were_stopped() -> None:
    assert guessing.is_due(ASKED, NOW)
    assert not guessing.is_due(replace(ASKED, stopped=True), NOW)
    assert not guessing.is_due(ASKED, NOW + DAY)

"""When a pause is offered, and what it shows at which moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import grounding
from bot.domain.grounding import STEP, STEPS, PauseId
from bot.domain.model import CheckInState, Item, Score, Step
from tests.handlers.gallery import ANSWERED, NOW

HARD = replace(ANSWERED, scores={**ANSWERED.scores, Item.SENSE: Score(4)}, answered_at=NOW)
BEGUN = grounding.begun(PauseId(1), HARD, NOW)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("understood", "sense", "pending", "hard"),
    [(4, 10, 0, True), (10, 4, 0, True), (5, 5, 10, False), (10, 10, 0, False), (0, 0, 0, True)],
)
def test_a_session_is_hard_when_one_alliance_item_is_four_or_less(
    understood: int, sense: int, pending: int, *, hard: bool
) -> None:
    scores = {Item.UNDERSTOOD: Score(understood), Item.SENSE: Score(sense), Item.PENDING: Score(pending)}

    assert grounding.is_hard(replace(HARD, scores=scores)) is hard


def test_it_is_offered_at_the_end_alone_and_for_a_day() -> None:
    assert grounding.may_be_offered(HARD, NOW)
    assert grounding.may_be_offered(replace(HARD, state=CheckInState.DONE), NOW)
    assert not grounding.may_be_offered(HARD, NOW + grounding.OFFERED_FOR)
    for step in set(Step) - {Step.SUMMARY}:
        assert not grounding.may_be_offered(replace(HARD, step=step), NOW)
    for state in set(CheckInState) - {CheckInState.OPEN, CheckInState.DONE}:
        assert not grounding.may_be_offered(replace(HARD, state=state), NOW)


def test_the_step_follows_from_when_it_began() -> None:
    steps = [grounding.advanced(BEGUN, NOW + place * STEP).step for place in range(STEPS)]

    assert steps == list(range(STEPS))
    assert timedelta(seconds=45) == STEPS * STEP


def test_a_late_look_skips_steps() -> None:
    late = grounding.advanced(BEGUN, NOW + 3 * STEP + SECOND)

    assert (late.step, late.next_at) == (3, NOW + 4 * STEP)


def test_after_45_seconds_it_is_over_whenever_that_is_noticed() -> None:
    for late in (timedelta(seconds=45), timedelta(days=2)):
        over = grounding.advanced(BEGUN, NOW + late)
        assert (over.ended_at, over.next_at, over.stopped) == (NOW + timedelta(seconds=45), None, False)


def test_one_that_was_stopped_stays_so() -> None:
    stopped = grounding.stopped(BEGUN, NOW + STEP)

    assert stopped.stopped
    assert grounding.advanced(stopped, NOW + 4 * STEP) == stopped
    assert grounding.stopped(stopped, NOW + 2 * STEP) == stopped

"""What each tap and each word makes of a check-in: examples of every transition, then any sequence of them."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import check_in as transitions
from bot.domain.hours import QuietHours
from bot.domain.instrument import ALLIANCE, THREE_ITEMS, TWO_ITEMS
from bot.domain.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Item,
    PatientId,
    PatientState,
    PersonId,
    Score,
    SessionId,
    Step,
    TreatmentId,
    WordsKind,
)
from bot.domain.timing import CORRECTABLE, GRACE_AT_MOST, INACTIVITY, CheckInTimes

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 17, 16, 15, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TIMES = CheckInTimes(15 * MINUTE, QuietHours(time(22), time(9)), 20 * HOUR, 72 * HOUR, 5 * MINUTE)

OPEN = CheckIn(
    CheckInId(1),
    SessionId(1),
    TreatmentId(1),
    PatientId(1),
    PersonId(1),
    CheckInState.OPEN,
    Step.UNDERSTOOD,
    THREE_ITEMS,
    MappingProxyType({}),
    session_ends_at=NOW - 15 * MINUTE,
    due_at=NOW,
    asked_at=NOW,
    remind_at=NOW + 20 * HOUR,
    closes_at=NOW + 72 * HOUR,
    shown="understood",
    message_id=5,
)
PLANNED = replace(
    OPEN, state=CheckInState.PLANNED, asked_at=None, remind_at=None, closes_at=None, shown=None, message_id=None
)
NEVER_SEEN = (CheckInState.SKIPPED, CheckInState.UNREACHABLE, CheckInState.LATE)
FINISHED = [
    replace(OPEN, state=state)
    for state in CheckInState
    if state not in (CheckInState.OPEN, CheckInState.PLANNED, *NEVER_SEEN)
]


def at(step: Step, **changes: object) -> CheckIn:
    return replace(OPEN, step=step, **changes)  # type: ignore[arg-type]


def scored(check_in: CheckIn, *values: int) -> CheckIn:
    """Answer the questions that come, one after the other."""
    for value in values:
        after = transitions.score(check_in, check_in.step, Score(value), NOW, TIMES)
        assert after is not None
        check_in = after
    return check_in


SUMMARISED = transitions.done(scored(OPEN, 7, 8, 2), Step.REFLECTION, NOW, TIMES)
assert SUMMARISED is not None


# Scores


def test_three_scores_lead_to_the_reflection() -> None:
    after = scored(OPEN, 7, 8, 2)

    assert after.scores == {Item.UNDERSTOOD: 7, Item.SENSE: 8, Item.PENDING: 2}
    assert after.step is Step.REFLECTION


def test_two_items_lead_straight_to_the_reflection() -> None:
    assert scored(replace(OPEN, items=TWO_ITEMS), 7, 8).step is Step.REFLECTION


@pytest.mark.parametrize(("pending", "step"), [(6, Step.REFLECTION), (7, Step.PENDING_WORDS), (10, Step.PENDING_WORDS)])
def test_much_pending_is_asked_about(pending: int, step: Step) -> None:
    assert scored(OPEN, 7, 8, pending).step is step


def test_the_second_alliance_item_makes_it_answered_and_the_third_changes_nothing_about_that() -> None:
    one = scored(OPEN, 7)
    two = transitions.score(one, Step.SENSE, Score(8), NOW + MINUTE, TIMES)
    assert two is not None
    three = transitions.score(two, Step.PENDING, Score(1), NOW + 2 * MINUTE, TIMES)
    assert three is not None

    assert (one.answered_at, two.answered_at, three.answered_at) == (None, NOW + MINUTE, NOW + MINUTE)


def test_a_double_tap_cannot_answer_the_next_question() -> None:
    after = scored(OPEN, 7)

    assert transitions.score(after, Step.UNDERSTOOD, Score(7), NOW, TIMES) is None


@pytest.mark.parametrize("step", [Step.PENDING_WORDS, Step.REFLECTION, Step.SUMMARY])
def test_there_is_nothing_to_score_where_no_item_is_asked(step: Step) -> None:
    assert transitions.score(at(step), step, Score(5), NOW, TIMES) is None


def test_the_two_item_form_never_takes_a_score_for_what_it_did_not_ask() -> None:
    assert (
        transitions.score(replace(OPEN, items=TWO_ITEMS, step=Step.PENDING), Step.PENDING, Score(5), NOW, TIMES) is None
    )


def test_a_score_ends_the_reminder_and_the_wait() -> None:
    waiting = replace(OPEN, ask_again_at=NOW + HOUR)

    after = scored(waiting, 7)

    assert (after.remind_at, after.ask_again_at) == (None, None)


# Back, done, correct


@pytest.mark.parametrize(
    ("step", "before"),
    [
        (Step.SENSE, Step.UNDERSTOOD),
        (Step.PENDING, Step.SENSE),
        (Step.PENDING_WORDS, Step.PENDING),
        (Step.REFLECTION, Step.PENDING),
    ],
)
def test_back_goes_to_the_question_before_and_keeps_what_was_said(step: Step, before: Step) -> None:
    answered = scored(OPEN, 7, 8, 2)

    after = transitions.back(replace(answered, step=step), step, NOW, TIMES)

    assert after is not None
    assert (after.step, after.scores) == (before, answered.scores)


def test_back_from_the_reflection_of_two_items_is_the_second() -> None:
    after = transitions.back(at(Step.REFLECTION, items=TWO_ITEMS), Step.REFLECTION, NOW, TIMES)

    assert after is not None
    assert after.step is Step.SENSE


def test_there_is_nothing_before_the_first_question() -> None:
    assert transitions.back(OPEN, Step.UNDERSTOOD, NOW, TIMES) is None


def test_an_old_back_button_does_nothing() -> None:
    assert transitions.back(at(Step.PENDING), Step.SENSE, NOW, TIMES) is None


def test_done_passes_over_what_was_left_to_the_reflection() -> None:
    after = transitions.done(at(Step.PENDING_WORDS), Step.PENDING_WORDS, NOW, TIMES)

    assert after is not None
    assert (after.step, after.done_at) == (Step.REFLECTION, None)


def test_done_passes_over_the_reflection_to_a_summary_that_can_be_corrected_for_a_quarter_of_an_hour() -> None:
    after = transitions.done(at(Step.REFLECTION), Step.REFLECTION, NOW, TIMES)

    assert after is not None
    assert (after.step, after.done_at, after.closes_at) == (Step.SUMMARY, NOW, NOW + CORRECTABLE)


@pytest.mark.parametrize("step", [Step.UNDERSTOOD, Step.SENSE, Step.PENDING, Step.SUMMARY])
def test_questions_are_not_passed_over(step: Step) -> None:
    assert transitions.done(at(step), step, NOW, TIMES) is None


def test_correcting_starts_again_with_everything_still_there() -> None:
    assert SUMMARISED is not None

    after = transitions.correct(SUMMARISED, NOW + MINUTE, TIMES)

    assert after is not None
    assert (after.step, after.done_at, after.scores) == (Step.UNDERSTOOD, None, SUMMARISED.scores)
    assert after.answered_at == SUMMARISED.answered_at


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.SUMMARY])
def test_there_is_nothing_to_correct_before_the_summary(step: Step) -> None:
    assert transitions.correct(at(step), NOW, TIMES) is None


# Words


@pytest.mark.parametrize(
    ("step", "after", "kind"),
    [
        (Step.UNDERSTOOD, Step.UNDERSTOOD, WordsKind.REFLECTION),
        (Step.SENSE, Step.SENSE, WordsKind.REFLECTION),
        (Step.PENDING, Step.PENDING, WordsKind.REFLECTION),
        (Step.PENDING_WORDS, Step.REFLECTION, WordsKind.PENDING),
        (Step.REFLECTION, Step.SUMMARY, WordsKind.REFLECTION),
        (Step.SUMMARY, Step.SUMMARY, WordsKind.REFLECTION),
    ],
)
def test_words_are_taken_wherever_the_person_stands(step: Step, after: Step, kind: WordsKind) -> None:
    taken = transitions.words(at(step), NOW, TIMES)

    assert taken is not None
    assert (taken[0].step, taken[0].has_words, taken[1]) == (after, True, kind)


def test_words_after_the_summary_leave_another_quarter_of_an_hour() -> None:
    assert SUMMARISED is not None

    taken = transitions.words(SUMMARISED, NOW + 10 * MINUTE, TIMES)

    assert taken is not None
    assert taken[0].closes_at == NOW + 10 * MINUTE + CORRECTABLE


# Later, and who is cut off


def test_later_asks_again_in_three_hours_and_no_reminder_comes() -> None:
    after = transitions.later(OPEN, Step.UNDERSTOOD, NOW, TIMES, MADRID)

    assert after is not None
    assert (after.ask_again_at, after.remind_at, after.touched_at) == (NOW + 3 * HOUR, None, None)


def test_later_past_the_closing_waits_for_the_closing() -> None:
    closing = replace(OPEN, closes_at=NOW + 2 * HOUR)

    after = transitions.later(closing, Step.UNDERSTOOD, NOW, TIMES, MADRID)

    assert after is not None
    assert after.ask_again_at == after.closes_at == NOW + 2 * HOUR


def test_an_old_later_button_does_nothing() -> None:
    assert transitions.later(at(Step.SENSE), Step.UNDERSTOOD, NOW, TIMES, MADRID) is None


def test_nobody_who_is_answering_is_cut_off() -> None:
    closing = replace(OPEN, closes_at=NOW + MINUTE)

    assert scored(closing, 7).closes_at == NOW + INACTIVITY


def test_answering_early_does_not_bring_the_closing_forward() -> None:
    assert scored(OPEN, 7).closes_at == OPEN.closes_at


# The end


@pytest.mark.parametrize("state", transitions.CLOSING_STATES)
def test_what_has_ended_waits_for_nobody(state: CheckInState) -> None:
    ended = transitions.ended(replace(scored(OPEN, 7), ask_again_at=NOW + HOUR), state)

    assert (ended.state, transitions.next_at(ended)) == (state, None)
    assert ended.scores == {Item.UNDERSTOOD: 7}


def test_declining_after_both_scores_leaves_them_to_the_rules() -> None:
    ended = transitions.ended(scored(OPEN, 7, 8), CheckInState.DECLINED)

    assert transitions.next_at(ended) == ended.settles_at == NOW + TIMES.grace


def test_what_was_stopped_is_not_for_the_rules() -> None:
    ended = transitions.ended(scored(OPEN, 7, 8), CheckInState.STOPPED)

    assert (ended.settles_at, transitions.next_at(ended)) == (None, None)


@pytest.mark.parametrize(
    ("scores", "state"),
    [
        ((), CheckInState.CLOSED),
        ((7,), CheckInState.CLOSED),
        ((7, 8), CheckInState.DONE),
        ((7, 8, 2), CheckInState.DONE),
    ],
)
def test_closing_knows_whether_it_was_answered(scores: tuple[int, ...], state: CheckInState) -> None:
    assert transitions.closed(scored(OPEN, *scores)).state is state


def test_a_question_that_never_arrived_was_not_left_unanswered() -> None:
    assert transitions.closed(replace(OPEN, shown=None)).state is CheckInState.LATE


@pytest.mark.parametrize(
    ("patient", "state"),
    [
        (PatientState.ACTIVE, CheckInState.LATE),
        (PatientState.UNREACHABLE, CheckInState.UNREACHABLE),
        (PatientState.PAUSED, CheckInState.SKIPPED),
        (PatientState.LEFT, CheckInState.SKIPPED),
    ],
)
def test_what_was_never_asked_says_why(patient: PatientState, state: CheckInState) -> None:
    ended = transitions.unasked(PLANNED, patient, NOW)

    assert (ended.state, ended.done_at, transitions.next_at(ended)) == (state, NOW, None)


@pytest.mark.parametrize("finished", FINISHED, ids=lambda each: each.state)
def test_no_button_changes_what_is_finished(finished: CheckIn) -> None:
    for step in Step:
        there = replace(finished, step=step)
        assert transitions.score(there, step, Score(5), NOW, TIMES) is None
        assert transitions.back(there, step, NOW, TIMES) is None
        assert transitions.done(there, step, NOW, TIMES) is None
        assert transitions.later(there, step, NOW, TIMES, MADRID) is None
        assert transitions.correct(there, NOW, TIMES) is None
        assert transitions.words(there, NOW, TIMES) is None


# What the person sees, and what falls due


@pytest.mark.parametrize(
    ("check_in", "face"),
    [
        (PLANNED, None),
        (replace(PLANNED, state=CheckInState.SKIPPED), None),
        (replace(PLANNED, state=CheckInState.CANCELLED), None),
        (OPEN, "understood"),
        (at(Step.REFLECTION, has_words=True), "reflection"),
        (at(Step.SUMMARY), "summary"),
        (at(Step.SUMMARY, has_words=True), "summary+words"),
        (replace(OPEN, ask_again_at=NOW), "later"),
        (replace(OPEN, state=CheckInState.DONE), "final"),
        (replace(OPEN, state=CheckInState.CANCELLED), "cancelled"),
        (replace(OPEN, state=CheckInState.STOPPED), "stopped"),
    ],
)
def test_the_face_follows_the_state(check_in: CheckIn, face: str | None) -> None:
    assert transitions.face(check_in) == face


def test_a_planned_question_is_due_when_it_is_planned() -> None:
    assert transitions.next_at(PLANNED) == PLANNED.due_at


@pytest.mark.parametrize("first", ["ask_again_at", "remind_at", "closes_at", "settles_at"])
def test_whatever_comes_first_is_next(first: str) -> None:
    instants = dict.fromkeys(["ask_again_at", "remind_at", "closes_at", "settles_at"], NOW + HOUR) | {first: NOW}

    assert transitions.next_at(at(Step.SENSE, **instants)) == NOW


# Any sequence of taps and words

STEPS = st.sampled_from(Step)
SCORES = st.integers(0, 10).map(Score)


class AnyPerson(RuleBasedStateMachine):
    """One check-in in the hands of somebody who taps what they like, old buttons included, at their own pace."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.current = OPEN
        self.both_scored = False

    @initialize(items=st.sampled_from([THREE_ITEMS, TWO_ITEMS]), open_for=st.timedeltas(30 * MINUTE, 72 * HOUR))
    def ask(self, items: tuple[Item, ...], open_for: timedelta) -> None:
        self.current = replace(OPEN, items=items, closes_at=NOW + open_for, remind_at=None)

    def take(self, after: CheckIn | None) -> None:
        if after is not None:
            assert self.current.state is CheckInState.OPEN
            self.current = after

    @rule(step=STEPS, value=SCORES, stale=st.booleans())
    def score(self, step: Step, value: Score, stale: bool) -> None:  # noqa: FBT001 - drawn
        self.take(transitions.score(self.current, step if stale else self.current.step, value, self.now, TIMES))
        self.both_scored |= set(ALLIANCE) <= self.current.scores.keys()

    @rule(step=STEPS, stale=st.booleans())
    def back(self, step: Step, stale: bool) -> None:  # noqa: FBT001 - drawn
        self.take(transitions.back(self.current, step if stale else self.current.step, self.now, TIMES))

    @rule(step=STEPS, stale=st.booleans())
    def done(self, step: Step, stale: bool) -> None:  # noqa: FBT001 - drawn
        self.take(transitions.done(self.current, step if stale else self.current.step, self.now, TIMES))

    @rule(step=STEPS, stale=st.booleans())
    def later(self, step: Step, stale: bool) -> None:  # noqa: FBT001 - drawn
        step = step if stale else self.current.step
        self.take(transitions.later(self.current, step, self.now, TIMES, MADRID))

    @rule()
    def correct(self) -> None:
        self.take(transitions.correct(self.current, self.now, TIMES))

    @rule()
    def write(self) -> None:
        taken = transitions.words(self.current, self.now, TIMES)
        self.take(taken[0] if taken else None)

    @precondition(lambda self: self.current.state is CheckInState.OPEN)
    @rule(state=st.sampled_from([CheckInState.DECLINED, CheckInState.NO_SESSION, CheckInState.STOPPED]))
    def leave(self, state: CheckInState) -> None:
        self.current = transitions.ended(self.current, state)

    @rule(span=st.timedeltas(timedelta(0), 2 * HOUR))
    def wait(self, span: timedelta) -> None:
        self.now += span
        closes_at = self.current.closes_at
        if self.current.state is CheckInState.OPEN and closes_at is not None and closes_at <= self.now:
            self.current = transitions.closed(self.current)

    @invariant()
    def scores_belong_to_its_items(self) -> None:
        assert set(self.current.scores) <= set(self.current.items)
        assert all(0 <= value <= 10 for value in self.current.scores.values())

    @invariant()
    def answered_means_that_both_alliance_items_were_scored(self) -> None:
        assert (self.current.answered_at is not None) is self.both_scored
        if self.current.state in (CheckInState.DONE, CheckInState.CLOSED):
            assert (self.current.state is CheckInState.DONE) is self.both_scored

    @invariant()
    def something_is_always_next_while_it_is_open(self) -> None:
        if self.current.state is CheckInState.OPEN:
            next_at = transitions.next_at(self.current)
            assert next_at is not None
            assert self.current.closes_at is not None
            assert next_at <= self.current.closes_at

    @invariant()
    def nobody_is_cut_off(self) -> None:
        touched_at, closes_at = self.current.touched_at, self.current.closes_at
        if touched_at is not None and closes_at is not None:
            patience = CORRECTABLE if self.current.step is Step.SUMMARY else INACTIVITY
            assert closes_at >= touched_at + patience

    @invariant()
    def a_question_that_is_shown_is_one_of_its_items(self) -> None:
        face = transitions.face(self.current)
        assert face is not None
        if face in set(Item):
            assert face in self.current.items

    @invariant()
    def the_rules_look_soon_after_the_answer(self) -> None:
        if self.current.state is CheckInState.CLOSED:
            assert self.current.settles_at is not None
        elif self.current.answered_at is None or self.current.state is CheckInState.STOPPED:
            assert self.current.settles_at is None
        else:
            assert self.current.settles_at is not None
            assert self.current.touched_at is not None
            first_look = self.current.answered_at + GRACE_AT_MOST
            later = self.current.touched_at >= first_look
            latest = self.current.touched_at + TIMES.grace if later else first_look
            assert self.current.answered_at <= self.current.settles_at <= latest

    @invariant()
    def a_summary_is_where_it_is_done(self) -> None:
        if self.current.step is Step.SUMMARY:
            assert self.current.done_at is not None

    @invariant()
    def every_instant_is_aware(self) -> None:
        for field in fields(self.current):
            value = getattr(self.current, field.name)
            assert not isinstance(value, datetime) or value.tzinfo is not None


TestAnyPerson = AnyPerson.TestCase
TestAnyPerson.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)

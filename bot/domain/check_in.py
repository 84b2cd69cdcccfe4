"""What each thing a person does makes of a check-in: pure transitions from one `CheckIn` to the next.

Nothing is refused here by raising: a transition that does not apply returns None and the caller says so kindly.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import timing
from bot.domain.carried import TakenUp
from bot.domain.instrument import ALLIANCE, MUCH_PENDING
from bot.domain.model import CheckIn, CheckInState, Item, PatientState, Score, Step, WordsKind

CLOSING_STATES: Final = {
    CheckInState.DECLINED: "declined",
    CheckInState.NO_SESSION: "no_session",
    CheckInState.STOPPED: "stopped",
    CheckInState.CLOSED: "closed",
    CheckInState.CANCELLED: "cancelled",
}

PASSED_OVER: Final = (CheckInState.CANCELLED, CheckInState.SKIPPED, CheckInState.UNREACHABLE, CheckInState.LATE)
"""A question that was not asked when its time came."""

OUTDATED: Final = "outdated"
"""What a person is taken to have been shown when the same face says something else now."""


def face(check_in: CheckIn) -> str | None:
    """Name what the person should be seeing now; `CheckIn.shown` lags behind it when a reply was lost."""
    match check_in.state:
        case CheckInState.OPEN if check_in.ask_again_at is not None:
            return "later"
        case CheckInState.OPEN:
            return f"{check_in.step}{'+words' if check_in.step is Step.SUMMARY and check_in.has_words else ''}"
        case CheckInState.DONE:
            return "final"
        case state:
            return CLOSING_STATES.get(state) if check_in.asked_at else None


def current_item(check_in: CheckIn) -> Item | None:
    """Return the item that is being asked, if the step is one."""
    return next((item for item in check_in.items if item.value == check_in.step.value), None)


def step_after(step: Step, items: Sequence[Item], pending: Score | None, *, carried: bool = False) -> Step:
    """Return the step that follows; much pending (≥ 7) is followed by the question what it was.

    `carried`: before the free words it is asked whether what was left pending the time before was taken up.
    """
    if step is Step.PENDING and pending is not None and pending >= MUCH_PENDING:
        return Step.PENDING_WORDS
    order = [*_order(items, carried=carried), Step.REFLECTION, Step.SUMMARY]
    if step is Step.PENDING_WORDS:
        step = Step(items[-1])
    return order[min(order.index(step) + 1, len(order) - 1)]


def step_before(step: Step, items: Sequence[Item], *, carried: bool = False) -> Step | None:
    """Return the question before `step`, or None at the first one."""
    order = _order(items, carried=carried and step is not Step.PENDING_WORDS)
    if step in order:
        place = order.index(step)
        return order[place - 1] if place else None
    return order[-1]


def _order(items: Sequence[Item], *, carried: bool) -> list[Step]:
    return [Step(item) for item in items] + ([Step.TAKEN_UP] if carried else [])


def score(check_in: CheckIn, step: Step, value: Score, now: datetime, times: timing.CheckInTimes) -> CheckIn | None:
    """Record `value` for the item at `step`; None when the check-in does not stand there (stale or double tap)."""
    item = current_item(check_in)
    if check_in.state is not CheckInState.OPEN or item is None or check_in.step is not step:
        return None
    scored = replace(check_in, scores={**check_in.scores, item: value})
    moved = replace(
        scored, step=step_after(step, check_in.items, scored.scores.get(Item.PENDING), carried=_carries(scored))
    )
    return touched(_answered(moved, now), now, times)


def _carries(check_in: CheckIn) -> bool:
    return check_in.taken_up is not None


def taken_up(check_in: CheckIn, answer: TakenUp, now: datetime, times: timing.CheckInTimes) -> CheckIn | None:
    """Record whether what was left pending was taken up; None when the check-in does not stand there."""
    if check_in.state is not CheckInState.OPEN or check_in.step is not Step.TAKEN_UP:
        return None
    return touched(replace(check_in, taken_up=answer, step=Step.REFLECTION), now, times)


def _answered(check_in: CheckIn, now: datetime) -> CheckIn:
    complete = all(item in check_in.scores for item in ALLIANCE)
    return replace(check_in, answered_at=now) if complete and check_in.answered_at is None else check_in


def opened(check_in: CheckIn, now: datetime) -> CheckIn:
    """Note that the person did something with the question, if it is the first thing they did."""
    return check_in if check_in.opened_at else replace(check_in, opened_at=now)


def touched(check_in: CheckIn, now: datetime, times: timing.CheckInTimes) -> CheckIn:
    """Note that the person is here: nobody who is answering is cut off, and the rules wait for the grace."""
    closes_at = max(check_in.closes_at or now, now + timing.INACTIVITY)
    settles_at = timing.settling(now, check_in.answered_at, times) if check_in.answered_at else None
    return replace(
        opened(check_in, now),
        touched_at=now,
        closes_at=closes_at,
        settles_at=settles_at,
        ask_again_at=None,
        remind_at=None,
    )


def back(check_in: CheckIn, step: Step, now: datetime, times: timing.CheckInTimes) -> CheckIn | None:
    """Return to the question before."""
    before = step_before(step, check_in.items, carried=_carries(check_in))
    if check_in.state is not CheckInState.OPEN or check_in.step is not step or before is None:
        return None
    return touched(replace(check_in, step=before), now, times)


def done(check_in: CheckIn, step: Step, now: datetime, times: timing.CheckInTimes) -> CheckIn | None:
    """Pass over an invitation to write (*Listo*), or over the question whether something was taken up."""
    if check_in.state is not CheckInState.OPEN or check_in.step is not step:
        return None
    if step is Step.PENDING_WORDS:
        return touched(replace(check_in, step=_after_pending(check_in)), now, times)
    if step is Step.TAKEN_UP:
        return taken_up(check_in, TakenUp.ASKED, now, times)
    return summarised(check_in, now, times) if step is Step.REFLECTION else None


def later(check_in: CheckIn, step: Step, now: datetime, times: timing.CheckInTimes, zone: ZoneInfo) -> CheckIn | None:
    """Put the question off for three hours, inside its window; past it, the question simply waits."""
    if check_in.state is not CheckInState.OPEN or check_in.step is not step or check_in.closes_at is None:
        return None
    again = timing.asked_again(now, check_in.closes_at, times, zone) or check_in.closes_at
    return replace(check_in, ask_again_at=again, remind_at=None)


def replanned(check_in: CheckIn, now: datetime, times: timing.CheckInTimes, zone: ZoneInfo) -> CheckIn:
    """Plan what has not left yet anew, for a person whose clock or quiet hours have just changed.

    A question that was put off keeps the hour that was promised, unless that lies in quiet hours now.
    """
    if check_in.state is CheckInState.PLANNED and check_in.due_at is not None and check_in.due_at > now:
        due_at = max(now, timing.due(check_in.session_ends_at, times, zone))
        return replace(check_in, due_at=due_at, planned_at=due_at)
    if check_in.state is not CheckInState.OPEN or check_in.asked_at is None or check_in.closes_at is None:
        return check_in
    if check_in.remind_at is not None and check_in.remind_at > now:
        remind_at = timing.reminder(check_in.asked_at, check_in.closes_at, times, zone, earliest=now)
        return replace(check_in, remind_at=remind_at)
    if check_in.ask_again_at is not None and now < check_in.ask_again_at < check_in.closes_at:
        again = min(timing.out_of_quiet(check_in.ask_again_at, zone, times.quiet), check_in.closes_at)
        return replace(check_in, ask_again_at=again, shown=OUTDATED)  # it says when, on the clock of before
    return check_in


def closing_replanned(
    check_in: CheckIn, next_session_at: datetime | None, now: datetime, times: timing.CheckInTimes, zone: ZoneInfo
) -> CheckIn:
    """Let a question that nobody has touched close as the next session wants it, with its reminder if that is to come.

    A reminder whose hour has passed was sent, or was not to be: it does not come back.  Nor does that of a question
    which was put off (opened and not touched): it comes back once, as was promised.
    """
    if check_in.state is not CheckInState.OPEN or check_in.touched_at is not None or check_in.asked_at is None:
        return check_in
    closes_at = timing.closing(check_in.asked_at, next_session_at, times)
    reminder = timing.reminder(check_in.asked_at, closes_at, times, zone)
    to_come = reminder is not None and reminder > now and check_in.opened_at is None
    return replace(check_in, closes_at=closes_at, remind_at=reminder if to_come else check_in.remind_at)


def asked_anew(check_in: CheckIn, due_at: datetime) -> CheckIn:
    """Let a question that was called off be asked, again if it had left; what was scored stays."""
    never_asked = replace(check_in, asked_at=None, sent_at=None, opened_at=None, touched_at=None, done_at=None)
    return replace(never_asked, state=CheckInState.PLANNED, due_at=due_at, planned_at=due_at)


def moved(check_in: CheckIn, due_at: datetime, *, too_late: bool) -> CheckIn:
    """Let a question that has not left be due at another time, also if its time had passed without it."""
    if check_in.state in PASSED_OVER and check_in.asked_at is None and not too_late:
        return asked_anew(check_in, due_at)
    return replace(check_in, due_at=due_at, planned_at=due_at)


def summarised(check_in: CheckIn, now: datetime, times: timing.CheckInTimes) -> CheckIn:
    """Show the summary; it can be corrected for a quarter of an hour."""
    return replace(touched(check_in, now, times), step=Step.SUMMARY, done_at=now, closes_at=now + timing.CORRECTABLE)


def words(check_in: CheckIn, now: datetime, times: timing.CheckInTimes) -> tuple[CheckIn, WordsKind] | None:
    """Take the person's words: what was pending when that was asked, else the reflection; None when not open."""
    if check_in.state is not CheckInState.OPEN:
        return None
    match check_in.step:
        case Step.PENDING_WORDS:
            moved = replace(check_in, step=_after_pending(check_in), has_words=True)
            return touched(moved, now, times), WordsKind.PENDING
        case Step.REFLECTION | Step.SUMMARY:
            return replace(summarised(check_in, now, times), has_words=True), WordsKind.REFLECTION
        case _:
            return replace(touched(check_in, now, times), has_words=True), WordsKind.REFLECTION


def _after_pending(check_in: CheckIn) -> Step:
    return step_after(Step.PENDING_WORDS, check_in.items, None, carried=_carries(check_in))


def correct(check_in: CheckIn, now: datetime, times: timing.CheckInTimes) -> CheckIn | None:
    """Go back to the first question from the summary; None once the quarter of an hour is over.

    What is shown counts as outdated from here on: the corrected summary has the same face as the old one.
    """
    if check_in.state is not CheckInState.OPEN or check_in.step is not Step.SUMMARY:
        return None
    first_at = check_in.corrected_at or now
    again = replace(check_in, step=Step(check_in.items[0]), done_at=None, shown=None, corrected_at=first_at)
    return touched(again, now, times)


def ended(check_in: CheckIn, state: CheckInState) -> CheckIn:
    """Leave the open state for good; scores stand and an answered check-in keeps its appointment with the rules.

    If they have looked at it already and there was no session after all, they look again: nothing follows from it now.
    """
    settles_at = None if state is CheckInState.STOPPED else check_in.settles_at
    if state in (CheckInState.NO_SESSION, CheckInState.CANCELLED) and check_in.answered_at is not None:
        settles_at = settles_at or check_in.touched_at
    return replace(check_in, state=state, ask_again_at=None, remind_at=None, closes_at=None, settles_at=settles_at)


def closed(check_in: CheckIn, patient: PatientState = PatientState.ACTIVE, now: datetime | None = None) -> CheckIn:
    """Close what is over: done when both alliance items are scored, else closed without an answer.

    What closed unanswered is looked at at once: it may be the second in a row.  A question that never reached the
    person was not left unanswered: see `unasked`.  `done_at` keeps when it ended.
    """
    if check_in.answered_at is not None:
        return ended(check_in, CheckInState.DONE)
    if check_in.shown is None:
        return unasked(check_in, patient, now)
    ended_at = now or check_in.closes_at
    return replace(ended(check_in, CheckInState.CLOSED), done_at=ended_at, settles_at=ended_at)


def declined(check_in: CheckIn, now: datetime) -> CheckIn:
    """End what the person prefers not to answer (*Esta vez no*): recorded as such, never as silence."""
    return replace(ended(check_in, CheckInState.DECLINED), done_at=now)


def unasked(check_in: CheckIn, patient: PatientState, now: datetime | None) -> CheckIn:
    """End what never reached the person: it came too late, unless the patient could not or should not be asked.

    `done_at` keeps when that was noted.
    """
    faces = {PatientState.ACTIVE: CheckInState.LATE, PatientState.UNREACHABLE: CheckInState.UNREACHABLE}
    return replace(ended(check_in, faces.get(patient, CheckInState.SKIPPED)), done_at=now)


def next_at(check_in: CheckIn) -> datetime | None:
    """Return the earliest instant at which something falls due for this check-in (the indexed column)."""
    if check_in.state is CheckInState.PLANNED:
        return check_in.due_at
    waiting = (check_in.ask_again_at, check_in.remind_at, check_in.closes_at, check_in.settles_at)
    return min((at for at in waiting if at is not None), default=None)


def over(check_in: CheckIn, now: datetime) -> bool:
    """Say whether the time to answer has passed, be it closed already or not."""
    return check_in.closes_at is not None and check_in.closes_at <= now

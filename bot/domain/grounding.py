"""A pause of 45 seconds that is offered after a hard check-in: when, and what it shows at which moment.  Pure rules.

Which step is shown follows from when the pause began, so that a restart or a late edit skips steps and never piles
them up.  Source: seed 0 ("pausas interoceptivas de 45 segundos", "orientación sensorial, respiración coherente").
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NewType

from bot.domain.instrument import ALLIANCE
from bot.domain.model import CheckIn, CheckInId, CheckInState, PersonId, Step

PauseId = NewType("PauseId", int)

HARD: Final = 4
"""A session is hard when one of the two alliance items is at most this."""

STEPS: Final = 5
STEP: Final = timedelta(seconds=9)
OFFERED_FOR: Final = timedelta(hours=24)
"""After the answers; an older button does nothing."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that somebody began; `step` is the one shown last, from 0; `person_id`: whose chat, None: nobody's."""

    id: PauseId
    check_in_id: CheckInId
    person_id: PersonId | None
    started_at: datetime
    step: int = 0
    next_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def stopped(self) -> bool:
        """Say whether it was stopped before its time."""
        return self.ended_at is not None and self.ended_at < self.started_at + STEPS * STEP


def is_hard(check_in: CheckIn) -> bool:
    """Say whether one of the alliance items is low."""
    return any(check_in.scores[item] <= HARD for item in ALLIANCE if item in check_in.scores)


def may_be_offered(check_in: CheckIn, now: datetime) -> bool:
    """Say whether this is the end of a hard check-in; whether it was allowed, and done, the rows say."""
    over = check_in.state is CheckInState.DONE or (
        check_in.state is CheckInState.OPEN and check_in.step is Step.SUMMARY and check_in.ask_again_at is None
    )
    lately = check_in.answered_at is not None and now < check_in.answered_at + OFFERED_FOR
    return over and lately and is_hard(check_in)


def begun(pause_id: PauseId, check_in: CheckIn, now: datetime) -> Pause:
    """Begin with the first step."""
    return Pause(pause_id, check_in.id, check_in.person_id, now, next_at=now + STEP)


def advanced(pause: Pause, now: datetime) -> Pause:
    """Return the pause as it stands now: the present step, or its end; one that was stopped has nothing to come."""
    if pause.ended_at is not None:
        return replace(pause, next_at=None)
    step = (now - pause.started_at) // STEP
    if step >= STEPS:
        return replace(pause, step=STEPS - 1, next_at=None, ended_at=pause.started_at + STEPS * STEP)
    return replace(pause, step=step, next_at=pause.started_at + (step + 1) * STEP)


def stopped(pause: Pause, now: datetime) -> Pause:
    """End a pause at the person's wish; one that is over stays as it is."""
    return pause if pause.ended_at is not None else replace(pause, next_at=None, ended_at=now)

"""When patients are asked: opening, asking again, reminding and closing what is due.

Quiet hours hold also after an outage, a patient who paused is left alone, and closing wins over everything else.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import check_in as transitions
from bot.domain import timing
from bot.domain.asking import Situation
from bot.domain.carried import TakenUp
from bot.domain.errors import StoreDamagedError, StoreUnavailableError
from bot.domain.model import CheckIn, CheckInId, CheckInState, Urgency
from bot.domain.notices import ConsentAgain, Question
from bot.domain.timing import CheckInTimes
from bot.services.carrying import left_pending
from bot.services.guess_questions import GuessQuestions
from bot.services.ports import Store, Tx

log = structlog.get_logger()

AT_ONCE: Final = 25
"""Rows per look, so that nothing else which is due waits long for them; the tick looks again while there are more."""

TOGETHER: Final = 5
"""Check-ins that move in one transaction: few enough that a tap does not wait long for it."""

CROWD: Final = 100
"""Messages to many that wait to leave: while there are so many, to open more would only take the others' time."""


class Asking:
    """The due side of the check-in; `carries`: what was left pending is asked about again the next time."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        times: CheckInTimes,
        consent_version: str,
        guesses: GuessQuestions,
        *,
        carries: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._times = times
        self._consent_version = consent_version
        self._carries = carries
        self._guesses = guesses

    async def run_due(self) -> int:
        """Ask, ask again, remind and close whatever is due; return how many check-ins moved."""
        async with self._store.glancing() as tx:
            if await tx.outbox.crowd(self._clock.now(), CROWD) >= CROWD:
                return 0
            due = await tx.check_ins.due(self._clock.now(), AT_ONCE)
        slices = [due[start : start + TOGETHER] for start in range(0, len(due), TOGETHER)]
        return sum([await self._moved(few) for few in slices])

    async def _moved(self, few: Sequence[CheckInId]) -> int:
        """Move a few in one transaction; where one of them cannot, each in its own."""
        try:
            async with self._store.transaction() as tx:
                return sum([await self._advance(tx, check_in_id) for check_in_id in few])
        except StoreUnavailableError:
            raise
        except Exception:  # noqa: BLE001 - which of them it was is said by its own guard
            return sum([await self._guarded(check_in_id) for check_in_id in few])

    async def _guarded(self, check_in_id: CheckInId) -> bool:
        try:
            async with self._store.transaction() as tx:
                return await self._advance(tx, check_in_id)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("a check-in cannot move", check_in=check_in_id, error=type(fault).__name__)
            with suppress(StoreDamagedError):  # so that it never stands before what can move
                async with self._store.transaction() as tx:
                    await tx.check_ins.put_off(check_in_id, self._clock.now() + timing.PASSED_OVER)
            return False

    async def _advance(self, tx: Tx, check_in_id: CheckInId) -> bool:
        now = self._clock.now()
        found = await tx.check_ins.about(check_in_id)
        if found is None:
            return False
        current, around = found
        if current.state is CheckInState.PLANNED:
            await self._ask(tx, current, around, now)
            return True
        return current.state is CheckInState.OPEN and await self._wake(tx, current, around, now)

    async def _ask(self, tx: Tx, planned: CheckIn, around: Situation, now: datetime) -> None:
        """Open the question: in its window, out of quiet hours, and only to a patient who has agreed."""
        due_at, zone = planned.due_at or now, around.asked_in
        if zone is None or timing.too_late(due_at, around.next_start, self._times, now):
            await tx.check_ins.save(transitions.unasked(planned, around.patient, now), now)
            return
        times = self._times.resting(around.quiet)
        at = timing.out_of_quiet(now, zone, times.quiet)
        if at > now:
            await tx.check_ins.save(replace(planned, due_at=at), now)
            return
        if around.agreed_version != self._consent_version:
            await self._ask_consent(tx, planned, around.next_start, now)
            return
        for earlier in await tx.check_ins.open_in(planned.treatment_id) if around.others_open else ():
            await tx.check_ins.save(transitions.closed(earlier, around.patient, now), now)
        closes_at = timing.closing(now, around.next_start, self._times)
        remind_at = timing.reminder(now, closes_at, times, zone)
        asked = replace(planned, state=CheckInState.OPEN, asked_at=now, closes_at=closes_at, remind_at=remind_at)
        if self._carries and asked.taken_up is None and await left_pending(tx, planned) is not None:
            asked = replace(asked, taken_up=TakenUp.ASKED)
        await tx.check_ins.save(asked, now)
        await self._show_again(tx, asked, f"ask:{asked.id}:{now}", Urgency.BULK, now)
        await self._guesses.ask(tx, asked, around, now)

    async def _ask_consent(self, tx: Tx, planned: CheckIn, next_start: datetime | None, now: datetime) -> None:
        """Put the consent text before the patient again; the question waits for the decision inside its window."""
        until = timing.closing(planned.session_ends_at + self._times.delay, next_start, self._times)
        if until <= now or planned.person_id is None:
            await tx.check_ins.save(replace(planned, state=CheckInState.SKIPPED), now)
            return
        await tx.check_ins.save(replace(planned, due_at=until), now)
        again = ConsentAgain(planned.patient_id)
        await tx.outbox.put(again, planned.person_id, Urgency.BULK, now, f"consent:{planned.id}", until)

    async def _wake(self, tx: Tx, current: CheckIn, around: Situation, now: datetime) -> bool:
        """Do one thing that is due for an open check-in: closing wins over asking again, that over the reminder."""
        again = current.ask_again_at is not None and current.ask_again_at <= now
        remind = current.remind_at is not None and current.remind_at <= now
        if transitions.over(current, now):
            await tx.check_ins.save(transitions.closed(current, around.patient, now), now)
        elif again or remind:
            await self._write_again(tx, current, around, now, reminder=not again)
        else:
            return False
        return True

    async def _write_again(self, tx: Tx, current: CheckIn, around: Situation, now: datetime, *, reminder: bool) -> None:
        """Ask again or remind: never in quiet hours (after an outage either), and never a patient who paused."""
        zone = around.asked_in
        if zone is None:
            await tx.check_ins.save(replace(current, ask_again_at=None, remind_at=None), now)
            return
        at = timing.out_of_quiet(now, zone, self._times.resting(around.quiet).quiet)
        if at > now:
            await tx.check_ins.save(_writing_at(current, at, reminder=reminder), now)
        else:
            was_due_at = current.remind_at if reminder else current.ask_again_at
            key = f"{'remind' if reminder else 'again'}:{current.id}:{was_due_at}"
            await tx.check_ins.save(_writing_at(current, None, reminder=reminder), now)
            await self._show_again(tx, current, key, Urgency.BULK, now, reminder=reminder)

    async def _show_again(
        self, tx: Tx, check_in: CheckIn, key: str, urgency: Urgency, now: datetime, *, reminder: bool = False
    ) -> None:
        if check_in.person_id is not None:
            question = Question(check_in.id, reminder=reminder)
            await tx.outbox.add(question, check_in.person_id, urgency, now, key)


def _writing_at(check_in: CheckIn, at: datetime | None, *, reminder: bool) -> CheckIn:
    return replace(check_in, remind_at=at) if reminder else replace(check_in, ask_again_at=at)

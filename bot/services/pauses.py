"""The pause a patient may make after a hard check-in: offered, begun, shown step by step, stopped."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import grounding
from bot.domain.errors import StoreUnavailableError
from bot.domain.grounding import Pause, PauseId
from bot.domain.model import CheckIn, CheckInId, PatientState, Urgency, Visitor
from bot.domain.notices_guesses import PauseShown
from bot.domain.post import Receipt
from bot.services.ports import Store, Tx

log = structlog.get_logger()

END_GOOD_FOR: Final = timedelta(hours=12)
"""How late a message may still be brought to its end."""

_IN_CONTACT: Final = (PatientState.ACTIVE, PatientState.PAUSED)


class Pauses:
    """The verbs of the pause."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def offered(self, check_in: CheckIn) -> bool:
        """Say whether the pause is offered under this check-in now."""
        now = self._clock.now()
        if not grounding.may_be_offered(check_in, now):
            return False
        async with self._store.reading() as tx:
            return await _offered(tx, check_in)

    async def begin(self, visitor: Visitor, check_in_id: CheckInId, receipt: Receipt) -> CheckIn | None:
        """Begin the pause of a check-in; its first step is on its way.  None if it is not offered (any more)."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            check_in = await tx.check_ins.get(check_in_id)
            if check_in is None or visitor.person is None or not _answers(visitor, check_in):
                return None
            if not grounding.may_be_offered(check_in, now) or not await _offered(tx, check_in):
                return None
            pause_id = await tx.pauses.begin(check_in.id, now, now + grounding.STEP)
            if pause_id is None:
                return None
            over_at = now + grounding.STEPS * grounding.STEP
            first = PauseShown(pause_id)
            await tx.outbox.put(first, visitor.person.id, Urgency.REPLY, now, _key(pause_id), over_at)
            await tx.inbox.finish(receipt, now)
        return check_in

    async def stop(self, visitor: Visitor, pause_id: PauseId) -> Pause | None:
        """*Parar*; None if it is not this person's."""
        async with self._store.transaction() as tx:
            pause = await tx.pauses.get(pause_id)
            if pause is None or visitor.person is None or pause.person_id != visitor.person.id:
                return None
            stopped = grounding.stopped(pause, self._clock.now())
            await tx.pauses.save(stopped)
            return stopped

    async def shown(self, pause_id: PauseId) -> Pause | None:
        """Return a pause as it stands now, for the message that shows it."""
        async with self._store.reading() as tx:
            pause = await tx.pauses.get(pause_id)
        return grounding.advanced(pause, self._clock.now()) if pause else None

    async def run_due(self) -> int:
        """Show the step that is due; return how many pauses moved."""
        async with self._store.reading() as tx:
            due = await tx.pauses.due(self._clock.now())
        return sum([await self._guarded(pause.id) for pause in due])

    async def _guarded(self, pause_id: PauseId) -> bool:
        try:
            await self._advance(pause_id)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("a pause cannot move", pause=pause_id, error=type(fault).__name__)
            return False
        return True

    async def _advance(self, pause_id: PauseId) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            pause = await tx.pauses.get(pause_id)
            if pause is None or pause.next_at is None or pause.next_at > now:
                return
            moved = grounding.advanced(pause, now)
            await tx.pauses.save(moved)
            await _show(tx, moved, now)


async def _offered(tx: Tx, check_in: CheckIn) -> bool:
    """Say what the rows say: the therapist allowed it, there was none yet, and no urgent words since the question."""
    if not await tx.pauses.allowed(check_in.treatment_id) or await tx.pauses.was_begun(check_in.id):
        return False
    return check_in.asked_at is not None and not await tx.pauses.urgent_since(check_in.patient_id, check_in.asked_at)


async def _show(tx: Tx, pause: Pause, now: datetime) -> None:
    """Let the message be edited that shows the pause; one that has not left yet shows the present step as it leaves."""
    if pause.person_id is None:
        return
    not_after = pause.next_at or now + END_GOOD_FOR
    for message_id in await tx.outbox.left(pause.person_id, [_key(pause.id)]):
        shown, key = PauseShown(pause.id, message_id), f"pause-step:{pause.id}:{now.isoformat()}"
        await tx.outbox.put(shown, pause.person_id, Urgency.REPLY, now, key, not_after)


def _answers(visitor: Visitor, check_in: CheckIn) -> bool:
    return any(one.id == check_in.patient_id and one.state in _IN_CONTACT for one in visitor.patients)


def _key(pause_id: PauseId) -> str:
    """Return the key of the message that shows a pause."""
    return f"pause:{pause_id}:"

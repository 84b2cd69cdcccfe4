"""The way out of the outbox: send, then mark.  A crash costs at most one repeated message per send in flight.

Transient trouble is tried again with back-off (a 429 exactly when Telegram says); a chat that is gone pauses the
patient and tells the therapist once; what a therapist has to know waits for their chat to come back; what is past its
use is recorded, never silently dropped.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.model import CheckIn, OutboxId, Person, PersonId, Urgency
from bot.domain.notices import CrisisDelivered, CrisisRaised, Question
from bot.domain.post import OutboxRow, Sent
from bot.services.ports import Messenger, Store, Tx

AT_ONCE: Final = 64
HANDS: Final = 16
"""Chats that are written to at the same time."""

FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=10)
NEVER_GIVEN_UP: Final = (Urgency.URGENT, Urgency.ALERT)
"""What a therapist has to know waits until their chat is back; it is never given up."""

log = structlog.get_logger()


class Delivery:
    """Sends what is due."""

    def __init__(
        self, store: Store, clock: Clock, messenger: Messenger, lost: Callable[[Person], Awaitable[None]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._lost = lost
        self._hands = asyncio.Semaphore(HANDS)

    async def run_due(self) -> int:
        """Send one batch, in order within a chat; return how many rows were taken up."""
        async with self._store.reading() as tx:
            due = await tx.outbox.due(self._clock.now(), AT_ONCE)
        lanes: dict[PersonId, list[OutboxRow]] = defaultdict(list)
        for row in due:
            lanes[row.person_id].append(row)
        async with asyncio.TaskGroup() as group:
            for lane in lanes.values():
                group.create_task(self._send_in_order(lane))
        return len(due)

    async def _send_in_order(self, lane: Sequence[OutboxRow]) -> None:
        async with self._hands:
            for row in lane:
                if not await self._send(row):
                    return

    async def _send(self, row: OutboxRow) -> bool:
        """Send one row; False when the chat should be left alone for now."""
        now = self._clock.now()
        if row.not_after is not None and row.not_after <= now:
            await self._give_up(row.id, "past its time")
            return True
        async with self._store.reading() as tx:
            person = await tx.people.person(row.person_id)
            before = await self._asked(tx, row)
        try:
            sent = await self._messenger.deliver(person, row.notice, row.urgency)
        except UndeliverableError as error:
            await self._failed(row, person, error)
            return False
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            await self._failed(row, person, UndeliverableError(f"fault: {type(fault).__name__}", permanent=False))
            return False
        await self._sent(row, sent)
        if before is not None and before.message_id is not None and before.message_id != sent.message_id:
            await self._messenger.retire(person.chat_id, before.message_id)
        return True

    async def _asked(self, tx: Tx, row: OutboxRow) -> CheckIn | None:
        return await tx.check_ins.get(row.notice.check_in_id) if isinstance(row.notice, Question) else None

    async def _sent(self, row: OutboxRow, sent: Sent) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.outbox.mark_sent(row.id, now, sent.message_id)
            if isinstance(row.notice, Question) and sent.face is not None and sent.message_id is not None:
                about = row.notice.check_in_id
                await tx.check_ins.mark_shown(about, sent.face, sent.message_id, sent.text_version)
            if isinstance(row.notice, CrisisRaised):
                await self._tell_patient_it_arrived(tx, row.notice, now)

    async def _tell_patient_it_arrived(self, tx: Tx, notice: CrisisRaised, now: datetime) -> None:
        """Say "ya tiene el aviso" only now that it is true."""
        concern = await tx.alerts.concern(notice.concern_id)
        patient = await tx.people.patient(concern.patient_id) if concern else None
        if patient is not None and patient.person_id is not None:
            key = f"crisis-delivered:{notice.concern_id}"
            await tx.outbox.put(CrisisDelivered(patient.id), patient.person_id, Urgency.REPLY, now, key)

    async def _failed(self, row: OutboxRow, person: Person, error: UndeliverableError) -> None:
        log.warning("not sent", outbox=row.id, kind=row.notice.kind, reason=error.reason, attempts=row.attempts + 1)
        if error.permanent:
            await self._lost(person)
        if error.permanent and row.urgency not in NEVER_GIVEN_UP:
            await self._give_up(row.id, error.reason)
            return
        wait = timedelta(seconds=error.retry_after) if error.retry_after else _back_off(row.attempts)
        async with self._store.transaction() as tx:
            await tx.outbox.postpone(row.id, self._clock.now() + wait, error.reason)

    async def _give_up(self, row_id: OutboxId, reason: str) -> None:
        async with self._store.transaction() as tx:
            await tx.outbox.give_up(row_id, self._clock.now(), reason)


def _back_off(attempts: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(attempts, 16)), LONGEST_WAIT)

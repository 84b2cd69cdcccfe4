"""The way out of the outbox: send, then mark.  A crash costs at most one repeated message per send in flight.

Transient trouble is tried again with back-off (a 429 exactly when Telegram says); a chat that is gone pauses the
patient and tells the therapist once; what a therapist has to know waits for their chat to come back, and an urgent
alert goes to the next contact at once; what is past its use is recorded, never silently dropped.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

import structlog

from bot.clock import Clock
from bot.domain import timing
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.hours import QuietHours
from bot.domain.model import CheckIn, CheckInState, OutboxId, PatientState, Person, PersonId, Urgency
from bot.domain.notices import ChatEmptied, ConsentAgain, DeletionAhead, Question, WordsHidden
from bot.domain.notices_records import AgreementTold
from bot.domain.post import FAULT, OutboxRow, Sent
from bot.services.ports import Messenger, Store, Tx, UrgentPost
from bot.services.ports_rights import CHECKPOINT, CHECKPOINT_AFTER

AT_ONCE: Final = 64
HANDS: Final = 16
"""Chats that are written to at the same time."""

FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=10)
LATE: Final = timedelta(minutes=5)
"""Rows are due outside quiet hours; only one that could not leave in time is looked at again."""

UNPROMPTED: Final = (Urgency.ALERT, Urgency.BULK)
NEVER_GIVEN_UP: Final = (Urgency.URGENT, Urgency.ALERT)
"""What a therapist has to know waits until their chat is back; it is never given up."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """Whose quiet hours hold for what is pushed."""

    patients: QuietHours
    therapists: QuietHours


class Delivery:
    """Sends what is due."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        messenger: Messenger,
        lost: Callable[[Person], Awaitable[None]],
        posts: Sequence[UrgentPost],
        quiet: QuietTimes,
    ) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._lost = lost
        self._posts = posts
        self._quiet = quiet
        self._hands = asyncio.Semaphore(HANDS)
        self._group = asyncio.TaskGroup()
        self._busy: set[PersonId] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._unmarked: dict[OutboxId, Sent] = {}
        self.chat_done: Callable[[], None] = lambda: None
        """Called when a chat has got what was due: there may be more."""

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._group.__aexit__(kind, error, trace)

    async def run_due(self) -> int:
        """Begin to send what is due, in order within a chat; return how many chats were taken up.

        Nobody waits for a slow chat: one that is being written to is passed over until it is done.
        """
        async with self._store.reading() as tx:
            due = await tx.outbox.due(self._clock.now(), AT_ONCE, frozenset(self._busy))
        lanes: dict[PersonId, list[OutboxRow]] = defaultdict(list)
        for row in due:
            lanes[row.person_id].append(row)
        for person_id, lane in lanes.items():
            self._busy.add(person_id)
            self._idle.clear()
            self._group.create_task(self._send_lane(person_id, lane))
        return len(lanes)

    @property
    def busy(self) -> bool:
        """Say whether something is on its way."""
        return bool(self._busy)

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        await self._idle.wait()

    async def _send_lane(self, person_id: PersonId, lane: Sequence[OutboxRow]) -> None:
        pressing = lane[0].urgency <= Urgency.URGENT
        try:
            async with contextlib.nullcontext() if pressing else self._hands:
                await self._send_in_order(lane)
        except StoreUnavailableError as error:
            log.warning("sending waits for the database", why=str(error))
        except Exception as fault:  # noqa: BLE001 - the guard of one chat; the others go on
            log.error("a chat cannot be written to", person=person_id, error=type(fault).__name__)
            await self._leave_alone(lane)
        finally:
            self._busy.discard(person_id)
            if not self._busy:
                self._idle.set()
        self.chat_done()

    async def _send_in_order(self, lane: Sequence[OutboxRow]) -> None:
        for place, row in enumerate(lane, start=1):
            until = await self._send(row)
            if until is not None:
                await self._hold_all(lane[place:], until)
                return

    async def _leave_alone(self, lane: Sequence[OutboxRow]) -> None:
        """Look at a chat again only after a while: something unforeseen happened there."""
        with contextlib.suppress(StoreUnavailableError):
            await self._hold_all(lane, self._clock.now() + LONGEST_WAIT)

    async def _hold_all(self, rows: Sequence[OutboxRow], until: datetime) -> None:
        """Let the rest of a chat wait for the row that did not leave: what was written first arrives first."""
        async with self._store.transaction() as tx:
            for row in rows:
                await tx.outbox.hold(row.id, until)

    async def _send(self, row: OutboxRow) -> datetime | None:
        """Send one row; return until when the chat should be left alone, if it should."""
        async with self._store.reading() as tx:
            if not await tx.outbox.is_waiting(row.id):
                return None
            person = await tx.people.person(row.person_id)
            before = await self._asked(tx, row)
            unwanted = await self._unwanted(tx, row, before)
            behind = await tx.outbox.behind(row)
        if unwanted is not None:
            await self._give_up(row, unwanted)
            return None
        if await self._held(row, person, behind):
            return None
        try:
            sent = self._unmarked.get(row.id) or await self._messenger.deliver(person, row.notice, row.urgency)
        except UndeliverableError as error:
            return await self._failed(row, person, error)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            unforeseen = UndeliverableError(f"{FAULT}: {type(fault).__name__}", permanent=False)
            return await self._failed(row, person, unforeseen)
        self._unmarked[row.id] = sent
        await self._sent(row, sent)
        del self._unmarked[row.id]
        if before is not None and before.message_id is not None and before.message_id != sent.message_id:
            await self._messenger.retire(person.chat_id, before.message_id, row.urgency)
        return None

    async def _unwanted(self, tx: Tx, row: OutboxRow, asked: CheckIn | None) -> str | None:
        """Say why this must not leave any more: its time is over, or the patient paused while it waited."""
        if row.not_after is not None and row.not_after <= self._clock.now():
            return "past its time"
        if asked is not None and asked.message_id is None and asked.state is not CheckInState.OPEN:
            return "over before it was ever seen"
        if asked is not None and row.urgency is Urgency.BULK:
            state = (await tx.people.patient(asked.patient_id)).state
            return None if state is PatientState.ACTIVE else f"the patient is {state}"
        if isinstance(row.notice, DeletionAhead) and not await tx.retention.stands(row.notice.deletion_id):
            return "nothing is left to delete"
        return None

    async def _held(self, row: OutboxRow, person: Person, behind: datetime | None) -> bool:
        """Hold back what comes after a reply that did not get through: what was said first is read first.

        What an outage has made late waits until the quiet hours it would now fall into are over.
        """
        now = self._clock.now()
        if behind is not None:
            await self._hold_all([row], behind)
            return True
        if now - row.due_at < LATE or row.urgency not in UNPROMPTED or isinstance(row.notice, WordsHidden):
            return False
        to_patient = isinstance(row.notice, (Question, ConsentAgain, AgreementTold))
        practice = self._quiet.patients if to_patient else self._quiet.therapists
        at = timing.out_of_quiet(now, person.voice.zone, person.quiet or practice)
        if at > now:
            async with self._store.transaction() as tx:
                await tx.outbox.hold(row.id, at)
        return at > now

    async def _asked(self, tx: Tx, row: OutboxRow) -> CheckIn | None:
        return await tx.check_ins.get(row.notice.check_in_id) if isinstance(row.notice, Question) else None

    async def _sent(self, row: OutboxRow, sent: Sent) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.outbox.mark_sent(row.id, now, sent.message_id)
            if isinstance(row.notice, Question) and sent.face is not None and sent.message_id is not None:
                about = row.notice.check_in_id
                await tx.check_ins.mark_shown(about, sent.face, sent.message_id, sent.text_version, now)
            if sent.message_id is not None:
                for post in self._posts:
                    await post.delivered(tx, row.notice, row.person_id, now)
            if isinstance(row.notice, DeletionAhead):
                await tx.retention.told(row.notice.deletion_id, now, (timing.FIRST_WORD, timing.SECOND_WORD))
            await self._part(tx, row)

    async def _part(self, tx: Tx, row: OutboxRow) -> None:
        """Forget the account of somebody who has left, once nothing more is to be done in their chat."""
        if isinstance(row.notice, ChatEmptied):
            await tx.leaving.forget(row.person_id)
            await tx.chores.plan(CHECKPOINT, self._clock.now() + CHECKPOINT_AFTER)

    async def _failed(self, row: OutboxRow, person: Person, error: UndeliverableError) -> datetime | None:
        log.warning("not sent", outbox=row.id, kind=row.notice.kind, reason=error.reason, attempts=row.attempts + 1)
        if error.permanent:
            await self._lost(person)
        if error.permanent and row.urgency not in NEVER_GIVEN_UP:
            await self._give_up(row, error.reason)
            return None
        wait = timedelta(seconds=error.retry_after) if error.retry_after else _back_off(row.attempts)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.outbox.postpone(row.id, now + wait, error.reason)
            if error.permanent:
                for post in self._posts:
                    await post.undeliverable(tx, row.notice, row.person_id, now)
        return now + wait

    async def _give_up(self, row: OutboxRow, reason: str) -> None:
        async with self._store.transaction() as tx:
            now = self._clock.now()
            await tx.outbox.give_up(row.id, now, reason)
            if isinstance(row.notice, DeletionAhead):
                await tx.retention.close(row.notice.deletion_id, now)
            await self._part(tx, row)


def _back_off(attempts: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(attempts, 16)), LONGEST_WAIT)

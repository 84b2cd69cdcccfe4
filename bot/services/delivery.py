"""The way out of the outbox: send, then mark.  A crash costs at most one repeated message per send in flight.

Transient trouble is tried again with back-off (a 429 exactly when Telegram says); a chat that is gone pauses the
patient and tells the therapist once; what a therapist has to know waits for their chat to come back, and an urgent
alert goes to the next contact at once; what is past its use is recorded, never silently dropped.

What fails for its own sake (Telegram refuses it, or it cannot be made) is parked after five such tries while everything
else goes on; of an alert a plain line is sent instead.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import timing
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.hours import QuietHours
from bot.domain.model import CheckInState, OutboxId, PatientState, Person, PersonId, Urgency
from bot.domain.notices import ChatEmptied, ConsentAgain, CrisisRaised, DeletionAhead, Question, WordsHidden
from bot.domain.notices_alerts import AlertRaised, AlertWithdrawn
from bot.domain.notices_parked import Unshown
from bot.domain.notices_records import AgreementTold
from bot.domain.post import FAULT, OWN_FAULTS, PRESSING, OutboxRow, Sent, Standing
from bot.services.in_hand import InHand
from bot.services.ports import Messenger, Store, Tx, UrgentPost
from bot.services.ports_metrics import NOBODY, Recorder
from bot.services.ports_rights import CHECKPOINT, CHECKPOINT_AFTER

HANDS: Final = 48
"""Messages that may be on their way, or wait for their turn, at the same time: fewer than there are connections."""

HANDS_FOR_ALERTS: Final = 8
"""How many more there may be for alerts; what is pressing waits for no hand."""

TAKEN_UP_AT_ONCE: Final = 8
"""How many messages to many are opened and read at one look: the next look takes up the next."""

LOOKS_AT_ONCE: Final = 2
"""How many messages to many look at the same time at what they are about."""

TRIES: Final = 5
"""Failures for the sake of the message itself after which it is parked."""

FIRST_WAIT: Final = timedelta(seconds=2)
FIRST_REPAIR: Final = timedelta(seconds=5)
"""What a message that is no answer and not urgent waits for after a failure of its own; then four times as long."""

LONGEST_WAIT: Final = timedelta(minutes=10)
LONGEST_FOR_URGENT: Final = timedelta(minutes=1)
"""While Telegram is away: whoever has to know hears of it within a minute of its return."""

LATE: Final = timedelta(minutes=5)
"""Rows are due outside quiet hours; only one that could not leave in time is looked at again."""

UNPROMPTED: Final = (Urgency.ALERT, Urgency.BULK)
NEVER_GIVEN_UP: Final = (Urgency.URGENT, Urgency.ALERT)
"""What a therapist has to know waits until their chat is back; it is never given up."""

UNCERTAIN: Final = "The database may be another Microchequeo's by now; nothing is sent until that is known."

_Lane = tuple[PersonId, bool]
"""Whom something is on its way to, and whether it is pressing."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """Whose quiet hours hold for what is pushed."""

    patients: QuietHours
    therapists: QuietHours


class Delivery(InHand[_Lane]):
    """Sends what is due."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        messenger: Messenger,
        lost: Callable[[Person], Awaitable[None]],
        posts: Sequence[UrgentPost],
        quiet: QuietTimes,
        recorder: Recorder = NOBODY,
    ) -> None:
        super().__init__()
        self._recorder = recorder
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._lost = lost
        self._posts = posts
        self._quiet = quiet
        self._few = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._unmarked: dict[OutboxId, Sent] = {}
        self.chat_done: Callable[[], None] = lambda: None
        """Called when a chat has got something pressing, and may take the next."""
        self.hand_free: Callable[[], None] = lambda: None
        """Called when a chat has got anything else: a look soon after is enough."""
        self.is_ours: Callable[[], bool] = lambda: True
        """Says whether the rows are certainly nobody else's to send."""

    async def run_due(self) -> int:
        """Begin to send what is due, one message at a time to a chat; return how many were taken up.

        Nobody waits for a slow chat: one that is being written to is passed over until it is done.  Only what is
        pressing is taken up beside something else, and overtakes it where that still waits for its turn.
        """
        room = min(max(HANDS - len(self._in_hand), 0), TAKEN_UP_AT_ONCE)
        alerts = max(HANDS + HANDS_FOR_ALERTS - len(self._in_hand), 0)
        limits = {Urgency.REPLY: HANDS, Urgency.URGENT: HANDS, Urgency.ALERT: alerts, Urgency.BULK: room}
        busy = {person_id for person_id, _ in self._in_hand}
        pressed = {person_id for person_id, pressing in self._in_hand if pressing}
        async with self._store.taking() as tx:
            due = await tx.outbox.due(self._clock.now(), limits, busy, pressed)
        return sum([self._take_up(row) for row in due])

    def _take_up(self, row: OutboxRow) -> bool:
        lane = (row.person_id, row.urgency in PRESSING)
        if lane in self._in_hand or (not lane[1] and (row.person_id, True) in self._in_hand):
            return False
        self._begin(lane, self._send_in(lane, row))
        return True

    async def _send_in(self, lane: "_Lane", row: OutboxRow) -> None:
        try:
            noted = await self._noted(row)
        finally:
            self._done(lane)
        if noted:  # else the row is due as before: looked for at once, it would be found again and again
            done = self.chat_done if lane[1] or not self.busy else self.hand_free
            done()

    async def _noted(self, row: OutboxRow) -> bool:
        """Send one row; say whether it could be written down what became of it."""
        try:
            await self._guarded(row)
        except StoreUnavailableError as error:
            log.warning("sending waits for the database", why=str(error))
            return False
        except Exception as fault:  # noqa: BLE001 - the last resort of one chat: the others go on
            log.error("a failure could not be noted", outbox=row.id, error=type(fault).__name__)
            return False
        return True

    async def _guarded(self, row: OutboxRow) -> None:
        """Send one row; what nobody foresaw is a fault of this row, and the others go on."""
        try:
            await self._send(row)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            await self._failed(row, UndeliverableError(f"{FAULT}: {type(fault).__name__}", permanent=False))

    async def _send(self, row: OutboxRow) -> None:
        async with self._few_at_once(row), self._store.glancing() as tx:
            standing = await tx.outbox.standing(row.id, self._clock.now())
            if standing is None:
                return
            unwanted = None if row.id in self._unmarked else await self._unwanted(tx, row, standing)
            behind = await tx.outbox.behind(row)
        person = standing.person
        if unwanted is not None:
            await self._give_up(row, unwanted)
            return
        if row.id not in self._unmarked and _was_seen(row, standing):
            async with self._store.transaction(of=_alone(row)) as tx:
                await tx.outbox.mark_sent(row.id, self._clock.now(), standing.message_id)
            return
        if row.id not in self._unmarked and await self._held(row, person, behind):
            return
        if not self.is_ours():
            raise StoreUnavailableError(UNCERTAIN)
        try:
            sent = self._unmarked.get(row.id) or await self._messenger.deliver(person, row.notice, row.urgency)
        except UndeliverableError as error:
            if error.permanent:
                await self._lost(person)
            await self._failed(row, error)
            return
        self._unmarked[row.id] = sent
        await self._sent(row, sent)
        del self._unmarked[row.id]
        if standing.message_id is not None and standing.message_id != sent.message_id:
            await self._messenger.retire(person.chat_id, standing.message_id, row.urgency)

    def _few_at_once(self, row: OutboxRow) -> AbstractAsyncContextManager[None]:
        """Let what goes to many look at the database a few at a time: whoever taps stands in no queue of theirs."""
        return self._few if row.urgency is Urgency.BULK else nullcontext()

    async def _unwanted(self, tx: Tx, row: OutboxRow, standing: Standing) -> str | None:
        """Say why this must not leave any more: its time is over, or the patient paused while it waited."""
        if row.not_after is not None and row.not_after <= self._clock.now():
            return "past its time"
        if standing.check_in is not None:
            reminds = isinstance(row.notice, Question) and row.notice.reminder
            if standing.check_in is not CheckInState.OPEN and (reminds or standing.message_id is None):
                return "over before it left"
            away = row.urgency is Urgency.BULK and standing.patient is not PatientState.ACTIVE
            return f"the patient is {standing.patient}" if away else None
        if isinstance(row.notice, DeletionAhead) and not await tx.retention.stands(row.notice.deletion_id):
            return "nothing is left to delete"
        return None

    async def _held(self, row: OutboxRow, person: Person, behind: datetime | None) -> bool:
        """Hold back what comes after a reply that did not get through: what was said first is read first.

        What an outage has made late waits until the quiet hours it would now fall into are over.  Trap: how late it is
        is counted from when it was wanted, since each try that failed has moved when it is due.
        """
        now = self._clock.now()
        if behind is not None:
            async with self._store.transaction() as tx:
                await tx.outbox.hold(row.id, behind)
            return True
        if (
            now - (row.wanted_at or row.due_at) < LATE
            or row.urgency not in UNPROMPTED
            or isinstance(row.notice, WordsHidden)
        ):
            return False
        to_patient = isinstance(row.notice, (Question, ConsentAgain, AgreementTold))
        practice = self._quiet.patients if to_patient else self._quiet.therapists
        at = timing.out_of_quiet(now, person.voice.zone, person.quiet or practice)
        if at > now:
            async with self._store.transaction() as tx:
                await tx.outbox.put_off(row.id, at)
        return at > now

    async def _sent(self, row: OutboxRow, sent: Sent) -> None:
        now = self._clock.now()
        async with self._store.transaction(of=_alone(row)) as tx:
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
        self._recorder.notice_left(row.urgency, now - (row.wanted_at or row.due_at))

    async def _part(self, tx: Tx, row: OutboxRow) -> None:
        """Forget the account of somebody who has left, once nothing more is to be done in their chat."""
        if isinstance(row.notice, ChatEmptied):
            await tx.leaving.forget(row.person_id)
            await tx.chores.plan(CHECKPOINT, self._clock.now() + CHECKPOINT_AFTER)

    async def _failed(self, row: OutboxRow, error: UndeliverableError) -> None:
        log.warning("not sent", outbox=row.id, kind=row.notice.kind, reason=error.reason, attempts=row.attempts + 1)
        own = not error.permanent and error.reason.startswith(OWN_FAULTS)
        if error.permanent and row.urgency not in NEVER_GIVEN_UP:
            await self._give_up(row, error.reason)
        elif own and row.faults + 1 >= TRIES:
            await self._park(row, error.reason)
        else:
            await self._postpone(row, error, own=own)

    async def _postpone(self, row: OutboxRow, error: UndeliverableError, *, own: bool) -> None:
        """Try again later; unless the message itself is at fault, the rest of the chat waits for it.

        What was written first arrives first, and where one did not get through the next would not either.
        """
        now = self._clock.now()
        asked = error.retry_after
        wait = timedelta(seconds=asked) if asked else _back_off(row, own=own, lost=error.permanent)
        async with self._store.transaction() as tx:
            await tx.outbox.postpone(row.id, now + wait, error.reason, own=own)
            if not own:
                await tx.outbox.hold_behind(row, now, now + wait)
            if error.permanent:
                for post in self._posts:
                    await post.undeliverable(tx, row.notice, row.person_id, now)

    async def _park(self, row: OutboxRow, reason: str) -> None:
        """Try no more, and let nothing that somebody has to know disappear with it.

        What was urgent goes to the next contact as if this one could not be reached; if even that cannot be done, the
        row is parked all the same.
        """
        log.error("a message is parked", outbox=row.id, kind=row.notice.kind, reason=reason)
        try:
            await self._park_and_tell(row, reason, self._posts if row.urgency is Urgency.URGENT else ())
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row, as above
            log.error("what is parked was passed on to nobody", outbox=row.id, error=type(fault).__name__)
            await self._park_and_tell(row, reason, ())

    async def _park_and_tell(self, row: OutboxRow, reason: str, posts: Sequence[UrgentPost]) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.outbox.park(row.id, now, reason)
            if row.urgency in NEVER_GIVEN_UP and not isinstance(row.notice, Unshown):
                await tx.outbox.put(_instead_of(row), row.person_id, row.urgency, now, f"unshown:{row.id}")
            for post in posts:
                await post.undeliverable(tx, row.notice, row.person_id, now)
            await self._close(tx, row, now)
        self._unmarked.pop(row.id, None)

    async def _give_up(self, row: OutboxRow, reason: str) -> None:
        async with self._store.transaction() as tx:
            now = self._clock.now()
            await tx.outbox.give_up(row.id, now, reason)
            await self._close(tx, row, now)

    async def _close(self, tx: Tx, row: OutboxRow, now: datetime) -> None:
        if isinstance(row.notice, DeletionAhead):
            await tx.retention.close(row.notice.deletion_id, now)
        await self._part(tx, row)


def _alone(row: OutboxRow) -> PersonId | None:
    """Return whom it concerns alone to have sent it: a question is nobody else's."""
    return row.person_id if isinstance(row.notice, Question) else None


def _was_seen(row: OutboxRow, standing: Standing) -> bool:
    """Say whether somebody who was asked is done with it: the message arrived before, and nobody could note that."""
    over = standing.check_in is not None and standing.check_in is not CheckInState.OPEN
    return over and row.urgency is Urgency.BULK and standing.message_id is not None


def _back_off(row: OutboxRow, *, own: bool, lost: bool) -> timedelta:
    """Return how long to wait: what is pressing, and what the way refuses, is tried again soon; a lost chat is not."""
    longest = LONGEST_FOR_URGENT if row.urgency is Urgency.URGENT and not lost else LONGEST_WAIT
    if own and row.urgency not in PRESSING:
        wait: timedelta = FIRST_REPAIR * (1 << (2 * min(row.faults, 8)))
    else:
        wait = FIRST_WAIT * (1 << min(row.attempts, 16))
    return min(wait, longest)


def _instead_of(row: OutboxRow) -> Unshown:
    """Return the plain line about what cannot be shown; a list has it where the notice is one about a list's entry."""
    code = str(getattr(row.notice, "code", ""))
    listed = bool(code) and isinstance(row.notice, (AlertRaised, AlertWithdrawn, CrisisRaised))
    return Unshown(code, urgent=row.urgency is Urgency.URGENT, listed=listed)

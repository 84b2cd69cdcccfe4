"""The part of the store that is about what comes in and what goes out; see `bot.services.ports`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import (
    CheckInId,
    InboxId,
    OutboxId,
    PersonId,
    Urgency,
)
from bot.domain.notices import Notice
from bot.domain.post import (
    InboxRow,
    Incoming,
    Lane,
    OutboxRow,
    Parked,
    Receipt,
    Standing,
)


class Outbox(Protocol):
    """Unprompted messages, each a row until it is sent."""

    async def put(
        self,
        notice: Notice,
        person_id: PersonId,
        urgency: Urgency,
        due_at: datetime,
        key: str,
        not_after: datetime | None = None,
    ) -> bool:
        """Add a notice once per `key`; False if it was there."""

    async def add(self, notice: Notice, person_id: PersonId, urgency: Urgency, due_at: datetime, key: str) -> None:
        """Add a notice once per `key`, where nobody asks whether it was there: it costs no look of its own."""

    async def knows(self, key: str) -> bool:
        """Say whether there is a notice of this key, whatever became of it."""

    async def behind(self, row: OutboxRow) -> datetime | None:
        """Return until when an earlier reply to the same person waits after a failed try: this one comes after it."""

    async def due(
        self,
        now: datetime,
        limits: Mapping[Urgency, int],
        busy: Collection[PersonId] = (),
        pressed: Collection[PersonId] = (),
    ) -> Sequence[OutboxRow]:
        """Return what should leave now, at most `limits` of each class: most urgent first, then longest waiting.

        Nothing that is pressing for `pressed` people, nothing else for `busy` ones.
        """

    async def planned(self, person_id: PersonId, after: datetime) -> Sequence[OutboxRow]:
        """Return what is to leave for this person later than `after` and has not been tried yet."""

    async def is_held_up(self, check_in_id: CheckInId) -> bool:
        """Say whether a question about this check-in waits after a try that failed."""

    async def came_late(self, check_in_id: CheckInId, after: datetime) -> bool:
        """Say whether a question about this check-in left for the first time after then, a try before having failed."""

    async def standing(self, row_id: OutboxId, now: datetime) -> Standing | None:
        """Say to whom a row goes and how it stands with what it is about; None if it is not to leave now.

        Somebody may have left, or not be reached, since it was found due.
        """

    async def crowd(self, now: datetime, limit: int) -> int:
        """Count the messages to many that are due and have not left; it stops at `limit`."""

    async def waits(self, person_id: PersonId, beginning: str) -> bool:
        """Say whether something to a person, under a key which begins so, is still to leave."""

    async def left(self, person_id: PersonId, beginnings: Collection[str]) -> Sequence[int]:
        """Return the ids of the messages to a person that have left under keys which begin so."""

    async def hold(self, row_id: OutboxId, due_at: datetime) -> None:
        """Let it leave later; this is no failed try."""

    async def put_off(self, row_id: OutboxId, due_at: datetime) -> None:
        """Let it leave later because that is right: in quiet hours nobody waits for it."""

    async def hold_behind(self, row: OutboxRow, now: datetime, until: datetime) -> None:
        """Let what is due for the same person and no more urgent leave later, too."""

    async def wake(self, person_id: PersonId, at: datetime) -> None:
        """Let what waits for this person after failed tries leave now."""

    async def mark_sent(self, row_id: OutboxId, at: datetime, message_id: int | None) -> None:
        """Note that it left; the body is wiped."""

    async def postpone(self, row_id: OutboxId, due_at: datetime, reason: str, *, own: bool = False) -> None:
        """Try again later; `own`: the try failed for what is in the message itself."""

    async def park(self, row_id: OutboxId, at: datetime, reason: str) -> None:
        """Try no more, after one more try that failed for what is in the message itself.  It keeps its body."""

    async def parked(self, limit: int) -> Sequence[Parked]:
        """Return what is parked, the newest first."""

    async def again(self, row_id: OutboxId, at: datetime) -> bool:
        """Let what is parked leave at `at`, as if it never had failed; False if it is not parked or has no body."""

    async def give_up(self, row_id: OutboxId, at: datetime, reason: str) -> None:
        """Keep on record that it was not sent, and why."""


class Inbox(Protocol):
    """Incoming updates, each a row until its work is done."""

    async def keep(self, batch: Sequence[Incoming], at: datetime) -> Mapping[Lane, Sequence[InboxRow]]:
        """Store a batch; known keys change nothing.

        Return the lanes of the chats, whoever wrote first first, each with what of the batch is still to be worked.
        """

    @property
    def elsewhere(self) -> Collection[Lane]:
        """Return the lanes of what was kept that another process has in hand: it works them, once it hears of it."""

    @property
    def behind(self) -> Collection[Lane]:
        """Return the lanes in which something waits that came before what was kept: it is to be read back."""

    async def take(self, lane: Lane, now: datetime, limit: int) -> Sequence[InboxRow] | None:
        """Take a lane in hand, and return its next updates (as `pending`); None: another process has it."""

    async def let_go(self, over: Collection[Lane]) -> None:
        """Give lanes out of hand, so that any process may work what comes next."""

    async def newest(self) -> datetime | None:
        """Return when the last update that is stored came in."""

    async def lanes(self, now: datetime) -> Collection[Lane]:
        """Return every lane in which something is to be worked now (a look through the whole backlog)."""

    async def lanes_again(self, now: datetime) -> Collection[Lane]:
        """Return the lanes in which a failed update is to be tried again now."""

    async def pending(self, lane: Lane, now: datetime, limit: int) -> Sequence[InboxRow]:
        """Return the next updates to work in a lane, at most `limit`, in order of arrival."""

    async def finish(self, row_id: InboxId, at: datetime) -> None:
        """Mark done and wipe the body."""

    async def finish_all(self, row_ids: Collection[InboxId], at: datetime) -> None:
        """Mark all of them done and wipe their bodies."""

    async def takes_effect(self, receipt: Receipt, at: datetime) -> bool:
        """Say whether the update may change something: False when an earlier try has done so and lost its reply."""

    async def failed(self, row_id: InboxId, again_at: datetime | None, reason: str, at: datetime) -> None:
        """Try again at `again_at`; park it when that is None.  A finished row stays finished."""

    async def parked(self, limit: int) -> Sequence[Parked]:
        """Return what is parked, the newest first."""

    async def again(self, row_id: InboxId, at: datetime) -> bool:
        """Let what is parked be worked at `at`, as if it never had failed; False if it is not parked."""

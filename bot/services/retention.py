"""How long things are kept: what people read is announced to them twice, weeks ahead, before it is deleted.

An announcement counts when it has arrived on the reader's phone, not when it was written.  Readers are the therapists;
of what was confided, the contacts to whom it was, and a therapist never hears of that.  A therapist who cannot be
reached holds up a deletion, a contact does not.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain import timing
from bot.domain.calendars import WAITS_FOR
from bot.domain.errors import MicrochequeoError
from bot.domain.hours import QuietHours
from bot.domain.model import Kept, Urgency
from bot.domain.notices import DeletionAhead
from bot.domain.post import DeletionRow, Reader
from bot.services.ports import Store, Tx
from bot.services.ports_rights import CHECKPOINT, CHECKPOINT_AFTER

A_DAY: Final = timedelta(days=1)
"""An announcement leaves this much earlier than it must: it may have to wait for the morning."""


class LogStillReadError(MicrochequeoError):
    """Somebody reads the database, so that its log could not be emptied yet."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long each kind is kept (config `[privacy]`)."""

    words: timedelta
    scores: timedelta
    audit: timedelta
    outbox: timedelta
    inbox: timedelta
    failed_starts: timedelta
    sent_messages: timedelta

    def of(self, kind: Kept) -> timedelta:
        """Return how long what is announced is kept: words are words, whoever they were for."""
        return self.scores if kind is Kept.SCORES else self.words


class Retention:
    """The daily look at what is old."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keeping: Keeping,
        therapist_quiet: QuietHours,
        empty_log: Callable[[], Awaitable[bool]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._keeping = keeping
        self._therapist_quiet = therapist_quiet
        self._empty_log = empty_log

    async def run(self) -> Mapping[str, int]:
        """Announce what is to be announced, delete what may be deleted; return how much was deleted, by kind."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            readers = await tx.retention.readers(self._announced_before(now))
        deleted: dict[str, int] = dict.fromkeys(Kept, 0)
        for reader in readers:
            deleted[reader.kind] += await self._announced(reader, now)
        async with self._store.transaction() as tx:
            deleted |= await tx.retention.delete_spent(self._before(now))
            if await tx.audit.count_before(now - self._keeping.audit):
                deleted["audit"] = await tx.audit.remove_before(now - self._keeping.audit)
            if any(deleted.values()):
                await tx.chores.plan(CHECKPOINT, now + CHECKPOINT_AFTER)
        return deleted

    async def due(self) -> Mapping[str, int]:
        """Count what `run` would delete now, by kind; nothing changes."""
        now = self._clock.now()
        counted: dict[str, int] = dict.fromkeys(Kept, 0)
        async with self._store.reading() as tx:
            for reader in await tx.retention.readers(self._announced_before(now)):
                row = await tx.retention.announced(reader.person_id, reader.kind)
                if row is not None and _may_go(row, now):
                    counted[reader.kind] += len(await tx.retention.left_of(row))
            audit = await tx.audit.count_before(now - self._keeping.audit)
            return {**counted, **await tx.retention.spent(self._before(now)), "audit": audit}

    def _announced_before(self, now: datetime) -> Mapping[Kept, datetime]:
        """Return, by kind, before when something is to be announced now: when it is deleted, its time is over."""
        return {kind: now + timing.FIRST_WORD + A_DAY - self._keeping.of(kind) for kind in Kept}

    def _before(self, now: datetime) -> Mapping[str, datetime]:
        kinds = ("outbox", "inbox", "failed_starts", "sent_messages")
        confided = {"confided": now - self._keeping.of(Kept.CONFIDED), "announced": now}
        fixed = {"accounts": now, "calendars": now - WAITS_FOR}
        return {**fixed, **confided, **{kind: now - getattr(self._keeping, kind) for kind in kinds}}

    async def checkpoint(self) -> None:
        """Empty the database's log, in which deleted content stands.  LogStillReadError: try again."""
        if not await self._empty_log():
            raise LogStillReadError("Somebody reads the database; its log is emptied when they are done.")

    async def _announced(self, reader: Reader, now: datetime) -> int:
        """Take what one reader has of one kind one step further; return how much was deleted."""
        async with self._store.transaction() as tx:
            known = await tx.retention.announced(reader.person_id, reader.kind)
            row = known or await self._planned(tx, reader, now)
            if row is None:
                return 0
            if not _may_go(row, now):
                await self._announce(tx, reader, row, now)
                return 0
            await tx.retention.close(row.id, now)
            return await tx.retention.delete(row)

    async def _planned(self, tx: Tx, reader: Reader, now: datetime) -> DeletionRow | None:
        delete_at, before_at = now + timing.FIRST_WORD + A_DAY, self._announced_before(now)[reader.kind]
        if not await tx.retention.expiring(reader.person_id, reader.kind, before_at):
            return None
        return await tx.retention.announce(reader.person_id, reader.kind, before_at, delete_at)

    async def _announce(self, tx: Tx, reader: Reader, row: DeletionRow, now: datetime) -> None:
        """Say it once when it is planned, and once more two weeks ahead, if there is still something to delete."""
        second = row.first_told_at is not None
        if second and (row.second_told_at is not None or now < row.delete_at - timing.SECOND_WORD - A_DAY):
            return
        found = await tx.retention.left_of(row)
        if not found:
            await tx.retention.close(row.id, now)
            return
        codes = tuple(dict.fromkeys(code for _, code in found))
        notice = DeletionAhead(row.id, row.kind, len(found), codes, row.delete_at)
        own = (await tx.people.person(reader.person_id)).quiet
        at = timing.out_of_quiet(now, reader.zone, own or self._therapist_quiet)
        key = f"deletion:{row.id}:{'second' if second else 'first'}"
        await tx.outbox.put(notice, reader.person_id, Urgency.ALERT, at, key)


def _may_go(row: DeletionRow, now: datetime) -> bool:
    """Say whether it was announced twice, long enough ago: `delete_at` is moved by announcements that came late."""
    return row.second_told_at is not None and row.delete_at <= now

"""What the bot does for itself, each chore at its hour: begun by the tick, done beside it, so that nobody waits.

A chore that could not be done is tried again with back-off; what went wrong stands in its row, for `bot.health`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

import structlog

from bot.clock import Clock
from bot.domain.errors import MicrochequeoError
from bot.domain.post import ChoreRow
from bot.services.in_hand import InHand
from bot.services.ports import Store

FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=4)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again: `next_at` says when, after an instant at which it was looked for or done.

    `work` runs on the event loop: what blocks goes to a thread.  It is cancelled when the bot stops, and then begun
    again with the next start, so a chore that was done in part must do no harm when it is done once more.
    """

    name: str
    next_at: Callable[[datetime], datetime]
    work: Callable[[], Awaitable[None]]


class Chores(InHand[str]):
    """Does what is due of a list of chores."""

    def __init__(self, store: Store, clock: Clock, chores: Sequence[Chore]) -> None:
        super().__init__()
        self._store = store
        self._clock = clock
        self._chores = {chore.name: chore for chore in chores}
        self._unnoted: dict[str, datetime] = {}
        """When to begin again what became of which could not be written down."""
        self.one_done: Callable[[], None] = lambda: None
        """Called when a chore is over, done or not: its next time stands in its row."""

    async def __aenter__(self) -> Self:
        """Plan every chore of the list and let all others rest.  Raises StoreUnavailableError."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.chores.keep_only(list(self._chores))
            for chore in self._chores.values():
                await tx.chores.plan(chore.name, chore.next_at(now))
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancel()
        await super().__aexit__(kind, error, trace)

    async def run_due(self) -> int:
        """Begin what is due and not under way; return how many chores were begun."""
        now = self._clock.now()
        self._unnoted = {name: at for name, at in self._unnoted.items() if at > now}
        async with self._store.reading() as tx:
            due = [row for row in await tx.chores.due(now) if row.name not in {*self._in_hand, *self._unnoted}]
        for row in due:
            self._begin(row.name, self._do(row))
        return len(due)

    async def _do(self, row: ChoreRow) -> None:
        try:
            await self._work(self._chores[row.name], row.attempts)
        except MicrochequeoError as error:  # the row could not be written: it is due, and comes again after a while
            log.warning("a chore waits for the database", chore=row.name, error=type(error).__name__)
            self._unnoted[row.name] = self._clock.now() + FIRST_WAIT
        finally:
            self._done(row.name)
        self.one_done()

    async def _work(self, chore: Chore, attempts: int) -> None:
        try:
            await chore.work()
        except MicrochequeoError as error:
            await self._failed(chore, attempts, error, str(error))
        except Exception as fault:  # noqa: BLE001 - the guard of one chore: the others and the next day go on
            await self._failed(chore, attempts, fault, type(fault).__name__)
        else:
            now = self._clock.now()
            log.info("chore done", chore=chore.name)
            async with self._store.transaction() as tx:
                await tx.chores.done(chore.name, now, chore.next_at(now))

    async def _failed(self, chore: Chore, attempts: int, error: Exception, reason: str) -> None:
        again_at = self._clock.now() + min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT)
        log.error("a chore failed", chore=chore.name, error=type(error).__name__)
        async with self._store.transaction() as tx:
            await tx.chores.failed(chore.name, again_at, reason)

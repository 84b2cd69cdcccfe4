"""One look at everything that is due, in the order in which one thing causes the next."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import structlog

from bot.clock import Clock
from bot.domain.errors import StoreDamagedError, StoreTroubleError, StoreUnavailableError
from bot.domain.post import Due
from bot.services.ports import Store

Work = Callable[[], Awaitable[int]]
"""Do one batch of what is due; return how many things moved."""

Task = tuple[frozenset[Due], Work]
"""A kind of work, and the kinds of rows on which it waits."""

log = structlog.get_logger()


class Tick:
    """Runs every kind of due work until nothing moves any more."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        take_up: Callable[[bool], Awaitable[None]],
        tasks: Sequence[Task],
        set_right: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._take_up = take_up
        self._tasks = tasks
        self._set_right = set_right
        self._latest: datetime | None = None
        self._hindrance: StoreTroubleError | None = None
        self.turned: Callable[[], None] = lambda: None
        """Called after each round, so that a long look is not taken for none."""

    async def run(self) -> datetime | None:
        """Do what is due; return when the next row falls due.  With nothing due it costs one look at indexes.

        Raises StoreTroubleError when all is done but what the database refused.  Trap: what is due and cannot
        move yet must not hide what falls due in a second.
        """
        self._hindrance = None
        await self._guarded(self._notice_a_clock_set_back)
        dues, due = await self._look()
        await self._guarded(partial(self._take_up_what_waits, Due.UPDATE in due))
        while due and await self._round(due):
            self.turned()
            dues, due = await self._look()
        if self._hindrance is not None:
            raise self._hindrance
        return min((at for kind, at in dues.items() if kind not in due), default=None)

    async def _round(self, due: frozenset[Due]) -> int:
        """Do one batch of each kind that is due; return how many things moved."""
        return sum([await self._guarded(work) for kinds, work in self._tasks if kinds & due])

    async def _take_up_what_waits(self, again: bool) -> int:  # noqa: FBT001 - handed through
        await self._take_up(again)
        return 0

    async def _notice_a_clock_set_back(self) -> int:
        """At the first look, and when the clock is earlier than at the last one: see to what cannot wait for it."""
        before, self._latest = self._latest, self._clock.now()
        if before is None or self._latest < before:
            await self._set_right()
        return 0

    async def _look(self) -> tuple[Mapping[Due, datetime], frozenset[Due]]:
        """Return when each kind of row falls due, and which kinds are; where that is damaged, all kinds are tried."""
        try:
            dues, now = await self._store.dues(), self._clock.now()
        except StoreDamagedError as damage:
            self._hindrance = damage
            return {}, frozenset(Due)
        return dues, frozenset(kind for kind, at in dues.items() if at <= now)

    async def _guarded(self, work: Work) -> int:
        """Do one kind of work; a fault in one kind never keeps the others from being done.

        Where the database refuses two kinds, it is away: each more would wait for it in vain.
        """
        try:
            return await work()
        except StoreDamagedError as damage:
            self._hindrance = damage
            log.error("a kind of work waits: the database is damaged", work=_name(work), why=str(damage))
            return 0
        except StoreUnavailableError as error:
            if self._hindrance is not None and not isinstance(self._hindrance, StoreDamagedError):
                raise
            self._hindrance = error
            log.warning("a kind of work waits for the database", work=_name(work), why=str(error))
            return 0
        except Exception as fault:  # noqa: BLE001 - the guard of one kind of work
            log.error("a kind of work failed", work=_name(work), error=type(fault).__name__)
            return 0


def _name(work: Work) -> str:
    return getattr(work, "__qualname__", "taking up")

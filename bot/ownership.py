"""Whose database it is: one process owns it; a second one stands by and takes over when the first ends or dies.

What stands by asks Telegram for nothing and begins nothing: the owner may be an older version, or be told to stop for a
restore.  By webhook, on a server, it works what it is brought (`bot.standing_by`).  Of another machine's process with
the same token: `handlers.rivals`.

A file is held as long as the process lives.  A database on a server is held as long as a connection lives: when that
was cut, it is held again, and if another process was faster, this one ends.  So that never two send the same:

1. The owner looks every second, and sends only within `CERTAIN_FOR` of a look that found the database its own.
2. What it has in hand is written down as its own, and is nobody else's until it is dead (`storage.postgres.workers`).
3. Once another has taken over, the database refuses whatever it still writes (`storage.postgres.seats`).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Final

import structlog

from bot import notify
from bot.domain.errors import MicrochequeoError, StoreUnavailableError
from storage.locks import OwnedElsewhereError
from storage.places import Held, Life, Place
from storage.speaking import NOBODYS, Seat

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the owner is gone."""

CERTAIN_FOR: Final = 3.0
"""Seconds for which an owner believes its last look."""

STANDS_BY: Final = "another Microchequeo runs on this database; standing by"

TAKES_OVER: Final = "the other Microchequeo is gone; taking over"

DEPOSED: Final = "another Microchequeo has taken the place of this one; stopping"

log = structlog.get_logger()


class StoppedEarlyError(MicrochequeoError):
    """The process was told to stop before it began."""


class Tenure:
    """Something that is held, and perhaps lost without a word: the database, or a life among others."""

    def __init__(self, *, can_lose_it: bool, now: Callable[[], float] = time.monotonic) -> None:
        self.is_deposed = False
        self._can_lose_it = can_lose_it
        self._now = now
        self._looked_at = now()

    def is_certain(self) -> bool:
        """Say whether nobody else can have it by now."""
        return not self._can_lose_it or (not self.is_deposed and self._now() - self._looked_at < CERTAIN_FOR)

    async def look(self, held: Held) -> None:
        """See whether it is still held.  StoreUnavailableError while nobody can say."""
        began_at = self._now()
        try:
            await asyncio.to_thread(held)
        except OwnedElsewhereError:
            self.is_deposed = True
        else:
            self._looked_at = began_at


class Owner(Tenure):
    """Whoever owns the database.  `waited`: it was another's before; keys may be new since."""

    def __init__(self, *, waited: bool, can_lose_it: bool, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(can_lose_it=can_lose_it, now=now)
        self.waited = waited


class Worker(Tenure):
    """One process among those that work on a database.  `life`: None where it is the only one."""

    def __init__(self, life: Life | None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(can_lose_it=life is not None, now=now)
        self.life = life
        self.number = life.number if life is not None else None


async def _idly() -> None:
    """Do nothing meanwhile."""


@asynccontextmanager
async def owned(
    place: Place, stop: asyncio.Event | None, meanwhile: Callable[[], Awaitable[None]] = _idly
) -> AsyncIterator[Owner]:
    """Hold the database while the context is open; `meanwhile` is awaited again and again while another has it.

    Raises StoppedEarlyError when told to stop meanwhile, and StoreUnavailableError while it gets new keys or content.
    Without `stop` nobody could end the standing by: then also if another process owns it.
    """
    with ExitStack() as stack:
        waited = False
        while (held := await asyncio.to_thread(_tried, stack, place, waited=waited, or_raise=stop is None)) is None:
            if not waited:
                log.warning(STANDS_BY, database=str(place))
                notify.ready(STANDS_BY)
            waited = True
            await meanwhile()
            if await told_to_stop(stop, LOOK_EVERY):
                raise StoppedEarlyError
        if waited:
            log.info(TAKES_OVER)
            notify.status(TAKES_OVER)
        owner = Owner(waited=waited, can_lose_it=held is not _for_good)
        async with _watched(owner, held, stop):
            yield owner


def _tried(stack: ExitStack, place: Place, *, waited: bool, or_raise: bool) -> Held | None:
    """Try to hold the database; a server that is away while one stands by is nobody's, and comes back."""
    try:
        return _taken(stack, place, heir=waited, or_raise=or_raise)
    except StoreUnavailableError:
        if not (waited and place.is_served):
            raise
        return None


def _taken(stack: ExitStack, place: Place, *, heir: bool, or_raise: bool) -> Held | None:
    """Try to hold the database, all of it or nothing; return what says whether it is still held."""
    with ExitStack() as mine:
        used = mine.enter_context(place.in_use())
        try:
            held = mine.enter_context(place.sole_owner(heir=heir))
        except OwnedElsewhereError:
            if or_raise:
                raise
            return None
        stack.push(mine.pop_all())
        return both(held, used)


def both(*held: Held | None) -> Held:
    """Return what says whether all of it is still held; what cannot be lost needs no look."""
    losable = [one for one in held if one is not None]
    return (lambda: all(is_held() for is_held in losable)) if losable else _for_good


def _for_good() -> bool:
    return True


@asynccontextmanager
async def at_work(place: Place, stop: asyncio.Event | None) -> AsyncIterator[Worker]:
    """Be one of those who work on a place while the context is open.  StoreUnavailableError, OwnedElsewhereError."""
    living = place.living()
    if living is None:
        yield Worker(None)
        return
    stack = ExitStack()
    try:
        life = await asyncio.to_thread(stack.enter_context, living)
        worker = Worker(life)
        async with _watched(worker, life.look, stop):
            yield worker
    finally:
        await asyncio.to_thread(stack.close)


async def seat_of(place: Place, worker: Worker) -> Seat:
    """Return the seat of whoever owns a place and works there: the time of the owner before it is over."""
    reign = await asyncio.to_thread(place.reign)
    return NOBODYS if worker.number is None else Seat(worker.number, reign)


@asynccontextmanager
async def _watched(tenure: Tenure, held: Held, stop: asyncio.Event | None) -> AsyncIterator[None]:
    """Look after what can be lost while the context is open, and stop when it is another's.  OwnedElsewhereError."""
    if held is _for_good:
        yield
        return
    failure: Exception | None = None
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_look_after(tenure, held, stop or asyncio.Event()))
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again, as it is: a group of tasks would wrap it
            failure = error
        finally:
            watching.cancel()
    if tenure.is_deposed:
        raise OwnedElsewhereError(DEPOSED) from failure
    if failure is not None:
        raise failure


async def _look_after(tenure: Tenure, held: Held, stop: asyncio.Event) -> None:
    """Look every second; whoever has lost its place ends as if it had failed, to be started again and stand by."""
    while not tenure.is_deposed:
        await asyncio.sleep(LOOK_EVERY)
        with suppress(StoreUnavailableError):  # the database is away: nobody else has it either
            await tenure.look(held)
    log.critical(DEPOSED)
    stop.set()


async def told_to_stop(stop: asyncio.Event | None, seconds: float) -> bool:
    """Wait for `seconds`, or until told to stop; say which."""
    try:
        async with asyncio.timeout(seconds):
            await (stop or asyncio.Event()).wait()
    except TimeoutError:
        return False
    return True

"""Whose database it is: one process owns it; a second one stands by and takes over when the first ends or dies.

What stands by holds nothing, opens nothing and asks Telegram for nothing: the owner may be an older version, or be told
to stop for a restore.  Of another machine's process with the same token: `handlers.rivals`.

A file is held as long as the process lives.  A database on a server is held as long as a connection lives: when that
was cut, it is held again, and if another process was faster, this one ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Final

import structlog

from bot import notify
from bot.domain.errors import MicrochequeoError, StoreUnavailableError
from storage.locks import OwnedElsewhereError
from storage.places import Held, Place

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the owner is gone."""

log = structlog.get_logger()


class StoppedEarlyError(MicrochequeoError):
    """The process was told to stop before it began."""


@asynccontextmanager
async def owned(place: Place, stop: asyncio.Event | None) -> AsyncIterator[bool]:
    """Hold the database while the context is open; yield whether it was another's before: keys may be new since.

    Raises StoppedEarlyError when told to stop meanwhile, and StoreUnavailableError while it gets new keys or content.
    Without `stop` nobody could end the standing by: then also if another process owns it.
    """
    with ExitStack() as stack:
        waited = False
        while (held := await asyncio.to_thread(_taken, stack, place, or_raise=stop is None)) is None:
            if not waited:
                log.warning("another Microchequeo runs on this database; standing by", database=str(place))
                notify.status("another Microchequeo runs on this database; standing by")
            waited = True
            if await told_to_stop(stop, LOOK_EVERY):
                raise StoppedEarlyError
        if waited:
            log.info("the other Microchequeo is gone; taking over")
        async with _watched(held, stop):
            yield waited


def _taken(stack: ExitStack, place: Place, *, or_raise: bool) -> Held | None:
    """Try to hold the database, all of it or nothing; return what says whether it is still held."""
    with ExitStack() as mine:
        mine.enter_context(place.in_use())
        try:
            held = mine.enter_context(place.sole_owner())
        except OwnedElsewhereError:
            if or_raise:
                raise
            return None
        stack.push(mine.pop_all())
        return held or _for_good


def _for_good() -> bool:
    return True


@asynccontextmanager
async def _watched(held: Held, stop: asyncio.Event | None) -> AsyncIterator[None]:
    """Look after what can be lost while the context is open, and stop when it is another's."""
    if held is _for_good or stop is None:
        yield
        return
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_look_after(held, stop))
        try:
            yield
        finally:
            watching.cancel()


async def _look_after(held: Held, stop: asyncio.Event) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        with suppress(StoreUnavailableError):  # the database is away: nobody else has it either
            try:
                await asyncio.to_thread(held)
            except OwnedElsewhereError:
                log.critical(
                    "the connection that held the database was lost, and another Microchequeo has it; stopping"
                )
                stop.set()
                return


async def told_to_stop(stop: asyncio.Event | None, seconds: float) -> bool:
    """Wait for `seconds`, or until told to stop; say which."""
    try:
        async with asyncio.timeout(seconds):
            await (stop or asyncio.Event()).wait()
    except TimeoutError:
        return False
    return True

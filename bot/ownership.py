"""Whose database it is: one process owns it; a second one stands by and takes over when the first ends or dies.

What stands by holds nothing, opens nothing and asks Telegram for nothing: the owner may be an older version, or be told
to stop for a restore.  Of another machine's process with the same token: `handlers.rivals`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from bot import notify
from bot.domain.errors import MicrochequeoError
from storage.locks import OwnedElsewhereError, in_use, sole_owner

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the owner is gone."""

log = structlog.get_logger()


class StoppedEarlyError(MicrochequeoError):
    """The process was told to stop before it began."""


@asynccontextmanager
async def owned(path: Path, stop: asyncio.Event | None) -> AsyncIterator[bool]:
    """Hold the database while the context is open; yield whether it was another's before: keys may be new since.

    Raises StoppedEarlyError when told to stop meanwhile, and StoreUnavailableError while it gets new keys or content.
    Without `stop` nobody could end the standing by: then also if another process owns it.
    """
    with ExitStack() as stack:
        waited = False
        while not _taken(stack, path, or_raise=stop is None):
            if not waited:
                log.warning("another Microchequeo runs on this database; standing by", database=str(path))
                notify.status("another Microchequeo runs on this database; standing by")
            waited = True
            if await told_to_stop(stop, LOOK_EVERY):
                raise StoppedEarlyError
        if waited:
            log.info("the other Microchequeo is gone; taking over")
        yield waited


def _taken(stack: ExitStack, path: Path, *, or_raise: bool) -> bool:
    """Try to hold the database, all of it or nothing."""
    with ExitStack() as mine:
        mine.enter_context(in_use(path))
        try:
            mine.enter_context(sole_owner(path))
        except OwnedElsewhereError:
            if or_raise:
                raise
            return False
        stack.push(mine.pop_all())
        return True


async def told_to_stop(stop: asyncio.Event | None, seconds: float) -> bool:
    """Wait for `seconds`, or until told to stop; say which."""
    try:
        async with asyncio.timeout(seconds):
            await (stop or asyncio.Event()).wait()
    except TimeoutError:
        return False
    return True

"""Feeds the service manager's watchdog while, and only while, updates are looked for and what is due is looked at.

A bot whose poller or scheduler hangs is started anew by the service manager; one that is only without network is not.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import structlog

from bot import notify

FED_TIMES: Final = 4
"""How often in its time the watchdog is fed when all moves: a look that is late once is no reason to be killed."""

Moved = Callable[[], datetime | None]
"""When a part last turned; None before its first turn."""

log = structlog.get_logger()


@asynccontextmanager
async def watched(*parts: Moved) -> AsyncIterator[None]:
    """Say that the bot is ready, and feed the watchdog while the context is open; then say that it is stopping.

    It is fed when every part has moved since the last time.
    """
    notify.ready()
    within = notify.watchdog_seconds()
    async with asyncio.TaskGroup() as group:
        feeding = group.create_task(_feed(parts, within / FED_TIMES)) if within else None
        try:
            yield
        finally:
            notify.stopping()
            if feeding is not None:
                feeding.cancel()


async def _feed(parts: tuple[Moved, ...], every: float) -> None:
    fed_at = [part() for part in parts]
    said = False
    while True:
        await asyncio.sleep(every)
        now_at = [part() for part in parts]
        if all(now is not None and now != before for now, before in zip(now_at, fed_at, strict=True)):
            fed_at, said = now_at, False
            notify.alive()
        elif not said:
            log.warning("the watchdog is not fed: not every part has moved")
            said = True

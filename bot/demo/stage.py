"""A practice that can be watched: the real bot in this process against the local Telegram, and a clock to move.

What people do and how time passes is in acting.py, who does it and when in story.py.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app import Running, started
from bot.clock import VirtualClock
from bot.demo.acting import Acting, StageError
from bot.demo.furnishing import settings
from bot.demo.server import LocalTelegram
from bot.keys import new_keys
from handlers.pacing import UNLIMITED

__all__ = ["Stage", "StageError", "opened"]


@dataclass(slots=True)
class Stage(Acting):
    """The running practice."""

    bot: Running

    async def at_rest(self) -> None:
        """Let the bot do everything it has and everything that is due now."""
        await self.bot.settled()

    async def next_due(self) -> datetime | None:
        """Return when the next row falls due."""
        return min((await self.bot.store.dues()).values(), default=None)


@asynccontextmanager
async def opened(start: datetime) -> AsyncIterator[Stage]:
    """Start the bot on a new database with new keys, in a folder that disappears afterwards."""
    clock = VirtualClock(start)
    with tempfile.TemporaryDirectory(prefix="microchequeo-demo-") as folder:
        async with LocalTelegram(now=clock.now) as telegram:
            config = settings(telegram.token, telegram.url, Path(folder))
            async with started(config, new_keys(), clock, UNLIMITED) as bot:
                await telegram.polled()
                yield Stage(telegram, clock, bot)

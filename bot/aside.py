"""What an operator does at the command line about what was put aside; the bot may run meanwhile."""

from collections.abc import Sequence

from bot import errands
from bot.config import Config
from bot.domain.post import Aside
from bot.keys import Keys


async def listed(config: Config, keys: Keys) -> Sequence[Aside]:
    """Return what was put aside, the newest first."""
    async with errands.without_telegram(config, keys) as services:
        return await services.parked.list()


async def retried(config: Config, keys: Keys, number: str | None) -> tuple[Sequence[Aside], Sequence[Aside]]:
    """Have one tried anew, or all (None); return those that are, and those of which no copy is kept."""
    async with errands.without_telegram(config, keys) as services:
        return await services.parked.retry(None if number is None else [number])

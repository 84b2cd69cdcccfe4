"""Several real processes on one database, each with what it says in a file of its own."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.ownership import STANDS_BY
from tests.commands import Begun, begin
from tests.process import START_WITHIN, STOP_WITHIN, BotProcess, until


@dataclass(frozen=True)
class Replica:
    """One process."""

    process: Begun
    file: Path

    @property
    def said(self) -> str:
        """Return everything that it said on standard error."""
        return self.file.read_text("utf-8", "replace") if self.file.exists() else ""

    @property
    def lives(self) -> bool:
        return self.process.code is None

    @property
    def leads(self) -> bool:
        """Say whether it came to work."""
        return self.lives and '"event": "running"' in self.said

    @property
    def stands_by(self) -> bool:
        return self.lives and STANDS_BY in self.said and not self.leads

    def kill(self) -> None:
        """Kill it outright."""
        if self.lives:
            self.process.kill()

    async def stop(self) -> int:
        """Stop it as an operator does; return the exit code."""
        self.process.send(signal.SIGTERM)
        return await asyncio.wait_for(self.process.ended(), STOP_WITHIN)


def leaders(replicas: Sequence[Replica]) -> list[Replica]:
    """Return who is at work."""
    return [replica for replica in replicas if replica.leads]


async def taken_over(replicas: Sequence[Replica], within: float) -> float:
    """Kill the one that is at work; return the seconds until another is."""
    [leader] = leaders(replicas)
    leader.kill()
    began = time.monotonic()
    await leader.process.ended()
    await until(lambda: bool(leaders(replicas)), "another takes over", within)
    return time.monotonic() - began


def spawned(bot: BotProcess, number: int, *, point: str = "", **environment: str) -> Replica:
    """Start one more process on the folder of a bot; it kills itself at the point if given."""
    file = bot.folder / f"said-{number}"
    words, nowhere = ("run", "--config", str(bot.config_file)), Path(os.devnull)
    return Replica(begin(*words, out=nowhere, err=file, point=point, folder=bot.folder, **environment), file)


def ways(url: str, address: str) -> dict[str, str]:
    """Write the settings of one process to which Telegram brings updates as variables."""
    said = {"MODE": "webhook", "WEBHOOK_URL": url, "WEBHOOK_LISTEN": address}
    return {f"MICROCHEQUEO_TELEGRAM__{name}": value for name, value in said.items()}


@asynccontextmanager
async def beside_each_other(
    bot: BotProcess, number: int, environments: Sequence[dict[str, str]] = ()
) -> AsyncIterator[list[Replica]]:
    """Start so many processes on one folder, the first of them at work; whatever still lives is killed."""
    replicas: list[Replica] = []
    try:
        for one in range(number):
            replicas.append(spawned(bot, one, **(environments[one] if environments else {})))
            if one == 0:
                await until(lambda: replicas[0].leads, "the first is at work", START_WITHIN)
        await until(lambda: all(one.stands_by for one in replicas[1:]), "the others stand by", START_WITHIN)
        yield replicas
    finally:
        for replica in replicas:
            replica.kill()
        for replica in replicas:
            await replica.process.ended()

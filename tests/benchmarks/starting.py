"""How long a start takes, from the command to the first look for updates: with an empty database and a full one."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import psutil
from rich.table import Table

from bot.clock import SystemClock
from bot.keys import load_keys
from tests.benchmarks.crowd import NETWORK, NOBODY, Crowd, fill
from tests.benchmarks.findings import ROUNDS, Findings
from tests.faults.people import ring
from tests.practice import lay_out
from tests.process import BotProcess, housed

FLOOR = "the libraries alone"

AS_DEPLOYED = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""As deploy/microchequeo.service has it."""


async def measured(folder: Path) -> Findings:
    """Compare the starts."""
    found = await starts(folder, (NOBODY, NETWORK))
    table = Table(title=f"From the command to the first look for updates (median of {ROUNDS})")
    for heading in ("answers", "seconds", "×", "CPU seconds"):
        table.add_column(heading, justify="right")
    least = found[f"{NOBODY.answers:,}"]
    for name, rounds in found.items():
        taken, cpu = (median(one[part] for one in rounds) for part in (0, 1))
        ratio = median(one / other for (one, _), (other, _) in zip(rounds, least, strict=True))
        table.add_row(name, f"{taken:.2f}", f"{ratio:.2f}", f"{cpu:.2f}")
    return Findings(table, {"seconds_and_cpu_seconds": found})


async def starts(folder: Path, crowds: tuple[Crowd, ...]) -> dict[str, list[tuple[float, float]]]:
    """Return (seconds, CPU seconds) of each start by the number of answers, and of the floor; all take turns."""
    names = [*(f"{crowd.answers:,}" for crowd in crowds), FLOOR]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for crowd in crowds:
        (folder / str(crowd.answers)).mkdir()
        async with housed(folder / str(crowd.answers)) as bot:
            settle(bot, crowd)
            await _start(bot, *_run(bot))  # the first start of a database plans what every one after finds planned
    for _ in range(ROUNDS):
        for crowd in crowds:
            async with housed(folder / str(crowd.answers)) as bot:
                found[f"{crowd.answers:,}"].append(await _start(bot, *_run(bot)))
        async with housed(folder / str(crowds[0].answers)) as bot:
            words = ("-m", "tests.benchmarks.floor", bot.telegram.url, bot.telegram.token, str(bot.database))
            found[FLOOR].append(await _start(bot, *words))
    return found


def settle(bot: BotProcess, crowd: Crowd) -> None:
    """Put a crowd into the practice of a bot that does not run yet; Telegram knows them."""
    lay_out(bot.database)
    fill(bot.database, ring(load_keys(bot.config)), crowd, SystemClock().now())


def _run(bot: BotProcess) -> tuple[str, ...]:
    return "-m", "bot", "run", "--config", str(bot.config_file)


async def _start(bot: BotProcess, *words: str) -> tuple[float, float]:
    began = time.perf_counter()
    async with begun(bot, *words) as process:
        taken = time.perf_counter() - began
        times = process.cpu_times()
        return taken, times.user + times.system


@asynccontextmanager
async def begun(bot: BotProcess, *words: str) -> AsyncIterator[psutil.Process]:
    """Let Python run something until it asks for updates, and stop it afterwards."""
    surroundings = os.environ | AS_DEPLOYED
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=bot.folder, env=surroundings, stderr=DEVNULL
    )
    try:
        await bot.telegram.polled(timeout=120)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()
        await bot.telegram.unpolled()

"""What it takes to move a practice to a server and back: seconds, and the most memory that the command holds.

Ten times the rows must take about ten times as long, and no more memory.
"""

import asyncio
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from bot.clock import SystemClock
from bot.config import load
from bot.keys import load_keys
from storage.opening import prepare
from tests.benchmarks.crowd import NETWORK, Crowd, fill
from tests.benchmarks.findings import Findings
from tests.faults.people import ring
from tests.server import Server, programs, running

SMALLER = Crowd(therapists=50, patients=40, weeks=17)
MIB = 1024
"""KiB, in which the system counts."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one move took: seconds of the clock, seconds of the processor, MiB at the most."""

    way: str
    answers: int
    seconds: float
    cpu: float
    mebibytes: float


async def measured(folder: Path) -> Findings:
    """Move two practices, one ten times the other, to a server and back."""
    found = programs()
    if found is None:
        return Findings("PostgreSQL is not installed (Debian: apt install postgresql).", {})
    with running(found) as server:
        taken = [one for crowd in (SMALLER, NETWORK) for one in await _there_and_back(folder, server, crowd)]
    table = Table(title="A practice moves: every row written, read back and compared")
    for heading in ("", "answers", "seconds", "CPU seconds", "MiB at most"):
        table.add_column(heading, justify="right")
    for one in taken:
        table.add_row(one.way, f"{one.answers:,}", f"{one.seconds:.1f}", f"{one.cpu:.1f}", f"{one.mebibytes:.0f}")
    return Findings(table, {"moves": [asdict(one) for one in taken]})


async def _there_and_back(folder: Path, server: Server, crowd: Crowd) -> list[Taken]:
    house = folder / str(crowd.answers)
    house.mkdir()
    await _command(house, "init", "--yes")
    config = load(house / "config.toml")
    prepare(config.database.path, ring(load_keys(config)))
    fill(config.database.path, ring(load_keys(config)), crowd, SystemClock().now())
    url = server.make(f"crowd_{crowd.answers}")
    there = await _command(house, "move-database", "--to", url)
    back = await _command(house, "move-database", "--to", str(house / "back.db"), MICROCHEQUEO_DATABASE__URL=url)
    return [Taken("to a server", crowd.answers, *there), Taken("back into a file", crowd.answers, *back)]


async def _command(folder: Path, *words: str, **environment: str) -> tuple[float, float, float]:
    """Run a command to its end; return seconds, CPU seconds and MiB."""

    def run() -> tuple[float, float, float]:
        began = time.perf_counter()
        arguments = [sys.executable, "-m", "bot", *words, "--config", str(folder / "config.toml")]
        surroundings = os.environ | {"PYTHONPATH": str(Path.cwd())} | environment
        silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        _, status, used = os.wait4(os.posix_spawn(sys.executable, arguments, surroundings, file_actions=silent), 0)
        assert os.waitstatus_to_exitcode(status) == 0, words
        return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / MIB

    return await asyncio.to_thread(run)

"""`make bench`: what the bot costs, as ratios within one run on one machine.  Nothing is asserted."""

import asyncio
import logging
import os
import platform
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bot import logs
from tests.benchmarks.flood import FLOOD, waits, worst
from tests.benchmarks.schedule import Growth, growth, lateness
from tests.benchmarks.taps import PEOPLE, Cost, costs

NAMES = {
    "bare": "bare handler, PTB as it comes",
    "bare-aiohttp": "bare handler, our requests",
    "ours": "Microchequeo (durable, sealed)",
}


def machine() -> str:
    """Say where this was measured."""
    names = ("python-telegram-bot", "aiohttp", "httpx", "sqlalchemy", "aiosqlite", "apscheduler", "cryptography")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {versions}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.processor() or platform.machine())


def taps_table(found: Mapping[tuple[str, int], Cost]) -> Table:
    """Show what an answered button costs, beside the bare handler."""
    table = Table(title="One answered button: tap → kept → tap answered → message edited")
    for heading in ("", "at a time", "CPU µs", "× bare", "median ms", "99 % ms", "a second"):
        table.add_column(heading, justify="left" if not heading else "right")
    for people in (1, PEOPLE):
        for name, title in NAMES.items():
            cost = found[name, people]
            ratio = f"{cost.cpu / found['bare', people].cpu:.2f}"
            numbers = (f"{cost.cpu:,.0f}", ratio, f"{cost.wait:.1f}", f"{cost.worst:.1f}", f"{cost.rate:,.0f}")
            table.add_row(title, str(people), *numbers, end_section=name == "ours")
    return table


def growth_table(found: Sequence[Growth]) -> Table:
    """Show what waiting costs as a practice grows, beside the smallest."""
    table = Table(title="Nothing due: the next-due query, a tick, and a start")
    for heading in ("check-ins", "to come", "patients", "query ms", "×", "tick ms", "×", "start s", "×"):
        table.add_column(heading, justify="right")
    least = found[0]
    for one in found:
        counts = (f"{one.rows:,}", f"{one.rows // 5:,}", f"{one.rows // 10:,}")
        pairs = ((one.dues, least.dues), (one.tick, least.tick), (one.start, least.start))
        table.add_row(*counts, *(text for value, base in pairs for text in (f"{value:.2f}", f"{value / base:.2f}")))
    return table


async def main(console: Console, folder: Path) -> None:
    """Measure one thing after the other and print each as soon as it is known."""
    console.print(machine(), style="dim")
    for name in ("taps", "ticks", "late", "flood"):
        (folder / name).mkdir()
    console.print(taps_table(await costs(folder / "taps")))
    console.print(growth_table(await growth(folder / "ticks")))
    late = await lateness(folder / "late")
    console.print(f"{len(late)} due questions left {median(late):.0f} ms late (median), {max(late):.0f} ms at most.")
    before, meanwhile, left = await waits(folder / "flood")
    console.print(
        f"With {left:,} of one chat's {FLOOD:,} updates still to be worked, a reply to the others takes "
        f"{worst(meanwhile):.0f} ms (99 %), {worst(meanwhile) / worst(before):.2f} × as long as before."
    )


if __name__ == "__main__":
    logs.set_up("ERROR", [])
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="microchequeo-bench-") as place:
        asyncio.run(main(Console(), Path(place)))

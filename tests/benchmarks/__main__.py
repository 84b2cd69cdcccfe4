"""`make bench`: what the bot costs, as ratios within one run on one machine.  Nothing is asserted.

`python -m tests.benchmarks taps late` measures these alone; `--write` keeps the figures in docs/performance/.
"""

import asyncio
import compileall
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from bot import logs
from bot.clock import SystemClock
from tests.benchmarks import answers, bulk, digests, flood, memory, moving, schedule, starting, taps
from tests.benchmarks.findings import Benchmark, machine, write

BENCHMARKS: Final[dict[str, Benchmark]] = {
    "taps": taps.measured,
    "growth": schedule.growing,
    "late": schedule.late,
    "flood": flood.measured,
    "bulk": bulk.measured,
    "bulk-quick": bulk.measured_quickly,
    "starting": starting.measured,
    "memory": memory.measured,
    "digests": digests.measured,
    "moving": moving.measured,
    "answers": answers.measured,
}
"""Everything that can be measured; a name is also that of the file of figures."""

WRITE: Final = "--write"

PACKAGES: Final = ("bot", "handlers", "storage")


async def main(console: Console, names: Sequence[str], *, keep: bool) -> None:
    """Measure one thing after the other and print each as soon as it is known."""
    console.print(machine(), style="dim")
    _compile()
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"microchequeo-{name}-") as folder:
            found = await BENCHMARKS[name](Path(folder))
        console.print(found.shown)
        if keep:
            console.print(write(name, found, SystemClock().now().date()), style="dim")


def _compile() -> None:
    """Compile what is measured, as pip does where it installs it: from its sources a start takes a third longer."""
    for package in PACKAGES:
        compileall.compile_dir(Path(__file__).parents[2] / package, quiet=1)


if __name__ == "__main__":
    asked = [name for name in sys.argv[1:] if name != WRITE]
    if unknown := [name for name in asked if name not in BENCHMARKS]:
        sys.exit(f"There is no {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}.")
    logs.set_up("ERROR", [])
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    asyncio.run(main(Console(), asked or list(BENCHMARKS), keep=WRITE in sys.argv[1:]))

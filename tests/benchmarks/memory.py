"""What the bot's process holds in memory: idle, with ten thousand questions waiting to leave, and after many charts."""

import asyncio
from pathlib import Path
from statistics import median

import psutil
from rich.table import Table

from bot.clock import SystemClock
from bot.demo.phone import Phone
from bot.terms import consent_terms
from tests.benchmarks.crowd import FIRST_CHAT, NOBODY, Crowd, plan
from tests.benchmarks.findings import ROUNDS, Findings
from tests.benchmarks.starting import begun, settle
from tests.process import BotProcess, housed, until

QUEUED = Crowd(therapists=50, patients=200, weeks=0)
CHARTED = Crowd(therapists=1, patients=1, weeks=26)
CHARTS = 100
LEFT_AT_LEAST = 50
"""Questions that have left when the memory of those that wait is looked at."""

SETTLED_AFTER = 2.0
"""Seconds after the first look for updates: menus are set, what is made at the start is given back."""

OURS = "tests.benchmarks.bots", "ours"
MIB = 1024**2


async def measured(folder: Path) -> Findings:
    """Look at each kind of process, one after the other and again."""
    found: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        (folder / str(turn)).mkdir()
        for name, mebibytes in (await _round(folder / str(turn))).items():
            found.setdefault(name, []).append(mebibytes)
    table = Table(title=f"Resident memory of the process (median of {ROUNDS})")
    table.add_column("")
    table.add_column("MiB", justify="right")
    for name, each in found.items():
        table.add_row(name, f"{median(each):.0f}")
    return Findings(table, {"mebibytes": found})


async def _round(folder: Path) -> dict[str, float]:
    for name in ("idle", "queued", "charted", "jobs"):
        (folder / name).mkdir()
    first, last = await _charted(folder / "charted")
    return {
        "idle": await _idle(folder / "idle"),
        "10,000 questions due": await _queued(folder / "queued"),
        f"after {CHARTS // 2} charts": first,
        f"after {CHARTS} charts": last,
        "PTB's JobQueue with 10,000 jobs": await _jobs(folder / "jobs"),
    }


async def _idle(folder: Path) -> float:
    async with housed(folder) as bot:
        settle(bot, NOBODY)
        async with begun(bot, "-m", "bot", "run", "--config", str(bot.config_file)) as process:
            await asyncio.sleep(SETTLED_AFTER)
            return _resident(process)


async def _queued(folder: Path) -> float:
    """Look while most of ten thousand questions, all due at once, wait for their turn."""
    async with housed(folder) as bot:
        settle(bot, QUEUED)
        plan(bot.database, QUEUED, SystemClock().now(), consent_terms(bot.config).version)
        phones = [_known(bot, FIRST_CHAT + one) for one in QUEUED.people()]
        async with begun(bot, "-m", "bot", "run", "--config", str(bot.config_file)) as process:
            await until(lambda: sum(1 for phone in phones if phone.messages) >= LEFT_AT_LEAST, "questions leave", 120)
            return _resident(process)


def _known(bot: BotProcess, chat: int) -> Phone:
    phone = bot.telegram.phone(chat, str(chat))
    phone.started = True
    return phone


async def _charted(folder: Path) -> tuple[float, float]:
    """Look after half of the charts and after all of them."""
    async with housed(folder) as bot:
        settle(bot, CHARTED)
        therapist = _known(bot, FIRST_CHAT + 1)
        async with begun(bot, "-m", *OURS, str(bot.config_file)) as process:
            await _ask_for_charts(therapist)
            half = _resident(process)
            await _ask_for_charts(therapist)
            return half, _resident(process)


async def _ask_for_charts(therapist: Phone) -> None:
    for _ in range(CHARTS // 2):
        asked = await therapist.send("/historial B-1")
        await therapist.wait_for(lambda shown: bool(shown.photo) and shown.message_id > asked.message_id, 60)  # noqa: B023


async def _jobs(folder: Path) -> float:
    async with housed(folder) as bot:
        words = ("-m", OURS[0], "jobs", bot.telegram.url, bot.telegram.token, "10000")
        async with begun(bot, *words) as process:
            await asyncio.sleep(SETTLED_AFTER)
            return _resident(process)


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss / MIB)

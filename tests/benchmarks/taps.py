"""What an answered button costs: CPU of the bot's process alone, at one person and at thirty-two at a time.

Every bot has a Telegram of its own in this process, all run at once, and in each round each is measured in turn.
"""

import asyncio
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

import psutil
from rich.console import Group, RenderableType
from rich.table import Table

from bot.clock import SystemClock
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.demo.state import Message
from tests.benchmarks.findings import ROUNDS, Findings
from tests.faults.people import Said, calendar, code, enrol
from tests.process import housed

OURS, BARE, AIOGRAM = "ours", "bare", "aiogram"
AIOGRAM_PYTHON = Path(__file__).parents[2] / ".venv-bench" / "bin" / "python"
NAMES = {
    BARE: "bare handler, PTB as it comes",
    "bare-aiohttp": "bare handler, our requests",
    "conversation": "ConversationHandler, PicklePersistence as it comes (once a minute)",
    "conversation-kept": "ConversationHandler, PicklePersistence after each tap",
    AIOGRAM: "aiogram, FSM in SQLite",
    OURS: "Microchequeo (durable, sealed)",
}
PEOPLE = 32
WARM_UP, TAPS = 32, 320


@dataclass(frozen=True, slots=True)
class Cost:
    """Per answered button: CPU in µs, waiting time in ms; and buttons a second."""

    cpu: float
    wait: float
    worst: float
    rate: float


@dataclass(frozen=True, slots=True)
class Subject:
    """One bot that is measured: its process, and the phones on which its question stands."""

    process: Process
    phones: Sequence[Phone]
    shown: Sequence[Message]


Rounds = Mapping[tuple[str, int], Sequence[Cost]]


async def measured(folder: Path) -> Findings:
    """Compare what an answered button costs each bot."""
    found = await costs(folder)
    figures = [
        {"bot": name, "at_a_time": people, "cpu_x_bare": ratio(found, name, people), "rounds": [*map(asdict, rounds)]}
        for (name, people), rounds in found.items()
    ]
    shown: list[RenderableType] = [_table(found)]
    if (AIOGRAM, 1) not in found:
        shown.append(f"Not compared with aiogram: there is no {AIOGRAM_PYTHON} (`make bench` makes it).")
    return Findings(Group(*shown), {"per": "answered button; cpu µs, wait and worst ms, rate 1/s", "bots": figures})


def _table(found: Rounds) -> Table:
    table = Table(title="One answered button: tap → kept → tap answered → message edited")
    for heading in ("", "at a time", "CPU µs", "× bare", "median ms", "99 % ms", "a second"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, people in found:
        cost = middle(found[name, people])
        numbers = (f"{cost.cpu:,.0f}", f"{ratio(found, name, people):.2f}", f"{cost.wait:.1f}", f"{cost.worst:.1f}")
        table.add_row(NAMES[name], str(people), *numbers, f"{cost.rate:,.0f}", end_section=name == OURS)
    return table


def middle(rounds: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(median(getattr(cost, name) for cost in rounds) for name in Cost.__slots__))


def ratio(found: Rounds, name: str, people: int) -> float:
    """Return the CPU of a button beside that of the bare handler: the median of each round's own ratio."""
    pairs = zip(found[name, people], found[BARE, people], strict=True)
    return median(cost.cpu / bare.cpu for cost, bare in pairs)


async def costs(folder: Path, rounds: int = ROUNDS) -> Rounds:
    """Measure each bot at both concurrencies, in each round anew."""
    names = [name for name in NAMES if name != AIOGRAM or AIOGRAM_PYTHON.exists()]
    found: dict[tuple[str, int], list[Cost]] = {(name, people): [] for people in (1, PEOPLE) for name in names}
    async with AsyncExitStack() as stack:
        subjects = {name: await stack.enter_async_context(_subject(name, folder)) for name in names}
        for _ in range(rounds):
            for (name, people), kept in found.items():
                kept.append(await _measured(subjects[name], people))
    return found


@asynccontextmanager
async def _subject(name: str, folder: Path) -> AsyncIterator[Subject]:
    async with _ours(folder) if name == OURS else _other(name, folder) as (telegram, phones, words):
        program = [str(AIOGRAM_PYTHON), str(Path(__file__).with_name("aiogram_bot.py"))]
        if name != AIOGRAM:
            program = [sys.executable, "-m", "tests.benchmarks.bots", name]
        process = await asyncio.create_subprocess_exec(*program, *words)
        try:
            await telegram.polled(timeout=180)
            yield Subject(process, phones, [await _question(phone, name) for phone in phones])
        finally:
            process.terminate()
            await process.wait()


Furnished = tuple[LocalTelegram, Sequence[Phone], Sequence[str]]
"""Where a bot works, who taps there, and what its process is told."""


@asynccontextmanager
async def _ours(folder: Path) -> AsyncIterator[Furnished]:
    async with housed(folder) as bot:
        _, phones = await enrol(bot, PEOPLE)
        async with calendar(bot, Said()) as book:
            for number in range(1, PEOPLE + 1):
                await book.note(code(number))
        yield bot.telegram, phones, [str(bot.config_file)]


@asynccontextmanager
async def _other(name: str, folder: Path) -> AsyncIterator[Furnished]:
    async with LocalTelegram(now=SystemClock().now) as telegram:
        phones = [telegram.phone(200 + number, name) for number in range(PEOPLE)]
        yield telegram, phones, [telegram.url, telegram.token, str(folder / name)]


async def _question(phone: Phone, name: str) -> Message:
    if name == OURS:
        return await phone.wait_for(lambda message: "10" in message.labels(), timeout=60)
    asked = await phone.send("/start")
    return await phone.wait_for(lambda message: message.message_id > asked.message_id, timeout=60)


async def _measured(subject: Subject, people: int) -> Cost:
    phones, shown = subject.phones[:people], subject.shown[:people]
    await all_tap(phones, shown, WARM_UP)
    cpu, began = cpu_of(subject.process.pid), time.perf_counter()
    waits = await all_tap(phones, shown, TAPS)
    taken, seconds = cpu_of(subject.process.pid) - cpu, time.perf_counter() - began
    per_tap = taken / len(waits) * 1e6
    return Cost(
        per_tap, median(waits) * 1e3, quantiles(waits, n=100, method="inclusive")[-1] * 1e3, len(waits) / seconds
    )


def cpu_of(pid: int) -> float:
    """Return the seconds of the processor that a process has taken so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


async def all_tap(phones: Sequence[Phone], shown: Sequence[Message], taps: int) -> list[float]:
    """Let everybody tap, all together so many times; return the seconds that each tap took."""
    async with asyncio.TaskGroup() as group:
        each = max(taps // len(phones) // 2 * 2, 2)
        tapping = [group.create_task(_tap(phone, message, each)) for phone, message in zip(phones, shown, strict=True)]
    return [wait for task in tapping for wait in task.result()]


async def _tap(phone: Phone, message: Message, taps: int) -> list[float]:
    """Answer and go back, again and again; each tap is over when it was answered and the message has changed."""
    waits = []
    for label in islice(cycle(("7", "Atrás")), taps):
        edits, began = message.edits, time.perf_counter()
        tap = await phone.tap(label, message=message)
        await tap.answered(timeout=30)
        await phone.wait_for(lambda shown: shown is message and shown.edits > edits, timeout=30)  # noqa: B023
        waits.append(time.perf_counter() - began)
    return waits

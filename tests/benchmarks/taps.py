"""What an answered button costs: CPU of the bot's process alone, at one person and at thirty-two at a time."""

import asyncio
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

import psutil

from bot.demo.phone import Phone
from bot.demo.state import Message
from tests.faults.people import Said, calendar, code, enrol
from tests.process import BotProcess, housed

PEOPLE = 32
WARM_UP, TAPS = 64, 800


@dataclass(frozen=True, slots=True)
class Cost:
    """Per answered button: CPU in µs, waiting time in ms; and buttons a second."""

    cpu: float
    wait: float
    worst: float
    rate: float


async def costs(folder: Path) -> dict[tuple[str, int], Cost]:
    """Measure each bot at both concurrencies."""
    found: dict[tuple[str, int], Cost] = {}
    async with housed(folder) as bot:
        _, phones = await enrol(bot, PEOPLE)
        async with calendar(bot, Said()) as book:
            for number in range(1, PEOPLE + 1):
                await book.note(code(number))
        for name in ("ours", "bare-aiohttp", "bare"):
            async with _running(bot, name) as process:
                shown = [await _question(phone, name) for phone in phones]
                for people in (1, PEOPLE):
                    found[name, people] = await _measured(process, phones[:people], shown[:people])
    return found


@asynccontextmanager
async def _running(bot: BotProcess, name: str) -> AsyncIterator[Process]:
    telegram = bot.telegram
    words = [str(bot.config_file)] if name == "ours" else [telegram.url, telegram.token]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.benchmarks.bots", name, *words)
    await telegram.polled(timeout=60)
    yield process
    process.terminate()
    await process.wait()
    await telegram.unpolled()


async def _question(phone: Phone, name: str) -> Message:
    if name == "ours":
        return await phone.wait_for(lambda message: "10" in message.labels(), timeout=60)
    asked = await phone.send("/start")
    return await phone.wait_for(lambda message: message.message_id > asked.message_id, timeout=60)


async def _measured(process: Process, phones: Sequence[Phone], shown: Sequence[Message]) -> Cost:
    await _all_tap(phones, shown, WARM_UP)
    cpu, began = _cpu(process), time.perf_counter()
    waits = await _all_tap(phones, shown, TAPS)
    taken, seconds = _cpu(process) - cpu, time.perf_counter() - began
    per_tap = taken / len(waits) * 1e6
    return Cost(per_tap, median(waits) * 1e3, quantiles(waits, n=100)[-1] * 1e3, len(waits) / seconds)


def _cpu(process: Process) -> float:
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


async def _all_tap(phones: Sequence[Phone], shown: Sequence[Message], taps: int) -> list[float]:
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

"""Everybody asked at one minute: how fast the questions leave at the real pace, and what a tap waits for meanwhile."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
from rich.table import Table

from bot.clock import SystemClock
from bot.demo.phone import Phone
from bot.demo.server import Call
from bot.demo.state import Message
from bot.keys import load_keys
from tests.benchmarks.crowd import FIRST, text, treat
from tests.benchmarks.findings import Findings
from tests.faults.people import Said, calendar, code, enrol, ring
from tests.measuring import undisturbed
from tests.process import BotProcess, housed

CROWD, SMALL_CROWD = 10_000, 1_000
CEILING = 30.0
"""Messages a second that Telegram takes."""

SLOWEST = 10.0
"""Messages a second at which it is given up."""

TAPPING = 8
"""People who answer while the crowd is asked, one tap of all of them in a second."""

IDLE_TAPS = 120
WRITES = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "sendPhoto", "sendDocument", "deleteMessage")

_CONSENTS = """
INSERT INTO consents (patient_id, version, text_hash, language, decided_at, accepted)
SELECT people.id, version, text_hash, consents.language, decided_at, accepted
FROM people, consents WHERE people.id > :first AND consents.id = 1
"""
_SESSIONS = """
INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at)
SELECT id, id, :began, :due, 'planned', '2020-01-01T00:00:00.000000Z' FROM patients WHERE id > :first
"""
_CHECK_INS = """
INSERT INTO check_ins (id, session_id, state, step, items, due_at, planned_at, next_at)
SELECT id, id, 'planned', 'understood', 'understood,sense,pending', ends_at, ends_at, ends_at
FROM sessions WHERE id > :first
"""


@dataclass
class Watched:
    """When each message reached Telegram, by the machine's monotonic clock, and whom the crowd's went to.

    What reaches this process while it is busy is seen late and together: a second may seem fuller than it was.
    """

    all: list[float] = field(default_factory=list)
    crowd: list[float] = field(default_factory=list)
    to: Counter[int] = field(default_factory=Counter)

    def arrives(self, method: str, _: Any) -> None:
        """Note when a call comes in; nothing goes wrong with it."""
        if method in WRITES:
            self.all.append(time.perf_counter())

    def answered(self, call: Call) -> None:
        """Note who got something."""
        if call.method not in WRITES or call.status != HTTPStatus.OK:
            return
        chat_id = int(str(call.params["chat_id"]))
        if chat_id > FIRST:
            self.crowd.append(time.perf_counter())
            self.to[chat_id] += 1


async def measured(folder: Path) -> Findings:
    """Ask ten thousand: six minutes."""
    return await _measured(folder, CROWD)


async def measured_quickly(folder: Path) -> Findings:
    """Ask a tenth of them."""
    return await _measured(folder, SMALL_CROWD)


async def _measured(folder: Path, crowd: int) -> Findings:
    async with _practice(folder) as (bot, phones, shown):
        idle = await _taps(phones, shown, lambda taps: taps >= IDLE_TAPS)
        await bot.stop()
        watched, due = Watched(), SystemClock().now() + timedelta(seconds=10)
        bot.telegram.on_call(watched.answered)
        bot.telegram.fault = watched.arrives
        _fill(bot, crowd, due)
        await bot.start()
        await asyncio.sleep((due - SystemClock().now()).total_seconds())
        began = time.perf_counter()

        def done(_: int) -> bool:
            return len(watched.crowd) >= crowd or time.perf_counter() - began > crowd / SLOWEST

        used = _cpu(bot)
        with undisturbed():  # what arrives while ten thousand chats are searched for garbage is seen late
            meanwhile = await _taps(phones, shown, done)
        used = _cpu(bot) - used
        await asyncio.sleep(5)
        await bot.stop()
        return _found(crowd, began, watched, idle, meanwhile, used)


def _cpu(bot: BotProcess) -> float:
    """Return the seconds of a processor that the bot has used."""
    assert bot.process is not None
    times = psutil.Process(bot.process.process.pid).cpu_times()
    return float(times.user + times.system)


@asynccontextmanager
async def _practice(folder: Path) -> AsyncIterator[tuple[BotProcess, list[Phone], list[Message]]]:
    """Run the bot as an operator does, at the real pace, with a few people who were asked."""
    async with housed(folder) as bot:
        _, phones = await enrol(bot, TAPPING)
        async with calendar(bot, Said()) as book:
            for number in range(1, TAPPING + 1):
                await book.note(code(number))
        await bot.start()
        shown = [await phone.wait_for(lambda message: "10" in message.labels(), timeout=60) for phone in phones]
        await asyncio.sleep(5)
        yield bot, phones, shown


def _fill(bot: BotProcess, crowd: int, due: datetime) -> None:
    keys = ring(load_keys(bot.config))
    people = []
    for number in range(FIRST + 1, FIRST + 1 + crowd):
        bot.telegram.phone(number, "Otra").started = True
        people.append((number, keys.seal(str(number)), keys.blind("chat", number)))
    values = {"first": FIRST, "due": text(due), "began": text(due - timedelta(minutes=50))}
    with closing(sqlite3.connect(bot.database)) as db:
        db.executemany(
            "INSERT INTO people (id, chat, chat_ref, language, register, form, zone)"
            " VALUES (?, ?, ?, 'es', 'usted', 'neutral', 'Europe/Madrid')",
            people,
        )
        treat(db)
        for statement in (_CONSENTS, _SESSIONS, _CHECK_INS):
            db.execute(statement, values)
        db.commit()


async def _taps(phones: Sequence[Phone], shown: Sequence[Message], enough: Callable[[int], bool]) -> list[float]:
    """Let one of these people tap in each second until it is enough; return the seconds until each saw the change."""
    waits: list[float] = []
    people = cycle(zip(phones, shown, strict=True))
    async with asyncio.TaskGroup() as group:
        while not enough(len(waits)):
            group.create_task(_tap(*next(people), waits))
            await asyncio.sleep(1)
    return waits


async def _tap(phone: Phone, message: Message, waits: list[float]) -> None:
    edits, began = message.edits, time.perf_counter()
    tap = await phone.tap("7" if "Atrás" not in message.labels() else "Atrás", message=message)
    await tap.answered(timeout=60)
    await phone.wait_for(lambda seen: seen is message and seen.edits > edits, timeout=60)
    waits.append(time.perf_counter() - began)


def _found(
    crowd: int, began: float, watched: Watched, idle: list[float], meanwhile: list[float], cpu: float
) -> Findings:
    span = watched.crowd[-1] - watched.crowd[0]
    alike = [at for at in watched.all if watched.crowd[0] <= at <= watched.crowd[-1]]
    lost, twice = crowd - len(watched.to), sum(1 for times in watched.to.values() if times > 1)
    rate, used, most = len(watched.crowd) / span, len(alike) / span, most_within(watched.all, 1)
    table = Table(title=f"{crowd:,} check-ins due at one minute, while people tap")
    for heading in (
        "questions a second",
        "everything a second",
        "of 30",
        "most in a second",
        "lost",
        "twice",
        "CPU ms each",
    ):
        table.add_column(heading, justify="right")
    for heading in ("tap idle ms", "99 %", "tap meanwhile ms", "99 %"):
        table.add_column(heading, justify="right")
    numbers = (
        f"{rate:.2f}",
        f"{used:.2f}",
        f"{used / CEILING:.1%}",
        str(most),
        str(lost),
        str(twice),
        f"{cpu * 1e3 / len(alike):.1f}",
    )
    table.add_row(*numbers, *(f"{value * 1e3:.0f}" for waits in (idle, meanwhile) for value in _middle(waits)))
    figures = {
        "crowd": crowd,
        "first_left_after_s": watched.crowd[0] - began,
        "seconds": span,
        "questions_per_second": rate,
        "everything_per_second": used,
        "most_in_a_second": most,
        "most_in_a_minute": most_within(watched.all, 60),
        "cpu_ms_per_message": cpu * 1e3 / len(alike),
        "lost": lost,
        "twice": twice,
        "taps_idle_ms": [round(wait * 1e3, 1) for wait in idle],
        "taps_meanwhile_ms": [round(wait * 1e3, 1) for wait in meanwhile],
    }
    return Findings(table, figures)


def _middle(waits: Sequence[float]) -> tuple[float, float]:
    return median(waits), quantiles(waits, n=100, method="inclusive")[-1]


def most_within(instants: Sequence[float], seconds: float) -> int:
    """Return how many of these instants lie at most in a span of so many seconds."""
    most = first = 0
    for number, at in enumerate(instants):
        while instants[first] <= at - seconds:
            first += 1
        most = max(most, number - first + 1)
    return most

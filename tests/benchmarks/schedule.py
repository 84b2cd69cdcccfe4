"""What waiting costs: a tick with nothing due among many rows, and how late a due question leaves."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median

from bot.app import started
from bot.clock import SystemClock
from bot.demo.server import LocalTelegram
from bot.domain.model import InboxId
from bot.domain.post import Receipt
from bot.keys import load_keys
from bot.services.planning import Span
from handlers.pacing import UNLIMITED
from tests.faults.people import FIRST_PATIENT, THERAPIST, code, enrol
from tests.practice import Practice, opened
from tests.process import housed

SIZES = (1_000, 10_000, 100_000)
TICKS = 200
QUESTIONS = 20

_SESSIONS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at)
SELECT 1000000 + i, 1, strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1600000000 + i * 60, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1600000060 + i * 60, 'unixepoch'), 'planned', '2020-01-01' FROM n
"""
_CHECK_INS = """
INSERT INTO check_ins (id, session_id, state, step, items, due_at, next_at)
SELECT id, id, CASE WHEN id % 10 THEN 'done' ELSE 'planned' END, 'understood', 'understood,sense,pending', ends_at,
       CASE WHEN id % 10 THEN NULL ELSE '2099-01-01T00:00:00.000000Z' END FROM sessions WHERE id >= 1000000
"""


async def ticks(folder: Path) -> dict[int, float]:
    """Return the milliseconds of a tick by the number of check-ins; one in ten is still to come."""
    found = {}
    for size in SIZES:
        (folder / str(size)).mkdir()
        async with opened(folder / str(size)) as practice:
            await practice.patient(await practice.therapist())
            _fill(practice, size)
            found[size] = await _tick(practice)
    return found


def _fill(practice: Practice, size: int) -> None:
    with closing(sqlite3.connect(practice.database)) as db:
        db.execute(_SESSIONS, (size,))
        db.execute(_CHECK_INS)
        db.commit()


async def _tick(practice: Practice) -> float:
    await practice.settle()
    taken = []
    for _ in range(TICKS):
        began = time.perf_counter()
        await practice.bot.scheduler.look()
        taken.append(time.perf_counter() - began)
    return median(taken) * 1e3


async def lateness(folder: Path) -> list[float]:
    """Return how many milliseconds after its due instant each of twenty questions reached Telegram."""
    async with housed(folder) as bot:
        await enrol(bot, QUESTIONS)
        clock, keys = SystemClock(), load_keys(bot.config)
        async with started(bot.config, keys, clock, UNLIMITED) as running:
            async with running.store.reading() as tx:
                visitor = await tx.people.visitor(THERAPIST)
            assert visitor.person is not None
            assert visitor.therapist is not None
            first_at = clock.now() + timedelta(seconds=2)
            due = [first_at + timedelta(milliseconds=150 * number) for number in range(QUESTIONS)]
            for number, at in enumerate(due, 1):
                span = Span(at - timedelta(minutes=50), at)
                receipt = Receipt(InboxId(-number))
                await running.services.agenda.note(visitor.therapist.id, code(number), span, visitor.person, receipt)
            running.scheduler.nudge()
            return [await _late(bot.telegram, number, at.timestamp()) for number, at in enumerate(due, 1)]


async def _late(telegram: LocalTelegram, number: int, due: float) -> float:
    phone = telegram.phone(FIRST_PATIENT + number, code(number))
    question = await phone.wait_for(lambda message: "10" in message.labels(), timeout=30)
    return (question.date.timestamp() - due) * 1e3

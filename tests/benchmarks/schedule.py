"""What waiting costs: a tick with nothing due among many rows, and how late a due question leaves."""

import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from rich.table import Table

from bot.app import started
from bot.clock import SystemClock
from bot.demo.server import LocalTelegram
from bot.domain.model import InboxId, PersonId, Urgency
from bot.domain.post import Receipt
from bot.keys import load_keys
from bot.services.planning import Span
from handlers.pacing import UNLIMITED
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from tests.benchmarks.crowd import FIRST, text, treat
from tests.benchmarks.findings import Findings
from tests.faults.people import FIRST_PATIENT, THERAPIST, code, enrol
from tests.practice import Practice, opened
from tests.process import housed

SIZES = (10_000, 100_000, 1_000_000)
"""Check-ins that are over; a fifth as many are still to come, and a tenth as many patients."""

LOOKS = 1000
STARTS = 5
QUESTIONS = 200
CLAIMED = 48

_PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :patients)
INSERT INTO people (id, chat, chat_ref, language, register, form, zone)
SELECT :first + i, x'00', CAST('made up ' || i AS BLOB), 'es', 'usted', 'neutral', 'Europe/Madrid' FROM n
"""
_SESSIONS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :past + :coming)
INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at)
SELECT :first + i, :first + 1 + i % :patients,
       strftime('%Y-%m-%dT%H:%M:%S.000000Z', began, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%S.000000Z', began + 3000, 'unixepoch'), 'planned', '2020-01-01T00:00:00.000000Z'
FROM (SELECT i, CASE WHEN i <= :past THEN 1600000000 + i * 60 ELSE 1900000000 + (i - :past) * 60 END AS began FROM n)
"""
_CHECK_INS = """
INSERT INTO check_ins (id, session_id, state, step, items, due_at, next_at)
SELECT id, id, CASE WHEN id <= :first + :past THEN 'done' ELSE 'planned' END, 'understood',
       'understood,sense,pending', ends_at, CASE WHEN id <= :first + :past THEN NULL ELSE ends_at END
FROM sessions WHERE id > :first
"""
_OUTBOX = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)
INSERT INTO outbox (key, person_id, kind, body, urgency, due_at, attempts, faults)
SELECT 'bench:' || i, 2, 'enrolled', :body, 3, :due, 0, 0 FROM n
"""


@dataclass(frozen=True, slots=True)
class Growth:
    """What waiting costs among so many rows: milliseconds of the next-due query and of a tick, seconds to start.

    `claim` is the milliseconds of finding the next messages when as many as `rows` are due.
    """

    rows: int
    dues: float
    tick: float
    start: float
    claim: float


async def growing(folder: Path) -> Findings:
    """Compare what waiting costs among ever more rows, beside the fewest."""
    found = await growth(folder)
    table = Table(title="Nothing due: the next-due query, a tick, and a start")
    for heading in (
        "check-ins",
        "to come",
        "patients",
        "query ms",
        "×",
        "tick ms",
        "×",
        "start s",
        "×",
        "claim ms",
        "×",
    ):
        table.add_column(heading, justify="right")
    least = found[0]
    for one in found:
        counts = (f"{one.rows:,}", f"{one.rows // 5:,}", f"{one.rows // 10:,}")
        pairs = ((one.dues, least.dues), (one.tick, least.tick), (one.start, least.start), (one.claim, least.claim))
        table.add_row(*counts, *(text for value, base in pairs for text in (f"{value:.2f}", f"{value / base:.2f}")))
    return Findings(table, {"sizes": [asdict(one) for one in found]})


async def growth(folder: Path) -> list[Growth]:
    """Measure with nothing due among ever more rows, each practice in turn: what disturbs one disturbs all."""
    async with AsyncExitStack() as stack:
        for size in SIZES:
            (folder / str(size)).mkdir()
        practices = [await _grown(stack, folder / str(size), size) for size in SIZES]
        dues = await _medians([practice.bot.store.dues for practice in practices])
        ticks = await _medians([practice.bot.scheduler.look for practice in practices])
        starts = await _medians([partial(_restart, practice) for practice in practices], STARTS)
        for practice in practices:
            await practice.stop()
        claims = await _claims(practices)
        for practice in practices:
            await practice.start()
    found = zip(SIZES, dues, ticks, starts, claims, strict=True)
    return [Growth(size, due * 1e3, tick * 1e3, start, claim * 1e3) for size, due, tick, start, claim in found]


async def _grown(stack: AsyncExitStack, folder: Path, size: int) -> Practice:
    practice = await stack.enter_async_context(opened(folder))
    await practice.patient(await practice.therapist())
    _fill(practice, size)
    await practice.settle()
    return practice


def _fill(practice: Practice, size: int) -> None:
    values = {"past": size, "coming": size // 5, "patients": size // 10, "first": FIRST}
    with closing(sqlite3.connect(practice.database)) as db:
        db.execute(_PEOPLE, values)
        treat(db)
        for statement in (_SESSIONS, _CHECK_INS):
            db.execute(statement, values)
        db.commit()


async def _medians(looks: Sequence[Callable[[], Awaitable[object]]], times: int = LOOKS) -> list[float]:
    """Return the seconds of each, taken in turn."""
    taken: list[list[float]] = [[] for _ in looks]
    for _ in range(times):
        for look, seconds in zip(looks, taken, strict=True):
            began = time.perf_counter()
            await look()
            seconds.append(time.perf_counter() - began)
    return [median(seconds) for seconds in taken]


async def _restart(practice: Practice) -> None:
    await practice.stop()
    await practice.start()


async def _claims(practices: Sequence[Practice]) -> list[float]:
    """Return the seconds that it takes to find the next messages while as many are due as there are check-ins."""
    async with AsyncExitStack() as stack:
        looks = []
        for practice, size in zip(practices, SIZES, strict=True):
            keys = KeyRing(practice.keys.seal, practice.keys.index)
            body, due = keys.seal('{"kind":"enrolled"}'), text(practice.clock.now())
            _write(practice, _OUTBOX, size=size, body=body, due=due)
            stack.callback(_write, practice, "DELETE FROM outbox WHERE key LIKE 'bench:%'")
            engine = make_engine(f"sqlite+aiosqlite:///{practice.database}")
            store = await stack.enter_async_context(Database(engine, keys, practice.clock.now))
            looks.append(partial(_claim, store, practice.clock.now()))
        return await _medians(looks)


async def _claim(store: Database, now: datetime) -> None:
    async with store.glancing() as tx:
        found = await tx.outbox.due(now, dict.fromkeys(Urgency, CLAIMED), {PersonId(1)}, {PersonId(1)})
    assert len(found) == CLAIMED


def _write(practice: Practice, statement: str, **values: object) -> None:
    with closing(sqlite3.connect(practice.database)) as db:
        db.execute(statement, values)
        db.commit()


async def late(folder: Path) -> Findings:
    """Say how late due questions leave when nothing else waits."""
    waited = await lateness(folder)
    worst = quantiles(waited, n=100, method="inclusive")[-1]
    said = (
        f"{len(waited)} due questions left {median(waited):.0f} ms late (median), {worst:.0f} ms (99 %), "
        f"{max(waited):.0f} ms at most."
    )
    return Findings(said, {"late_ms": waited})


async def lateness(folder: Path) -> list[float]:
    """Return how many milliseconds after its due instant each of the questions reached Telegram."""
    async with housed(folder) as bot:
        await enrol(bot, QUESTIONS)
        clock, keys = SystemClock(), load_keys(bot.config)
        async with started(bot.config, keys, clock, UNLIMITED) as running:
            async with running.store.reading() as tx:
                visitor = await tx.people.visitor(THERAPIST)
            assert visitor.person is not None
            assert visitor.therapist is not None
            first_at = clock.now() + timedelta(seconds=15)
            due = [first_at + timedelta(milliseconds=150 * number) for number in range(QUESTIONS)]
            for number, at in enumerate(due, 1):
                span = Span(at - timedelta(minutes=50), at)
                receipt = Receipt(InboxId(-number))
                await running.services.agenda.note(visitor.therapist.id, code(number), span, visitor.person, receipt)
            running.scheduler.nudge()
            return [await _late(bot.telegram, number, at.timestamp()) for number, at in enumerate(due, 1)]


async def _late(telegram: LocalTelegram, number: int, due: float) -> float:
    phone = telegram.phone(FIRST_PATIENT + number, code(number))
    question = await phone.wait_for(lambda message: "10" in message.labels(), timeout=120)
    return (question.date.timestamp() - due) * 1e3

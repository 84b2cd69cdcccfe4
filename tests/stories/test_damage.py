"""A cheap disk spoils a page of the practice's database while the bot runs: what lies elsewhere goes on.

Iker, who looks after it, hears of it within minutes whatever was spoiled, for somebody may wait in vain meanwhile.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import aiosqlite
import pytest

from bot.demo.phone import Phone
from bot.domain.errors import StoreUnavailableError
from bot.domain.model import Role
from storage.check_ins import CheckInRows
from tests.practice import Practice, said

pytestmark = pytest.mark.file

MINUTE = timedelta(minutes=1)
BEGUN = "Una parte de la base de datos no se puede usar desde hoy a las 17:"
OVER = "Vuelve a estar bien: puedo guardar y leer todo."


@pytest.fixture
async def iker(practice: Practice) -> Phone:
    return await practice.enrolled(Role.OPERATOR, 120, "Iker")


def told(phone: Phone) -> list[str]:
    return [text for text in said(phone) if "base de datos" in text or text.startswith("Vuelve")]


@asynccontextmanager
async def spoiled(practice: Practice, *names: str) -> AsyncIterator[None]:
    """Overwrite the first page of tables or indexes while they are used; put them back as they were in the end."""
    await practice.bot.settled()
    async with aiosqlite.connect(practice.database) as db:
        [(size,)] = await db.execute_fetchall("PRAGMA page_size")
        marks = ",".join("?" * len(names))
        asked = f"SELECT rootpage FROM sqlite_master WHERE name IN ({marks})"  # noqa: S608 - marks only
        offsets = [(page - 1) * size for (page,) in await db.execute_fetchall(asked, names)]
        await db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert len(offsets) == len(names)
    with practice.database.open("r+b", buffering=0) as file:
        kept = {}
        for offset in offsets:
            file.seek(offset)
            kept[offset] = file.read(size)
            file.seek(offset)
            file.write(b"\xff" * size)
    await said_once(practice)
    try:
        yield
    finally:
        with practice.database.open("r+b", buffering=0) as file:
            for offset, page in kept.items():
                file.seek(offset)
                file.write(page)
        await said_once(practice)


async def said_once(practice: Practice) -> None:
    """Write one row from outside: whoever remembers pages reads them anew."""
    async with aiosqlite.connect(practice.database) as db:
        await db.execute("INSERT OR REPLACE INTO facts VALUES ('spoiled', 'yes')")
        await db.commit()


@contextmanager
def refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the database refuse one kind of work, and nothing else."""

    async def no(*_: object, **__: object) -> None:
        raise StoreUnavailableError("The database cannot be used now: disk I/O error.")

    with monkeypatch.context() as patched:
        patched.setattr(CheckInRows, "due", no)
        yield


async def minutes(practice: Practice, count: int) -> None:
    for _ in range(count):
        practice.clock.advance(MINUTE)
        await practice.bot.settled()


async def test_where_nobody_can_be_asked_the_operator_hears_of_it_and_of_its_end(
    practice: Practice, iker: Phone
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await minutes(practice, 1)
    await practice.session_ends(ruiz, ask=False)
    async with spoiled(practice, "check_ins"):
        await minutes(practice, 30)
        [begun] = told(iker)
        warnings = await practice.bot.health.warnings()
    await minutes(practice, 100)

    assert begun.startswith(BEGUN)
    assert "Restaure hoy la última copia" in begun
    assert "a part of it cannot be used" in warnings["database"]
    assert told(iker)[1][: len(OVER)] == OVER
    assert len(told(iker)) == 2
    assert told(ana) == []


async def test_where_no_message_can_leave_the_operator_hears_of_it_all_the_same(
    practice: Practice, iker: Phone
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await minutes(practice, 1)
    async with spoiled(practice, "outbox"):
        await ana.send("quiero morir")
        await minutes(practice, 10)

        assert [text[: len(BEGUN)] for text in told(iker)] == [BEGUN]


async def test_where_nothing_that_comes_in_can_be_kept_the_operator_hears_of_it(
    practice: Practice, iker: Phone
) -> None:
    await minutes(practice, 1)
    async with spoiled(practice, "inbox"):
        await iker.send("¿Hola?")
        await minutes(practice, 10)

        assert [text[: len(BEGUN)] for text in told(iker)] == [BEGUN]


async def test_damage_that_lasts_is_told_again_a_day_later(practice: Practice, iker: Phone) -> None:
    await practice.patient(await practice.therapist())
    await minutes(practice, 1)
    async with spoiled(practice, "ix_check_ins_next_at"):
        await minutes(practice, 4)
        assert len(told(iker)) == 1
        for _ in range(5):
            practice.clock.advance(timedelta(hours=5))
            await practice.bot.settled()

        assert [text[:40] for text in told(iker)] == [BEGUN[:40], "Sigue igual que en el último aviso.\nUna "]


async def test_after_a_restart_it_is_neither_over_nor_told_anew_at_once(practice: Practice, iker: Phone) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    async with spoiled(practice, "check_ins"):
        await minutes(practice, 20)
        before = told(iker)
    await practice.stop()
    await practice.start()
    await minutes(practice, 5)
    during = told(iker)
    for _ in range(3):
        await practice.pass_time(timedelta(minutes=30))

    assert [text[: len(BEGUN)] for text in before] == [BEGUN]
    assert during == before
    assert [text[: len(OVER)] for text in told(iker)[1:]] == [OVER]


async def test_one_kind_of_work_that_is_refused_for_minutes_is_told_and_keeps_no_other_from_being_done(
    practice: Practice, iker: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    luis = await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    with refused(monkeypatch):
        practice.clock.advance(timedelta(hours=3))
        await practice.bot.settled()
        await minutes(practice, 1)
        assert told(iker) == []
        await practice.says(luis, "quiero morir")
        alerted = said(ruiz)[-1]
        await minutes(practice, 5)
        assert [text[:40] for text in told(iker)] == [BEGUN[:40]]
    await minutes(practice, 10)

    assert "P-08" in alerted
    assert [text[: len(OVER)] for text in told(iker)[1:]] == [OVER]

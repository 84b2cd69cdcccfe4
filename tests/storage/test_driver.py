"""How often SQLite's thread is asked, and what is said to it after a transaction has ended by itself."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import Database
from storage.engine import WRITES, make_engine
from tests.storage.records import NOW, rows

CHORE = "INSERT INTO chores (name, next_at) VALUES (:name, 0)"


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    """Open the engine on a file with the present schema."""
    made = AsyncEngine(make_engine(f"sqlite+aiosqlite:///{path}").execution_options(**{WRITES: True}))
    yield made
    await made.dispose()


@pytest.fixture
def errands(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Count how often the thread of a connection was asked since the last count."""
    caplog.set_level(logging.DEBUG, "aiosqlite")

    def since() -> int:
        asked = [record for record in caplog.records if record.msg == "executing %s"]
        caplog.clear()
        return len(asked)

    return since


async def test_the_thread_is_asked_once_for_a_statement_and_once_for_the_end(
    store: Database, errands: Callable[[], int]
) -> None:
    await store.dues()  # opens the connection
    errands()

    async with store.reading() as tx:
        await tx.chores.due(NOW)
    assert errands() == 2

    async with store.transaction() as tx:
        await tx.chores.plan("a chore", NOW)
        await tx.chores.plan("another chore", NOW)
    assert errands() == 3


async def test_a_transaction_in_which_nothing_is_said_asks_for_nothing(
    store: Database, errands: Callable[[], int]
) -> None:
    await store.dues()
    errands()

    async with store.reading():
        pass

    assert errands() == 0


async def test_nothing_is_kept_after_a_transaction_has_ended_by_itself(engine: AsyncEngine, path: Path) -> None:
    async def keep_both() -> None:
        async with engine.begin() as connection:
            await connection.execute(text(CHORE), {"name": "first"})
            with pytest.raises(IntegrityError):
                await connection.execute(text(CHORE.replace("INSERT", "INSERT OR ROLLBACK")), {"name": "first"})
            await connection.execute(text(CHORE), {"name": "second"})

    with pytest.raises(OperationalError, match="ended by itself"):
        await keep_both()

    assert rows(path, "SELECT name FROM chores") == []


async def test_nor_is_its_end_taken_for_a_commit(engine: AsyncEngine, path: Path) -> None:
    async def keep_one() -> None:
        async with engine.begin() as connection:
            await connection.execute(text(CHORE), {"name": "first"})
            with pytest.raises(IntegrityError):
                await connection.execute(text(CHORE.replace("INSERT", "INSERT OR ROLLBACK")), {"name": "first"})

    with pytest.raises(OperationalError, match="ended by itself"):
        await keep_one()

    assert rows(path, "SELECT name FROM chores") == []


async def test_the_connection_serves_again_after_that(engine: AsyncEngine, path: Path) -> None:
    await test_nor_is_its_end_taken_for_a_commit(engine, path)

    async with engine.begin() as connection:
        await connection.execute(text(CHORE), {"name": "third"})

    assert rows(path, "SELECT name FROM chores") == [{"name": "third"}]


async def test_values_do_not_come_into_the_log_of_the_thread(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "aiosqlite")

    async with engine.begin() as connection:
        await connection.execute(text(CHORE), {"name": "canary"})

    assert "executing" in caplog.text
    assert "canary" not in caplog.text


HALF = "\ud800"
"""Half of a character: no text that SQLite can take."""


async def test_a_value_that_cannot_be_written_is_no_closed_connection(store: Database, path: Path) -> None:
    async def plan(*names: str) -> None:
        async with store.transaction() as tx:
            for name in names:
                await tx.chores.plan(name, NOW)

    with pytest.raises(UnicodeEncodeError):
        await plan("first", HALF)
    await plan("second")

    assert rows(path, "SELECT name FROM chores") == [{"name": "second"}]


async def test_a_closed_connection_is_no_value_that_cannot_be_written(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text(CHORE), {"name": "first"})
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.close()

        with pytest.raises(OperationalError):
            await connection.execute(text(CHORE), {"name": "second"})

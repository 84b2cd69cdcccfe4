"""The log is said to be empty only when it is: while somebody reads, what was deleted still stands in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.emptying import emptied
from tests.storage.records import raw


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a second connection on a database with a log."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("INSERT INTO facts VALUES ('kolibri', 'kolibri')")
        yield db


def log(path: Path) -> bytes:
    return path.with_name(f"{path.name}-wal").read_bytes()


async def test_while_somebody_reads_it_is_not_empty(path: Path, other: sqlite3.Connection) -> None:
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM facts").fetchone()
    with raw(path) as db:
        db.execute("DELETE FROM facts")

    assert not await emptied(path)
    assert log(path)
    other.execute("COMMIT")

    assert await emptied(path)
    assert log(path) == b""


async def test_while_somebody_writes_it_is_not_empty(path: Path, other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")

    assert not await emptied(path)
    other.execute("COMMIT")

    assert await emptied(path)

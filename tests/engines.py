"""Which engine a test runs on, and the database that stands behind a path: a file, or what takes its place on a server.

A test names its database by the path of a file, whichever engine it runs on.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Engine

from storage import driver as sqlite
from storage import engine
from storage.places import Place, place_of
from storage.postgres import engine as postgres
from storage.postgres.address import Address
from storage.postgres.seats import first_words
from storage.speaking import NOBODYS, Transaction
from tests.server import Server

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
REFUSALS: Final = (sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError)


class Chosen:
    """The server that the test under way runs on, if it runs on one."""

    server: Server | None = None


@contextmanager
def served_by(server: Server) -> Iterator[None]:
    """Let every database that is named meanwhile be on a server."""
    Chosen.server = server
    try:
        yield
    finally:
        Chosen.server = None
        server.forget()


def server_of(file: Path) -> Server | None:
    """Return the server on which the database is that a path stands for; None: it is a file.

    What several tests share is made before any of them has chosen, and stays a file.
    """
    return None if file.exists() else Chosen.server


def url_of(file: Path) -> str:
    """Return the URL of the database that a path stands for."""
    server = server_of(file)
    return server.url_of(file) if server else f"sqlite+aiosqlite:///{file}"


class Raw:
    """A database seen with plain SQL, each statement its own transaction, in the words of SQLite."""

    def __init__(self, connection: Any, *, is_server: bool) -> None:
        self._connection = connection
        self._is_server = is_server

    def execute(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> Any:
        """Execute; the rows are mappings."""
        if self._is_server:
            return self._connection.execute(in_words_of_postgresql(sql) if values else _bytes(sql), values or None)
        return self._connection.execute(sql, values)

    def begin_writing(self) -> None:
        """Hold the database as a transaction that writes does."""
        self._connection.execute(
            "; ".join(first_words(Transaction.WRITING, NOBODYS))
            if self._is_server
            else sqlite.BEGINS[Transaction.WRITING]
        )

    def rollback(self) -> None:
        """Undo what was begun."""
        self._connection.execute("ROLLBACK")


@contextmanager
def raw(file: Path) -> Iterator[Raw]:
    """See (or spoil) a database with plain SQL, foreign keys on."""
    if server_of(file):
        conninfo = Address(url_of(file)).conninfo()
        with closing(psycopg.connect(conninfo, autocommit=True, row_factory=dict_row)) as server:
            yield Raw(server, is_server=True)
        return
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys=ON")
        yield Raw(db, is_server=False)


def rows(file: Path, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Look into a database with plain SQL."""
    with raw(file) as db:
        return [dict(row) for row in db.execute(sql, values)]


@contextmanager
def away(file: Path) -> Iterator[None]:
    """Let nobody read or write: a file is held, a server is stopped, and started again."""
    if (server := server_of(file)) is not None:
        with server.stopped():
            yield
        return
    with closing(sqlite3.connect(file, isolation_level=None)) as mine:
        mine.execute("BEGIN EXCLUSIVE")
        yield
        mine.execute("ROLLBACK")


def offline(file: Path) -> Engine:
    """Return an engine for work in a thread."""
    return postgres.offline_engine(Address(url_of(file))) if server_of(file) else engine.offline_engine(file)


def orphans(file: Path) -> list[dict[str, Any]]:
    """Return the rows without their parent; a server never keeps any."""
    return [] if server_of(file) else rows(file, "PRAGMA foreign_key_check")


def place(file: Path) -> Place:
    """Return the place that a path stands for."""
    return place_of(url_of(file))


def in_words_of_postgresql(sql: str) -> str:
    """Write the parameters as psycopg reads them."""
    return re.sub(r"(?<![:\w]):(\w+)", r"%(\1)s", _bytes(sql).replace("%", "%%")).replace("?", "%s")


def _bytes(sql: str) -> str:
    return re.sub(r"\bx'([0-9a-f]*)'", r"'\\x\1'::bytea", sql)


def reason_of(refusal: BaseException) -> str:
    """Say why a row was refused in SQLite's words, whichever engine did it."""
    if not isinstance(refusal, psycopg.Error):
        return str(refusal)
    diag = refusal.diag
    match refusal:
        case psycopg.errors.ForeignKeyViolation():
            return "FOREIGN KEY constraint failed"
        case psycopg.errors.UniqueViolation():
            keys = re.findall(r"\w+", (diag.message_detail or "").partition(")=(")[0].partition("(")[2])
            return f"UNIQUE constraint failed: {', '.join(f'{diag.table_name}.{key}' for key in keys)}"
        case psycopg.errors.NotNullViolation():
            return f"NOT NULL constraint failed: {diag.table_name}.{diag.column_name}"
        case _:
            return diag.message_primary or ""

"""SQLite's thread is asked once for each statement, not four times.

aiosqlite does every call of the driver on a thread of its own, and SQLAlchemy makes, runs, reads and closes a cursor by
four calls: going to the thread and back costs more than most statements.  Here a cursor is one errand, `BEGIN` goes
along with the first statement of its transaction, and a connection that has just committed, or on which no transaction
was ever begun, is not rolled back on its way into the pool.

Trap: whoever waits inside SQLite for another program to let go of the database cannot be told to give up.  So SQLite
waits a moment only, and the rest of the waiting, before anything of the transaction was done, is on the event loop.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util.concurrency import await_

from bot.domain.errors import StoreDamagedError, StoreTroubleError, StoreUnavailableError
from storage.prepared import DIALECT
from storage.speaking import Concerning, Kind, Operation, Transaction

HELD_AT_MOST: Final = 5.0
"""Seconds for which a transaction waits to begin while another program holds the database."""

MOMENT: Final = 0.1
"""Seconds for which SQLite itself waits."""

BREATH: Final = 0.01
"""Seconds before it is asked again."""

BEGINS: Final = {Transaction.WRITING: "BEGIN IMMEDIATE", Transaction.READING: "BEGIN"}

HELD: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY}
"""What SQLite says when another program is in the way, for now."""


def module() -> AsyncAdapt_aiosqlite_dbapi:
    """Return what `create_engine` takes as its module."""
    return _Driver(aiosqlite, sqlite3)


@dataclass(slots=True, repr=False)
class _Left:
    """What a statement leaves behind: SQLAlchemy looks for it where the cursor of the driver would be."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1

    def close(self) -> None:
        """Do nothing: the cursor was closed where it was made."""


@dataclass(frozen=True, slots=True, repr=False)
class _Statement:
    """What is run on SQLite's thread, after a `BEGIN` that has not been said yet.

    aiosqlite writes the `repr` of whatever it runs into its log: this one has none that tells anything.
    """

    begin: str | None
    operation: str
    parameters: Any
    many: bool

    def run(self, connection: sqlite3.Connection) -> tuple[_Left, list[Any]]:
        if self.begin:
            connection.execute(self.begin).close()
        run: Callable[..., sqlite3.Cursor] = connection.executemany if self.many else connection.execute
        cursor = run(self.operation, self.parameters)
        rows = cursor.fetchall()
        left = _Left(cursor.description, cursor.rowcount, cursor.lastrowid)
        cursor.close()
        return left, rows


@dataclass(frozen=True, slots=True, repr=False)
class _Errand:
    """Several statements in a row, perhaps from the beginning of a transaction, perhaps to its end."""

    begin: str | None
    operations: Sequence[Operation]
    commits: bool

    def run(self, connection: sqlite3.Connection) -> list[tuple[int, list[Any]]]:
        if self.begin:
            connection.execute(self.begin).close()
        found = [self._one(connection, operation) for operation in self.operations]
        if self.commits:
            connection.commit()
        return found

    def _one(self, connection: sqlite3.Connection, operation: Operation) -> tuple[int, list[Any]]:
        statement, parameters, many = operation
        cursor = connection.executemany(statement, parameters) if many else connection.execute(statement, parameters)
        return cursor.rowcount, cursor.fetchall()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()
    _awaitable_cursor_close = False
    _adapt_connection: "Connection"

    def _make_new_cursor(self, _connection: Any) -> Any:
        return _Left()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._run(operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._run(operation, seq_of_parameters, many=True)

    async def _run(self, operation: str, parameters: Any, *, many: bool = False) -> None:
        self._cursor, rows = await self._adapt_connection.done(operation, parameters, many=many)
        self._rows = deque(rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection that knows whether a transaction is to be ended.  What is said without BEGIN stands alone.

    SQLite ends a transaction by itself when the disk is full or fails; whatever were said next would be kept alone.  So
    nothing is said any more until the transaction is rolled back.
    """

    __slots__ = ("_begin", "_lost", "_used")
    _cursor_cls = _Cursor
    dialect = DIALECT
    is_lost = False
    """A file does not go away; what SQLAlchemy gives up, it tells itself."""

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._begin: str | None = None
        self._used = self._lost = False

    def begin(self, kind: Kind) -> None:
        """Let the next statement begin a transaction; a transaction without any is none."""
        self._begin = BEGINS[Transaction.WRITING if isinstance(kind, Concerning) else kind]

    async def done(self, operation: str, parameters: Any, *, many: bool) -> Any:
        """Run a statement to its end; return what it left, and its rows."""
        return await self._errand(lambda begin: _Statement(begin, operation, parameters, many))

    async def said(self, operations: Sequence[Operation], *, commits: bool = False) -> list[tuple[int, list[Any]]]:
        """Run statements in a row, perhaps to the end of the transaction; return what each changed, and its rows."""
        found: list[tuple[int, list[Any]]] = await self._errand(lambda begin: _Errand(begin, operations, commits))
        if commits:
            self._used = False
        return found

    async def _errand(self, made: Callable[[str | None], _Statement | _Errand]) -> Any:
        self._refuse_if_lost()
        async with self._execute_mutex:
            errand = made(self._begin)
            self._used |= self._begin is not None  # to be rolled back also when the waiting is given up
            self._begin = None
            try:
                return await self._run(errand)
            except aiosqlite.Error:
                self._lost = self._used and not self._connection.in_transaction
                raise
            except ValueError as error:
                if self._is_open:  # then it is a value's own fault, such as half a character
                    raise
                raise aiosqlite.OperationalError(str(error)) from None

    async def _run(self, errand: _Statement | _Errand) -> Any:
        """Have SQLite's thread run an errand; the first of a transaction as soon as no other program is in its way."""
        given_up = asyncio.get_running_loop().time() + HELD_AT_MOST
        while True:
            try:
                return await self._connection._execute(errand.run, self._connection._conn)  # noqa: SLF001 - the errand
            except aiosqlite.OperationalError as error:
                is_held = getattr(error, "sqlite_errorcode", None) in HELD
                if not (is_held and errand.begin) or asyncio.get_running_loop().time() >= given_up:
                    raise
            await self._connection.rollback()
            await asyncio.sleep(BREATH)

    def commit(self) -> None:
        """Commit, if there is anything to commit: as SQLAlchemy asks for it."""
        await_(self.committed([]))

    def rollback(self) -> None:
        """Roll back, if there is anything to roll back: as SQLAlchemy asks for it."""
        await_(self.rolled_back())

    async def committed(self, last: Sequence[Operation]) -> None:
        """Run what is left to be said and commit, if there is anything to commit."""
        self._refuse_if_lost()
        if last or self._used:
            await self.said(last, commits=True)
        self._begin = None

    async def rolled_back(self) -> None:
        """Roll back, if there is anything to roll back."""
        self._begin = None
        if self._used and self._is_open:  # a closed one has nothing to end
            await self._connection.rollback()
        self._used = self._lost = False

    @contextmanager
    def errors_as_sqlalchemy_has_them(self) -> Iterator[None]:
        """Raise what SQLAlchemy would have raised; it tells neither statement nor values."""
        try:
            yield
        except sqlite3.Error as error:
            made = DBAPIError.instance(None, None, error, sqlite3.Error, hide_parameters=True, dialect=DIALECT)
            raise made from error

    @property
    def _is_open(self) -> bool:
        return bool(self._connection._running and self._connection._connection)  # noqa: SLF001 - nobody else tells

    def _refuse_if_lost(self) -> None:
        if self._lost:
            raise aiosqlite.OperationalError("the transaction has ended by itself")


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> Connection:
        return Connection(self, super().connect(*arg, **kw)._connection)  # noqa: SLF001 - wrapped anew

    def trouble(self, error: DBAPIError) -> StoreTroubleError | None:
        """Say in our words what is wrong with the database.  Trap: an overwritten file is no operational error."""
        kind, reason = type(error).__name__, str(error.orig)
        is_no_database = "not a database" in reason
        if kind == "DatabaseError" and not is_no_database:
            return StoreDamagedError(f"The database is damaged: {reason}.")
        away = error.connection_invalidated or isinstance(error.orig, OSError)
        if away or is_no_database or kind in {"OperationalError", "InterfaceError"}:
            return StoreUnavailableError(f"The database cannot be used now: {reason}.")
        return None

"""One connection in the hands of one transaction after another.

What was prepared goes straight to the driver, everything else through SQLAlchemy, on the same connection and in the same
transaction.  A connection stays with SQLAlchemy's pool for the life of the store: to borrow, begin and give back through
it takes longer than most transactions.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import driver
from storage.prepared import DIALECT, Prepared

CONNECTIONS: Final = 4
WAIT_AT_MOST: Final = 30.0
"""Seconds for which a free connection is waited for."""

Question = tuple[Prepared, Mapping[str, Any]]
"""A prepared statement with its values."""

Answer = TypeVar("Answer")


class Session:
    """What groups of tables speak to."""

    def __init__(self, connection: AsyncConnection, spoken_to: driver.Connection) -> None:
        self._connection = connection
        self._driver = spoken_to

    async def execute(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Execute through SQLAlchemy."""
        return await self._connection.execute(statement, values)

    async def run_sync(self, work: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
        """Let work that is written for a plain connection have this one."""
        return await self._connection.run_sync(work, *arguments, **options)

    async def do(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        """Run one statement; return how many rows it changed."""
        left, _ = await self._run(statement.operation, statement.parameters(values))
        return int(left.rowcount)

    async def do_each(self, statement: Prepared, rows: Iterable[Mapping[str, Any]]) -> int:
        """Run one statement for each row; return how many rows that changed in all."""
        left, _ = await self._run(statement.operation, [statement.parameters(row) for row in rows], many=True)
        return int(left.rowcount)

    async def ask(self, *questions: Question) -> Sequence[list[dict[str, Any]]]:
        """Ask several things at once; return the rows of each."""
        said = [(one.operation, one.parameters(values)) for one, values in questions]
        try:
            found = await self._driver.asked(said)
        except sqlite3.Error as error:
            raise _as_sqlalchemy_has_it(error, said[0][0]) from error
        return [one.rows(rows) for (one, _), rows in zip(questions, found, strict=True)]

    async def _run(self, operation: str, parameters: Any, *, many: bool = False) -> Any:
        try:
            return await self._driver.done(operation, parameters, many=many)
        except sqlite3.Error as error:
            raise _as_sqlalchemy_has_it(error, operation) from error

    # The transaction

    def begin(self, statement: str | None) -> None:
        """Let the next statement begin a transaction; None: each statement stands alone."""
        if statement is not None:
            self._driver.begin(statement)

    async def commit(self) -> None:
        """Keep what was done."""
        if self._connection.in_transaction():
            await self._connection.commit()
        else:
            try:
                await self._driver.committed()
            except sqlite3.Error as error:
                raise _as_sqlalchemy_has_it(error, "COMMIT") from error

    async def rollback(self) -> None:
        """Undo what was done."""
        if self._connection.in_transaction():
            await self._connection.rollback()
        await self._driver.rolled_back()

    @property
    def is_broken(self) -> bool:
        """Say whether SQLAlchemy has given the connection up."""
        return self._connection.closed or self._connection.invalidated

    async def close(self) -> None:
        """Give the connection back."""
        await self._connection.close()


class Sessions:
    """The connections of one store, opened as they are needed; as many as may be at work at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._idle: list[Session] = []
        self._free = asyncio.Semaphore(CONNECTIONS)

    @asynccontextmanager
    async def transaction(self, begin: str | None) -> AsyncIterator[Session]:
        """Lend a connection for one transaction, which is kept unless something is raised.  See `Session.begin`.

        TimeoutError when there is none for half a minute.
        """
        async with asyncio.timeout(WAIT_AT_MOST) if self._free.locked() else nullcontext():
            await self._free.acquire()
        try:
            session = self._idle.pop() if self._idle else await self._opened()
            try:
                session.begin(begin)
                yield session
                await session.commit()
            except BaseException:
                await self._undone(session)
                raise
            self._idle.append(session)
        finally:
            self._free.release()

    async def _opened(self) -> Session:
        connection = await self._engine.connect()
        raw = await connection.get_raw_connection()
        return Session(connection, cast("driver.Connection", raw.dbapi_connection))

    async def _undone(self, session: Session) -> None:
        """Roll back; a connection on which that fails is not used again."""
        try:
            await session.rollback()
        except BaseException:
            await session.close()
            raise
        if session.is_broken:
            await session.close()
        else:
            self._idle.append(session)

    async def close(self) -> None:
        """Give every connection back."""
        while self._idle:
            await self._idle.pop().close()


def _as_sqlalchemy_has_it(error: sqlite3.Error, operation: str) -> Exception:
    """Return what SQLAlchemy would have raised; it tells no values."""
    made = DBAPIError.instance(operation, None, error, sqlite3.Error, hide_parameters=True, dialect=DIALECT)
    return cast("Exception", made)

"""One connection in the hands of one transaction after another.

What was prepared goes straight to the driver, everything else through SQLAlchemy, on the same connection and in the
same transaction.  Connections are borrowed from SQLAlchemy for the life of the store: to borrow, begin and give back
takes longer than most transactions.  What waits for SQLite's thread in SQLAlchemy's plain calls is awaited by
`greenlet_spawn`, as `sqlalchemy.ext.asyncio` does it, which would bring the whole ORM along.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.util import greenlet_spawn

from storage.prepared import Prepared
from storage.speaking import Kind, Operation, Spoken, Transaction

CONNECTIONS: Final = 4
WAIT_AT_MOST: Final = 30.0
"""Seconds for which a free connection is waited for."""

Values = Mapping[str, Any]
Question = tuple[Prepared, Values]
"""A prepared statement with its values."""

Said = tuple[int, list[Any]]
"""How many rows a statement changed, and what it found."""

Answer = TypeVar("Answer")


class Session:
    """What groups of tables speak to."""

    def __init__(self, connection: Connection, spoken_to: Spoken) -> None:
        self._connection = connection
        self._driver = spoken_to
        self._later: list[Operation] = []
        self._alone = False

    @property
    def dialect(self) -> Dialect:
        """Return the dialect that is spoken here."""
        return self._driver.dialect

    async def execute(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Execute through SQLAlchemy."""
        await self._said()
        return await greenlet_spawn(self._connection.execute, statement, values)

    async def run_sync(self, work: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
        """Let work that is written for a plain connection have this one."""
        await self._said()
        return await greenlet_spawn(work, self._connection, *arguments, **options)

    async def do(self, statement: Prepared, values: Values) -> int:
        """Run one statement; return how many rows it changed."""
        one = statement.said_in(self.dialect)
        ((count, _),) = await self._say([(one.operation, one.parameters(values), False)])
        return count

    def do_later(self, statement: Prepared, *rows: Values) -> None:
        """Run a statement for each row, together with whatever is said next, which may be the end."""
        one = statement.said_in(self.dialect)
        self._later.append((one.operation, [one.parameters(row) for row in rows], True))

    async def ask(self, *questions: Question) -> Sequence[list[dict[str, Any]]]:
        """Ask several things at once, of one view; return the rows of each."""
        asked = [(one.said_in(self.dialect), values) for one, values in questions]
        together = self._alone and len(asked) > 1
        if together:
            self._driver.begin(Transaction.READING)
        said = [(one.operation, one.parameters(values), False) for one, values in asked]
        found = await self._say(said, commits=together)
        return [one.rows(rows) for (one, _), (_, rows) in zip(asked, found, strict=True)]

    async def _say(self, operations: Sequence[Operation], *, commits: bool = False) -> list[Said]:
        """Say what was left for later, then this; return what came of this."""
        before, self._later = self._later, []
        with self._driver.errors_as_sqlalchemy_has_them():
            return (await self._driver.said([*before, *operations], commits=commits))[len(before) :]

    async def _said(self) -> None:
        if self._later:
            await self._say([])

    # The transaction

    def begin(self, kind: Kind | None) -> None:
        """Let the next statement begin a transaction; None: whatever is said stands alone."""
        self._alone = kind is None
        self._later.clear()
        if kind is not None:
            self._driver.begin(kind)

    async def commit(self) -> None:
        """Keep what was done."""
        if self._connection.in_transaction():
            await self._said()
            await greenlet_spawn(self._connection.commit)
        else:
            last, self._later = self._later, []
            with self._driver.errors_as_sqlalchemy_has_them():
                await self._driver.committed(last)

    async def rollback(self) -> None:
        """Undo what was done.

        Trap: after a commit that failed SQLAlchemy says that it is in no transaction, and yet waits for the rollback.
        """
        await greenlet_spawn(self._connection.rollback)
        await self._driver.rolled_back()

    @property
    def is_broken(self) -> bool:
        """Say whether the connection cannot be used any more."""
        return self._connection.closed or self._connection.invalidated or self._driver.is_lost

    async def close(self) -> None:
        """Give the connection back."""
        await greenlet_spawn(self._connection.close)


class Sessions:
    """The connections of one store, opened as they are needed; as many as may be at work at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Session] = []
        self._free = asyncio.Semaphore(CONNECTIONS)

    @asynccontextmanager
    async def transaction(self, kind: Kind | None) -> AsyncIterator[Session]:
        """Lend a connection for one transaction, which is kept unless something is raised.  See `Session.begin`.

        SQLAlchemy's TimeoutError when there is none for half a minute.
        """
        await self._turn()
        try:
            session = self._idle.pop() if self._idle else await self._opened()
            try:
                session.begin(kind)
                yield session
                await session.commit()
            except BaseException:
                await self._undone(session)
                raise
            self._idle.append(session)
        finally:
            self._free.release()

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(WAIT_AT_MOST) if self._free.locked() else nullcontext():
                await self._free.acquire()
        except TimeoutError:
            raise NoneFreeError("no connection is free") from None

    async def _opened(self) -> Session:
        connection = await greenlet_spawn(self._engine.connect)
        return Session(connection, cast("Spoken", connection.connection.dbapi_connection))

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
        """Give every connection back, and close them."""
        while self._idle:
            await self._idle.pop().close()
        await greenlet_spawn(self._engine.dispose)

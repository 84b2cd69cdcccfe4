"""PostgreSQL over psycopg, on the event loop: the same transactions as in SQLite, so that the same statements hold.

Whoever writes holds one lock of the database until the end of the transaction, as with `BEGIN IMMEDIATE`: what it has
read, nobody changes before it writes.  What concerns one person holds that person's lock and shares the other, so that
people do not wait for each other.  Whoever reads sees one moment.  `BEGIN` is said with the first statement.

Traps: after an error PostgreSQL takes a COMMIT for a ROLLBACK and says nothing; what is idle for a while may be cut by
anything on the way, and is noticed only by the next who speaks: a transaction that meets this as its first word begins
again on a new connection.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import (
    AsyncAdapt_psycopg_connection,
    AsyncAdapt_psycopg_cursor,
    PsycopgAdaptDBAPI,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util.concurrency import await_

from bot.domain.errors import StoreCollidedError, StoreDamagedError, StoreTroubleError, StoreUnavailableError
from storage.postgres.dialect import PREPARED
from storage.postgres.lines import SilentError, opened_for_work
from storage.postgres.reasons import reason_of
from storage.postgres.seats import IS_GONE, DeposedError, first_words
from storage.speaking import NOBODYS, Kind, Operation, Seat, Transaction

_SETTINGS: Final = """
SELECT set_config(name, ours, false) FROM pg_settings JOIN (VALUES
    ('lock_timeout', '5s'), ('statement_timeout', '30s'), ('idle_in_transaction_session_timeout', '60s')
) AS limits (name, ours) USING (name) WHERE source NOT IN ('client', 'user', 'database', 'database user');
SET default_transaction_isolation = 'read committed';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
"""
"""An answer that was acknowledged survives a power cut of the server, whatever else the server is set to.

Limits that somebody has set for this role, this database or in the address are left as they are.  Trap: a transaction
that sees one moment has seen it before it was given the lock it waits for.
"""

_DAMAGED: Final = (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)
_COLLIDED: Final = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
_READ_ONLY: Final = psycopg.errors.ReadOnlySqlTransaction
"""A server that only follows another one."""

Opened = Callable[[], Awaitable["psycopg.AsyncConnection[Any]"]]
Result = TypeVar("Result")


def module(seat: Seat = NOBODYS) -> "_Driver":
    """Return what `create_engine` takes as its module; what is written is refused once the seat is another's."""
    made = _Driver(psycopg, ExecStatus)
    made.seat = seat
    return made


class _Cursor(AsyncAdapt_psycopg_cursor):
    __slots__ = ()
    _adapt_connection: "Connection"

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._adapt_connection.begun()
        return await self._adapt_connection.anew(lambda: self._once(operation, parameters))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._adapt_connection.begun()
        self._speak()
        return await super()._executemany_async(operation, seq_of_parameters)  # type: ignore[no-untyped-call]

    async def _once(self, operation: Any, parameters: Any) -> Any:
        self._speak()
        return await super()._execute_async(operation, parameters)  # type: ignore[no-untyped-call]

    def _speak(self) -> None:
        """Take a new cursor where the connection is another than the one it was made for."""
        if self._adapt_connection.spoken is not self._connection:
            self._connection = self._adapt_connection.spoken
            self._cursor = self._connection.cursor()


class Connection(AsyncAdapt_psycopg_connection):
    """A connection that knows whether a transaction is to be begun, or ended.  What is said without it stands alone."""

    __slots__ = ("_begin", "_begun", "_opened")
    _cursor_cls = _Cursor
    dialect = PREPARED

    def __init__(self, dbapi: Any, connection: Any, opened: Opened) -> None:
        super().__init__(dbapi, connection)
        self._opened = opened
        self._begin: Kind | None = None
        self._begun = False

    def cursor(self, name: Any = None, /) -> Any:
        """Return a cursor, as SQLAlchemy asks for it; nobody asks for one that stays on the server."""
        del name
        return _Cursor(self)

    @property
    def spoken(self) -> Any:
        """Return psycopg's own connection, which may be another after each statement."""
        return self._connection

    def begin(self, kind: Kind) -> None:
        """Let the next statement begin a transaction; a transaction without any is none."""
        self._begin = kind

    async def begun(self) -> None:
        """Begin what is to be begun."""
        if self._begin is not None:
            await self.anew(partial(self._together, []))

    async def anew(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        """Say something; on a new connection where the present one was cut while nobody spoke.

        Nothing is ever written outside a transaction, so that what stands alone may be said twice; and nothing is kept
        of one that has not ended.
        """
        try:
            return await attempt()
        except psycopg.OperationalError as error:
            if self._begun or not self.is_lost or isinstance(error, SilentError):
                raise
        self._connection = await self._opened()
        return await attempt()

    async def said(self, operations: Sequence[Operation], *, commits: bool = False) -> list[tuple[int, list[Any]]]:
        """Run statements in a row, perhaps to the end of the transaction; return what each changed, and its rows."""
        if commits and self._begin is not Transaction.READING:
            await self.begun()  # what is begun and ended in one breath could not be said twice
        if self._begin is None and len(operations) == 1 and not commits:
            return await self.anew(partial(self._all, operations))
        return await self.anew(partial(self._together, operations, commits=commits))

    async def _together(self, operations: Sequence[Operation], *, commits: bool = False) -> list[tuple[int, list[Any]]]:
        """Say all of it in one go, from the beginning to the commit: it takes as long as the longest way."""
        kind = self._begin
        try:
            async with self._connection.pipeline():
                for words in first_words(kind, self.dbapi.seat) if kind is not None else ():
                    await self._connection.execute(words)
                cursors = [await self._asked(*operation) for operation in operations]
                if commits:
                    await self._connection.execute("COMMIT")
        except IS_GONE as refused:
            raise DeposedError("another Microchequeo has taken over") from refused
        self._begin, self._begun = None, not commits and (self._begun or kind is not None)
        return [await _found(cursor) for cursor in cursors]

    async def _all(self, operations: Sequence[Operation]) -> list[tuple[int, list[Any]]]:
        return [await _found(await self._asked(*operation)) for operation in operations]

    async def _asked(self, statement: str, parameters: Any, many: bool) -> "psycopg.AsyncCursor[Any]":  # noqa: FBT001 - as kept
        cursor = self._connection.cursor()
        await (cursor.executemany if many else cursor.execute)(statement, parameters)
        return cursor

    def commit(self) -> None:
        """Commit, if there is anything to commit: as SQLAlchemy asks for it."""
        await_(self.committed([]))

    def rollback(self) -> None:
        """Roll back, if there is anything to roll back: as SQLAlchemy asks for it."""
        await_(self.rolled_back())

    async def committed(self, last: Sequence[Operation]) -> None:
        """Run what is left to be said and commit, if there is anything to commit."""
        if last:
            await self.said(last, commits=True)
        elif self._begun:
            await self._commit()
        self._begin = None

    async def _commit(self) -> None:
        if self._status is TransactionStatus.INERROR:
            raise psycopg.OperationalError("the transaction has failed before its end")
        await self._connection.commit()
        self._begun = False

    async def rolled_back(self) -> None:
        """Roll back, if there is anything to roll back."""
        self._begin, self._begun = None, False
        if not self.is_lost and self._status is not TransactionStatus.IDLE:
            await self._connection.rollback()

    @property
    def _status(self) -> TransactionStatus:
        return TransactionStatus(self._connection.pgconn.transaction_status)

    @property
    def is_lost(self) -> bool:
        """Say whether the server is gone, or whatever lies between."""
        return bool(self._connection.closed)

    @contextmanager
    def errors_as_sqlalchemy_has_them(self) -> Iterator[None]:
        """Raise what SQLAlchemy would have raised; it tells neither statement nor values."""
        try:
            yield
        except psycopg.Error as error:
            made = DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True, dialect=PREPARED)
            made.connection_invalidated = self.is_lost
            raise made from error


async def _found(cursor: "psycopg.AsyncCursor[Any]") -> tuple[int, list[Any]]:
    """Return how many rows were changed, and what was found."""
    async with cursor:
        return cursor.rowcount, await cursor.fetchall() if cursor.description else []


class _Driver(PsycopgAdaptDBAPI):
    seat: Seat

    def connect(self, *arg: Any, **kw: Any) -> Connection:
        async def opened() -> "psycopg.AsyncConnection[Any]":
            made = await opened_for_work(*arg, **kw)
            try:
                await made.execute(_SETTINGS)
            except BaseException:
                await made.close()
                raise
            return made

        return Connection(self, await_(opened()), opened)

    def trouble(self, error: DBAPIError) -> StoreTroubleError | None:
        """Say in our words what is wrong with the database."""
        if isinstance(error.orig, _DAMAGED):
            return StoreDamagedError(f"The database is damaged: {reason_of(error.orig)}.")
        if isinstance(error.orig, _COLLIDED):
            return StoreCollidedError(f"Somebody else's work was in the way: {reason_of(error.orig)}.")
        away = error.connection_invalidated or isinstance(error.orig, (OSError, _READ_ONLY))
        if away or isinstance(error.orig, (psycopg.OperationalError, psycopg.InterfaceError)):
            return StoreUnavailableError(f"The database cannot be used now: {reason_of(error.orig)}.")
        return None

"""Connections on which somebody who speaks hears within seconds that they are gone, or that nobody answers.

A server that is frozen keeps its connections, and its machine goes on saying that it is there: neither the system nor
the client's library ever gives up.  So whoever asks gives up by itself: at once on a line on which something is held,
and on one for work when nobody else is answered either.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import psycopg
from psycopg import BaseConnection, waiting
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

from bot.domain.errors import StoreUnavailableError
from storage.postgres.address import Address

ANSWERS_WITHIN: Final = 4.0
"""Seconds; the server itself gives up what is asked on a line before that, where it can (`_THERE`)."""

DOUBTS_AFTER: Final = 6.0
"""Seconds: no lock is waited for longer than five."""

PROBES_FOR: Final = 2
"""Seconds."""

ENDS_WITHIN: Final = 1.0
"""Seconds for saying goodbye: whoever is told to stop has no time for a server that does not answer."""

_HERE: Final = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 4000}
"""A connection over a network that is gone is noticed within five seconds: here,"""

_THERE: Final = """
SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 5000;
SET statement_timeout = '3s'; SET idle_session_timeout = 0
"""
"""and there, where the lock of a machine that has lost its power is freed by nothing else."""


class SilentError(psycopg.OperationalError):
    """Nobody answers on a line; it is closed."""


def _is_waiting(line: BaseConnection[Any]) -> bool:
    """Say whether there still is an answer to come: else what was raised is the answer."""
    return line.pgconn.transaction_status == TransactionStatus.ACTIVE


class Line(psycopg.Connection[Any]):
    """A connection on which each statement stands alone, and has an answer soon or none."""

    patience: float = ANSWERS_WITHIN

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer.  Raises SilentError, and psycopg.Error."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if not _is_waiting(self):
                raise
            self.close()
            raise SilentError("the server does not answer") from None


def opened(address: Address, *first: str) -> Line:
    """Open a line, on which `first` is said.  Raises psycopg.Error."""
    line = Line.connect(address.conninfo(**_HERE), autocommit=True)
    try:
        for words in (_THERE, *first):
            line.execute(words)
    except BaseException:
        line.close()
        raise
    return line


class OneAtATime:
    """Who speaks on a line one after the other, in threads for which nobody may be waiting any more when all is to end.

    `ends` ends it, and may be called again; whoever speaks just then calls it when they are through.
    """

    def __init__(self, ends: Callable[[], None]) -> None:
        self._ends = ends
        self._turn = threading.Lock()
        self._is_over = False

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Have the line for oneself.  StoreUnavailableError once it has ended."""
        with self._turn:
            if self._is_over:
                raise StoreUnavailableError("This is over.")
            try:
                yield
            finally:
                if self._is_over:
                    self._ends()

    def end(self) -> None:
        """End it soon, without waiting long."""
        self._is_over = True
        if self._turn.acquire(timeout=ENDS_WITHIN):
            try:
                self._ends()
            finally:
                self._turn.release()


class WorkLine(psycopg.AsyncConnection[Any]):
    """A connection for work: what takes long is waited for as long as the server answers somebody else."""

    probes: Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]
    """Opens one more connection, and gives up soon."""

    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:  # noqa: ASYNC109 - psycopg's own
        """Wait for an answer.  Raises SilentError, and psycopg.Error."""
        seconds = DOUBTS_AFTER if timeout is None else timeout
        while True:
            try:
                return await waiting.wait_async(gen, self.pgconn.socket, interval, seconds)
            except asyncio.CancelledError:
                await self._given_up(gen, interval)
                raise
            except psycopg.OperationalError:
                if timeout is not None or not _is_waiting(self):
                    raise
            if not await self._somebody_answers():
                await self.close()
                raise SilentError("the server does not answer")

    async def _given_up(self, gen: PQGen[RV], interval: float) -> None:
        """Let the server give up what nobody waits for any more; one that does not at once is left alone.

        Trap: an error here would take the place of being told to stop.
        """
        if not _is_waiting(self):
            return
        try:
            await self.cancel_safe(timeout=ENDS_WITHIN)
            await waiting.wait_async(gen, self.pgconn.socket, interval, ENDS_WITHIN)
        except psycopg.errors.QueryCanceled:
            pass
        except psycopg.Error:
            await self.close()
        except BaseException:
            await self.close()
            raise

    async def _somebody_answers(self) -> bool:
        """Say whether the server can be heard at all, be it that it has no room."""
        try:
            probe = await self.probes()
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.OperationalError:
            return True
        await probe.close()
        return True


async def opened_for_work(*args: Any, **ways: Any) -> WorkLine:
    """Open a connection for work, on which nothing is begun by itself.  Raises psycopg.Error."""
    line = await WorkLine.connect(*args, **ways, autocommit=True)
    line.probes = partial(psycopg.AsyncConnection.connect, *args, **{**ways, "connect_timeout": PROBES_FOR})
    return line

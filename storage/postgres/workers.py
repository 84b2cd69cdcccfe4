"""Who is alive among the processes on one server, and what becomes of what the others held.

A process says every second that it lives; its end is so many seconds later, by the clock of the database alone.  One
whose end has come is buried by whoever notices: the chats and messages in its hands are everybody's again.  It writes
nothing any more (`storage.postgres.seats`), and a transaction that it had begun ends before it is buried.

Trap: after a start of the server, or whatever else has silenced all for a while, whoever is heard first would bury the
others.  So only who was heard all the time that it takes to be dead knows that it was not the server's silence.
"""

import math
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from typing import Final

import psycopg

from bot.domain.errors import StoreUnavailableError
from storage.locks import OwnedElsewhereError
from storage.postgres import lines, numbers
from storage.postgres.address import Address
from storage.postgres.lines import ENDS_WITHIN, Line, SilentError
from storage.postgres.news import CHANNEL, ServerNews, news

LIVES_FOR: Final = 6.0
"""Seconds after its last word at which a process counts as dead."""

HEARD_WITHIN: Final = LIVES_FOR / 2
"""Seconds between two words of somebody who is heard all the time."""

_NOW: Final = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
_END: Final = f"{_NOW} + {round(LIVES_FOR * 1000)}"
_JOIN: Final = f"INSERT INTO workers (ends_at) VALUES ({_END}) RETURNING id"  # noqa: S608 - our own words, here and below
_LIVE: Final = f"UPDATE workers SET ends_at = {_END} WHERE id = %s"  # noqa: S608
_OVERDUE: Final = f"SELECT id FROM workers WHERE ends_at < {_NOW} FOR UPDATE SKIP LOCKED"  # noqa: S608
_LETS_GO: Final = (
    "DELETE FROM lanes WHERE worker_id = %s",
    "UPDATE outbox SET worker_id = NULL WHERE worker_id = %s",
    "DELETE FROM workers WHERE id = %s",
)
_TELLS: Final = f"SELECT pg_notify('{CHANNEL}', 'inbox 0'), pg_notify('{CHANNEL}', 'due 0')"
_SETTINGS: Final = "SET lock_timeout = '2s'; SET synchronous_commit = off"
"""Nobody waits long to say that they live; if a crash of the server forgets it, they have time to say it again."""


class Life:
    """One process among others.  Implements `storage.places.Life`."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._line: Line | None = None
        self._turns = lines.OneAtATime(self._leave)
        self._heard_since = self._heard_at = -math.inf
        self.number = 0

    def begin(self) -> None:
        """Join the others.  StoreUnavailableError.

        Trap: what a crash of the server made it forget here would be given to the next as its number, too.
        """
        with self._address.translated():
            line = self._spoken_to()
            with line.transaction():
                line.execute("SET LOCAL synchronous_commit = on")
                row = line.execute(_JOIN).fetchone()
        if row is None:
            raise StoreUnavailableError("The server gave this process no number.")
        self.number = int(row[0])

    def look(self) -> bool:
        """Say that it lives, and bury who does not.

        Raises OwnedElsewhereError if it was buried itself, and StoreUnavailableError while nobody hears it.
        """
        with self._turns.speaking(), self._address.translated():
            try:
                return self._look(self._spoken_to())
            except SilentError:
                raise
            except psycopg.Error:
                if self._line is None or not self._line.closed:
                    raise
            return self._look(self._spoken_to())

    def _look(self, line: Line) -> bool:
        if not line.execute(_LIVE, (self.number,)).rowcount:
            raise OwnedElsewhereError("This process was silent for so long that the others gave it up.")
        if self._was_heard_all_the_time(time.monotonic()):
            with line.transaction():
                dead = [row[0] for row in line.execute(_OVERDUE) if _has_ended(line, row[0])]
                for number in dead:
                    _let_go(line, number)
        return True

    def news(self) -> AbstractAsyncContextManager[ServerNews]:
        """Yield what hears the others and tells them."""
        return news(self._address, self.number)

    def _was_heard_all_the_time(self, now: float) -> bool:
        """Note that it is heard now; say whether it was for as long as it takes to be dead."""
        if now - self._heard_at > HEARD_WITHIN:
            self._heard_since = now
        self._heard_at = now
        return now - self._heard_since >= LIVES_FOR

    def end(self) -> None:
        """Leave the others what it held, soon or not at all: they find out by themselves."""
        self._turns.end()

    def _leave(self) -> None:
        line, self._line = self._line, None
        if line is None or line.closed:
            return
        with suppress(psycopg.Error):
            line.patience = ENDS_WITHIN
            with line, line.transaction():
                line.execute(f"SELECT pg_advisory_xact_lock({numbers.worker(self.number)})")  # until all has ended
                _let_go(line, self.number)

    def _spoken_to(self) -> Line:
        if self._line is None or self._line.closed:
            self._line = lines.opened(self._address, _SETTINGS)
        return self._line


def _has_ended(line: Line, number: int) -> bool:
    """Say whether no transaction of a process is left; then none begins any more before the row is gone."""
    row = line.execute(f"SELECT pg_try_advisory_xact_lock({numbers.worker(number)})").fetchone()
    return row is not None and bool(row[0])


def _let_go(line: Line, number: int) -> None:
    for what in _LETS_GO:
        line.execute(what, (number,))
    line.execute(_TELLS)


@contextmanager
def living(address: Address) -> Iterator[Life]:
    """Be one of the processes while the context is open.  StoreUnavailableError."""
    life = Life(address)
    life.begin()
    try:
        yield life
    finally:
        life.end()

"""Who is alive among the processes on one server, and what becomes of what the others held.

A process says every second that it lives; its end is so many seconds later, by the clock of the database alone.  One
whose end has come is buried by whoever notices: the chats and messages in its hands are everybody's again.  It writes
nothing any more (`storage.postgres.seats`), and a transaction that it had begun ends before it is buried.

Trap: after a start of the server nobody has been able to say anything for a while: everybody has time to say it first.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg

from bot.domain.errors import StoreUnavailableError
from storage.locks import OwnedElsewhereError
from storage.postgres import numbers
from storage.postgres.address import Address
from storage.postgres.locks import NOTICED, NOTICED_THERE

CHANNEL: Final = "microchequeo"
"""On which processes tell each other that there is something to see to (`storage.postgres.news`)."""

LIVES_FOR: Final = 6.0
"""Seconds after its last word at which a process counts as dead."""

_NOW: Final = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
_END: Final = f"{_NOW} + {round(LIVES_FOR * 1000)}"
_JOIN: Final = f"INSERT INTO workers (ends_at) VALUES ({_END}) RETURNING id"  # noqa: S608 - our own words, here and below
_LIVE: Final = f"UPDATE workers SET ends_at = {_END} WHERE id = %s"  # noqa: S608
_OVERDUE: Final = f"""
SELECT id FROM workers WHERE ends_at < {_NOW}
AND pg_postmaster_start_time() < clock_timestamp() - interval '{LIVES_FOR} seconds' FOR UPDATE SKIP LOCKED
"""  # noqa: S608
_LETS_GO: Final = (
    "DELETE FROM lanes WHERE worker_id = %s",
    "UPDATE outbox SET worker_id = NULL WHERE worker_id = %s",
    "DELETE FROM workers WHERE id = %s",
)
_TELLS: Final = f"SELECT pg_notify('{CHANNEL}', 'inbox 0')"
_SETTINGS: Final = "SET lock_timeout = '2s'; SET statement_timeout = '4s'; SET synchronous_commit = off"
"""Nobody waits long to say that they live; if a crash of the server forgets it, they have time to say it again."""


class Life:
    """One process among others.  Implements `storage.places.Life`."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: psycopg.Connection[Any] | None = None
        self.number = 0

    def begin(self) -> None:
        """Join the others.  StoreUnavailableError."""
        with self._address.translated():
            row = self._spoken_to().execute(_JOIN).fetchone()
        if row is None:
            raise StoreUnavailableError("The server gave this process no number.")
        self.number = int(row[0])

    def look(self) -> bool:
        """Say that it lives, and bury who does not.  OwnedElsewhereError if it was buried itself."""
        try:
            return self._look(self._spoken_to())
        except psycopg.Error:
            self._hang_up()
        with self._address.translated():
            return self._look(self._spoken_to())

    def _look(self, db: "psycopg.Connection[Any]") -> bool:
        if not db.execute(_LIVE, (self.number,)).rowcount:
            raise OwnedElsewhereError("This process was silent for so long that the others gave it up.")
        with db.transaction():
            dead = [row[0] for row in db.execute(_OVERDUE) if _has_ended(db, row[0])]
            for number in dead:
                _let_go(db, number)
        return True

    def end(self) -> None:
        """Leave the others what it held."""
        with suppress(psycopg.Error):
            db = self._spoken_to()
            with db.transaction():
                _let_go(db, self.number)
        self._hang_up()

    def _spoken_to(self) -> "psycopg.Connection[Any]":
        if self._connection is None:
            self._connection = self._address.connected(**NOTICED)
            self._connection.execute(f"{NOTICED_THERE}; {_SETTINGS}")
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None


def _has_ended(db: "psycopg.Connection[Any]", number: int) -> bool:
    """Say whether no transaction of a process is left; then none begins any more before the row is gone."""
    row = db.execute(f"SELECT pg_try_advisory_xact_lock({numbers.worker(number)})").fetchone()
    return row is not None and bool(row[0])


def _let_go(db: "psycopg.Connection[Any]", number: int) -> None:
    for what in _LETS_GO:
        db.execute(what, (number,))
    db.execute(_TELLS)


@contextmanager
def living(address: Address) -> Iterator[Life]:
    """Be one of the processes while the context is open.  StoreUnavailableError."""
    life = Life(address)
    life.begin()
    try:
        yield life
    finally:
        life.end()

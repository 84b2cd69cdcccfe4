"""Who may use a database on a server, and for what: PostgreSQL's advisory locks, freed by the end of the connection.

The same as the locks beside a file (`storage.locks`): one process owns a database; whoever uses it keeps away whoever
must have it for itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from bot.domain.errors import StoreUnavailableError
from storage.locks import OwnedElsewhereError
from storage.postgres import reigns
from storage.postgres.address import Address
from storage.postgres.numbers import IN_USE, OWNER

_SINCE: Final = f"""
SELECT backend_start FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND granted AND pg_database.datname = current_database()
AND (classid::bigint, objid::bigint, objsubid) = ({OWNER}, 2)
"""  # noqa: S608 - our own numbers


NOTICED: Final = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 4000}
"""A connection over a network that is gone is noticed within five seconds: here,"""

NOTICED_THERE: Final = """
SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 5000
"""
"""and there, where the lock of a machine that has lost its power is freed by nothing else."""


class Ownership:
    """The lock of whoever owns a database, and the connection that it lives on."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: psycopg.Connection[Any] | None = None
        self._reign: int | None = None

    def take(self) -> "psycopg.Connection[Any]":
        """Hold the database.  OwnedElsewhereError if another process does."""
        refusal = (
            f"Another Microchequeo is already running on {self._address}. Stop it first; two would ask everybody twice."
        )
        self._connection = _locked(self._address, f"pg_try_advisory_lock({OWNER})", refusal, OwnedElsewhereError)
        return self._connection

    def begin(self) -> int:
        """Let the owner's time begin.  StoreUnavailableError."""
        self._reign = reigns.begun(self._address)
        return self._reign

    def is_held(self) -> bool:
        """Say whether it is held; held again where the connection was lost and nobody has taken it since.

        Raises OwnedElsewhereError if another process has, and StoreUnavailableError while nobody can say.
        """
        try:
            return self._is_held()
        except psycopg.Error:
            self.let_go()
        with self._address.translated():
            return self._is_held()

    def _is_held(self) -> bool:
        connection = self._connection or self.take()
        if self._reign is None:
            connection.execute("SELECT 1")
        elif not reigns.is_present(connection, self._reign):
            raise OwnedElsewhereError(f"Another Microchequeo has owned {self._address} since.")
        return True

    def let_go(self) -> None:
        """Let it go."""
        if self._connection is not None:
            _let_go(self._connection)
        self._connection = None


@contextmanager
def sole_owner(address: Address) -> Iterator[Ownership]:
    """Hold the database for this process; death frees it.  OwnedElsewhereError if another process holds it."""
    ownership = Ownership(address)
    ownership.take()
    try:
        yield ownership
    finally:
        ownership.let_go()


@contextmanager
def in_use(address: Address) -> Iterator[None]:
    """Keep keys and content from being exchanged meanwhile.  StoreUnavailableError while that is going on."""
    refusal = f"{address} is getting new keys or being moved; nothing was done. Try again when that is over."
    with _held(address, f"pg_try_advisory_lock_shared({IN_USE})", refusal):
        yield


@contextmanager
def untouched(address: Address) -> Iterator[None]:
    """Keep everybody else away from the database.  StoreUnavailableError if somebody uses it."""
    refusal = (
        f"Microchequeo is at work on {address}; nothing was done. Stop the bot first, and start it again afterwards."
    )
    with _held(address, f"pg_try_advisory_lock({IN_USE})", refusal):
        yield


@contextmanager
def _held(address: Address, attempt: str, refusal: str) -> Iterator[None]:
    connection = _locked(address, attempt, refusal)
    try:
        yield
    finally:
        _let_go(connection)


def _locked(
    address: Address, attempt: str, refusal: str, refused: type[StoreUnavailableError] = StoreUnavailableError
) -> "psycopg.Connection[Any]":
    """Return a connection that holds a lock as long as it is open."""
    with address.translated():
        connection = address.connected(**NOTICED)
        connection.execute(NOTICED_THERE)
        row = connection.execute(f"SELECT {attempt}").fetchone()
    if row is None or not row[0]:
        connection.close()
        raise refused(refusal)
    return connection


def _let_go(connection: "psycopg.Connection[Any]") -> None:
    """Free the locks at once: a connection that is closed frees them when the server comes to it."""
    with suppress(psycopg.Error), connection:
        connection.execute("SELECT pg_advisory_unlock_all()")


def held_since(address: Address) -> datetime | None:
    """Return since when a running bot holds the database; None: none does, or nobody can say."""
    try:
        with address.connected() as connection:
            row = connection.execute(_SINCE).fetchone()
    except psycopg.Error:
        return None
    return row[0].astimezone(UTC) if row is not None and row[0] is not None else None

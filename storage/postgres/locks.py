"""Who may use a database on a server, and for what: PostgreSQL's advisory locks, freed by the end of the connection.

The same as the locks beside a file (`storage.locks`): one process owns a database; whoever uses it keeps away whoever
must have it for itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

import psycopg

from bot.domain.errors import StoreUnavailableError
from storage.locks import OwnedElsewhereError
from storage.postgres import lines, reigns
from storage.postgres.address import Address
from storage.postgres.lines import Line, SilentError
from storage.postgres.numbers import IN_USE, OWNER

_SINCE: Final = f"""
SELECT backend_start FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND granted AND pg_database.datname = current_database()
AND (classid::bigint, objid::bigint, objsubid) = ({OWNER}, 2)
"""  # noqa: S608 - our own numbers


STEADY_AFTER: Final = 5.0
"""Seconds after the server's start for which who stands by leaves a database to whoever had it, if that still lives.

Else each start of the server would make another process the owner, and end the one before.
"""

_IS_STEADY: Final = f"clock_timestamp() - pg_postmaster_start_time() > interval '{STEADY_AFTER} s'"

_ENDS: Final = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted
AND (classid::bigint, objid::bigint, objsubid) = ({number}, 2) AND (pid, backend_start) = (%s, %s)
"""
_SESSION: Final = "pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
"""Trap: a server gives the number of a session that has ended to another one, which may be another process's."""


class Lock:
    """A lock, and the line on which it is held: that may be another after each look."""

    def __init__(self, address: Address, number: str, refusal: str, how: str = "") -> None:
        self._address = address
        self._number = number
        self._attempt = f"pg_try_advisory_lock{how}({number})"
        self._refusal = refusal
        self._line: Line | None = None
        self._turns = lines.OneAtATime(self._hang_up)
        self._session: tuple[int, datetime] | None = None
        """The session in which it was held last: the server's number, and its beginning."""

    def take(self, *, heir: bool = False) -> Line:
        """Hold it.  OwnedElsewhereError if others do, and StoreUnavailableError.

        `heir`: leave it to whoever had it, for a while (`STEADY_AFTER`).  Trap: where a line was given up, the server
        may not have come to it yet; its session would be taken for another process's.
        """
        with self._address.translated():
            line = lines.opened(self._address)
            try:
                if self._session is not None:
                    line.execute(_ENDS.format(number=self._number), self._session)
                attempt = f"CASE WHEN {_IS_STEADY} THEN {self._attempt} ELSE false END" if heir else self._attempt
                ((is_ours, *session),) = line.execute(f"SELECT {attempt}, {_SESSION}").fetchall()
            except BaseException:
                line.close()
                raise
        if not is_ours:
            line.close()
            raise OwnedElsewhereError(self._refusal)
        self._line, self._session = line, (session[0], session[1])
        return line

    def is_held(self) -> bool:
        """Say whether it is held; held again where the line was lost and nobody has taken it since.

        Raises OwnedElsewhereError if another process has, and StoreUnavailableError while nobody can say.
        """
        with self._turns.speaking(), self._address.translated():
            return self._is_held()

    def _is_held(self) -> bool:
        """Look, and once more on a new line if need be; not where nobody answers: that would take as long again."""
        try:
            return self._is_held_on(self._line or self.take())
        except SilentError:
            raise
        except psycopg.Error:
            if self._line is None or not self._line.closed:
                raise
        return self._is_held_on(self.take())

    def _is_held_on(self, line: Line) -> bool:
        line.execute("SELECT 1")
        return True

    def let_go(self) -> None:
        """Free it at once, for good."""
        self._turns.end()

    def _hang_up(self) -> None:
        """Trap: the server comes to a line that is only closed when it can."""
        if self._line is not None:
            self._line.patience = lines.ENDS_WITHIN
            with suppress(psycopg.Error), self._line:
                self._line.execute("SELECT pg_advisory_unlock_all()")
        self._line = None


class Ownership(Lock):
    """The lock of whoever owns a database."""

    def __init__(self, address: Address) -> None:
        refusal = f"Another Microchequeo is already running on {address}. Stop it first; two would ask everybody twice."
        super().__init__(address, OWNER, refusal)
        self._reign: int | None = None

    def begin(self) -> int:
        """Let the owner's time begin.  StoreUnavailableError."""
        self._reign = reigns.begun(self._address)
        return self._reign

    def _is_held_on(self, line: Line) -> bool:
        if self._reign is None:
            return super()._is_held_on(line)
        if not reigns.is_present(line, self._reign):
            raise OwnedElsewhereError(f"Another Microchequeo has owned {self._address} since.")
        return True


@contextmanager
def sole_owner(address: Address, *, heir: bool = False) -> Iterator[Ownership]:
    """Hold the database for this process; death frees it.

    OwnedElsewhereError if another process holds it, and for an heir if it is left to the one before (`STEADY_AFTER`).
    """
    ownership = Ownership(address)
    ownership.take(heir=heir)
    try:
        yield ownership
    finally:
        ownership.let_go()


@contextmanager
def in_use(address: Address) -> Iterator[Lock]:
    """Keep keys and content from being exchanged meanwhile.  StoreUnavailableError while that is going on."""
    refusal = (
        f"{address} is getting new keys, or is being restored or moved; nothing was done. Try again when that is over."
    )
    with _held(Lock(address, IN_USE, refusal, "_shared")) as lock:
        yield lock


@contextmanager
def untouched(address: Address) -> Iterator[None]:
    """Keep everybody else away from the database.  StoreUnavailableError if somebody uses it."""
    refusal = (
        f"Microchequeo is at work on {address}; nothing was done. Stop the bot first, and start it again afterwards."
    )
    with _held(Lock(address, IN_USE, refusal)):
        yield


@contextmanager
def _held(lock: Lock) -> Iterator[Lock]:
    try:
        lock.take()
    except OwnedElsewhereError as taken:
        raise StoreUnavailableError(str(taken)) from None
    try:
        yield lock
    finally:
        lock.let_go()


def held_since(address: Address) -> datetime | None:
    """Return since when a running bot holds the database; None: none does, or nobody can say."""
    try:
        with address.connected() as connection:
            row = connection.execute(_SINCE).fetchone()
    except psycopg.Error:
        return None
    return row[0].astimezone(UTC) if row is not None and row[0] is not None else None

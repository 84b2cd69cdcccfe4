"""How a transaction begins on a server: which locks it takes, and whether whoever writes still is who it was.

What follows may be said in the same breath, for a seat that is gone is an error to the server: then it hears no more of
what was said with it.  Locks are taken in one order (everybody's, one person's, the process's own), so that no two
transactions wait for each other over them.

Trap: whether the seat is held is a statement of its own: one that waits for a lock has seen what was before.
"""

from typing import Final

import psycopg

from storage.postgres import numbers
from storage.speaking import Concerning, Kind, Seat, Transaction

REIGN: Final = "SELECT value FROM facts WHERE name = 'reign'"
ALIVE: Final = "SELECT FROM workers WHERE id ="

_READS: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LOCK: Final = "pg_advisory_xact_lock"


class DeposedError(psycopg.OperationalError):
    """Another process has taken the place of this one since."""


IS_GONE: Final = psycopg.errors.DivisionByZero
"""What the server says of a seat that is gone: there is no plainer way to have it refuse something."""


def first_words(kind: Kind, seat: Seat) -> list[str]:
    """Return what begins a transaction."""
    if kind is Transaction.READING:
        return [_READS]
    locks, conditions = _locks(kind), _conditions(kind, seat)
    if seat.worker is not None:
        locks.append(f"{_LOCK}_shared({numbers.worker(seat.worker)})")
    held = [f"SELECT 1 / CASE WHEN {' AND '.join(conditions)} THEN 1 ELSE 0 END"] if conditions else []
    return ["BEGIN", f"SELECT {', '.join(locks)}", *held]


def _locks(kind: Kind) -> list[str]:
    if not isinstance(kind, Concerning):
        return [f"{_LOCK}({numbers.WRITER})"]
    shared = f"{_LOCK}_shared({numbers.WRITER})"
    return [shared] if kind.person is None else [shared, f"{_LOCK}({numbers.person(kind.person)})"]


def _conditions(kind: Kind, seat: Seat) -> list[str]:
    """Return what has to hold; all that stands in it are our own numbers.

    What concerns one person is any living process's to write: an owner of the past that does not know it yet still
    marks what has left by its hand.
    """
    mine = [] if seat.worker is None else [f"EXISTS ({ALIVE} {seat.worker})"]
    if seat.reign is None or (mine and isinstance(kind, Concerning)):
        return mine
    return [*mine, f"coalesce(({REIGN}) = '{seat.reign}', false)"]

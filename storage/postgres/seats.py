"""How a transaction begins on a server: which locks it takes, and whether whoever writes still is who it was.

All of it is said in one message.  Locks are taken in one order (everybody's, one person's, the process's own), so that
no two transactions wait for each other over them.
"""

from typing import Final

import psycopg

from storage.postgres import numbers
from storage.speaking import NOBODYS, Concerning, Kind, Seat, Transaction

REIGN: Final = "SELECT value FROM facts WHERE name = 'reign'"
ALIVE: Final = "SELECT FROM workers WHERE id ="

_READS: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LOCK: Final = "SELECT pg_advisory_xact_lock"


class DeposedError(psycopg.OperationalError):
    """Another process has taken the place of this one since."""


def first_words(kind: Kind, seat: Seat) -> tuple[list[str], bool]:
    """Return what begins a transaction, and whether its last answer says if the seat is still held (true)."""
    if kind is Transaction.READING:
        return [_READS], False
    words = ["BEGIN", *_locks(kind)]
    if seat.worker is not None:
        words.append(f"{_LOCK}_shared({numbers.worker(seat.worker)})")
    if seat != NOBODYS:
        words.append(f"SELECT {' AND '.join(_conditions(kind, seat))}")
    return words, seat != NOBODYS


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

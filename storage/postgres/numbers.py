"""The numbers of PostgreSQL's advisory locks, two for each.  A database is one practice: they are its own."""

from typing import Final

_OURS: Final = 0x4D43
"""The first of the two: nobody else's locks in the same database are like it."""

WRITER: Final = f"{_OURS}, 1"
"""Held by a transaction that writes about everybody; shared by those that write about one person."""

OPENING: Final = f"{_OURS}, 2"
"""Held by whoever brings the schema up to date."""

OWNER: Final = f"{_OURS}, 3"
IN_USE: Final = f"{_OURS}, 4"

_PEOPLE: Final = _OURS + 1
_WORKERS: Final = _OURS + 2
_WHOLE: Final = 2**31
"""The second number has 32 bits: two people whose ids are so far apart wait for each other, and that is all."""


def person(number: int) -> str:
    """Return the lock of a transaction that writes about one person."""
    return f"{_PEOPLE}, {number % _WHOLE}"


def worker(number: int) -> str:
    """Return the lock that the transactions of a process share, so that it is not buried before they have ended."""
    return f"{_WORKERS}, {number % _WHOLE}"

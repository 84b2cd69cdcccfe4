"""The numbers of PostgreSQL's advisory locks, two for each.  A database is one practice: they are its own."""

from typing import Final

_OURS: Final = 0x4D43
"""The first of the two: nobody else's locks in the same database are like it."""

WRITER: Final = f"{_OURS}, 1"
"""Held by a transaction that writes."""

OPENING: Final = f"{_OURS}, 2"
"""Held by whoever brings the schema up to date."""

OWNER: Final = f"{_OURS}, 3"
IN_USE: Final = f"{_OURS}, 4"

"""Whose turn it is to write to a database on a server: each owner has a number, one more than the owner before it.

A lock that lives on a connection can be lost without its owner knowing.  So every transaction of an owner that writes
compares its number with the one in the database, under the writers' lock: from the moment at which the next owner has
taken a number, nothing of the one before is written any more.
"""

from typing import Any, Final

import psycopg

from storage.postgres.address import Address
from storage.postgres.numbers import WRITER
from storage.speaking import Reign

_NAME: Final = "reign"
_ENDED: Final = " ended"

PRESENT: Final = f"SELECT value FROM facts WHERE name = '{_NAME}'"  # noqa: S608 - our own word

_BEGIN: Final = (
    f"INSERT INTO facts (name, value) VALUES ('{_NAME}', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"  # noqa: S608 - as above
)
_END: Final = f"UPDATE facts SET value = value || '{_ENDED}' WHERE name = '{_NAME}' AND value = %s"  # noqa: S608 - as above


class DeposedError(psycopg.OperationalError):
    """Another process has become the owner since."""


def begun(address: Address) -> Reign:
    """Take the next number.  StoreUnavailableError."""
    with address.translated(), address.connected() as db, db.transaction():
        db.execute(f"SELECT pg_advisory_xact_lock({WRITER})")
        row = db.execute(PRESENT).fetchone()
        number, _, ended = str(row[0]).partition(" ") if row is not None else ("0", "", "nobody")
        reign = Reign(int(number) + 1, is_sudden=not ended)
        db.execute(_BEGIN, (str(reign.number),))
    return reign


def is_present(db: "psycopg.Connection[Any]", reign: Reign) -> bool:
    """Say whether nobody has taken a number since.  Raises psycopg.Error."""
    row = db.execute(PRESENT).fetchone()
    return row is not None and row[0] == str(reign.number)


def end(db: "psycopg.Connection[Any]", reign: Reign) -> None:
    """Let the next owner know that nothing is on its way any more.  Raises psycopg.Error."""
    db.execute(_END, (str(reign.number),))

"""Who owns a database on a server: each owner has a number, one more than the owner before it.

A lock that lives on a connection can be lost without its owner knowing.  So every transaction of an owner that writes
compares its number with the one in the database, under the writers' lock: from the moment at which the next owner has
taken a number, nothing of the one before is written any more.
"""

from typing import Any, Final

import psycopg

from storage.postgres.address import Address
from storage.postgres.numbers import WRITER
from storage.postgres.seats import REIGN

_BEGIN: Final = (
    "INSERT INTO facts (name, value) VALUES ('reign', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def begun(address: Address) -> int:
    """Take the next number.  StoreUnavailableError."""
    with address.translated(), address.connected() as db, db.transaction():
        db.execute(f"SELECT pg_advisory_xact_lock({WRITER})")
        row = db.execute(REIGN).fetchone()
        number = int(str(row[0]).partition(" ")[0]) + 1 if row is not None else 1
        db.execute(_BEGIN, (str(number),))
    return number


def is_present(db: "psycopg.Connection[Any]", reign: int) -> bool:
    """Say whether nobody has taken a number since.  Raises psycopg.Error."""
    row = db.execute(REIGN).fetchone()
    return row is not None and row[0] == str(reign)

"""Running the revisions on a server: it begins at revision 0021, made in one piece, and every later one runs here too.

What came before is the history of files: it is written in SQLite's words, and no server ever had it (decision 0041).

What changes a table waits for everybody who uses it, and everybody else waits behind it.  So it waits for a moment
only, lets the others through, and tries again.
"""

import time
from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import StoreUnavailableError
from storage.migrating import scripts
from storage.postgres.address import Address
from storage.postgres.engine import offline_engine
from storage.postgres.limits import waiting_for_locks

BEGINS_AT: Final = "0021"
_SCHEMA: Final = Path(__file__).with_name(f"schema_{BEGINS_AT}.sql")


WAITS_FOR: Final = 1
"""Seconds in which nobody else gets at a table that is to be changed."""

LETS_THROUGH_FOR: Final = 2.0
"""Seconds."""

GIVES_UP_AFTER: Final = 15.0
"""Seconds: no longer than whoever stops a bot waits for it.  The service manager starts it again."""

_HINDERED: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
_WHO: Final = """
SELECT application_name, pid, relname
FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_class ON pg_class.oid = relation
WHERE datname = current_database() AND relkind = 'r' AND relnamespace = current_schema()::regnamespace
AND granted AND pid <> pg_backend_pid() ORDER BY xact_start NULLS FIRST LIMIT 1
"""
"""Of another role's session it is not told since when it has been at work."""


def migrate(address: Address, to: str = "head", *, within: float = GIVES_UP_AFTER) -> None:
    """Bring the schema up to `to`, in one transaction.  StoreUnavailableError if others use it for so many seconds."""
    given_up = time.monotonic() + within
    while not _migrated(address, to):
        if time.monotonic() >= given_up:
            raise StoreUnavailableError(
                f"The schema of {address} cannot be brought up to date: {_in_the_way(address)}. Nothing was changed. "
                "Wait until that has ended, or end it; then start this again."
            )
        time.sleep(LETS_THROUGH_FOR)


def _migrated(address: Address, to: str) -> bool:
    """Try; False if somebody was in the way."""
    engine = offline_engine(address)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(waiting_for_locks(WAITS_FOR))
            config = scripts()
            config.attributes["connection"] = connection
            if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
                _plain(connection).execute(_SCHEMA.read_text("utf-8"))
                command.stamp(config, BEGINS_AT)
            command.upgrade(config, to)
    except DBAPIError as error:
        if isinstance(error.orig, _HINDERED):
            return False
        raise
    finally:
        engine.dispose()
    return True


def _in_the_way(address: Address) -> str:
    """Say who uses its tables."""
    with address.connected() as db:
        row = db.execute(_WHO).fetchone()
    return (
        f"{row[0] or 'a program'} (process {row[1]} of the server) uses {row[2]}" if row else "its tables were in use"
    )


def _plain(connection: Connection) -> Any:
    """Return psycopg's own connection, which takes many statements at once."""
    return connection.connection.driver_connection

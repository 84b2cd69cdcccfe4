"""Running the revisions on a server: it begins at revision 0021, made in one piece, and every later one runs here too.

What came before is the history of files: it is written in SQLite's words, and no server ever had it (decision 0041).
"""

from pathlib import Path
from typing import Any, Final

from alembic import command
from sqlalchemy import Connection, text

from storage.migrating import scripts
from storage.postgres.address import Address
from storage.postgres.engine import offline_engine

BEGINS_AT: Final = "0021"
_SCHEMA: Final = Path(__file__).with_name(f"schema_{BEGINS_AT}.sql")


def migrate(address: Address, to: str = "head") -> None:
    """Bring the schema up to `to`, in one transaction."""
    engine = offline_engine(address)
    try:
        with engine.begin() as connection:
            config = scripts()
            config.attributes["connection"] = connection
            if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
                _plain(connection).execute(_SCHEMA.read_text("utf-8"))
                command.stamp(config, BEGINS_AT)
            command.upgrade(config, to)
    finally:
        engine.dispose()


def _plain(connection: Connection) -> Any:
    """Return psycopg's own connection, which takes many statements at once."""
    return connection.connection.driver_connection

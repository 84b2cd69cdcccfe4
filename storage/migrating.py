"""Running the revisions of the schema: the part of a start that needs Alembic, and only when there is one to run."""

import os
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, NullPool, create_engine, event

from bot.domain.errors import StoreRefusedError

_SCRIPTS: Final = Path(__file__).parent / "migrations"


def migrate(path: Path, to: str = "head") -> None:
    """Run the revisions up to `to` in one transaction, foreign keys checked at its end."""
    engine = _migration_engine(path)
    try:
        with engine.begin() as connection:
            config = scripts()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise StoreRefusedError(f"Migrating {path} would leave {len(broken)} rows without their parent.")
    finally:
        engine.dispose()


def scripts() -> Config:
    """Return where Alembic finds the revisions."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def _migration_engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    event.listen(engine, "connect", _without_foreign_keys)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _without_foreign_keys(dbapi_connection: Any, _record: Any) -> None:
    """Rebuilding a table with foreign keys on would delete its children."""
    dbapi_connection.isolation_level = None
    dbapi_connection.execute("PRAGMA foreign_keys=OFF")
    dbapi_connection.execute("PRAGMA secure_delete=ON")
    dbapi_connection.execute("PRAGMA journal_mode=WAL")
    os.chmod(dbapi_connection.execute("PRAGMA database_list").fetchone()[2], 0o600)  # noqa: PTH101

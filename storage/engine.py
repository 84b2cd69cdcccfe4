"""The engine for one database: connection settings, and what differs between dialects.

SQLite traps met here: the driver's own BEGIN is late and hides DDL, so it is switched off and BEGIN is said by us;
`BEGIN IMMEDIATE` is for writers only, since a reader that upgrades can meet SQLITE_BUSY whatever the timeout.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Connection, Dialect, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import CoreExecuteOptionsParameter
from sqlalchemy.util import LRUCache

from storage import driver
from storage.session import CONNECTIONS
from storage.speaking import NOBODYS, Seat, Spoken, Transaction

WRITES: Final = "microchequeo_writes"
"""The execution option of a transaction: whether it writes.  Without it each statement stands alone."""

_COMPILED: Final[LRUCache[Any, Any]] = LRUCache(1000)
_DIALECTS: Final[dict[str, Dialect]] = {}
"""A statement is compiled once in a process: what is compiled belongs to a dialect, and an engine makes its own."""

_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=5000",
)
_WAITS_A_MOMENT: Final = f"PRAGMA busy_timeout={round(driver.MOMENT * 1000)}"
"""The rest of the waiting is the driver's."""


def make_engine(url: str, seat: Seat = NOBODYS) -> Engine:
    """Return the engine, whose calls are awaited by `greenlet_spawn`; nothing is opened yet.

    `seat`: of the process that writes with it; nobody's is never lost.
    """
    if not url.startswith("sqlite"):
        from storage.postgres import engine as postgres  # noqa: PLC0415 - psycopg: only where a URL asks for it

        return postgres.make_engine(url, seat)
    kept: CoreExecuteOptionsParameter = {"compiled_cache": _COMPILED}
    engine = create_engine(
        url, module=driver.module(), hide_parameters=True, pool_size=CONNECTIONS, max_overflow=0, execution_options=kept
    )
    engine.dialect = _DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    event.listen(engine, "connect", partial(_on_connect, (*_SETTINGS, _WAITS_A_MOMENT)))
    event.listen(engine, "begin", _begin_later)
    return engine


def offline_engine(path: Path) -> Engine:
    """Return an engine for work on a file that nobody else uses: every transaction writes."""
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True, poolclass=NullPool)
    event.listen(engine, "connect", partial(_on_connect, _SETTINGS))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(driver.BEGINS[Transaction.WRITING]))
    return engine


def _on_connect(settings: Sequence[str], dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for setting in settings:
        cursor.execute(setting)
    cursor.close()


def _begin_later(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    if writes is not None:
        kind = Transaction.WRITING if writes else Transaction.READING
        cast("Spoken", connection.connection.dbapi_connection).begin(kind)

"""Seal everything anew with the newest key: in batches, each its own transaction, to be begun again at any time.

Whether a value still needs it is asked of the value itself, so nothing has to be remembered between two runs.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, LargeBinary, Row, Table, bindparam, select, update

from bot.domain.errors import StoreUnavailableError
from storage.columns import KeyRing
from storage.engine import offline_engine
from storage.opening import translated
from storage.schema import metadata

BATCH: Final = 500
"""Values that are sealed in one transaction."""


def sealed_columns() -> Iterator[Column[Any]]:
    """Yield every column that holds sealed text: all bytes that are not blind indexes."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and not column.name.endswith("_ref"):
                yield column


def reseal(path: Path, ring: KeyRing) -> int:
    """Seal with the newest key whatever is not, until a look at every value finds nothing more; return how many.

    Nobody else may use the file.  Raises StoreRefusedError for a value that no key opens; what was done stays done.
    """
    engine = offline_engine(path)
    try:
        with translated(path):
            total = seal_anew(engine, ring)
            _fold_in(engine)
    finally:
        engine.dispose()
    return total


def seal_anew(engine: Engine, ring: KeyRing) -> int:
    """Go through every column until nothing is left to be sealed; return how many values were."""
    total = 0
    while changed := sum(_column(engine, column, ring) for column in sealed_columns()):
        total += changed
    return total


def _column(engine: Engine, column: Column[Any], ring: KeyRing) -> int:
    """Go once through a column; return how many values were sealed anew."""
    after, changed = 0, 0
    while True:
        with engine.begin() as connection:
            rows = _next_rows(connection, column, after)
            changed += _write(connection, column, rows, ring)
        if not rows:
            return changed
        after = rows[-1].id


def _next_rows(connection: Connection, column: Column[Any], after: int) -> Sequence[Row[Any, Any]]:
    key = _table(column).c.id
    statement = select(key, column.label("sealed")).where(key > after, column.is_not(None)).order_by(key).limit(BATCH)
    return connection.execute(statement).all()


def _write(connection: Connection, column: Column[Any], rows: Sequence[Row[Any, Any]], ring: KeyRing) -> int:
    table = _table(column)
    new = [{"row": row.id, "new": anew} for row in rows if (anew := ring.resealed(row.sealed)) is not None]
    if new:
        connection.execute(update(table).where(table.c.id == bindparam("row")).values({column: bindparam("new")}), new)
    return len(new)


def _fold_in(engine: Engine) -> None:
    """Empty the log, in which the former values stand.  StoreUnavailableError while somebody reads them."""
    with engine.connect() as connection:
        busy = connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise StoreUnavailableError("Another program reads the database; close it and begin again. Nothing is lost.")


def _table(column: Column[Any]) -> Table:
    table = column.table
    if not isinstance(table, Table):
        raise TypeError(column)
    return table

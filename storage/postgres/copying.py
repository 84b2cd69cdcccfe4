"""A database on a server as what a practice is moved from, and to.  Implements `storage.contents`'s ports.

Rows go in by COPY and come out by a cursor that stays on the server: a few of them are in memory at a time.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Column, LargeBinary, Table
from sqlalchemy.types import Integer

from storage import marks
from storage.contents import Row
from storage.copying import columns_of, quoted
from storage.postgres.address import Address
from storage.postgres.limits import waiting_for_locks
from storage.postgres.migrating import migrate
from storage.postgres.opening import expect_room
from storage.schema import metadata

AT_ONCE: Final = 2000
"""Rows that are fetched together."""

LETS_GO_WITHIN: Final = 60
"""Seconds: of a move that was killed the server may take a moment to let go."""

_SEES: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

Connection = psycopg.Connection[Any]


class ServerMoment:
    """Implements `storage.contents.Moment`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def tables(self) -> set[str]:
        """Ask the server."""
        return {
            name for (name,) in self._db.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        }

    def one(self, statement: str) -> Any:
        """Return the first value."""
        row = self._db.execute(statement).fetchone()
        return row[0] if row else None

    def rows(self, table: Table) -> Iterator[Row]:
        """Fetch from the server as they are asked for."""
        order = ", ".join(quoted(column) for column in table.primary_key)
        with self._db.cursor("rows") as cursor:
            cursor.itersize = AT_ONCE
            query = f'SELECT {columns_of(table)} FROM "{table}" ORDER BY {order}'  # noqa: S608 - our own names
            cursor.execute(query, binary=True)
            yield from cursor

    def highest(self, table: Table) -> int:
        """Ask the table and its sequence."""
        given = self.one(f"SELECT pg_sequence_last_value(pg_get_serial_sequence('{table}', 'id'))")
        there = self.one(f'SELECT max(id) FROM "{table}"')  # noqa: S608 - our own name
        return max(given or 0, there or 0)

    def faults(self) -> Iterator[str]:
        """Find nothing: the server refuses at once what does not belong, and looks for damage itself."""
        return iter(())


@contextmanager
def moment(address: Address) -> Iterator[ServerMoment]:
    """See a database as it is now, for as long as the context is open."""
    with _connected(address) as db:
        db.execute(_SEES)
        yield ServerMoment(db)


@contextmanager
def _connected(address: Address) -> Iterator[Connection]:
    with address.translated(), address.connected() as db:
        db.execute(waiting_for_locks(LETS_GO_WITHIN))
        db.execute("SET synchronous_commit = on")
        yield db


class _Filling:
    """Implements `storage.contents.Filling`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        """Copy in the server's own form, in which nothing is taken for anything else."""
        statement = f'COPY "{table}" ({columns_of(table)}) FROM STDIN (FORMAT BINARY)'
        with self._db.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types([_kind(column) for column in table.columns])
            for row in rows:
                copy.write_row(row)

    def go_on_from(self, table: Table, highest: int) -> None:
        """Set the sequence; one that has not begun is left so."""
        if highest:
            self._db.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table.name, highest))


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, Integer):
        return "int8"
    return "bytea" if isinstance(column.type, LargeBinary) else "text"


class ServerDestination:
    """Implements `storage.contents.Destination`."""

    def __init__(self, address: Address) -> None:
        self._address = address

    @contextmanager
    def found(self) -> Iterator[ServerMoment | None]:
        """Look at the database; an empty one must be one that a practice can be in."""
        with _connected(self._address) as db:
            there = ServerMoment(db)
            if not there.tables():
                expect_room(db, self._address)
            yield there

    def mark(self, source: str) -> None:
        """Make the mark."""
        with _connected(self._address) as db, db.transaction():
            db.execute(marks.MAKES)
            db.execute(sql.SQL("INSERT INTO {} VALUES (%s)").format(sql.Identifier(marks.TABLE)), (source,))

    def lay_out(self) -> None:
        """Run the revisions that it has not had."""
        with self._address.translated():
            migrate(self._address)

    @contextmanager
    def filling(self) -> Iterator[_Filling]:
        """Lift the guards, which refuse to be emptied, and put them back: within the transaction."""
        with _connected(self._address) as db, db.transaction():
            _guard(db, "DISABLE")
            db.execute(f"TRUNCATE {', '.join(_every_table())} RESTART IDENTITY")
            yield _Filling(db)
            _guard(db, "ENABLE")

    def unmark(self) -> None:
        """Drop the mark, and let the server learn what its tables hold: it would plan for empty ones."""
        with _connected(self._address) as db:
            db.execute(f"ANALYZE {', '.join(_every_table())}")
            db.execute(marks.DROPS)


def _guard(db: Connection, how: str) -> None:
    for table in _every_table():
        db.execute(f"ALTER TABLE {table} {how} TRIGGER USER")


def _every_table() -> list[str]:
    return [f'"{table}"' for table in metadata.sorted_tables]

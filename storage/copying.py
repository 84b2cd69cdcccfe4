"""A file of SQLite as what a practice is moved from, and to.  Implements `storage.contents`'s ports.

Trap: a connection that could write folds the log into the file when it closes.  What is moved away from is opened so
that it cannot: not a byte of it changes.  SQLite takes any value into any column; what a server would not take is
looked for before anything is written.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, String, Table
from sqlalchemy.types import TypeDecorator

from bot.domain.errors import StoreRefusedError
from storage import marks
from storage.contents import Row
from storage.files import create, settle
from storage.migrating import migrate
from storage.opening import connect, translated
from storage.schema import metadata

_NO_TEXT: Final = "Could not decode"
"""How Python's driver begins to say that a text is none; it goes on with the text."""


class FileMoment:
    """Implements `storage.contents.Moment`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def tables(self) -> set[str]:
        """Ask for all that are not SQLite's own."""
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        return {name for (name,) in self._db.execute(names)}

    def one(self, statement: str) -> Any:
        """Return the first value."""
        row = self._db.execute(statement).fetchone()
        return row[0] if row else None

    def rows(self, table: Table) -> Iterator[Row]:
        """Step through the table."""
        order = ", ".join(quoted(column) for column in table.primary_key)
        try:
            yield from self._db.execute(f'SELECT {columns_of(table)} FROM "{table}" ORDER BY {order}')  # noqa: S608 - our own names
        except sqlite3.OperationalError as error:
            if str(error).startswith(_NO_TEXT):
                raise StoreRefusedError(f"{table} holds a text that is none. Nothing was moved.") from None
            raise

    def highest(self, table: Table) -> int:
        """Ask the table, and what is remembered of it."""
        known = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).fetchone()
        there = self.one(f'SELECT max(id) FROM "{table}"')  # noqa: S608 - our own name
        return max(known[0] if known else 0, there or 0)

    def faults(self) -> Iterator[str]:
        """Have SQLite look through everything, then look for what only SQLite would take."""
        verdict = self.one("PRAGMA integrity_check(1)")
        if verdict != "ok":
            yield f"it is damaged ({verdict}); restore the last backup"
            return
        for table in sorted({row[0] for row in self._db.execute("PRAGMA foreign_key_check")}):
            yield f"{table} has rows whose parent is missing"
        for table in metadata.sorted_tables:
            misfits = " + ".join(f"sum({_misfit(column)})" for column in table.columns)
            if self.one(f'SELECT {misfits} FROM "{table}"'):  # noqa: S608 - our own names
                yield from self._misfits(table)

    def _misfits(self, table: Table) -> Iterator[str]:
        for column in table.columns:
            if count := self.one(f'SELECT sum({_misfit(column)}) FROM "{table}"'):  # noqa: S608 - our own names
                yield f"{table}.{column.name} has values that do not belong there ({count})"


def _misfit(column: Column[Any]) -> str:
    """Return what is true of a value that another engine would not take into this column."""
    name, kind = quoted(column), _plain(column)
    if isinstance(kind, LargeBinary):
        return f"typeof({name}) NOT IN ('blob', 'null')"
    if isinstance(kind, String):
        is_bad = f"typeof({name}) NOT IN ('text', 'null') OR ifnull(instr(CAST({name} AS BLOB), x'00'), 0) > 0"
        return f"({is_bad} OR ifnull(length({name}), 0) > {kind.length})"
    return f"typeof({name}) NOT IN ('integer', 'null')"


def _plain(column: Column[Any]) -> Any:
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def quoted(column: Column[Any]) -> str:
    """Return the name of a column as both engines read it."""
    return f'"{column.name}"'


def columns_of(table: Table) -> str:
    """Return the names of all columns, in their order."""
    return ", ".join(quoted(column) for column in table.columns)


@contextmanager
def moment(path: Path) -> Iterator[FileMoment]:
    """See a file as it is now, for as long as the context is open, and never write to it."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with translated(path), closing(sqlite3.connect(address, timeout=5, isolation_level=None, uri=True)) as db:
        db.execute("BEGIN")
        yield FileMoment(db)


class _Filling:
    """Implements `storage.contents.Filling`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert."""
        places = ", ".join("?" for _ in table.columns)
        self._db.executemany(f'INSERT INTO "{table}" ({columns_of(table)}) VALUES ({places})', rows)  # noqa: S608 - our own names

    def go_on_from(self, table: Table, highest: int) -> None:
        """Let SQLite remember; of a table that it does not count it knows the rows."""
        if highest and table.dialect_options["sqlite"]["autoincrement"]:
            self._db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
            self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, highest))


class FileDestination:
    """Implements `storage.contents.Destination`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def found(self) -> Iterator[FileMoment | None]:
        """Look at the file, if there is one."""
        if not self._path.exists():
            yield None
            return
        with moment(self._path) as there:
            yield there

    def mark(self, source: str) -> None:
        """Make the file, which nobody but its owner can read, with nothing but the mark in it."""
        with translated(self._path):
            if not self._path.exists():
                create(self._path).close()
            with closing(connect(self._path)) as db:
                db.execute("BEGIN IMMEDIATE")
                db.execute(marks.MAKES)
                db.execute(f"INSERT INTO {marks.TABLE} VALUES (?)", (source,))  # noqa: S608 - our own name
                db.execute("COMMIT")
            settle(self._path.parent)

    def lay_out(self) -> None:
        """Run the revisions that it has not had."""
        with translated(self._path):
            migrate(self._path)

    @contextmanager
    def filling(self) -> Iterator[_Filling]:
        """Lift all guards, and put them back: within the transaction.  Foreign keys are off."""
        with translated(self._path), closing(connect(self._path)) as db:
            db.execute("BEGIN IMMEDIATE")
            guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                db.execute(f'DROP TRIGGER "{name}"')
            for table in metadata.sorted_tables:
                db.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own name
            yield _Filling(db)
            for _, made in guards:
                db.execute(made)
            db.execute("COMMIT")

    def unmark(self) -> None:
        """Drop the mark, and wait for the disk."""
        with translated(self._path):
            with closing(connect(self._path)) as db:
                db.execute(marks.DROPS)
            settle(self._path)

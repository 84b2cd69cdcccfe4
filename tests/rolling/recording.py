"""Writes down what the store says to its database while a story is told, and what comes of it.

It sits where SQLAlchemy opens the store's connections, below everything that is ours.  What commands and starts say in
a thread of their own is left out: a process of an older version does none of it on a newer schema.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from typing import Any, Final, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Dialect, event
from sqlalchemy.engine import Engine

from storage.postgres import driver
from storage.schema import metadata
from tests.rolling.conversation import Outcome, Row, Said, Story

Note = Callable[[str, Any, bool, Outcome], None]
"""Writes down a statement, its parameters, whether it was run for each of several, and its outcome."""

_ENDS: Final = {"commit": "COMMIT", "rollback": "ROLLBACK"}


class Recorder:
    """One story's."""

    def __init__(self, name: str) -> None:
        self.story = Story(name)
        self._numbers = count()
        self._databases: set[str] = set()

    @property
    def is_about_one(self) -> bool:
        """Say whether there was one database, and not several."""
        return len(self._databases) == 1

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Write down what is said on every connection that the store opens meanwhile."""
        event.listen(Engine, "do_connect", self._connects)
        try:
            yield
        finally:
            event.remove(Engine, "do_connect", self._connects)

    def _connects(self, dialect: Dialect, _record: Any, arguments: Sequence[Any], ways: dict[str, Any]) -> Any:
        if not dialect.is_async:
            return None
        if dialect.name == "sqlite":
            self._knows(arguments[0], partial(_in_file, arguments[0]))
            ways["factory"] = partial(_FileConnection, self._note())
            return None
        made = cast("driver.Connection", dialect.connect(*arguments, **ways))
        dsn = made.spoken.info.dsn
        self._knows(dsn, partial(_on_server, dsn))
        _listen(made.spoken, self._note())
        return made

    def _knows(self, database: str, rows: Callable[[], dict[str, list[Row]]]) -> None:
        if not self._databases:
            self.story.before = rows()
        self._databases.add(database)

    def _note(self) -> Note:
        number = next(self._numbers)

        def note(statement: str, parameters: Any, is_many: bool, outcome: Outcome) -> None:  # noqa: FBT001 - as kept
            self.story.said.append(Said(number, statement, parameters, is_many, outcome))

        return note


def _in_file(file: str) -> dict[str, list[Row]]:
    with closing(sqlite3.connect(file)) as db:
        db.row_factory = sqlite3.Row
        return _rows(db)


def _on_server(dsn: str) -> dict[str, list[Row]]:
    with closing(psycopg.connect(dsn, row_factory=dict_row)) as db:
        return _rows(db)


def _rows(db: Any) -> dict[str, list[Row]]:
    """Return the rows of every table that has any, parents first."""
    named = ((table.name, db.execute(f"SELECT * FROM {table.name}")) for table in metadata.sorted_tables)  # noqa: S608 - our own names
    found = {name: [dict(row) for row in rows] for name, rows in named}
    return {name: rows for name, rows in found.items() if rows}


class _FileConnection(sqlite3.Connection):
    """SQLite's own connection, which writes down what it is asked."""

    def __init__(self, note: Note, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.note = note

    def execute(self, *asked: Any) -> "_FileCursor":
        """Run one statement."""
        return _FileCursor(self).execute(*asked)

    def executemany(self, *asked: Any) -> "_FileCursor":
        """Run one statement many times."""
        return _FileCursor(self).executemany(*asked)

    def commit(self) -> None:
        """Commit, if there is anything to commit."""
        if self.in_transaction:
            self.execute("COMMIT").close()

    def rollback(self) -> None:
        """Roll back, if there is anything to roll back."""
        if self.in_transaction:
            self.execute("ROLLBACK").close()


class _FileCursor(sqlite3.Cursor):
    connection: _FileConnection
    _found: list[Any]

    def execute(self, sql: str, parameters: Any = (), /) -> "_FileCursor":
        return self._noted(super().execute, sql, parameters, is_many=False)

    def executemany(self, sql: str, parameters: Any, /) -> "_FileCursor":
        return self._noted(super().executemany, sql, parameters, is_many=True)

    def fetchall(self) -> list[Any]:
        return self._found

    def _noted(self, does: Callable[..., object], sql: str, parameters: Any, *, is_many: bool) -> "_FileCursor":
        outcome: Outcome = None
        try:
            does(sql, parameters)
            self._found = super().fetchall()
            outcome = self.rowcount if self.description is None else len(self._found)
        finally:
            self.connection.note(sql, parameters, is_many, outcome)
        return self


def _listen(spoken: Any, note: Note) -> None:
    """Let psycopg's own connection write down what it is asked."""

    async def ended(end: Callable[[], Awaitable[None]], word: str) -> None:
        note(word, None, False, -1)  # noqa: FBT003 - as kept
        await end()

    spoken.cursor_factory = partial(_ServerCursor, note)
    for name, word in _ENDS.items():
        setattr(spoken, name, partial(ended, getattr(spoken, name), word))


class _ServerCursor(psycopg.AsyncCursor[Any]):
    def __init__(self, note: Note, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._note = note

    async def execute(self, query: Any, params: Any = None, **ways: Any) -> Any:
        return await self._noted(super().execute(query, params, **ways), query, params, is_many=False)

    async def executemany(self, query: Any, params_seq: Any, **ways: Any) -> None:
        await self._noted(super().executemany(query, params_seq, **ways), query, params_seq, is_many=True)

    async def _noted(self, done: Awaitable[Any], query: str, params: Any, *, is_many: bool) -> Any:
        outcome: Outcome = None
        try:
            result = await done
            outcome = self.rowcount
        finally:
            self._note(query, params, is_many, outcome)
        return result

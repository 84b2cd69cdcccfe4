"""Says a story again to a database in which nobody is, and hears where it goes otherwise."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg

from storage.postgres.address import Address
from tests.engines import server_of, url_of
from tests.practice import lay_out
from tests.rolling.conversation import Outcome, Said, Story

_NEVER_WAITS: Final = "-c lock_timeout=2s"
"""Whoever waits for a lock here waits for another connection of the same story: for ever."""


@dataclass(frozen=True, slots=True)
class _Engine:
    opened: Callable[[], Any]
    refuses: type[Exception]
    place: str


def laid_out(file: Path) -> Path:
    """Put a database of the newest schema where none is."""
    if server_of(file) is None:
        lay_out(file)
    return file


def difference(file: Path, story: Story) -> str | None:
    """Say a story; return where it first goes otherwise than it went when it was written down, None: nowhere."""
    engine = _engine(file)
    connections: dict[int, Any] = {}
    with ExitStack() as stack:
        _fill(engine, story)
        for one in story.said:
            if one.connection not in connections:
                connections[one.connection] = stack.enter_context(closing(engine.opened()))
            outcome, refusal = _said(engine, connections[one.connection], one)
            if outcome != one.outcome:
                return f"{story.name}: {one.outcome} then, {outcome} now{refusal}: {one.statement}"
    return None


def _engine(file: Path) -> _Engine:
    if server_of(file) is None:
        return _Engine(partial(sqlite3.connect, file, isolation_level=None, timeout=0), sqlite3.Error, "?")
    conninfo = Address(url_of(file)).conninfo()
    opened = partial(psycopg.connect, conninfo, autocommit=True, options=_NEVER_WAITS)
    return _Engine(opened, psycopg.Error, "%s")


def _fill(engine: _Engine, story: Story) -> None:
    """Put the rows there that were there before."""
    with closing(engine.opened()) as db:
        for table, rows in story.before.items():
            for row in rows:
                places = ", ".join([engine.place] * len(row))
                db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))  # noqa: S608 - our own names


def _said(engine: _Engine, connection: Any, one: Said) -> tuple[Outcome, str]:
    """Say one statement; return its outcome, and why it was refused."""
    try:
        with closing(connection.cursor()) as cursor:
            does = cursor.executemany if one.is_many else cursor.execute
            does(one.statement, *([one.parameters] if one.parameters else []))
            return (cursor.rowcount if cursor.description is None else len(cursor.fetchall())), ""
    except engine.refuses as refusal:
        return None, f" ({refusal})"

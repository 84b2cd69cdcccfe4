"""Where the two engines want other words for the same: every difference between statements is here.

SQLite's words are the ones that the rest of `storage` is written in; PostgreSQL's stand beside them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, cast, select, text
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Integer

from storage.session import Session

POSTGRESQL: Final = "postgresql"


def insert_into(table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT, which SQLAlchemy says alike to both engines once it is made for one."""
    return insert(table)


class earlier(GenericFunction[Any]):  # noqa: N801 - named as functions of SQL are
    """The earlier of two instants, none of which is missing."""

    _register = False  # `func.min` is what it was
    name = "min"
    inherit_cache = True


@compiles(earlier, POSTGRESQL)
def _least(element: earlier, compiler: SQLCompiler, **options: Any) -> str:
    return f"least{compiler.process(element.clause_expr, **options)}"


class _json_each(GenericFunction[Any]):  # noqa: N801
    """The values of a list that is written as JSON, a row for each."""

    _register = False
    name = "json_each"
    inherit_cache = True


@compiles(_json_each, POSTGRESQL)
def _elements(element: _json_each, compiler: SQLCompiler, **options: Any) -> str:
    (written,) = element.clauses
    return f"json_array_elements_text(CAST({compiler.process(written, **options)} AS JSON))"


def numbers_in(written: ColumnElement[str]) -> Select[Any]:
    """Select the whole numbers of a list that is written as JSON: as many as one likes, in one parameter."""
    each = _json_each(written).table_valued("value")
    return select(cast(each.c.value, Integer))


@asynccontextmanager
async def unguarded(session: Session, table: str, guard: str) -> AsyncIterator[None]:
    """Lift a trigger that refuses something, and put it back: both within the transaction."""
    if session.dialect.name == POSTGRESQL:
        await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {guard}"))
        yield
        await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {guard}"))
        return
    known = text("SELECT sql FROM sqlite_master WHERE name = :name")
    made = (await session.execute(known, {"name": guard})).scalar_one()
    await session.execute(text(f"DROP TRIGGER {guard}"))
    yield
    await session.execute(text(made))

"""What is written once and said to both engines: in SQLite's words, where these differ.

`storage.postgres.dialect` reads SQLite's words and says PostgreSQL's: `min` of two things, the values of a list in
JSON, ON CONFLICT.  Here is what a statement cannot say by itself.  Nothing else in `storage` asks which engine it is.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import Table, text
from sqlalchemy.dialects.sqlite import Insert, insert

from storage.session import Session

POSTGRESQL: Final = "postgresql"


def insert_into(table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT, which SQLAlchemy says alike to both engines once it is made for one."""
    return insert(table)


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

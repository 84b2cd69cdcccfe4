"""What every group of tables shares: one connection, the key ring, and a few ways to ask."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, RowMapping, Table
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Source
from storage.columns import KeyRing


class Rows:
    """One group of tables inside one transaction."""

    def __init__(self, connection: AsyncConnection, ring: KeyRing) -> None:
        self._connection = connection
        self._ring = ring

    def _ref(self, source: Source) -> bytes:
        """Return the blind index of where words came from."""
        version = f":{source.version}" if source.version else ""
        return self._ring.blind("source", f"{source.chat_id}:{source.message_id}{version}")

    async def _do(self, statement: Executable, **values: Any) -> int:
        """Execute and return how many rows changed; `values` are those of a statement that was built beforehand."""
        return (await self._connection.execute(statement, values or None)).rowcount

    async def _add(self, statement: Insert) -> int:
        """Insert one row and return its id."""
        key = (await self._connection.execute(statement)).inserted_primary_key
        if key is None:
            raise LookupError("nothing was inserted")
        return int(key[0])

    async def _one(self, statement: Executable, **values: Any) -> RowMapping | None:
        return (await self._connection.execute(statement, values or None)).mappings().one_or_none()

    async def _first(self, statement: Executable) -> RowMapping | None:
        return (await self._connection.execute(statement)).mappings().first()

    async def _all(self, statement: Executable, **values: Any) -> Sequence[RowMapping]:
        return (await self._connection.execute(statement, values or None)).mappings().all()

    async def _value(self, statement: Executable, **values: Any) -> Any:
        return (await self._connection.execute(statement, values or None)).scalar()


def insert_into(table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT."""
    return insert(table)

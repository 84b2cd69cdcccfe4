"""What every group of tables shares: one session, the key ring, and a few ways to ask."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Executable, Insert, RowMapping

from bot.domain.post import Source
from storage.columns import KeyRing
from storage.prepared import Prepared
from storage.session import Question, Session, Values


class Rows:
    """One group of tables inside one transaction."""

    def __init__(self, session: Session, ring: KeyRing) -> None:
        self._session = session
        self._ring = ring

    def _ref(self, source: Source) -> bytes:
        """Return the blind index of where words came from."""
        version = f":{source.version}" if source.version else ""
        return self._ring.blind("source", f"{source.chat_id}:{source.message_id}{version}")

    async def _do(self, statement: Executable | Prepared, **values: Any) -> int:
        """Execute and return how many rows changed; `values` are those of a statement that was built beforehand."""
        if isinstance(statement, Prepared):
            return await self._session.do(statement, values)
        return (await self._session.execute(statement, values or None)).rowcount

    def _later(self, statement: Prepared, *rows: Values) -> None:
        """Execute for each row, before whatever else happens in this transaction: nobody asks what came of it."""
        if rows:
            self._session.do_later(statement, *rows)

    async def _add(self, statement: Insert) -> int:
        """Insert one row and return its id."""
        key = (await self._session.execute(statement)).inserted_primary_key
        if key is None:
            raise LookupError("nothing was inserted")
        return int(key[0])

    async def _one(self, statement: Executable | Prepared, **values: Any) -> RowMapping | None:
        if isinstance(statement, Prepared):
            return next(iter(await self._all(statement, **values)), None)
        return (await self._session.execute(statement, values or None)).mappings().one_or_none()

    async def _first(self, statement: Executable) -> RowMapping | None:
        return (await self._session.execute(statement)).mappings().first()

    async def _all(self, statement: Executable | Prepared, **values: Any) -> Sequence[RowMapping]:
        if isinstance(statement, Prepared):
            return (await self._ask((statement, values)))[0]
        return (await self._session.execute(statement, values or None)).mappings().all()

    async def _ask(self, *questions: Question) -> Sequence[Sequence[RowMapping]]:
        """Ask several things at once; the rows of each are read by name like those of SQLAlchemy."""
        return cast("Sequence[Sequence[RowMapping]]", await self._session.ask(*questions))

    async def _value(self, statement: Executable | Prepared, **values: Any) -> Any:
        if isinstance(statement, Prepared):
            return next((next(iter(row.values())) for row in await self._all(statement, **values)), None)
        return (await self._session.execute(statement, values or None)).scalar()

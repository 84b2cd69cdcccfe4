"""What the bot does for itself: when each chore is due, when it was last done, what went wrong since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import case, select, update

from bot.domain.post import ChoreRow
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import chores

LONGEST_REASON: Final = 200


class ChoreRows(Rows):
    """Implements `bot.services.ports.Chores`."""

    async def plan(self, name: str, at: datetime) -> None:
        """Let it be due at `at`, or when it was going to be, if that is sooner."""
        new = insert_into(chores).values(name=name, next_at=at)
        wanted = new.excluded.next_at
        sooner = case((chores.c.next_at < wanted, chores.c.next_at), else_=wanted)
        await self._do(new.on_conflict_do_update(index_elements=["name"], set_={"next_at": sooner}))

    async def keep_only(self, names: Sequence[str]) -> None:
        """Let the others rest, and forget what went wrong with them."""
        others = update(chores).where(chores.c.name.not_in(names), chores.c.next_at.is_not(None))
        await self._do(others.values(next_at=None, attempts=0, last_error=None))

    async def due(self, now: datetime) -> Sequence[ChoreRow]:
        """Return what is due, the longest waiting first."""
        statement = select(chores).where(chores.c.next_at <= now).order_by(chores.c.next_at)
        return [ChoreRow(row["name"], row["attempts"]) for row in await self._all(statement)]

    async def done(self, name: str, at: datetime, next_at: datetime) -> None:
        """Note that it was done, and plan the next time."""
        values = {"last_at": at, "next_at": next_at, "attempts": 0, "last_error": None}
        await self._do(update(chores).where(chores.c.name == name).values(values))

    async def failed(self, name: str, next_at: datetime, reason: str) -> None:
        """Note what went wrong, and when to try again."""
        values = {"next_at": next_at, "attempts": chores.c.attempts + 1, "last_error": reason[:LONGEST_REASON]}
        await self._do(update(chores).where(chores.c.name == name).values(values))

    async def failing(self) -> Mapping[str, str]:
        """Return what went wrong the last time, by name."""
        rows = await self._all(select(chores.c.name, chores.c.last_error).where(chores.c.last_error.is_not(None)))
        return {row["name"]: row["last_error"] for row in rows}

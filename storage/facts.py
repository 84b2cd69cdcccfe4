"""Small things worth remembering between runs, such as the bot's name."""

from sqlalchemy import select

from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import facts


class FactRows(Rows):
    """Implements `bot.services.ports.Facts`."""

    async def recall(self, name: str) -> str | None:
        """Return what was kept under `name`."""
        value: str | None = await self._value(select(facts.c.value).where(facts.c.name == name))
        return value

    async def keep(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""
        new = insert_into(facts).values(name=name, value=value)
        await self._do(new.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

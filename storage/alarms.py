"""Alarms about the bot itself, from beginning to end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, delete, select, update

from bot.domain.alarms import Alarm, AlarmId, AlarmRow
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema_alarms import alarms

KEPT: Final = timedelta(days=366)
"""So long an alarm is kept after its end."""


class AlarmRows(Rows):
    """Implements `bot.services.ports_alarms.AlarmRows`."""

    async def open(self) -> Sequence[AlarmRow]:
        """Return those that last."""
        lasting = select(alarms).where(alarms.c.over_at.is_(None)).order_by(alarms.c.id)
        return [_read(row) for row in await self._all(lasting)]

    async def get(self, alarm_id: AlarmId) -> AlarmRow | None:
        """Find by id."""
        row = await self._one(select(alarms).where(alarms.c.id == alarm_id))
        return _read(row) if row else None

    async def begin(self, alarm: Alarm, since_at: datetime, told_at: datetime) -> AlarmId:
        """Add one."""
        values = {"kind": alarm, "since_at": since_at, "told_at": told_at}
        return AlarmId(await self._add(insert_into(alarms).values(values)))

    async def told(self, alarm_id: AlarmId, at: datetime) -> None:
        """Note when it was told."""
        await self._do(update(alarms).where(alarms.c.id == alarm_id).values(told_at=at))

    async def end(self, alarm_id: AlarmId, at: datetime) -> None:
        """Note the end; forget what ended long ago."""
        await self._do(update(alarms).where(alarms.c.id == alarm_id, alarms.c.over_at.is_(None)).values(over_at=at))
        await self._do(delete(alarms).where(alarms.c.over_at < at - KEPT))


def _read(row: RowMapping) -> AlarmRow:
    return AlarmRow(AlarmId(row["id"]), Alarm(row["kind"]), row["since_at"], row["told_at"], row["over_at"])

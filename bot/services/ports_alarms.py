"""What the alarms need: their rows, the state of Telegram's line, the space on the disks; see `bot.services.ports`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.alarms import Alarm, AlarmId, AlarmRow
from bot.domain.trouble import Trouble


class AlarmRows(Protocol):
    """Alarms, each a row from its beginning; nothing about people."""

    async def open(self) -> Sequence[AlarmRow]:
        """Return the alarms that last."""

    async def get(self, alarm_id: AlarmId) -> AlarmRow | None:
        """Find an alarm."""

    async def begin(self, alarm: Alarm, since_at: datetime, told_at: datetime) -> AlarmId:
        """Add an alarm; one of a kind lasts at a time."""

    async def told(self, alarm_id: AlarmId, at: datetime) -> None:
        """Note when it was told last."""

    async def end(self, alarm_id: AlarmId, at: datetime) -> None:
        """Note that it is over; those that were over a year ago go."""


class Line(Protocol):
    """Where updates come from."""

    trouble: Trouble | None
    """Why nothing comes in at the moment; None while all is well."""

    well_at: datetime | None
    """When updates, or the news that there are none, last came in and were kept."""

    turned_at: datetime | None
    """When somebody last looked whether updates come in, well or not."""

    @property
    def stuck(self) -> int:
        """Count the chats that something unforeseen keeps from being worked."""


@dataclass(frozen=True, slots=True)
class Space:
    """The bytes that are free where the bot writes, and the least that should be."""

    free: Mapping[str, int]
    least: int


class Disks(Protocol):
    """The file systems that the bot writes to."""

    async def look(self) -> Space:
        """Return what is free; a folder that cannot be looked at is left out.  Never blocks for long."""

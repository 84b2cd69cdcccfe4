"""What operators are told about the bot when it leaves: what is over meanwhile is not told as if it lasted."""

from bot.clock import Clock
from bot.domain.alarms import AlarmId
from bot.domain.model import Person
from bot.domain.notices_alarms import AlarmOver, AlarmRaised
from bot.services.ports import Store
from bot.texts import Texts
from handlers import screens_alarms
from handlers.screen import Screen


class AlarmNotices:
    """Turns alarms into screens."""

    def __init__(self, store: Store, texts: Texts, clock: Clock) -> None:
        self._store = store
        self._texts = texts
        self._clock = clock

    async def raised(self, to: Person, notice: AlarmRaised) -> list[Screen]:
        """Tell of an alarm that lasts; without a row, the database is away, and it is not asked."""
        if notice.alarm_id is not None and not await self._lasts(notice.alarm_id):
            return []
        return [screens_alarms.raised(self._texts, to.voice, notice, self._clock.now())]

    async def over(self, to: Person, notice: AlarmOver) -> list[Screen]:
        """Say that all is well again, and how long it was not."""
        return [screens_alarms.over(self._texts, to.voice, notice, self._clock.now())]

    async def _lasts(self, alarm_id: AlarmId) -> bool:
        async with self._store.reading() as tx:
            row = await tx.alarms.get(alarm_id)
        return row is not None and row.over_at is None

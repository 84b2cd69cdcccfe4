"""Who is asked: so many patients, shared out over so many bots, in some zones; and by which rules of the practice."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.domain.timing import CheckInTimes
from bot.domain.turns import Pace
from bot.load.habits import Habits

BEGINS: Final = datetime(2026, 11, 22, tzinfo=UTC)
"""Second 0, a Sunday: somewhere it is Monday already.  The first week begins the day after."""

FREE: Final = 30.0
"""Messages a second that Telegram lets a bot send to many without paying; `Pace` stays a hair below."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What of the settings of a practice decides when messages leave; left as the example has it."""

    times: CheckInTimes
    note_before: timedelta
    digest: tuple[int, int]

    @classmethod
    def by_default(cls) -> "Rules":
        """Return those of a practice that has changed nothing."""
        config = Config()
        return cls(config.check_in_times(), config.therapist.note_before, (config.digest.weekday, config.digest.hour))


@dataclass(frozen=True, slots=True)
class Network:
    """`rate`: messages a second that Telegram allows to each bot; `days` from the Monday after `BEGINS`."""

    patients: int
    bots: int = 1
    rate: float = FREE
    days: int = 7
    seed: int = 1
    zones: tuple[ZoneInfo, ...] = (ZoneInfo("Europe/Madrid"),)
    habits: Habits = field(default_factory=Habits)

    def shares(self) -> list[int]:
        """Return how many patients each bot has: the same everywhere, or one more."""
        each, more = divmod(self.patients, self.bots)
        return [each + (number < more) for number in range(self.bots)]

    def pace(self) -> Pace:
        """Return the pace of a bot, as far below what Telegram allows as the real one's."""
        usual = Pace()
        return replace(usual, overall=usual.overall * self.rate / FREE)

"""What a line is read against: when, where and in which language it was written, and what goes without saying."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Near:
    """What a line is about, where that is known: `day` is meant by a time alone, weekdays count from `since` on.

    Without it a time alone is today, and a weekday the next one from now.
    """

    day: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`now` is UTC; `working` are the hours in which sessions begin, their end excluded."""

    now: datetime
    zone: ZoneInfo
    language: str
    working: tuple[time, time]
    usual_length: timedelta
    near: Near = Near()

    @property
    def today(self) -> date:
        """The calendar day in the zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def from_day(self) -> date:
        """The day from which weekdays count."""
        return max(self.today, self.near.since or self.today)

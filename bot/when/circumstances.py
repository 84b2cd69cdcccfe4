"""What a line is read against: when, where and in which language it was written, and what goes without saying."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`now` is UTC; `working` are the hours in which sessions begin, their end excluded."""

    now: datetime
    zone: ZoneInfo
    language: str
    working: tuple[time, time]
    usual_length: timedelta

    @property
    def today(self) -> date:
        """The calendar day in the zone."""
        return self.now.astimezone(self.zone).date()

"""Which days a session repeats on, and the instants those are: weekly, every n weeks, on several weekdays.

Wall-clock time is what repeats: 17:00 stays 17:00 when the clocks change.  Pure rules; where a series is kept, moved or
cancelled is not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain import timing

MOST_WEEKS: Final = 12
"""The longest interval between two weeks of a series."""

MOST_OCCURRENCES: Final = 1000
LONGEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule: on these weekdays (Monday 0, sorted) of every n-th week, at this hour, for this long.

    Occurrences are the weekdays on or after `first`; weeks are counted from the week of `first`, which begins on a
    Monday.  `until` is the last day that counts, `count` how many there are in all; whichever comes first ends it.
    Raises ValueError.
    """

    first: date
    at: time
    length: timedelta
    weekdays: tuple[int, ...]
    every: int = 1
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or list(self.weekdays) != sorted(set(self.weekdays) & set(range(7))):
            raise ValueError("weekdays are numbers from 0 to 6, in order, at least one")
        if not 1 <= self.every <= MOST_WEEKS:
            raise ValueError(f"every is from 1 to {MOST_WEEKS} weeks")
        if not timedelta(0) < self.length <= LONGEST:
            raise ValueError("a session lasts more than nothing and at most a day")
        if self.at.tzinfo or self.at.second or self.at.microsecond:
            raise ValueError("the hour is a wall-clock time in whole minutes, without a zone")
        if self.until is not None and self.until < self.first:
            raise ValueError("a series does not end before it begins")
        if self.count is not None and not 1 <= self.count <= MOST_OCCURRENCES:
            raise ValueError(f"count is from 1 to {MOST_OCCURRENCES}")


class Occurrence(NamedTuple):
    """One session of a series: its local date, and when it begins and ends (UTC)."""

    on: date
    starts_at: datetime
    ends_at: datetime


def days(rule: Recurrence, since: date, until: date) -> Iterator[date]:
    """Give the local dates of the occurrences from `since` to `until`, both included, in order."""
    first, last = rule.first.toordinal(), min(until, rule.until or until).toordinal()
    weeks = range(first - rule.first.weekday(), last + 1, 7 * rule.every)
    every = (monday + weekday for monday in weeks for weekday in rule.weekdays)
    counted = islice((day for day in every if first <= day <= last), rule.count)
    return (date.fromordinal(day) for day in counted if day >= since.toordinal())


def next_day(rule: Recurrence, after: date) -> date | None:
    """Return the local date of the first occurrence after that day; None: there are no more."""
    since = max(after.toordinal() + 1, rule.first.toordinal())
    until = min(since + 7 * (MOST_WEEKS + 1), date.max.toordinal())
    return next(days(rule, date.fromordinal(since), date.fromordinal(until)), None)


def spans(rule: Recurrence, zone: ZoneInfo, since: date, until: date) -> list[Occurrence]:
    """Give the occurrences from `since` to `until` (local dates, both included) as instants.

    An hour that does not exist that day moves forward, one that comes twice is the first; the length is real time.
    """
    starts = ((on, timing.to_utc(datetime.combine(on, rule.at), zone)) for on in days(rule, since, until))
    return [Occurrence(on, starts_at, starts_at + rule.length) for on, starts_at in starts]

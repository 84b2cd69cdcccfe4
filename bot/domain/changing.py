"""What becomes of a rule that changes from one of its days on.  Pure rules; the sessions are moved elsewhere."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.domain.recurrence import Recurrence, days

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Changed:
    """The weekday that moves, on its new day and hour, and the others as they were; None: there are no others."""

    moved: Recurrence
    others: Recurrence | None


def may_begin(rule: Recurrence, was_on: date, on: date, *, begun: bool) -> bool:
    """Say whether what the rule has on `was_on` can go on from `on`: never earlier than in that week of the series.

    Earlier, that week or the one before would have two sessions, and so would this one if its own has `begun`.  Of
    several weekdays one alone does not leave the weeks of the series.
    """
    weeks = (_monday(on) - _monday(was_on)) // _WEEK
    return weeks >= begun and (len(rule.weekdays) == 1 or weeks % rule.every == 0)


def changed(rule: Recurrence, since: date, weekday: int, on: date, at: time) -> Changed | None:
    """Let one weekday of a rule go on at another time, first on `on`; None if none of that weekday is left.

    `since` is the first day that changes.  A count is divided as the days fall; `until` stays, unless the first one
    that moved lies after it.
    """
    left = list(days(rule, since, date.max if rule.count else since + rule.every * _WEEK - _DAY))
    mine = [day for day in left if day.weekday() == weekday]
    others = [day for day in left if day.weekday() != weekday]
    if not mine:
        return None
    until = max(rule.until, on) if rule.until else None
    moved = replace(rule, first=on, at=at, weekdays=(on.weekday(),), until=until, count=rule.count and len(mine))
    return Changed(moved, _as_they_were(rule, others, weekday) if others else None)


def _as_they_were(rule: Recurrence, others: list[date], weekday: int) -> Recurrence:
    weekdays = tuple(day for day in rule.weekdays if day != weekday)
    return replace(rule, first=others[0], weekdays=weekdays, count=rule.count and len(others))


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY

"""A line that repeats → the rule of its sessions, beginning with the first still to come."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.domain.recurrence import Recurrence, days, spans
from bot.when.circumstances import Circumstances
from bot.when.clock_time import take_clock, take_part
from bot.when.day import FARTHEST, Weekday, read_named_day
from bot.when.length import take_length
from bot.when.problems import DayMismatchError, Reason, UnreadableLineError
from bot.when.readings import AmbiguousRepeating, OnceOrWeekly, Repeating
from bot.when.repetition import Repetition, take_repetition

_WEEK: Final = timedelta(days=7)
_FAR_ENOUGH: Final = timedelta(weeks=14)
"""Farther than from any occurrence to the next one."""


def read_series(line: str, asked: Circumstances) -> Repeating | AmbiguousRepeating | OnceOrWeekly:
    """Read a folded line that repeats.  Raises UnreadableLineError."""
    part, line = take_part(line)
    clock, line = take_clock(line)
    repetition, line = take_repetition(line, asked.language)
    length, line = take_length(line, asked.usual_length)
    named = _begins(repetition, line, asked)
    begins = _on(named, asked.from_day)
    weekdays = repetition.weekdays or ((begins.weekday(),) if begins else ())
    if not weekdays:
        raise UnreadableLineError(Reason.NO_WEEKDAY)
    if clock is None:
        raise UnreadableLineError(Reason.NO_TIME)
    try:
        rules = [
            Recurrence(begins or asked.from_day, at, length, weekdays, repetition.every, count=repetition.count)
            for at in clock.times(part, asked.working)
        ]
    except ValueError:
        raise UnreadableLineError(Reason.RECURRENCE) from None
    placed = [_placed(rule, repetition, asked, dated=isinstance(named, date)) for rule in rules]
    if not repetition.said:
        return OnceOrWeekly(tuple(placed))
    return Repeating(placed[0]) if len(placed) == 1 else AmbiguousRepeating(placed[0], placed[1])


def _begins(repetition: Repetition, rest: str, asked: Circumstances) -> date | Weekday | None:
    """Return the day that the line names as its beginning ("desde el martes", "mañana"); None when it names none."""
    named = _named(rest, asked)
    if named is None:
        return _named(repetition.since, asked)
    if repetition.since or isinstance(named, Weekday):
        raise UnreadableLineError(Reason.RECURRENCE)
    if repetition.weekdays and named.weekday() not in repetition.weekdays:
        raise DayMismatchError(named, repetition.weekdays[0])
    return named


def _on(day: date | Weekday | None, today: date) -> date | None:
    return today + timedelta(days=(day.number - today.weekday()) % 7) if isinstance(day, Weekday) else day


def _named(words: str, asked: Circumstances) -> date | Weekday | None:
    try:
        return read_named_day(words, asked.today, asked.language)
    except UnreadableLineError as unreadable:
        no_day = unreadable.reason is Reason.NO_DAY
        raise UnreadableLineError(Reason.RECURRENCE if no_day else unreadable.reason) from None


def _placed(rule: Recurrence, repetition: Repetition, asked: Circumstances, *, dated: bool) -> Recurrence:
    """Move `first` to the first session that is still to come, and add the last day.

    A date that the line names settles which weeks it is on and is counted, even when it has passed; without one the
    series begins with the next of its weekdays, today if the hour is still to come.
    """
    soon = spans(replace(rule, every=1, count=None), asked.zone, rule.first, rule.first + _WEEK)
    rule = replace(rule, first=next(one.on for one in soon if dated or one.starts_at > asked.now))
    until = _on(_named(repetition.until, asked), asked.today)
    if repetition.weeks is not None:
        until = rule.first + repetition.weeks * _WEEK - timedelta(days=1)
    if until is not None and until < rule.first:
        raise UnreadableLineError(Reason.ENDS_FIRST)
    if until is not None and until - rule.first > FARTHEST:
        raise UnreadableLineError(Reason.TOO_FAR)
    return _to_come(replace(rule, until=until), asked)


def _to_come(rule: Recurrence, asked: Circumstances) -> Recurrence:
    """Leave out the sessions that are over; which weeks it is on, and how many there are in all, stay what was said."""
    over = [one.on for one in spans(rule, asked.zone, rule.first, asked.today) if one.ends_at <= asked.now]
    if not over:
        return rule
    following = next(days(rule, over[-1] + timedelta(days=1), asked.today + _FAR_ENOUGH), None)
    if following is None:
        raise UnreadableLineError(Reason.ENDS_FIRST)
    return replace(rule, first=following, count=rule.count and rule.count - len(over))

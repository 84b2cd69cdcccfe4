"""A session that is over, and when it ended: "ahora", "terminó a las 11", "hace una hora", "it ended at 11"."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.when.circumstances import Circumstances
from bot.when.clock_time import take_clock, take_part
from bot.when.day import Weekday, read_day
from bot.when.length import take_length
from bot.when.problems import Reason, UnreadableLineError
from bot.when.readings import Ambiguous, Ended, InPast
from bot.when.relative import take_ago

_NOW: Final = re.compile(r"(?:ahora(?: mismo)?|ya(?: esta)?|(?:right |just )?now)\b ?")
_ENDED: Final = re.compile(
    r"(?:(?:ya )?(?:la )?(?:sesion )?(?:(?:ya|recien|acaba de|acabamos de|acabo de) )?"
    r"(?:termino|termina|terminar|terminada|terminado|terminamos|ha terminado|hemos terminado"
    r"|acabo|ha acabado|acabamos|hemos acabado|ha finalizado|finalizo)"
    r"|(?:(?:it|we|the session|session) )?(?:has |have |is |are )?(?:just )?(?:ended|finished|over))"
    r"(?: la sesion| the session)?\b ?"
)
_TODAY: Final = re.compile(r"(?:hoy|today)?")
_SOON: Final = timedelta(minutes=5)
"""An end so close ahead is now: clocks differ."""

_LONG_AGO: Final = timedelta(days=2)


def says_it_ended(line: str) -> bool:
    """Say whether a folded line is about a session that is over: "terminó …"."""
    return _ENDED.match(line) is not None


def read_end(line: str, asked: Circumstances) -> Ended | Ambiguous | None:
    """Read a folded line that says when a session ended; None if it does not say so.  Raises UnreadableLineError."""
    said = _ENDED.match(line)
    ago, rest = take_ago(line[said.end() :] if said else line, asked.language)
    if ago is not None:
        return _ended_ago(ago, rest, asked)
    return _ended_at(rest, asked) if said else _just_now(line, asked)


def _just_now(line: str, asked: Circumstances) -> Ended | None:
    now = _NOW.match(line)
    if now is None:
        return None
    length, rest = take_length(line[now.end() :], asked.usual_length)
    return None if rest else Ended(asked.now - length, asked.now)


def _ended_at(line: str, asked: Circumstances) -> Ended | Ambiguous:
    """Read what follows "terminó": a clock time, with its day, or nothing, which is now."""
    part, line = take_part(line)
    clock, line = take_clock(line)
    length, line = take_length(line, asked.usual_length)
    if clock is None:
        if part or not (not line or _NOW.fullmatch(line)):
            raise UnreadableLineError(Reason.NO_TIME)
        return Ended(asked.now - length, asked.now)
    day = read_day(line, asked.today, asked.language)
    opens, closes = (_later(at, length) for at in asked.working)
    ends = [_last(day, at, asked) for at in clock.times(part, (opens, closes))]
    over = [min(end, asked.now) for end in ends if end <= asked.now + _SOON]
    if not over:
        raise UnreadableLineError(Reason.NOT_YET)
    if len(over) > 1:
        return Ambiguous(InPast(over[0] - length, over[0]), InPast(over[1] - length, over[1]))
    return Ended(over[0] - length, over[0])


def _ended_ago(ago: timedelta, rest: str, asked: Circumstances) -> Ended:
    """Count back from now; beside the while, a line may only say the length."""
    length, rest = take_length(rest, asked.usual_length)
    if _TODAY.fullmatch(rest) is None or ago > _LONG_AGO:
        raise UnreadableLineError(Reason.UNCLEAR_TIME)
    ended_at = asked.now - ago
    return Ended(ended_at - length, ended_at)


def _later(at: time, length: timedelta) -> time:
    """Return the clock time by which a session that begins then has ended."""
    return (datetime.combine(date.min, at) + length).time()


def _last(day: date | Weekday, at: time, asked: Circumstances) -> datetime:
    """Return the instant of a day and a clock time; of a weekday the last one."""
    if isinstance(day, Weekday):
        on = asked.today - timedelta(days=(asked.today.weekday() - day.number) % 7)
        end = datetime.combine(on, at, tzinfo=asked.zone).astimezone(UTC)
        return end if end <= asked.now + _SOON else _last(on - timedelta(days=7), at, asked)
    return datetime.combine(day, at, tzinfo=asked.zone).astimezone(UTC)

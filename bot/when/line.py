"""One typed line → when a session takes place.  "martes 17:00 50m", "mañana a las 9", "today 5pm".

The clock time, the length and the part of the day are taken out here, and only the day is left to dateparser: given
the whole line it reads "hoy 17:00 50m" as a day in 2022 and "hoy 17h" as seventeen hours ago.  What could be meant two
ways is returned as such; nothing is guessed and nothing is stored here.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.when.bare_hour import name_hour
from bot.when.calendar_day import name_dates
from bot.when.circumstances import Circumstances, Near
from bot.when.clock_time import says_today, take_clock, take_part
from bot.when.day import Weekday, read_named_day, starts_at_on
from bot.when.ended import read_end, says_it_ended
from bot.when.length import USUAL_LENGTH, take_length
from bot.when.problems import DayMismatchError, Reason, UnreadableLineError
from bot.when.readings import Ambiguous, InPast, Mismatch, Planned, Reading, Unreadable
from bot.when.relative import take_wait
from bot.when.repetition import repeats
from bot.when.series import read_series
from bot.when.stretch import name_length
from bot.when.wording import plainer

LONGEST_LINE: Final = 200
"""Characters."""

_PLAIN: Final = str.maketrans({**dict.fromkeys("’′´`", "'"), **dict.fromkeys("\u2013\u2014\u2212", "-")})
"""Strokes and dashes as phones type them."""

_NOTHING_MORE: Final = re.compile("(?:hoy|today)?")


def read_session(
    line: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    language: str,
    working: tuple[time, time],
    default_length: timedelta = USUAL_LENGTH,
    near: Near = Near(),  # noqa: B008 - frozen
) -> Reading:
    """Read one line in the person's own language ("es" or "en", never both); `now` is aware.

    Dates are day before month in both languages ("11/12" is 11 December), except ISO dates.  A weekday is the next such
    day, today if the time is still to come; so is "next Tuesday".  "lunes 23"
    and "el 24" are the next such day.  A clock time alone is today; `near` says otherwise.  "a las 5" is the half
    of the day that lies in `working` hours.  Wall time is that of `zone`: one that a change of clocks skips is moved
    forward by the hour that was skipped, one that happens twice is the first of the two.  Never raises.
    """
    try:
        asked = Circumstances(now.astimezone(UTC), zone, language, working, default_length, near)
        plain = name_length(plainer(_fold(line), language))
        plain = name_hour(plain, asked.today, language)
        plain = name_dates(plain, asked.today, language, over=says_it_ended(plain))
        return read_series(plain, asked) if repeats(plain, language) else _read(plain, asked)
    except DayMismatchError as mismatch:
        return Unreadable(mismatch.reason, mismatch.on)
    except UnreadableLineError as unreadable:
        return Unreadable(unreadable.reason)


def _read(line: str, asked: Circumstances) -> Reading:
    ended = read_end(line, asked)
    if ended is not None:
        return ended
    now, today = asked.now, asked.today
    unnamed = today if asked.near.day is None or says_today(line) else asked.near.day
    wait, line = take_wait(line)
    if wait is not None:
        return _in_a_while(now, wait, line, asked.usual_length)
    part, line = take_part(line)
    clock, line = take_clock(line)
    length, line = take_length(line, asked.usual_length)
    if clock is None:
        raise UnreadableLineError(Reason.NO_TIME)
    times = clock.times(part, asked.working)

    def plan(day: date | Weekday, at: time) -> Planned | InPast:
        starts_at = starts_at_on(day, at, asked.from_day, now, asked.zone)
        ends_at = starts_at + length
        return Planned(starts_at, ends_at) if ends_at > now else InPast(starts_at, ends_at)

    try:
        day = read_named_day(line, today, asked.language) or unnamed
    except DayMismatchError as mismatch:
        return Mismatch(mismatch.on, tuple(plan(day, at) for day in mismatch.days for at in times))
    plans = [plan(day, at) for at in times]
    return Ambiguous(plans[0], plans[1]) if len(plans) > 1 else plans[0]


def _in_a_while(now: datetime, wait: timedelta, line: str, default_length: timedelta) -> Planned:
    """Plan from the present minute on; beside the wait, a line may only say the length."""
    length, line = take_length(line, default_length)
    if _NOTHING_MORE.fullmatch(line) is None:
        raise UnreadableLineError(Reason.UNCLEAR_TIME)
    starts_at = now.replace(second=0, microsecond=0) + wait
    return Planned(starts_at, starts_at + length)


def _fold(line: str) -> str:
    """Lower case, plain letters, plain dashes, single spaces; bounded before anything else looks at it."""
    if len(line) > LONGEST_LINE:
        raise UnreadableLineError(Reason.TOO_LONG)
    plain = unicodedata.normalize("NFKD", line.translate(_PLAIN)).casefold()
    folded = " ".join("".join(map(_plain_character, plain)).split()).strip(" .;!?")
    if not folded:
        raise UnreadableLineError(Reason.EMPTY)
    if len(folded) > LONGEST_LINE:
        raise UnreadableLineError(Reason.TOO_LONG)
    return re.sub(r"\b(\d{4}-\d\d-\d\d)t(?=\d)", r"\1 ", folded)


def _plain_character(character: str) -> str:
    """Keep ASCII; a digit of another script becomes a mark that nothing reads, so that "1٧:00" is not one o'clock."""
    if character.isascii():
        return character.replace(",", " ")
    if character.isnumeric():
        return "?"
    return "" if unicodedata.category(character) in {"Mn", "Cf"} else " "

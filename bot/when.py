"""One typed line → when a session takes place.  "martes 17:00 50m", "mañana a las 9", "today 5pm".

The clock time, the length and the part of the day are taken out here, and only the day is left to dateparser: given
the whole line it reads "hoy 17:00 50m" as a day in 2022 and "hoy 17h" as seventeen hours ago.  What could be meant two
ways is returned as such; nothing is guessed and nothing is stored here.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateparser.date import DateDataParser

LONGEST_LINE: Final = 200
"""Characters."""

DEFAULT_LENGTH: Final = timedelta(minutes=50)
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=8)
FARTHEST: Final = timedelta(days=366)
"""How far from today a session may be planned."""

LOOKS_BACK: Final = timedelta(days=92)
"""A date without a year that lay within the last three months is that past day, not next year's."""

PLAUSIBLE_HOURS: Final = range(7, 21)
"""Hours at which a session may begin when "a las 5" does not say which half of the day."""


class Reason(StrEnum):
    """Why a line cannot be read; the texts explain each."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    RECURRENCE = "recurrence"
    NO_TIME = "no_time"
    NO_DAY = "no_day"
    UNCLEAR_TIME = "unclear_time"
    WEEKDAY_MISMATCH = "weekday_mismatch"
    LENGTH = "length"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Planned:
    """A session whose end is still to come; aware UTC instants."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class InPast:
    """A session that is over already; the caller asks back before it believes so."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class EndedNow:
    """A session that has just ended: `ends_at` is the injected instant."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The line does not say which half of the day, and both are possible."""

    morning: Planned | InPast
    evening: Planned | InPast


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No session can be read from the line."""

    reason: Reason


Reading = Planned | EndedNow | InPast | Ambiguous | Unreadable


class _UnreadableError(Exception):
    """Leaves the reading from wherever it fails; never leaves this module."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read_session(
    line: str, *, now: datetime, zone: ZoneInfo, language: str, default_length: timedelta = DEFAULT_LENGTH
) -> Reading:
    """Read one line in the person's own language ("es" or "en", never both); `now` is aware.

    Dates are day before month in both languages ("11/12" is 11 December), except ISO dates.  A weekday is the next such
    day, today if the time is still to come; so is "next Tuesday".  A clock time alone is today.  Wall time is that of
    `zone`: one that a change of clocks skips is moved forward by the hour that was skipped, one that happens twice is
    the first of the two.  Never raises.
    """
    try:
        return _read(_fold(line), now.astimezone(UTC), zone, language, default_length)
    except _UnreadableError as unreadable:
        return Unreadable(unreadable.reason)


def _read(line: str, now: datetime, zone: ZoneInfo, language: str, default_length: timedelta) -> Reading:
    if _RECURRENCE.search(line):
        raise _UnreadableError(Reason.RECURRENCE)
    part, line = _take_part(line)
    clock, line = _take_clock(line)
    length, line = _take_length(line, default_length)
    if clock is None:
        if part is None and _NOW.fullmatch(line):
            return EndedNow(now - length, now)
        raise _UnreadableError(Reason.NO_TIME)
    today = now.astimezone(zone).date()
    day = _day(line, today, language)

    def plan(at: time) -> Planned | InPast:
        starts_at = _starts_at(day, at, today, now, zone)
        ends_at = starts_at + length
        return Planned(starts_at, ends_at) if ends_at > now else InPast(starts_at, ends_at)

    return _either(clock.times(part), plan)


def _either(times: tuple[time, ...], plan: Callable[[time], Planned | InPast]) -> Planned | InPast | Ambiguous:
    plans = [plan(at) for at in times]
    return Ambiguous(plans[0], plans[1]) if len(plans) > 1 else plans[0]


def _fold(line: str) -> str:
    """Lower case, plain letters, single spaces; bounded before anything else looks at it."""
    if len(line) > LONGEST_LINE:
        raise _UnreadableError(Reason.TOO_LONG)
    plain = unicodedata.normalize("NFKD", re.sub("[’′´`]", "'", line)).casefold()
    folded = " ".join("".join(map(_plain_character, plain)).split()).strip(" .;!?")
    if not folded:
        raise _UnreadableError(Reason.EMPTY)
    if len(folded) > LONGEST_LINE:
        raise _UnreadableError(Reason.TOO_LONG)
    return re.sub(r"\b(\d{4}-\d\d-\d\d)t(?=\d)", r"\1 ", folded)


def _plain_character(character: str) -> str:
    """Keep ASCII; a digit of another script becomes a mark that nothing reads, so that "1٧:00" is not one o'clock."""
    if character.isascii():
        return character.replace(",", " ")
    if character.isnumeric():
        return "?"
    return "" if unicodedata.category(character) in {"Mn", "Cf"} else " "


# --- the clock -------------------------------------------------------------------------------------------------------

_RECURRENCE: Final = re.compile(
    r"\b(?:cada|seman\w*l(?:es|mente)?|quincenal\w*|mensual\w*|diari[oa]s?|tod[oa]s l[oa]s"
    r"|los (?:lunes|martes|miercoles|jueves|viernes|sabados|domingos)"
    r"|every|each|weekly|biweekly|fortnight\w*|monthly|daily|\w+days)\b"
)
_NOW: Final = re.compile(
    r"ahora(?: mismo)?|ya|now|right now|just now|just (?:ended|finished)|(?:it )?(?:ended|finished)(?: (?:just )?now)?"
    r"|(?:ya )?(?:termino|termina|ha terminado|acabo|ha acabado|hemos terminado|acab[ao] de terminar|terminada)"
    r"(?: (?:ya|ahora(?: mismo)?))?"
)
_HOUR_NAMES: Final = {
    name: hour
    for names in (
        ("una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    )
    for hour, name in enumerate(names, start=1)
}
_MORNING: Final = {hour: hour for hour in range(1, 13)}
_AFTERNOON: Final = {12: 12, **{hour: hour + 12 for hour in range(1, 10)}}
_NIGHT: Final = {hour: hour + 12 for hour in range(7, 12)}
_PART_HOURS: Final = {
    "am": {**_MORNING, 12: 0},
    "pm": {12: 12, **{hour: hour + 12 for hour in range(1, 12)}},
    "manana": _MORNING,
    "morning": _MORNING,
    "mediodia": {12: 12, **{hour: hour + 12 for hour in range(1, 4)}},
    "tarde": _AFTERNOON,
    "afternoon": _AFTERNOON,
    "evening": _AFTERNOON,
    "noche": _NIGHT,
    "night": _NIGHT,
    "madrugada": {hour: hour for hour in range(1, 7)},
}
_MERIDIEM: Final = re.compile(r"(?:\b(?:a las?|at) )?\b(\d{1,2}(?:[:.]\d\d)?) ?([ap])\.? ?m\b\.?")
_PART: Final = re.compile(
    r"\b(?:(?:de|por|a|en) la (?P<es>manana|tarde|noche|madrugada)|del (?P<noon>mediodia)"
    r"|in the (?P<en>morning|afternoon|evening)|at (?P<night>night)"
    r"|(?P<today>esta (?:tarde|noche)|this (?:morning|afternoon|evening)|tonight))\b"
)
_HOUR_OF_PART: Final = re.compile(
    r"(?<![\w:/.-])(?<!a las )(?<!a la )(?<!at )(\d{1,2})(?= (?:de la|del|in the|at night)\b)"
)
_SPOKEN: Final = re.compile(
    r"\b(?:a las?|at) (?P<hour>\d{1,2})(?:(?: ?[:.h] ?)(?P<minute>\d\d)(?! ?(?:m|'|\d)))?(?: ?h(?:s|rs|oras)?\b\.?)?"
    r"(?P<fraction> y media| y cuarto| menos cuarto)?(?![\d:/-])"
)
_WRITTEN: Final = re.compile(
    r"(?<![\d:/.-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::00)?(?: ?h(?:s|rs)?\b\.?)?(?![\d:/-])"
)
_WITH_H: Final = re.compile(  # from nine on: "8h" is a length
    r"(?<![\w:/.-])(?P<hour>9|1\d|2\d) ?h(?:s|rs|oras)?(?P<minute>\d\d)?(?![\w:/.-])"
)
_DOTTED: Final = re.compile(  # "17.30", but never what could be a date: "10.12"
    r"(?<![\w:/.-])(?P<hour>\d{1,2})\.(?P<minute>00|1[3-9]|[2-5]\d)(?: ?h(?:s|rs)?)?(?![\w:/.-])"
)
_NOON: Final = re.compile(r"\b(?:al? mediodia|mediodia|(?:at )?noon)\b")


@dataclass(frozen=True, slots=True)
class _Clock:
    """A clock time as it was typed; `spoken` ("a las 5") leaves the half of the day open."""

    hour: int
    minute: int
    spoken: bool
    padded: bool

    def times(self, part: str | None) -> tuple[time, ...]:
        """Give the one or two times that may be meant; raises where none can be."""
        hours = [self._in(part)] if part else self._both()
        if self.minute > 59 or None in hours:  # noqa: PLR2004 - minutes in an hour
            raise _UnreadableError(Reason.UNCLEAR_TIME)
        return tuple(time(hour, self.minute) for hour in hours if hour is not None)

    def _in(self, part: str) -> int | None:
        hours = _PART_HOURS[part]
        return self.hour if self.hour > 12 and self.hour in hours.values() else hours.get(self.hour)  # noqa: PLR2004

    def _both(self) -> list[int | None]:
        """Read the hour of a 24-hour clock as it stands; an unlikely or spoken one may mean the other half."""
        if self.hour > 23:  # noqa: PLR2004 - hours in a day
            return [None]
        if self.hour == 0 or self.hour > 11 or self.padded:  # noqa: PLR2004 - no other half
            return [self.hour]
        if not self.spoken:
            return [self.hour] if self.hour in PLAUSIBLE_HOURS else [self.hour, self.hour + 12]
        return [hour for hour in (self.hour, self.hour + 12) if hour in PLAUSIBLE_HOURS]


def _take_part(line: str) -> tuple[str | None, str]:
    """Take out "pm", "de la tarde", "tonight"; "esta tarde" leaves no day behind, which means today."""
    if match := _MERIDIEM.search(line):
        return f"{match[2]}m", _without(line, match, f"at {match[1].replace('.', ':')}")
    line = _HOUR_OF_PART.sub(r"at \1", line)
    if match := _PART.search(line):
        words = match["es"] or match["noon"] or match["en"] or match["night"] or match["today"]
        return words.split()[-1].removeprefix("to"), _without(line, match)
    return None, line


def _take_clock(line: str) -> tuple[_Clock | None, str]:
    line = re.sub(r"\b(a las?|at) ([a-z]+)\b", lambda m: f"{m[1]} {_HOUR_NAMES.get(m[2], m[2])}", line)
    match = _SPOKEN.search(line)
    if match is None:
        return _take_written_clock(line)
    hour, minute = (
        int(match["hour"]),
        match["minute"] or {" y media": "30", " y cuarto": "15"}.get(match["fraction"], "0"),
    )
    if match["fraction"] == " menos cuarto":
        hour, minute = (hour - 1) or 12, "45"
    spoken = _Clock(hour, int(minute), spoken=True, padded=match["hour"].startswith("0"))
    return spoken, _without(line, match)


def _take_written_clock(line: str) -> tuple[_Clock | None, str]:
    """Read "17:00"; failing that "17h", "17.30", "mediodía", which beside a plain clock time are something else."""
    if match := _WRITTEN.search(line) or _WITH_H.search(line) or _DOTTED.search(line):
        hour, minute = match["hour"], match["minute"] or "0"
        return _Clock(int(hour), int(minute), spoken=False, padded=hour.startswith("0")), _without(line, match)
    if match := _NOON.search(line):
        return _Clock(12, 0, spoken=False, padded=False), _without(line, match)
    return None, line


def _without(line: str, match: re.Match[str], instead: str = "") -> str:
    return " ".join(f"{line[: match.start()]} {instead} {line[match.end() :]}".split())


# --- the length ------------------------------------------------------------------------------------------------------

_LENGTH: Final = re.compile(
    r"""(?<![\w:/.-])(?:durante\ |for\ )?(?:
    (?P<half>media\ hora|half\ an\ hour)
    |(?P<hour_and_half>(?:(?:una|1)\ )?hora\ y\ media|(?:an\ )?hour\ and\ a\ half)
    |(?P<hour>una\ hora|an\ hour)
    |(?P<hours>\d{1,2})\ ?h(?:oras?|ours?|rs?|s)?(?P<half_more>\ y\ media)?
        (?:(?:\ |\ y\ )?(?P<more>\d{1,2})(?:\ ?(?:min\w{0,4}|m|'))?)?
    |(?P<minutes>\d{1,4})\ ?(?:min(?:uto|ute)?s?|m|')
    )(?![\w:/.])""",
    re.VERBOSE,
)


def _take_length(line: str, default: timedelta) -> tuple[timedelta, str]:
    match = _LENGTH.search(line)
    if match is None:
        return default, line
    length = _length(match)
    if not SHORTEST <= length <= LONGEST:
        raise _UnreadableError(Reason.LENGTH)
    return length, _without(line, match)


def _length(match: re.Match[str]) -> timedelta:
    if match["half"]:
        return timedelta(minutes=30)
    if match["hour_and_half"]:
        return timedelta(minutes=90)
    if match["hour"]:
        return timedelta(hours=1)
    if match["minutes"]:
        return timedelta(minutes=int(match["minutes"]))
    return timedelta(hours=int(match["hours"]), minutes=30 if match["half_more"] else int(match["more"] or 0))


# --- the day ---------------------------------------------------------------------------------------------------------

_FILLERS: Final = re.compile(
    r"\b(?:el|la|esta|este|this|on|the|dia|proxim[oa]|next|que viene|sesion|session|a|at)\b|[;()]"
)
_ISO: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_DAY_MONTH: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)(?:\2(\d{4}|\d\d))?")
_MONTH: Final = "(?:ene|jan|feb|mar|abr|apr|may|jun|jul|ago|aug|sep|set|oct|nov|dic|dec)[a-z]{0,7}"
_LEFT_TO_DATEPARSER: Final = re.compile(  # dateparser also finds a day in "hoy 50"
    rf"[a-z]{{2,12}}(?: [a-z]{{2,12}}){{0,3}}|\d\d?(?:st|nd|rd|th)?(?: de| of)? {_MONTH}(?:(?: del?)? \d{{4}})?"
    rf"|{_MONTH} \d\d?(?:st|nd|rd|th)?(?: \d{{4}})?|(?:en|dentro de|hace|in) \d{{1,3}} [a-z]{{3,8}}|\d{{1,3}} days? ago"
)
_WEEKDAYS: Final = {
    "es": ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}


@dataclass(frozen=True, slots=True)
class _Weekday:
    """Monday is 0, as in `date.weekday`."""

    number: int


def _day(words: str, today: date, language: str) -> date | _Weekday:
    words = " ".join(_FILLERS.sub(" ", words).split())
    if not words:
        return today
    weekday, words = _take_weekday(words, language)
    if weekday and not words:
        return weekday
    day = _numeric(words, today) or _worded(words, today, language)
    if day is None:
        raise _UnreadableError(Reason.UNCLEAR_TIME if ":" in words else Reason.NO_DAY)
    if weekday and day.weekday() != weekday.number:
        raise _UnreadableError(Reason.WEEKDAY_MISMATCH)
    if abs(day - today) > FARTHEST:
        raise _UnreadableError(Reason.TOO_FAR)
    return day


def _take_weekday(words: str, language: str) -> tuple[_Weekday | None, str]:
    for number, name in enumerate(_WEEKDAYS[language]):
        if match := re.search(rf"\b{name}\b", words):
            return _Weekday(number), _without(words, match)
    return None, words


def _numeric(words: str, today: date) -> date | None:
    """Read ISO and day/month dates here: dateparser swaps day and month where one of the two is impossible."""
    if iso := _ISO.fullmatch(words):
        return _date(iso[1], iso[2], iso[3])
    match = _DAY_MONTH.fullmatch(words)
    if match is None:
        return None
    if match[4]:
        return _date(f"{2000 + int(match[4])}" if len(match[4]) == 2 else match[4], match[3], match[1])  # noqa: PLR2004
    return _closest([_date(str(today.year + years), match[3], match[1]) for years in (-1, 0, 1)], today)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _closest(days: list[date | None], today: date) -> date | None:
    """Give the last day within `LOOKS_BACK`, else the next one to come."""
    known = sorted(day for day in days if day is not None)
    return next((day for day in known if today - day <= LOOKS_BACK), None)


def _worded(words: str, today: date, language: str) -> date | None:
    """Let dateparser read "mañana", "24 de noviembre", "in 3 days"; only whole days count."""
    words = re.sub(r"^pasado manana$", "en 2 dias", words)
    if not _LEFT_TO_DATEPARSER.fullmatch(words):
        return None
    preferences = ("past", "current_period", "future")
    return _closest([_ask_dateparser(words, today, language, preference) for preference in preferences], today)


def _ask_dateparser(words: str, today: date, language: str, prefer: str) -> date | None:
    settings: dict[str, Any] = {
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": prefer,
    }
    found = DateDataParser(languages=[language], settings=settings).get_date_data(words)
    return found.date_obj.date() if found.date_obj and found.period == "day" else None


def _starts_at(day: date | _Weekday, at: time, today: date, now: datetime, zone: ZoneInfo) -> datetime:
    if isinstance(day, date):
        return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    next_one = today + timedelta(days=(day.number - today.weekday()) % 7)
    starts_at = datetime.combine(next_one, at, tzinfo=zone).astimezone(UTC)
    if starts_at <= now:
        return datetime.combine(next_one + timedelta(days=7), at, tzinfo=zone).astimezone(UTC)
    return starts_at

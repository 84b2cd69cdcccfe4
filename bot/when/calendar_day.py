"""Days that are named by their number alone ("lunes 23", "el 24", "the 24th"), or in "next week" → ISO dates."""

import re
from datetime import date, timedelta
from typing import Final

from bot.when.day import MONTHS, WEEKDAYS
from bot.when.problems import without

_JUST_NOW: Final = timedelta(days=14)
"""A weekday and a number that agree on a day so long ago mean that day."""

_MONTHS_BACK: Final = 2
_MONTHS_AHEAD: Final = 3
_UNITS: Final = (
    "h|hs|hrs|horas?|hours?|m|min|mins|minutos?|minutes?|dias?|days?|semanas?|weeks?|veces|times"
    "|sesiones|sessions|citas|am|pm|[ap]\\.? ?m"
)
_TIME_OF_DAY: Final = r"y (?:media|cuarto|\d)|menos|de la|del (?:mediodia|dia)|in the|at night|o'?clock|noon|mediodia"


def _ends(language: str) -> str:
    """Give the pattern of what may not follow a number that is a day: a month, a unit, the rest of a clock time."""
    month = rf"(?:de |of )?(?:{MONTHS[language]})\b"
    return rf"(?![\w:/'-]|[.]\d| ?(?:{_UNITS})\b| (?:{_TIME_OF_DAY})| {month})"


_WEEKDAY: Final = {language: "|".join(names) for language, names in WEEKDAYS.items()}
_NUMBERED: Final = {
    "es": re.compile(
        rf"\b(?:(?P<weekday>{_WEEKDAY['es']})(?: el)?(?: dia)?|el(?: dia)?|dia) (?P<number>\d\d?){_ends('es')}"
    ),
    "en": re.compile(
        rf"\b(?:(?:(?P<weekday>{_WEEKDAY['en']})(?: the)?|(?:on )?the) )(?P<number>\d\d?)(?:st|nd|rd|th)?{_ends('en')}"
        rf"|(?<![\w:/.-])(?P<ordinal>\d\d?)(?:st|nd|rd|th){_ends('en')}"
    ),
}
_LAST: Final = {
    "es": re.compile(rf"\b(?:pasado (?P<after>{_WEEKDAY['es']})|(?P<before>{_WEEKDAY['es']}) pasado(?! manana))\b"),
    "en": re.compile(rf"\blast (?P<after>{_WEEKDAY['en']})(?P<before>)\b"),
}
_NEXT_WEEK: Final = {
    "es": re.compile(r"\b(?:en |de )?(?:la )?(?:semana que (?:viene|entra)|proxima semana|semana proxima)\b"),
    "en": re.compile(r"\b(?:of )?next week\b"),
}


def name_dates(line: str, today: date, language: str, *, over: bool = False) -> str:
    """Write the days that a line names by their number as ISO dates; a number that no month has stays as it is.

    `over`: the line is about what has been, and the day is the last of that number instead of the next.
    """
    months = re.compile(rf"\b(?:{MONTHS[language]}) $")  # "November 24th" has its month

    def iso(match: re.Match[str]) -> str:
        if months.search(line[: match.start()]):
            return match[0]
        said = match.groupdict()
        weekday = WEEKDAYS[language].index(said["weekday"]) if said["weekday"] else None
        number = int(said["number"] or said["ordinal"])
        day = _last_numbered(number, today) if over else _numbered(number, weekday, today)
        return f"{said['weekday'] or ''} {day.isoformat()}".strip() if day else match[0]

    def last(match: re.Match[str]) -> str:
        number = WEEKDAYS[language].index(match["after"] or match["before"])
        return (today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)).isoformat()

    line = _LAST[language].sub(last, line)
    return _in_next_week(_NUMBERED[language].sub(iso, line), today, language)


def _numbered(number: int, weekday: int | None, today: date) -> date | None:
    """Return the next day of that number, today included; one that just was, where only its weekday agrees."""
    days = _days(number, today)
    coming = next((day for day in days if day >= today), None)
    if weekday is None or coming is None or coming.weekday() == weekday:
        return coming
    return next((day for day in days if day.weekday() == weekday and today - _JUST_NOW <= day < today), coming)


def _last_numbered(number: int, today: date) -> date | None:
    """Return the last day of that number, today included."""
    return max((day for day in _days(number, today) if day <= today), default=None)


def _days(number: int, today: date) -> list[date]:
    """Return the days of that number in the months around today; some months have no such day."""
    months = [_month(today, ahead) for ahead in range(-_MONTHS_BACK, _MONTHS_AHEAD)]
    return [month.replace(day=number) for month in months if 1 <= number <= _last(month)]


def _month(today: date, ahead: int) -> date:
    """Return the first of a month."""
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def _last(month: date) -> int:
    return (_month(month, 1) - timedelta(days=1)).day


def _in_next_week(line: str, today: date, language: str) -> str:
    """Write the weekday of "Tuesday next week" as its date; weeks begin on Monday."""
    next_week = _NEXT_WEEK[language].search(line)
    named = [number for number, name in enumerate(WEEKDAYS[language]) if re.search(rf"\b{name}\b", line)]
    if next_week is None or len(named) != 1:
        return line
    day = today + timedelta(days=7 - today.weekday() + named[0])
    return re.sub(rf"\b{WEEKDAYS[language][named[0]]}\b", day.isoformat(), without(line, next_week), count=1)

"""Which day a line means: a weekday, a date, "mañana"; what is left of it goes to dateparser."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.when.problems import DayMismatchError, Reason, UnreadableLineError, without

FARTHEST: Final = timedelta(days=366)
"""How far from today a session may be planned."""

LOOKS_BACK: Final = timedelta(days=92)
"""A date without a year that lay within the last three months is that past day, not next year's."""

_FILLERS: Final = re.compile(
    r"\b(?:el|la|esta(?! manana)|este|this|on|the|dia|proxim[oa]|next|que viene|que entra|entrante"
    r"|sesion|session|cita|appointment|a|at|del)\b|[;()]"
)
_ISO: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_DAY_MONTH: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)(?:\2(\d{4}|\d\d))?")
_MONTH: Final = "(?:ene|jan|feb|mar|abr|apr|may|jun|jul|ago|aug|sep|set|oct|nov|dic|dec)[a-z]{0,7}"
_LEFT_TO_DATEPARSER: Final = re.compile(  # dateparser also finds a day in "hoy 50" and in "tomorrow one hour"
    "hoy|manana|ayer|anteayer|antier|antes de ayer|ahora|today|tomorrow|yesterday|now"
    r"|day after tomorrow|day before yesterday"
    rf"|\d\d?(?:st|nd|rd|th)?(?: de| of)? {_MONTH}(?:(?: del?)? \d{{4}})?"
    rf"|{_MONTH} \d\d?(?:st|nd|rd|th)?(?: \d{{4}})?|(?:en|dentro de|hace|in) \d{{1,3}} [a-z]{{3,8}}|\d{{1,3}} days? ago"
)
MONTHS: Final = {
    "es": "ene(?:ro)?|feb(?:rero)?|mar(?:zo)?|abr(?:il)?|mayo?|jun(?:io)?|jul(?:io)?|ago(?:sto)?"
    "|sep(?:t|tiembre)?|set(?:iembre)?|oct(?:ubre)?|nov(?:iembre)?|dic(?:iembre)?",
    "en": "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
}
"""The months as they are written, whole or shortened."""

WEEKDAYS: Final = {
    "es": ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0, as in `date.weekday`."""

    number: int


def read_day(words: str, today: date, language: str) -> date | Weekday:
    """Read what is left of a line as a day; nothing left is today.  Raises UnreadableLineError."""
    return read_named_day(words, today, language) or today


def read_named_day(words: str, today: date, language: str) -> date | Weekday | None:
    """Read a day; None when no word is left that could name one.  Raises UnreadableLineError."""
    words = " ".join(_FILLERS.sub(" ", words).split())
    if not words:
        return None
    weekday, words = _take_weekday(words, language)
    if weekday and not words:
        return weekday
    day = _numeric(words, today) or _worded(words, today, language)
    if day is None:
        raise UnreadableLineError(_why_no_day(words, language))
    if abs(day - today) > FARTHEST:
        raise UnreadableLineError(Reason.TOO_FAR)
    if weekday and day.weekday() != weekday.number:
        raise DayMismatchError(day, weekday.number)
    return day


def _why_no_day(words: str, language: str) -> Reason:
    """Tell a date that does not exist ("31/11", "31 de noviembre") from words that are no date."""
    month = MONTHS[language]
    of_month = (
        rf"\d\d?(?:st|nd|rd|th)?(?: de| of)? (?:{month})(?:(?: del?)? \d{{4}})?|(?:{month}) \d\d?(?:st|nd|rd|th)?"
    )
    if any(re.fullmatch(form, words) for form in (_ISO, _DAY_MONTH, of_month)):
        return Reason.NO_SUCH_DAY
    return Reason.UNCLEAR_TIME if ":" in words else Reason.NO_DAY


def _take_weekday(words: str, language: str) -> tuple[Weekday | None, str]:
    for number, name in enumerate(WEEKDAYS[language]):
        if match := re.search(rf"\b{name}\b", words):
            return Weekday(number), without(words, match)
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
    from dateparser.date import DateDataParser  # noqa: PLC0415 - a tenth of a start, and of what an idle bot holds

    settings: dict[str, Any] = {
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": prefer,
    }
    found = DateDataParser(languages=[language], settings=settings).get_date_data(words)
    return found.date_obj.date() if found.date_obj and found.period == "day" else None


def starts_at_on(day: date | Weekday, at: time, since: date, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a day and a clock time in `zone`; a weekday is the next from `since` on to come."""
    if isinstance(day, date):
        return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    next_one = since + timedelta(days=(day.number - since.weekday()) % 7)
    starts_at = datetime.combine(next_one, at, tzinfo=zone).astimezone(UTC)
    if starts_at <= now:
        return datetime.combine(next_one + timedelta(days=7), at, tzinfo=zone).astimezone(UTC)
    return starts_at

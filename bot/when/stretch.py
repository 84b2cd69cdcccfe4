"""From when to when: "de 17:00 a 18:00", "entre las 10 y las 11", "5-6pm" → a beginning and a length."""

import re
from typing import Final

from bot.when.clock_time import HOUR_NAMES
from bot.when.length import LONGEST

_MINUTES_OF_DAY: Final = 24 * 60
_HALF_DAY: Final = 12 * 60
_NAMES: Final = "|".join(HOUR_NAMES)
_HALF: Final = r" ?(?:[ap])\.? ?m\b\.?"
_NOT_AFTER: Final = r"(?<![\w:/.-])"
_NOT_BEFORE: Final = r"(?![\w:/-]|\.\d| ?%)"


def _clock(number: int, hour: str, minute: str) -> str:
    """Give the pattern of one end: an hour, its minutes, and which half of the day."""
    return rf"(?P<h{number}>{hour}){minute.format(number)}(?: ?h(?:s|rs|oras)?\b)?(?P<p{number}>{_HALF})?"


_ANY: Final = rf"\d\d?|{_NAMES}"
_SOME_MINUTES: Final = r"(?:[:.h](?P<m{}>\d\d))?"
_WITH_MINUTES: Final = r":(?P<m{}>\d\d)"
_FROM: Final = r"(?:de|desde|from) "
_FROM_THE: Final = r"(?:de|desde|a) las? "
_BETWEEN: Final = r"(?:entre|between)(?: las?)? "
_TO: Final = r"(?: ?- ?| (?:a|hasta|to|until|till) )"  # "24 de 11 a las 17" is the 24th of the 11th month
_TO_THE: Final = r" (?:a|hasta) las? "
_TO_WRITTEN: Final = r"(?: ?- ?| (?:a|hasta|to|until|till)(?: las?)? )"
_AND: Final = r" (?:y|and)(?: las?)? "
_FORMS: Final = (
    _FROM + _clock(1, _ANY, _SOME_MINUTES) + _TO + _clock(2, _ANY, _SOME_MINUTES),
    _FROM_THE + _clock(1, _ANY, _SOME_MINUTES) + _TO_THE + _clock(2, _ANY, _SOME_MINUTES),
    _BETWEEN + _clock(1, _ANY, _SOME_MINUTES) + _AND + _clock(2, _ANY, _SOME_MINUTES),
    r"(?:(?:a las?|at) )?" + _clock(1, r"\d\d?", _WITH_MINUTES) + _TO_WRITTEN + _clock(2, r"\d\d?", _WITH_MINUTES),
    r"(?:at )?" + _clock(1, r"\d\d?", _SOME_MINUTES) + _TO + rf"(?P<h2>\d\d?)(?::(?P<m2>\d\d))?(?P<p2>{_HALF})",
    r"(?P<h1>\d\d?)(?P<m1>)(?P<p1>)h ?(?:-|a) ?(?P<h2>\d\d?)(?P<m2>)(?P<p2>)h",
    r"(?P<h1>\d\d?)(?P<m1>)(?P<p1>) ?- ?(?P<h2>\d\d?)(?P<m2>)(?P<p2>) ?h(?:s|rs|oras)?",
)
_STRETCH: Final = tuple(re.compile(rf"{_NOT_AFTER}{form}{_NOT_BEFORE}") for form in _FORMS)


def name_length(line: str) -> str:
    """Say a stretch of time as its beginning, and its length at the end of the line; other lines stay as they are."""
    for form in _STRETCH:
        match = form.search(line)
        if match is not None and (told := _told(match)) is not None:
            begins, minutes = told
            return " ".join(f"{line[: match.start()]} {begins} {line[match.end() :]} {minutes}m".split())
    return line


def _told(match: re.Match[str]) -> tuple[str, int] | None:
    """Return how the beginning is written, and the minutes to the end; None where an end is no time of day."""
    begins, ends = _minutes(match, 1), _minutes(match, 2)
    if begins is None or ends is None:
        return None
    length = (ends - begins) % _MINUTES_OF_DAY
    if length * 60 > LONGEST.total_seconds():
        if begins > _HALF_DAY:  # "20-11h" is a date, or nothing
            return None
        length %= _HALF_DAY  # "de 11 a 1"
    if match["p2"] and not match["p1"]:
        begins = (ends - length) % _MINUTES_OF_DAY
    elif not (match["p1"] or match["m1"]):
        return f"a las {begins // 60}", length
    return f"{begins // 60:02}:{begins % 60:02}" if match["p1"] or match["p2"] else _as_written(match), length


def _as_written(match: re.Match[str]) -> str:
    return f"{match['h1']}:{match['m1']}"


def _minutes(match: re.Match[str], number: int) -> int | None:
    hour, minute = match[f"h{number}"], int(match[f"m{number}"] or 0)
    part, at = match[f"p{number}"], HOUR_NAMES.get(hour) or int(hour)
    if part:
        at = at % 12 + (12 if "p" in part else 0) if at <= 12 else 24  # noqa: PLR2004 - hours of half a day
    return at * 60 + minute if at < 24 and minute < 60 else None  # noqa: PLR2004 - hours in a day, minutes in an hour

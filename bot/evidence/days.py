"""The days of a file: 2026-11-17 or 17/11/2026, one way in the whole file, and never a guess which is the month."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.evidence.refusals import Place, Problem

YEARS: Final = range(1900, 2101)
HOW: Final = "write the day as 2026-11-17 or 17/11/2026"
_ISO: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_SLASHED: Final = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_MONTHS: Final = 12

Written = tuple[int, str]
"""The number of a line and the day as it is written there."""


def read_days(written: Sequence[Written], place: Place) -> tuple[list[date], list[Problem]]:
    """Return the days in the same order, or the problems; one of both is empty."""
    slashed = sum("/" in text for _, text in written)
    pattern = _SLASHED if slashed * 2 > len(written) else _ISO
    matches = [(line, pattern.fullmatch(text)) for line, text in written]
    days = [_day(match) for _, match in matches]
    problems = [
        Problem(line, _why(text, match, pattern), place)
        for (line, match), (_, text), day in zip(matches, written, days, strict=True)
        if day is None
    ]
    known = [day for day in days if day is not None]
    if not problems and pattern is _SLASHED and known and all(day.day <= _MONTHS for day in known):
        problems.append(Problem(written[0][0], _EITHER, place))
    return ([], problems) if problems else (known, [])


_EITHER: Final = (
    "no day of this file is above 12, so each could be day/month or month/day; write them as 2026-11-17 to be sure"
)


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _why(text: str, match: re.Match[str] | None, pattern: re.Pattern[str]) -> str:
    if not text:
        return f"a day is missing; {HOW}"
    other = _ISO if pattern is _SLASHED else _SLASHED
    if match is None and other.fullmatch(text):
        return "days are written in two ways in this file; write all of them as 2026-11-17"
    if match is not None and pattern is _SLASHED and int(match["month"]) > _MONTHS:
        return "there is no such month: the day comes first, as in 17/11/2026"
    return "there is no such day" if match is not None else HOW

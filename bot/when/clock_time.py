"""The time of day in a line: "17:00", "a las cinco y media", "5pm", "mediodía", and which half of the day it means."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot.domain import timing
from bot.when.problems import Reason, UnreadableLineError, without

HOUR_NAMES: Final = {
    name: hour
    for names in (
        (
            *("una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
            *("trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve"),
            *("veinte", "veintiuna", "veintidos", "veintitres"),
        ),
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
_PARTS_OF: Final = {
    "am": frozenset({"manana", "morning", "madrugada"}),
    "pm": frozenset({"mediodia", "tarde", "afternoon", "evening", "noche", "night"}),
}
"""Which parts of the day say the same as am or pm ("esta tarde a las 5 pm")."""

_PART: Final = re.compile(
    r"\b(?:(?:de|por|a|en) la (?P<es>manana|tarde|noche|madrugada)|del (?P<noon>mediodia)"
    r"|in the (?P<en>morning|afternoon|evening)|at (?P<night>night)"
    r"|(?P<today>esta (?:manana|tarde|noche|madrugada)|this (?:morning|afternoon|evening)|tonight))\b"
)
_HOUR_OF_PART: Final = re.compile(
    r"(?<![\w:/.-])(?<!a las )(?<!a la )(?<!at )(\d{1,2})(?= (?:de la|del|in the|at night)\b)"
)
_MINUTES_PAST: Final = {"media": 30, "cuarto": 15, "cinco": 5, "diez": 10, "veinte": 20, "veinticinco": 25}
_FRACTION: Final = rf" (?P<sign>y|menos) (?P<past>{'|'.join(_MINUTES_PAST)}|[0-5]?\d)(?!\d| ?(?:m(?:in\w*)?\b|'))"
_SPOKEN: Final = re.compile(
    r"\b(?:a las?|at) (?P<hour>\d{1,2})(?:(?: ?[:.h] ?)(?P<minute>\d\d)(?!\d| ?(?:m(?:in\w*)?\b|')))?"
    rf"(?: ?h(?:s|rs|oras)?\b\.?)?(?:{_FRACTION})?(?![\d:/-])"
)
_HALVES: Final = re.compile(  # "9 y media", but "hora y media" is a length
    r"(?<![\w:/.-])(?P<hour>\d{1,2}) (?P<sign>y|menos) (?P<past>media|cuarto)\b(?P<minute>)"
)
_WRITTEN: Final = re.compile(
    r"(?<![\d:/.-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::00)?(?: ?h(?:s|rs|oras)?\b\.?)?(?![\d:/-])"
)
_WITH_H: Final = re.compile(  # from nine on: "8h" is a length
    r"(?<![\w:/.-])(?P<hour>9|1\d|2\d) ?h(?:s|rs|oras)?(?P<minute>\d\d)?(?![\w:/.-])"
)
_EARLY_H: Final = re.compile(  # no session lasts so long; "3h" could be a length
    r"(?<![\w:/.-])(?P<hour>0?[5-8]) ?h(?:s|rs|oras)?(?P<minute>\d\d)?(?![\w:/.-])"
)
_DOTTED: Final = re.compile(  # "17.30", but never what could be a date: "10.12"
    r"(?<![\w:/.-])(?P<hour>\d{1,2})\.(?P<minute>00|1[3-9]|[2-5]\d)(?: ?h(?:s|rs)?)?(?![\w:/.-])"
)
_NOON: Final = re.compile(r"\b(?:al? mediodia|mediodia|(?:at )?noon)\b")


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A clock time as it was typed; `spoken` ("a las 5") leaves the half of the day open."""

    hour: int
    minute: int
    spoken: bool
    padded: bool

    def times(self, part: str | None, working: tuple[time, time]) -> tuple[time, ...]:
        """Give the one or two times that may be meant, given the working hours; raises where none can be."""
        hours = [self._in(part)] if part else self._both(working)
        if self.minute > 59 or None in hours:  # noqa: PLR2004 - minutes in an hour
            raise UnreadableLineError(Reason.UNCLEAR_TIME)
        return tuple(time(hour, self.minute) for hour in hours if hour is not None)

    def _in(self, part: str) -> int | None:
        hours = _PART_HOURS[part]
        return self.hour if self.hour > 12 and self.hour in hours.values() else hours.get(self.hour)  # noqa: PLR2004

    def _both(self, working: tuple[time, time]) -> list[int | None]:
        """Take the hour of a 24-hour clock as it stands, if people work then; a spoken one is the half they work in."""
        if self.hour > 23 or self.minute > 59:  # noqa: PLR2004 - hours in a day, minutes in an hour
            return [None]
        if self.hour == 0 or self.hour > 11 or self.padded:  # noqa: PLR2004 - no other half
            return [self.hour]
        halves: list[int | None] = [self.hour, self.hour + 12]
        morning, evening = (timing.at_work(time(hour, self.minute), *working) for hour in (self.hour, self.hour + 12))
        if morning and (not evening or not self.spoken):
            return halves[:1]
        return halves[1:] if evening and not morning and self.spoken else halves


def says_today(line: str) -> bool:
    """Say whether a line names today by a part of it: "esta tarde", "tonight"."""
    return any(match["today"] for match in _PART.finditer(line))


def take_part(line: str) -> tuple[str | None, str]:
    """Take out "pm", "de la tarde", "tonight"; "esta tarde" leaves no day behind, which means today."""
    if match := _MERIDIEM.search(line):
        half, line = f"{match[2]}m", without(line, match, f"at {match[1].replace('.', ':')}")
        again = _PART.search(line)
        return half, without(line, again) if again and _part_of_day(again) in _PARTS_OF[half] else line
    line = _HOUR_OF_PART.sub(r"at \1", line)
    if match := _PART.search(line):
        return _part_of_day(match), without(line, match)
    return None, line


def _part_of_day(match: re.Match[str]) -> str:
    words: str = match["es"] or match["noon"] or match["en"] or match["night"] or match["today"]
    return words.rsplit(maxsplit=1)[-1].removeprefix("to")


def take_clock(line: str) -> tuple[ClockTime | None, str]:
    """Take out the clock time; None when the line names none."""
    line = re.sub(r"\b(a las?|at) ([a-z]+)\b", lambda m: f"{m[1]} {HOUR_NAMES.get(m[2], m[2])}", line)
    match = _SPOKEN.search(line)
    return (_spoken(match), without(line, match)) if match else _take_written_clock(line)


def _spoken(match: re.Match[str]) -> ClockTime:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["past"]:
        minute = _MINUTES_PAST.get(match["past"]) or int(match["past"])
    if match["sign"] == "menos" and minute:
        hour, minute = (hour - 1) or 12, 60 - minute
    return ClockTime(hour, minute, spoken=True, padded=match["hour"].startswith("0"))


def _take_written_clock(line: str) -> tuple[ClockTime | None, str]:
    """Read "17:00"; failing that "17h", "17.30", "mediodía", which beside a plain clock time are something else."""
    if match := _WRITTEN.search(line) or _WITH_H.search(line) or _DOTTED.search(line):
        return _written(match), without(line, match)
    if match := _NOON.search(line):
        return ClockTime(12, 0, spoken=False, padded=False), without(line, match)
    if match := _HALVES.search(line):
        return _spoken(match), without(line, match)
    if match := _EARLY_H.search(line):
        return _written(match), without(line, match)
    return None, line


def _written(match: re.Match[str]) -> ClockTime:
    hour, minute = match["hour"], match["minute"] or "0"
    return ClockTime(int(hour), int(minute), spoken=False, padded=hour.startswith("0"))

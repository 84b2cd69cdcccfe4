"""Hours of the day as they are typed: "22:00-9:00", "de 22 a 9", "trabajo de 9 a 14", "from 10pm to 8:30am"."""

import re
from datetime import time
from typing import Final

from bot.domain.hours import QuietHours, WorkingHours

LONGEST: Final = 40
_AT: Final = r"(\d{1,2})(?:[:.h](\d{2}))? ?h?s? ?([ap]m)?"
_SPAN: Final = re.compile(rf"(?:de |desde |from )?(?:las? )?{_AT} ?(?:[-–—]| a | hasta | to | until ) ?(?:las? )?{_AT}")
_WORK: Final = re.compile(r"(?:trabajo|horario(?: de trabajo)?|sesiones|work(?:ing hours)?|sessions):? +")
_DAY: Final = 24
_NOON: Final = 12


def read_rest(text: str) -> QuietHours | None:
    """Read a daily span of hours; None if it is none.  24:00 is midnight, and equal ends mean no quiet hours."""
    read = _span(_even(text))
    return QuietHours(*read) if read is not None else None


def read_work(text: str) -> WorkingHours | None:
    """Read a daily span of hours after the word for work; None if it is none."""
    line = _even(text)
    said = _WORK.match(line)
    read = _span(line[said.end() :]) if said is not None else None
    return WorkingHours(*read) if read is not None else None


def is_about_work(text: str) -> bool:
    """Say whether a line begins with the word for work."""
    return _WORK.match(f"{_even(text)} ") is not None


def _even(text: str) -> str:
    return " ".join(text.casefold().split()) if len(text) <= LONGEST else ""


def _span(line: str) -> tuple[time, time] | None:
    read = _SPAN.fullmatch(line)
    if read is None:
        return None
    starts, ends = _clock(*read.group(1, 2, 3)), _clock(*read.group(4, 5, 6))
    return None if starts is None or ends is None else (starts, ends)


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    at, past = int(hour), int(minute or 0)
    if half is not None:
        if not 1 <= at <= _NOON:
            return None
        at = at % _NOON + (_NOON if half == "pm" else 0)
    if at == _DAY and not past:
        at = 0
    return time(at, past) if at < _DAY and past < 60 else None  # noqa: PLR2004 - minutes in an hour

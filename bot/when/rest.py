"""Quiet hours as they are typed: "22:00-9:00", "de 22 a 9", "from 10pm to 8:30am"."""

import re
from datetime import time
from typing import Final

from bot.domain.model import QuietHours

LONGEST: Final = 40
_AT: Final = r"(\d{1,2})(?:[:.h](\d{2}))? ?h?s? ?([ap]m)?"
_SPAN: Final = re.compile(rf"(?:de |desde |from )?(?:las? )?{_AT} ?(?:[-–—]| a | hasta | to | until ) ?(?:las? )?{_AT}")
_DAY: Final = 24
_NOON: Final = 12


def read_rest(text: str) -> QuietHours | None:
    """Read a daily span of hours; None if it is none.  24:00 is midnight, and equal ends mean no quiet hours."""
    read = _SPAN.fullmatch(" ".join(text.casefold().split())) if len(text) <= LONGEST else None
    if read is None:
        return None
    starts, ends = _clock(*read.group(1, 2, 3)), _clock(*read.group(4, 5, 6))
    return None if starts is None or ends is None else QuietHours(starts, ends)


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    at, past = int(hour), int(minute or 0)
    if half is not None:
        if not 1 <= at <= _NOON:
            return None
        at = at % _NOON + (_NOON if half == "pm" else 0)
    if at == _DAY and not past:
        at = 0
    return time(at, past) if at < _DAY and past < 60 else None  # noqa: PLR2004 - minutes in an hour

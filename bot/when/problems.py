"""Why a line cannot be read, and the one tool that its readers share."""

import re
from datetime import date, timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why a line cannot be read; the texts explain each."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    RECURRENCE = "recurrence"
    NO_TIME = "no_time"
    NO_DAY = "no_day"
    NO_SUCH_DAY = "no_such_day"
    NO_WEEKDAY = "no_weekday"
    ENDS_FIRST = "ends_first"
    UNCLEAR_TIME = "unclear_time"
    NOT_YET = "not_yet"
    WEEKDAY_MISMATCH = "weekday_mismatch"
    LENGTH = "length"
    TOO_FAR = "too_far"


class UnreadableLineError(Exception):
    """Leaves the reading from wherever it fails; never leaves this package."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class DayMismatchError(UnreadableLineError):
    """The line names a date and a weekday (Monday 0) that it is not."""

    def __init__(self, on: date, weekday: int) -> None:
        super().__init__(Reason.WEEKDAY_MISMATCH)
        self.on = on
        self.weekday = weekday

    @property
    def days(self) -> tuple[date, date]:
        """Return what may be meant: the date, and the day nearest to it that is this weekday."""
        ahead = (self.weekday - self.on.weekday()) % 7
        return self.on, self.on + timedelta(days=ahead if ahead <= 3 else ahead - 7)  # noqa: PLR2004 - half a week


def without(line: str, match: re.Match[str], instead: str = "") -> str:
    """Take a match out of a line, or put something in its place."""
    return " ".join(f"{line[: match.start()]} {instead} {line[match.end() :]}".split())

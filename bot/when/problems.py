"""Why a line cannot be read, and the one tool that its readers share."""

import re
from enum import StrEnum


class Reason(StrEnum):
    """Why a line cannot be read; the texts explain each."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    RECURRENCE = "recurrence"
    NO_TIME = "no_time"
    NO_DAY = "no_day"
    NO_WEEKDAY = "no_weekday"
    ENDS_FIRST = "ends_first"
    UNCLEAR_TIME = "unclear_time"
    WEEKDAY_MISMATCH = "weekday_mismatch"
    LENGTH = "length"
    TOO_FAR = "too_far"


class UnreadableLineError(Exception):
    """Leaves the reading from wherever it fails; never leaves this package."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def without(line: str, match: re.Match[str], instead: str = "") -> str:
    """Take a match out of a line, or put something in its place."""
    return " ".join(f"{line[: match.start()]} {instead} {line[match.end() :]}".split())

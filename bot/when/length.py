"""How long a session lasts: "50m", "1h30m", "hora y media"."""

import re
from datetime import timedelta
from typing import Final

from bot.when.problems import Reason, UnreadableLineError, without

USUAL_LENGTH: Final = timedelta(minutes=50)
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=8)

_LENGTH: Final = re.compile(
    r"""(?<![\w:/.-])(?:(?:durante|por|x|for)\ )?(?:
    (?P<half>media\ hora|half\ an\ hour)
    |(?P<hour_and_half>(?:(?:una|1)\ )?hora\ y\ media|(?:(?:an|one)\ )?hour\ and\ a\ half)
    |(?P<hour>una\ hora|an\ hour|one\ hour)
    |(?P<hours>\d{1,2})\ ?h(?:oras?|ours?|rs?|s)?(?P<half_more>\ y\ media)?
        (?:(?:\ |\ y\ )?(?P<more>\d{1,2})(?:\ ?(?:min\w{0,4}|m|'))?)?
    |(?P<minutes>\d{1,4})\ ?(?:min(?:uto|ute)?s?|m|')
    )(?![\w:/.])""",
    re.VERBOSE,
)


def take_length(line: str, default: timedelta) -> tuple[timedelta, str]:
    """Take out the length, `default` when there is none.  Raises UnreadableLineError."""
    match = _LENGTH.search(line)
    if match is None:
        return default, line
    length = _length(match)
    if not SHORTEST <= length <= LONGEST:
        raise UnreadableLineError(Reason.LENGTH)
    return length, without(line, match)


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

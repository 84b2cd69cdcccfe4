"""The child of `apart`: a calendar on standard input, JSON on standard output.  `python -m bot.ical NOW ZONE SECONDS`.

The libraries are imported after the limits are checked, so that a refusal takes no longer than Python does to start.
"""

import json
import resource
import sys
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.ical.answers import dumped, refused
from bot.ical.events import CalendarRefusedError
from bot.ical.limits import check

MEMORY: Final = 512 * 1024 * 1024
"""Bytes of address space; the largest file allowed takes about a third."""


def main(now: datetime, zone: ZoneInfo, seconds: int) -> None:
    """Read within `seconds` of processor time.  Nothing is said on standard error: a traceback may quote the file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), now, zone)))


def _answer(data: bytes, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    try:
        blocks = check(data, now=now)
        from bot.ical.reading import read_calendar  # noqa: PLC0415 - see above

        return dumped(read_calendar(blocks, now=now, zone=zone))
    except CalendarRefusedError as error:
        return refused(error)


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), ZoneInfo(sys.argv[2]), int(sys.argv[3]))

"""A calendar file is read in a process of its own, which can be stopped: libraries that parse can't.

What anyone may have written never meets the process that holds keys and answers.  The child gets the bytes on standard
input and nothing else: no environment, no titles in its arguments, no words on standard error.
"""

import asyncio
import contextlib
import json
import math
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.ical.answers import loaded
from bot.ical.events import LARGEST, Calendar, CalendarRefusedError, Refusal

BUDGET: Final = timedelta(seconds=5)
"""From the start of the child to its end, on a machine that may be busy."""

log = structlog.get_logger()


async def read_apart(data: bytes, *, now: datetime, zone: ZoneInfo, budget: timedelta = BUDGET) -> Calendar:
    """Check and read a calendar file.  Raises CalendarRefusedError, and nothing else for whatever the file holds.

    1. A file over 1 MiB is refused here.
    2. The child sets its own limits (processor time, memory), checks `limits`, reads, and writes JSON.
    3. At the end of the budget, or when this task is cancelled, it is killed and waited for: TOO_SLOW.
    4. A child that dies otherwise is logged by its exit code: NOT_A_CALENDAR.
    """
    if len(data) > LARGEST:
        raise CalendarRefusedError(Refusal.TOO_LARGE)
    seconds = budget.total_seconds()
    try:
        async with asyncio.timeout(seconds):
            code, said = await _ask_child(data, now.isoformat(), zone.key, str(math.ceil(seconds) + 1))
    except TimeoutError:
        raise CalendarRefusedError(Refusal.TOO_SLOW) from None
    except OSError as error:  # no process to be had now: the file is not to blame, and another try may work
        log.warning("calendar.no_process", error=type(error).__name__)
        raise CalendarRefusedError(Refusal.TOO_SLOW) from None
    return _understood(code, said)


async def _ask_child(data: bytes, *arguments: str) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bot.ical", *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )
    try:
        said, _ = await process.communicate(data)
    finally:
        await _ended(process)
    return process.returncode or 0, said


async def _ended(process: Process) -> None:
    """Kill the child if it still runs, and wait until it is gone, also when that wait is interrupted."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())


def _understood(code: int, said: bytes) -> Calendar:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise CalendarRefusedError(Refusal.TOO_SLOW)
    try:
        answer = json.loads(said) if code == 0 else None
        found = None if answer is None else loaded(answer)
    except (ValueError, KeyError, TypeError):
        found = None
    if found is None:
        log.warning("calendar.reader_failed", code=code)
        raise CalendarRefusedError(Refusal.NOT_A_CALENDAR)
    return found

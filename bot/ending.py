"""Told to stop while nothing is open yet, or nothing any more: the process ends at once, as well as ever.

The system would end it, too, but as a failure; and the first process of a container it does not end at all.
"""

import os
import signal
from typing import Final

TOLD_TO_STOP: Final = (signal.SIGTERM, signal.SIGINT)


def ends_at_once_when_told() -> None:
    """Let the process end when it is told to stop, from now on until somebody else listens, or for good."""
    for number in TOLD_TO_STOP:
        signal.signal(number, _end)


def _end(_number: int, _frame: object) -> None:
    os._exit(0)

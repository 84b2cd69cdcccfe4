"""One clock for two processes: the machine's time and an offset that lies in a file both have open.

It runs by itself and can be moved, so that what is due falls due at its own pace and a visitor need not wait.
"""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from bot.clock import SystemClock

_OFFSET: Final = struct.Struct("<q")
"""Microseconds, with a sign; eight bytes in line are written and read in one go."""


class SharedClock:
    """The present of a story, the same for whoever opens the same file; use it as a context manager."""

    def __init__(self, file: Path) -> None:
        self._machine = SystemClock()
        if not file.exists():
            file.write_bytes(_OFFSET.pack(0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _OFFSET.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shared.close()

    def now(self) -> datetime:
        """Return the present instant."""
        return self._machine.now() + self._offset()

    def wall(self, instant: datetime) -> datetime:
        """Return the machine's instant at which `instant` comes, if nobody moves the clock before."""
        return instant - self._offset()

    def move_to(self, instant: datetime) -> None:
        """Jump to `instant`; it runs on from there."""
        span = instant - self._machine.now()
        _OFFSET.pack_into(self._shared, 0, span // timedelta(microseconds=1))

    def advance(self, span: timedelta) -> None:
        """Jump ahead by `span`."""
        self.move_to(self.now() + span)

    def _offset(self) -> timedelta:
        (microseconds,) = _OFFSET.unpack_from(self._shared, 0)
        return timedelta(microseconds=microseconds)

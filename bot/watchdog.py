"""Feeds the service manager's watchdog while, and only while, this process does what it should at the moment.

A bot whose poller or scheduler hangs is started anew by the service manager, and so is one that stands by and no longer
looks; one that is only without network is not.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from bot import notify

FED_TIMES: Final = 4
"""How often in its time the watchdog is fed when all moves: a look that is late once is no reason to be killed."""

Moved = Callable[[], object]
"""When a part last turned, or how many times it has; None before its first turn."""

log = structlog.get_logger()


class Watchdog:
    """Knows which parts have to move.

    While a process starts or takes over there are none: to bring a schema up to date, or to find Telegram, may take
    any time.  Then it is fed as long as the event loop turns.
    """

    def __init__(self) -> None:
        self._parts: tuple[Moved, ...] = ()
        self._seen: list[object] = []
        self._next: asyncio.TimerHandle | None = None
        self._is_said = self._is_over = False

    def sees(self, *parts: Moved) -> None:
        """Be fed from now on when every one of these has moved since the last time."""
        self._parts = parts
        self._seen = [part() for part in parts]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Feed while the context is open, if the service manager watches this process."""
        within = notify.watchdog_seconds()
        if within is not None:
            self._plan(within / FED_TIMES)
        try:
            yield
        finally:
            if self._next is not None:
                self._next.cancel()

    @contextmanager
    def at_work(self, *parts: Moved) -> Iterator[None]:
        """Say that the bot is at work, and see these parts, while the context is open; then say that it is stopping."""
        self.sees(*parts)
        notify.ready()
        try:
            yield
        finally:
            notify.stopping()
            self._is_over = True

    def _plan(self, every: float) -> None:
        self._next = asyncio.get_running_loop().call_later(every, self._look, every)

    def _look(self, every: float) -> None:
        if self._is_over:
            return
        now = [part() for part in self._parts]
        if all(at is not None and at != before for at, before in zip(now, self._seen, strict=True)):
            self._seen, self._is_said = now, False
            notify.alive()
        elif not self._is_said:
            log.warning("the watchdog is not fed: not every part has moved")
            self._is_said = True
        self._plan(every)

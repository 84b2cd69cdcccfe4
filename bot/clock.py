"""The only place that reads the system clock; everything else is given a `Clock`."""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

IDLE_LOOK: Final = timedelta(seconds=5)


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""

    def wall(self, instant: datetime) -> datetime:
        """Return the machine's instant at which to look whether `instant` has come (for timers only)."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's instant."""
        return datetime.now(UTC)  # noqa: TID251 - this is where the system clock enters

    def wall(self, instant: datetime) -> datetime:
        """Return `instant` itself."""
        return instant


class VirtualClock:
    """A clock that stands still until it is moved; for tests and the demo."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._system = SystemClock()

    def now(self) -> datetime:
        """Return the instant it was last moved to."""
        return self._now

    def wall(self, instant: datetime) -> datetime:
        """Return the machine's present for what is due, a little later for what is not: nobody knows when."""
        now = self._system.now()
        return now if instant <= self._now else now + IDLE_LOOK

    def move_to(self, instant: datetime) -> None:
        """Jump to `instant`, forwards or backwards."""
        self._now = instant.astimezone(UTC)

    def advance(self, span: timedelta) -> None:
        """Jump ahead by `span` (back, when negative)."""
        self._now += span

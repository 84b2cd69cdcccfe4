"""What is counted while made-up messages leave, and what is told of it."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import Final

HOUR: Final = 3600


class Waits:
    """How late messages of one kind left, in seconds; who left at once costs no memory."""

    def __init__(self) -> None:
        self.count = 0
        self.longest = 0.0
        self._late = array("d")
        self._sorted = True

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.count += 1
        if seconds > 0:
            self._late.append(seconds)
            self._sorted = False
            self.longest = max(self.longest, seconds)

    def within(self, share: float) -> float:
        """Return the seconds within which this share of them left (nearest rank); 0 when there was none."""
        if not self._sorted:
            self._late = array("d", sorted(self._late))
            self._sorted = True
        rank = ceil(share * self.count) - (self.count - len(self._late))
        return self._late[rank - 1] if rank > 0 else 0.0


@dataclass(slots=True)
class Figures:
    """What left: `replies` to people who just did something, `alerts` with the notes before sessions, `others` to many.

    `not_asked`: questions that were still waiting when their check-in was over.
    """

    questions: Waits = field(default_factory=Waits)
    replies: Waits = field(default_factory=Waits)
    alerts: Waits = field(default_factory=Waits)
    others: Waits = field(default_factory=Waits)
    due: int = 0
    not_asked: int = 0
    hours: Counter[int] = field(default_factory=Counter)
    fullest_second: int = 0

    @property
    def messages(self) -> int:
        """Return how many left in all."""
        return sum(one.count for one in (self.questions, self.replies, self.alerts, self.others))

    @property
    def fullest_hour(self) -> int:
        """Return how many left in the fullest hour of the clock, from all bots together."""
        return max(self.hours.values(), default=0)


class Seconds:
    """Counts what leaves one bot, whose time never goes back."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._second = -1
        self._in_it = 0

    def left(self, at: float) -> None:
        """Count a message."""
        second = int(at)
        if second != self._second:
            self._second, self._in_it = second, 0
        self._in_it += 1
        self._figures.hours[second // HOUR] += 1
        self._figures.fullest_second = max(self._figures.fullest_second, self._in_it)

"""Hours of the day, on whatever clock: when nothing is pushed, and when sessions begin."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily span of local wall time in which nothing is pushed; it may cross midnight.  Equal ends mean none."""

    starts: time
    ends: time

    def __contains__(self, local: time) -> bool:
        if self.starts == self.ends:
            return False
        if self.starts < self.ends:
            return self.starts <= local < self.ends
        return local >= self.starts or local < self.ends

    @property
    def span(self) -> tuple[time, time]:
        """Return both ends."""
        return self.starts, self.ends


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A daily span of local wall time in which sessions begin; it may cross midnight.  Equal ends mean always."""

    opens: time
    closes: time

    @property
    def span(self) -> tuple[time, time]:
        """Return both ends."""
        return self.opens, self.closes

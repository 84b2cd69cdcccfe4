"""What a line can turn out to be; exactly one of these."""

from dataclasses import dataclass
from datetime import datetime, time

from bot.domain.recurrence import Recurrence
from bot.when.problems import Reason


@dataclass(frozen=True, slots=True)
class Planned:
    """A session whose end is still to come; aware UTC instants."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class InPast:
    """A session that is over already; the caller asks back before it believes so."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class EndedNow:
    """A session that has just ended: `ends_at` is the injected instant."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The line does not say which half of the day, and both are possible."""

    morning: Planned | InPast
    evening: Planned | InPast


@dataclass(frozen=True, slots=True)
class Repeating:
    """Sessions that repeat; the first of the rule is the first still to come."""

    rule: Recurrence


@dataclass(frozen=True, slots=True)
class AmbiguousRepeating:
    """Sessions that repeat, but the line does not say at which of two times."""

    morning: time
    evening: time


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No session can be read from the line."""

    reason: Reason


Reading = Planned | EndedNow | InPast | Ambiguous | Repeating | AmbiguousRepeating | Unreadable

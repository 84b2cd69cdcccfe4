"""What a line can turn out to be; exactly one of these."""

from dataclasses import dataclass
from datetime import date, datetime

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
class Ended:
    """A session that is over: the line says that it has just ended (`ends_at` is the injected instant), or when."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The line does not say which half of the day, and both are possible."""

    morning: Planned | InPast
    evening: Planned | InPast


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The line names a date and a weekday that it is not; `plans` are what may be meant, that date first."""

    on: date
    plans: tuple[Planned | InPast, ...]


@dataclass(frozen=True, slots=True)
class Repeating:
    """Sessions that repeat; the first of the rule is the first still to come."""

    rule: Recurrence


@dataclass(frozen=True, slots=True)
class AmbiguousRepeating:
    """Sessions that repeat, but the line does not say which half of the day."""

    morning: Recurrence
    evening: Recurrence


@dataclass(frozen=True, slots=True)
class OnceOrWeekly:
    """Several weekdays, and nothing says whether they repeat; a rule for each time that may be meant, every week."""

    rules: tuple[Recurrence, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No session can be read from the line; `on` is the date whose weekday was named wrongly."""

    reason: Reason
    on: date | None = None


Reading = Planned | Ended | InPast | Ambiguous | Mismatch | Repeating | AmbiguousRepeating | OnceOrWeekly | Unreadable

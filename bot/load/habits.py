"""What patients and therapists do, as far as it makes messages: assumed; where there is a source, it is named."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Final

WEEKDAYS: Final = (17, 22, 21, 20, 14, 4, 1)
"""Per cent of all sessions, Monday first: Owl Practice, Report on Private Practice in Canada (2018).  They make 99."""

HOURS: Final = {9: 3, 10: 5, 11: 6, 12: 6, 13: 4, 14: 1, 15: 4, 16: 9, 17: 12, 18: 13, 19: 12, 20: 6}
"""Weight of the hours at which sessions begin: assumed, for practices whose patients come around their work."""

ON_THE_HOUR: Final = 3
"""So many sessions begin on the hour for one that begins at half past: assumed.  More means more due at once."""

HALF_PAST: Final = timedelta(minutes=30)
LENGTH: Final = timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares are of 1, spans are means of exponential waits.

    `sessions`: a week, of each patient; `answered`: of all check-ins (0.8: Wrzus & Neubauer, Assessment 30, 2023, find
    79 % in 496 samples, asked several times a day), `at_once` of these without the reminder; `pending` leave much
    pending and are asked for words about it; `writes`: words at an invitation to write; `alerts`: check-ins that alert
    (`microchequeo replay --simulate` prints 4 to 9 per 100 sessions).
    """

    sessions: float = 1.0
    answered: float = 0.8
    at_once: float = 0.7
    pending: float = 0.15
    writes: float = 0.3
    alerts: float = 0.07
    of_one_therapist: int = 25
    takes: timedelta = timedelta(minutes=20)
    thinks: timedelta = timedelta(seconds=5)
    types: timedelta = timedelta(seconds=40)
    looks: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the week where a session may begin: a weekday (Monday = 0) and a time of that day."""

    weekday: int
    begins: timedelta


def slots() -> tuple[tuple[Slot, ...], tuple[int, ...]]:
    """Return every place of the week, and the sums of their weights up to each."""
    weighed = [
        (Slot(weekday, timedelta(hours=hour) + past), of_day * of_hour * share)
        for weekday, of_day in enumerate(WEEKDAYS)
        for hour, of_hour in HOURS.items()
        for past, share in ((timedelta(0), ON_THE_HOUR), (HALF_PAST, 1))
    ]
    return tuple(slot for slot, _ in weighed), tuple(accumulate(weight for _, weight in weighed))

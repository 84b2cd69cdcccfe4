"""An urgent concern over time: when its alert is repeated, when others are told, when it ends.

1. The therapist is told at once, at any hour.
2. Nobody has seen it: again 5, 15 and 60 minutes after it was opened, at any hour; then every full hour of its age
   that falls into the day (8:00–22:00) where the therapist lives.
3. Nobody has seen it after 30 minutes: the second contacts are told too, and the repeats go to them as well.
4. *Lo he visto* ends the repeats for everybody; *He contactado* closes the case.

While several of one patient are unseen, the newest carries the clock for all of them: its age says when the alert is
repeated.  The oldest says when others are told; once they have been, they hear of newer words at once.

Pure functions of instants (aware, UTC).  Whom a message cannot reach is found out in `bot.services.concerns`.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from bot.domain.hours import QuietHours
from bot.domain.model import Concern, Role, Visitor

REPEATS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""After these, every further hour, by day."""

LONGEST_WAIT: Final = timedelta(hours=12)
"""No two looks at an unseen concern are farther apart: the night has ten hours, and one more may pass before it."""

SECOND_AFTER: Final = timedelta(minutes=30)
NIGHT: Final = QuietHours(time(22), time(8))
NOTE_WITHIN: Final = timedelta(minutes=15)
"""How long after *He contactado* a typed line is taken as its note."""

_HOUR: Final = timedelta(hours=1)


class Due(Enum):
    """What an unseen concern may call for."""

    REPEAT = auto()
    SECOND = auto()


def due(unseen: Sequence[Concern], now: datetime) -> tuple[Due, ...]:
    """Say what has fallen due for a patient's unseen concerns, oldest first.

    After an outage one repeat stands for all that were missed.
    """
    if not unseen or unseen[-1].next_at is None or unseen[-1].next_at > now:
        return ()
    newest = unseen[-1]
    just_before = unseen[-1].next_at - timedelta(microseconds=1)
    found = [Due.REPEAT] if next_repeat(newest, just_before) <= now else []
    if newest.second_at is None and _second_at(unseen) <= now:
        found.append(Due.SECOND)
    return tuple(found)


def next_at(unseen: Sequence[Concern], now: datetime) -> datetime | None:
    """Return when something falls due after `now` for a patient's unseen concerns, oldest first; None without any."""
    if not unseen:
        return None
    repeat, second = next_repeat(unseen[-1], now), _second_at(unseen)
    return min(repeat, second) if unseen[-1].second_at is None and second > now else repeat


def _second_at(unseen: Sequence[Concern]) -> datetime:
    """Return when others than the therapist are to be told of the newest: with the oldest, at once if they know it."""
    told = [concern.second_at for concern in unseen if concern.second_at is not None]
    return min([*told, unseen[0].opened_at + SECOND_AFTER])


def next_repeat(concern: Concern, after: datetime) -> datetime:
    """Return the first instant after `after` at which the alert is repeated."""
    for wait in REPEATS:
        if concern.opened_at + wait > after:
            return concern.opened_at + wait
    hours = (after - concern.opened_at) // _HOUR + 1
    while (at := concern.opened_at + hours * _HOUR).astimezone(concern.zone).time() in NIGHT:
        hours += 1
    return at


def treats(visitor: Visitor, concern: Concern) -> bool:
    """Say whether this is the patient's therapist."""
    return visitor.therapist is not None and visitor.therapist.id == concern.therapist_id


def may_act(visitor: Visitor, concern: Concern) -> bool:
    """Say who may see it and say so: the therapist always, a second contact once somebody else was to be told.

    A second contact who is in treatment here has no say about their own words.
    """
    is_second = any(contact.role is Role.SECOND_CONTACT for contact in visitor.contacts)
    is_own = any(patient.id == concern.patient_id for patient in visitor.patients)
    return treats(visitor, concern) or (is_second and not is_own and concern.second_at is not None)

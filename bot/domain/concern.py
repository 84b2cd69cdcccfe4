"""An urgent concern over time: when its alert is repeated, when others are told, when it ends.

1. The therapist is told at once, at any hour.
2. Nobody has seen it: again 5, 15 and 60 minutes after it was opened, at any hour; then every full hour of its age
   that falls into the day (8:00–22:00) where the therapist lives.
3. Nobody has seen it after 30 minutes: the second contacts are told too, and the repeats go to them as well.
4. *Lo he visto* ends the repeats for everybody; *He contactado* closes the case.

Pure functions of instants (aware, UTC).  Whom a message cannot reach is found out in `bot.services.concerns`.
"""

from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from bot.domain.model import Concern, QuietHours, Role, Visitor

REPEATS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""After these, every further hour, by day."""

SECOND_AFTER: Final = timedelta(minutes=30)
NIGHT: Final = QuietHours(time(22), time(8))
NOTE_WITHIN: Final = timedelta(minutes=15)
"""How long after *He contactado* a typed line is taken as its note."""

_HOUR: Final = timedelta(hours=1)


class Due(Enum):
    """What an unseen concern may call for."""

    REPEAT = auto()
    SECOND = auto()


def due(concern: Concern, now: datetime) -> tuple[Due, ...]:
    """Say what has fallen due; after an outage one repeat stands for all that were missed."""
    if concern.seen_at is not None or concern.next_at is None or concern.next_at > now:
        return ()
    just_before = concern.next_at - timedelta(microseconds=1)
    found = [Due.REPEAT] if next_repeat(concern, just_before) <= now else []
    if concern.second_at is None and concern.opened_at + SECOND_AFTER <= now:
        found.append(Due.SECOND)
    return tuple(found)


def next_at(concern: Concern, now: datetime) -> datetime | None:
    """Return when something falls due after `now`; None once somebody has seen it."""
    if concern.seen_at is not None:
        return None
    repeat = next_repeat(concern, now)
    second = concern.opened_at + SECOND_AFTER
    return min(repeat, second) if concern.second_at is None and second > now else repeat


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

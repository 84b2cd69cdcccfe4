"""Therapy appointments as a therapist sees them, and the series they come from."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.model import PatientId, SeriesId, SessionId, SessionState, TreatmentId
from bot.domain.recurrence import Recurrence

HORIZON: Final = timedelta(weeks=8)
"""How far ahead the sessions of a series are rows already."""

ALL_MADE: Final = date.max - timedelta(days=1)
"""Up to when the sessions of a series are made that has no more."""

SHOWN_AHEAD: Final = timedelta(days=14)
"""How far ahead `/agenda` looks."""

MAY_BE_THE_SAME: Final = timedelta(hours=2)
"""How long after its planned end a session may still be the one that ended: it took longer."""


class Place(StrEnum):
    """Where a session takes place."""

    ONLINE = "online"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Which session of a series it is: the local date on which the series has it, wherever it was moved to."""

    series_id: SeriesId
    on: date


@dataclass(frozen=True, slots=True)
class Appointment:
    """One session with what was noted about it; instants are UTC.

    `goes_on`: it is one of a series that goes on.  `taken_back_at`: when it was taken back as if it had never been
    noted, alone or together with its series.  `asked`: its question has left.  `answered`: the patient has scored it.
    `cut`: the connection failed, so that its scores are kept and not compared.  `silent`: nothing is asked about it any
    more, though it takes place.
    """

    id: SessionId
    treatment_id: TreatmentId
    patient_id: PatientId
    code: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    state: SessionState
    place: Place | None = None
    cut: bool = False
    occurrence: Occurrence | None = None
    goes_on: bool = False
    taken_back_at: datetime | None = None
    asked: bool = False
    answered: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A rule and the clock it goes by; its sessions are rows up to `made_until` (local date, included).

    That is the day before its next session, which is to be made: until then there is nothing to do.

    A changed series `replaces` the one before.  Its weekdays that did not change are another one, `split_from` that.
    """

    id: SeriesId
    treatment_id: TreatmentId
    rule: Recurrence
    zone: ZoneInfo
    made_until: date | None = None
    ended_at: datetime | None = None
    replaces: SeriesId | None = None
    split_from: SeriesId | None = None


def has_begun(one: Appointment, now: datetime) -> bool:
    """Say whether a session is under way or over: what changes in its series leaves it as it is."""
    return one.asked or one.starts_at <= now

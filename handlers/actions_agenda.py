"""What the buttons of the agenda mean; see `handlers.actions`."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.domain.appointments import Place
from bot.domain.model import PatientId, SeriesId, SessionId


@dataclass(frozen=True, slots=True)
class JustEnded:
    """*Es la misma* or *Otra sesión*, where a planned one had ended a while before; `ended_at` in whole seconds."""

    planned: SessionId
    ended_at: datetime
    same: bool


@dataclass(frozen=True, slots=True)
class WeeklyDay:
    """The weekday of sessions that repeat every week, in `/sesion`: that of the first one."""

    patient: PatientId
    on: date


@dataclass(frozen=True, slots=True)
class WeeklyHour:
    """When sessions that repeat every week begin, in `/sesion`."""

    patient: PatientId
    on: date
    at: time


@dataclass(frozen=True, slots=True)
class ItWasThen:
    """*Terminó entonces*: a session that is over by now, on the therapist's clock; `lasts` are minutes."""

    patient: PatientId
    on: date
    at: time
    lasts: int


@dataclass(frozen=True, slots=True)
class PickSeries:
    """One of the rules that a line may mean, see `bot.domain.recurrence.Recurrence`; `lasts` are minutes."""

    patient: PatientId
    first: date
    at: time
    lasts: int
    weekdays: tuple[int, ...]
    every: int
    until: date | None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class UndoSeries:
    """*Deshacer*, on a series."""

    series: SeriesId


@dataclass(frozen=True, slots=True)
class OpenAgenda:
    """*Agenda*: back to the list."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session of `/agenda`."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """*Toda la serie*, on a session."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class MoveSession:
    """*Mover*; `whole`: its series from here on."""

    session: SessionId
    whole: bool


@dataclass(frozen=True, slots=True)
class MoveDay:
    """The day to which a session, or its series from here on, is moved, on the therapist's calendar."""

    session: SessionId
    whole: bool
    on: date


@dataclass(frozen=True, slots=True)
class MoveHour:
    """The hour to which it is moved, on the therapist's clock."""

    session: SessionId
    whole: bool
    on: date
    at: time


@dataclass(frozen=True, slots=True)
class CallOff:
    """*Cancelar*, or *No vino*."""

    session: SessionId
    missed: bool


@dataclass(frozen=True, slots=True)
class RestoreSession:
    """*Sí tiene lugar*."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class SetPlace:
    """*En línea* or *Presencial*."""

    session: SessionId
    place: Place


@dataclass(frozen=True, slots=True)
class SetCut:
    """*Falló la conexión*, or that it did not."""

    session: SessionId
    cut: bool


@dataclass(frozen=True, slots=True)
class EndSeries:
    """*Terminar la serie aquí*."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class ResumeSeries:
    """*Deshacer*, on a series that was ended."""

    series: SeriesId


@dataclass(frozen=True, slots=True)
class NameTitle:
    """A patient, or *De nadie*, under a title of a calendar; `title` is its keyed hash."""

    title: bytes = field(repr=False)
    patient: PatientId | None = None


@dataclass(frozen=True, slots=True)
class NobodysTitles:
    """*Ninguno de los demás*: all titles that still wait."""


@dataclass(frozen=True, slots=True)
class CallOffMissing:
    """*Anular las que ya no están*; `missing` names the set of them."""

    missing: bytes = field(repr=False)

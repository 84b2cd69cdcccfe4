"""What a button means: one frozen value per kind of tap.  How it is written into callback data: `keyboards`."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Final

from bot.domain.model import (
    Article,
    CheckInId,
    ConcernId,
    DisclosureId,
    InvitationId,
    PatientId,
    SessionId,
    Step,
    WordsId,
)
from handlers.actions_agenda import (
    CallOff,
    CallOffMissing,
    EndSeries,
    ItWasThen,
    JustEnded,
    MoveDay,
    MoveHour,
    MoveSession,
    NameTitle,
    NobodysTitles,
    OpenAgenda,
    OpenSeries,
    OpenSession,
    PickSeries,
    RestoreSession,
    ResumeSeries,
    SetCut,
    SetPlace,
    UndoSeries,
    WeeklyDay,
    WeeklyHour,
)
from handlers.actions_alerts import (
    BackToAlert,
    DropNote,
    FalseAlarm,
    NoNote,
    OpenFollowing,
    ReadNote,
    ReadWords,
    RepairGuide,
    SaidRepaired,
    See,
    Seen,
    Talked,
)
from handlers.actions_guesses import ONLY_SHOW_GUESSES, GuessAction
from handlers.actions_manner import MannerAction
from handlers.actions_records import SHOW_RECORDS, RecordAction
from handlers.actions_reports import SHOWN_REPORTS, ReportAction
from handlers.actions_settings import OpenSettings, OpenZones, SetLanguage, SetQuiet, SetWorking, SetZone


class When(StrEnum):
    """When a session is or was, on the buttons of `/sesion`."""

    NOW = "now"
    TODAY = "today"
    OTHER = "other"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class ScoreTap:
    """A number of the 0–10 keyboard."""

    check_in: CheckInId
    step: Step
    value: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Back:
    """*Atrás*."""

    check_in: CheckInId
    step: Step


@dataclass(frozen=True, slots=True)
class Later:
    """*Más tarde*."""

    check_in: CheckInId
    step: Step


@dataclass(frozen=True, slots=True)
class NotThisTime:
    """*Esta vez no*."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class NoSession:
    """*No hubo sesión*."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class AnswerNow:
    """*Contestar ahora*, after *Más tarde*."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class Done:
    """*Listo*, under an invitation to write."""

    check_in: CheckInId
    step: Step


@dataclass(frozen=True, slots=True)
class Correct:
    """*Corregir*."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class ConsentTap:
    """*Acepto* or *Prefiero que no*."""

    invitation: InvitationId
    accepted: bool


@dataclass(frozen=True, slots=True)
class ConsentAgainTap:
    """*Acepto* or *Prefiero que no*, under a consent text that has changed."""

    patient: PatientId
    accepted: bool


@dataclass(frozen=True, slots=True)
class LeaveTap:
    """*Sí, darme de baja* or *No*."""

    sure: bool


@dataclass(frozen=True, slots=True)
class ExportTap:
    """*Exportar antes de borrar*, or a code under `/exportar`; None: *Todos, juntos*."""

    patient: PatientId | None = None


@dataclass(frozen=True, slots=True)
class EnrolTap:
    """How a therapist wants to be called."""

    invitation: InvitationId
    article: Article


@dataclass(frozen=True, slots=True)
class KeepMessage:
    """*Dejárselo* or *No*; `message_id` is Telegram's, of the person's own message."""

    keep: bool
    message_id: int


@dataclass(frozen=True, slots=True)
class ConcernSeen:
    """*Lo he visto*, on an urgent alert."""

    concern: ConcernId


@dataclass(frozen=True, slots=True)
class ConcernWords:
    """*Leer sus palabras*, on an urgent alert."""

    concern: ConcernId
    page: int = 0


@dataclass(frozen=True, slots=True)
class ConcernContacted:
    """*He contactado*, after urgent words."""

    concern: ConcernId


@dataclass(frozen=True, slots=True)
class TellTherapist:
    """*Contárselo a la Dra. Ruiz*, about abuse; `message_id` is Telegram's, of the person's own message."""

    patient: PatientId
    message_id: int


@dataclass(frozen=True, slots=True)
class TellOther:
    """*Contárselo a otra persona de la consulta*."""

    patient: PatientId
    message_id: int


@dataclass(frozen=True, slots=True)
class TellNobody:
    """*A nadie*."""

    message_id: int


@dataclass(frozen=True, slots=True)
class ForgetHere:
    """*Borrar de este chat*: the person's own message and the one with this button."""

    message_id: int


@dataclass(frozen=True, slots=True)
class ReadDisclosure:
    """*Leer*, on what a patient confided to the other contact."""

    disclosure: DisclosureId
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReadLeft:
    """*Leer*, on a message that a patient left."""

    words: WordsId
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReadWritten:
    """*Leer*, under the digest: page 0 opens a message of its own, pages from 1 are turned in place."""

    check_in: CheckInId
    page: int = 0


@dataclass(frozen=True, slots=True)
class NoSessionConfirm:
    """*Así es* or *Sí la hubo*."""

    check_in: CheckInId
    confirmed: bool


@dataclass(frozen=True, slots=True)
class UndoSession:
    """*Deshacer*."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class PickPatient:
    """A patient in `/sesion`."""

    patient: PatientId


@dataclass(frozen=True, slots=True)
class PickWhen:
    """When the session was, in `/sesion`."""

    patient: PatientId
    when: When


@dataclass(frozen=True, slots=True)
class PickDay:
    """A day in `/sesion`, on the therapist's calendar."""

    patient: PatientId
    on: date


@dataclass(frozen=True, slots=True)
class PickHour:
    """When a session begins, in `/sesion`, on the therapist's clock; without `minutes` it has the usual length."""

    patient: PatientId
    on: date
    at: time
    minutes: int | None = None


ONLY_SHOW: Final = (
    See,
    ReadWords,
    RepairGuide,
    BackToAlert,
    ReadNote,
    OpenFollowing,
    ReadLeft,
    ReadWritten,
    PickPatient,
    PickDay,
    WeeklyDay,
    OpenAgenda,
    OpenSession,
    OpenSeries,
    MoveSession,
    MoveDay,
    OpenSettings,
    OpenZones,
    *SHOW_RECORDS,
    *ONLY_SHOW_GUESSES,
    *SHOWN_REPORTS,
)
"""Taps that ask to be shown something and change nothing."""

URGENT: Final = (
    ConcernSeen,
    ConcernContacted,
    ConcernWords,
    TellTherapist,
    TellOther,
    TellNobody,
    ForgetHere,
    ReadDisclosure,
)
"""Taps about words that cannot wait: in a flood each of them is still answered once a minute."""

Action = (
    ScoreTap
    | Back
    | Later
    | NotThisTime
    | NoSession
    | AnswerNow
    | Done
    | Correct
    | ConsentTap
    | ConsentAgainTap
    | LeaveTap
    | ExportTap
    | EnrolTap
    | KeepMessage
    | See
    | ReadWords
    | RepairGuide
    | Talked
    | FalseAlarm
    | Seen
    | BackToAlert
    | SaidRepaired
    | ReadNote
    | NoNote
    | DropNote
    | OpenFollowing
    | ConcernSeen
    | ConcernWords
    | ConcernContacted
    | TellTherapist
    | TellOther
    | TellNobody
    | ForgetHere
    | ReadDisclosure
    | ReadLeft
    | ReadWritten
    | NoSessionConfirm
    | UndoSession
    | PickPatient
    | PickWhen
    | PickDay
    | PickHour
    | WeeklyDay
    | WeeklyHour
    | ItWasThen
    | PickSeries
    | UndoSeries
    | OpenAgenda
    | OpenSession
    | OpenSeries
    | MoveSession
    | MoveDay
    | MoveHour
    | CallOff
    | RestoreSession
    | SetPlace
    | SetCut
    | EndSeries
    | JustEnded
    | ResumeSeries
    | NameTitle
    | NobodysTitles
    | CallOffMissing
    | SetLanguage
    | SetZone
    | OpenSettings
    | OpenZones
    | SetQuiet
    | SetWorking
    | RecordAction
    | GuessAction
    | MannerAction
    | ReportAction
)

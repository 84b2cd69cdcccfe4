"""What the buttons of agreements, notes and what was left pending mean; see `handlers.actions`."""

from dataclasses import dataclass, field
from typing import Final

from bot.domain.carried import TakenUp
from bot.domain.model import CheckInId, PatientId, SessionId
from bot.domain.records import RecordId, RecordKind


@dataclass(frozen=True, slots=True)
class TakenUpTap:
    """*Sí*, *No* or *No hacía falta*: whether what was left pending the time before was taken up."""

    check_in: CheckInId
    answer: TakenUp = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShowPending:
    """*¿Qué era?*, under that question."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class OpenAgreement:
    """A patient's agreement, for the therapist; `page` of the former ones."""

    patient: PatientId
    page: int = 0


@dataclass(frozen=True, slots=True)
class OpenNotes:
    """A page of a patient's notes."""

    patient: PatientId
    page: int = 0


@dataclass(frozen=True, slots=True)
class ShowWritten:
    """*Acuerdo* or *Notas* in a message of its own, for what it stands under stays; every kind but one is a note."""

    patient: PatientId
    kind: RecordKind


@dataclass(frozen=True, slots=True)
class AskRecord:
    """*Revisar*, or a kind of note: the next line is one."""

    patient: PatientId
    kind: RecordKind


@dataclass(frozen=True, slots=True)
class NoteKind:
    """Which kind of note a line is; `message_id` is Telegram's, of the line, which the button's message quotes."""

    patient: PatientId
    kind: RecordKind
    message_id: int


@dataclass(frozen=True, slots=True)
class RetireAgreement:
    """*Ya no vale*."""

    record: RecordId


@dataclass(frozen=True, slots=True)
class StrikeRecord:
    """*Deshacer*, on what was just written down."""

    record: RecordId


@dataclass(frozen=True, slots=True)
class SeeAgreement:
    """*Ver*, for the patient: the agreement that stands."""

    patient: PatientId


@dataclass(frozen=True, slots=True)
class SeeBefore:
    """*Ver*, before a session."""

    session: SessionId


SHOW_RECORDS: Final = (ShowPending, OpenAgreement, OpenNotes, ShowWritten, SeeAgreement, SeeBefore)
"""Taps that change nothing."""

RecordAction = (
    TakenUpTap
    | ShowPending
    | OpenAgreement
    | OpenNotes
    | ShowWritten
    | AskRecord
    | NoteKind
    | RetireAgreement
    | StrikeRecord
    | SeeAgreement
    | SeeBefore
)

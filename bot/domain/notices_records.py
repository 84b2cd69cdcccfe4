"""What the bot says about what therapists write down; see `bot.domain.notices`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.model import PatientId, SessionId
from bot.domain.records import RecordId, RecordKind


@dataclass(frozen=True, slots=True)
class RecordNoted:
    """To the therapist: what was written down, with *Deshacer*."""

    record_id: RecordId
    code: str = field(repr=False)
    kind: Literal["record_noted"] = "record_noted"


@dataclass(frozen=True, slots=True)
class RecordAsked:
    """To the therapist: the next line is a record."""

    code: str = field(repr=False)
    what: RecordKind
    kind: Literal["record_asked"] = "record_asked"


@dataclass(frozen=True, slots=True)
class AgreementTold:
    """To the patient, discreetly: there is an agreement; its text on tap."""

    record_id: RecordId
    patient_id: PatientId
    kind: Literal["agreement_told"] = "agreement_told"


@dataclass(frozen=True, slots=True)
class SessionAhead:
    """To the therapist, discreetly: a session is about to begin; what there is to know on tap."""

    session_id: SessionId
    code: str = field(repr=False)
    starts_at: datetime
    kind: Literal["session_ahead"] = "session_ahead"


RecordNotice = RecordNoted | RecordAsked | AgreementTold | SessionAhead

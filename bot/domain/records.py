"""What a therapist writes down about a treatment: agreements, micro-objectives, safety markers, alliance reviews.

Source: seed 0, "Registre acuerdos, microobjetivos, marcadores de seguridad y revisiones de la alianza".  Pure values
and rules: no clock, no database.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from bot.domain.folding import fold
from bot.domain.model import PatientId, TherapistId, TreatmentId

RecordId = NewType("RecordId", int)

LONGEST: Final = 500
"""UTF-16 units, as Telegram counts: a record is a line or two, not a report."""

STRIKABLE: Final = timedelta(hours=24)
"""How long what was written by mistake can be struck out; then it is part of the record."""

LINE_WITHIN: Final = timedelta(minutes=15)
"""How long after a button asked for it a typed line is taken as a record."""

TELL_AFTER: Final = timedelta(minutes=5)
"""How long a new agreement waits before its patient hears of it: a slip can be taken back unheard."""


class RecordKind(StrEnum):
    """The four kinds of the seed's "documentación viva"."""

    AGREEMENT = "agreement"
    OBJECTIVE = "objective"
    MARKER = "marker"
    REVIEW = "review"


NOTES: Final = (RecordKind.MARKER, RecordKind.REVIEW, RecordKind.OBJECTIVE)
"""What `/nota` writes, in the order of its buttons."""

RESERVED: Final = (RecordKind.MARKER, RecordKind.REVIEW)
"""Subjective annotations, whose text the professional may reserve (Ley 41/2002, art. 18.3)."""

_WORDS: Final = {
    RecordKind.AGREEMENT: ("acuerdo", "agreement"),
    RecordKind.OBJECTIVE: ("objetivo", "microobjetivo", "objective", "goal"),
    RecordKind.MARKER: ("marcador", "marker"),
    RecordKind.REVIEW: ("revisión", "review"),
}
_CALLED: Final = {fold(word): kind for kind, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a treatment; an agreement that was revised or retired has `ended_at`.

    `text` is None once it was struck out: that something was written and struck remains, what it said does not.
    """

    id: RecordId
    treatment_id: TreatmentId
    patient_id: PatientId
    therapist_id: TherapistId
    code: str = field(repr=False)
    kind: RecordKind
    text: str | None = field(repr=False)
    recorded_at: datetime
    replaces: RecordId | None = None
    ended_at: datetime | None = None
    struck_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Say whether it holds now: neither struck out, nor revised or retired."""
        return self.ended_at is None and self.struck_at is None


@dataclass(frozen=True, slots=True)
class AwaitedLine:
    """A therapist was asked to type a record: the next line until `until_at` is one."""

    therapist_id: TherapistId
    patient_id: PatientId
    kind: RecordKind
    asked_at: datetime
    until_at: datetime


def leading_kind(line: str) -> tuple[RecordKind | None, str]:
    """Divide a line into the kind that its first word names, if it does, and the rest."""
    first, _, rest = line.strip().partition(" ")
    kind = _CALLED.get(fold(first.rstrip(":.,")))
    return (None, line.strip()) if kind is None else (kind, rest.strip())


def written(text: str) -> str:
    """Return a text without the spaces around it; empty where nothing in it can be seen (spaces, zero-width signs)."""
    seen = any(unicodedata.category(sign)[0] not in "ZC" for sign in text)
    return text.strip() if seen else ""


def too_long(text: str) -> bool:
    """Say whether a text is longer than a record may be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST


def versions(agreements: Iterable[tuple[RecordId, datetime | None]]) -> dict[RecordId, int]:
    """Return the number of each agreement of a treatment, from 1 for the oldest; what was struck out has none.

    `agreements` are given oldest first, each with when it was struck out.
    """
    kept = (record_id for record_id, struck_at in agreements if struck_at is None)
    return {record_id: number for number, record_id in enumerate(kept, 1)}

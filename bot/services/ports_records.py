"""The part of the store that is about what therapists write down; see `bot.services.ports`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import TherapistId, TreatmentId
from bot.domain.post import Source
from bot.domain.records import AwaitedLine, Record, RecordId, RecordKind


class Records(Protocol):
    """Agreements, micro-objectives, markers and reviews."""

    async def add(
        self,
        treatment_id: TreatmentId,
        kind: RecordKind,
        text: str,
        source: Source,
        at: datetime,
        replaces: RecordId | None = None,
    ) -> RecordId:
        """Keep a record; the database allows one for each source, and one agreement that stands for each treatment."""

    async def from_source(self, source: Source) -> Record | None:
        """Find the record that a typed line became."""

    async def get(self, record_id: RecordId) -> Record | None:
        """Find a record."""

    async def agreement(self, treatment_id: TreatmentId) -> Record | None:
        """Return the agreement that stands."""

    async def standing(self, therapist_id: TherapistId) -> Sequence[Record]:
        """Return the agreements of all of a therapist's patients that stand, by code."""

    async def noted(
        self, therapist_id: TherapistId, kind: RecordKind, since: datetime, until: datetime
    ) -> Sequence[TreatmentId]:
        """Return the treatment of each record of a kind of `since` ≤ time < `until`, without those struck out."""

    async def agreements(self, treatment_id: TreatmentId) -> Sequence[Record]:
        """Return every version of the agreement, oldest first, those struck out too."""

    async def notes(self, treatment_id: TreatmentId) -> Sequence[Record]:
        """Return the other records that were not struck out, newest first."""

    async def last(self, treatment_id: TreatmentId, kind: RecordKind) -> Record | None:
        """Return the newest record of a kind that was not struck out."""

    async def end(self, record_id: RecordId, at: datetime) -> None:
        """Note that an agreement holds no more: it was revised, or retired."""

    async def resume(self, record_id: RecordId) -> None:
        """Let an agreement hold again."""

    async def strike(self, record_id: RecordId, at: datetime) -> None:
        """Strike a record out: its text is wiped."""

    async def await_line(self, line: AwaitedLine) -> None:
        """Ask a therapist for one typed line; what was asked before is not waited for any more."""

    async def awaited_line(self, therapist_id: TherapistId, now: datetime) -> AwaitedLine | None:
        """Return what a therapist was asked to type and still may."""

    async def drop_line(self, therapist_id: TherapistId) -> None:
        """Wait for no line of this therapist any more."""

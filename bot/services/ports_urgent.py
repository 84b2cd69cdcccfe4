"""The part of the store that is about urgent words and about what was confided; see `bot.services.ports`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import (
    Concern,
    ConcernId,
    ConcernStep,
    Disclosure,
    DisclosureId,
    PatientId,
    PersonId,
    TherapistId,
    WordsId,
)
from bot.domain.post import Source


class Concerns(Protocol):
    """Urgent concerns step by step, and words confided to somebody other than the therapist."""

    async def open(self, patient_id: PatientId, words_id: WordsId, at: datetime, *, negated: bool = False) -> Concern:
        """Open a concern about words; the same words again begin it anew only if it was seen."""

    async def get(self, concern_id: ConcernId) -> Concern | None:
        """Find a concern."""

    async def due(self, now: datetime) -> Sequence[Concern]:
        """Return the concerns for which something is due."""

    async def unfinished(self, therapist_id: TherapistId) -> Sequence[Concern]:
        """Return the concerns whose patient nobody has contacted, oldest first."""

    async def unseen_of(self, patient_id: PatientId) -> Sequence[Concern]:
        """Return the unseen concerns of a patient, oldest first."""

    async def raised_by(self, sources: Sequence[Source]) -> Sequence[ConcernId]:
        """Return those that words of these sources raised."""

    async def plan(self, concern_id: ConcernId, next_at: datetime | None) -> None:
        """Look at it again then; None: never."""

    async def is_ahead(self, now: datetime, latest: datetime) -> bool:
        """Say whether an unseen one is to be looked at only after `latest`, or was opened in the future."""

    async def set_right(self, now: datetime, latest: datetime) -> None:
        """Look now at unseen ones that were to be looked at after `latest`; one opened in the future was opened now."""

    async def second_told(self, concern_id: ConcernId, at: datetime) -> None:
        """Note that others than the therapist are told; the first time counts."""

    async def see(self, concern_id: ConcernId, person_id: PersonId, at: datetime) -> bool:
        """Note *Lo he visto* and plan nothing more; False if somebody was first."""

    async def contact(self, concern_id: ConcernId, person_id: PersonId, at: datetime, note_until: datetime) -> bool:
        """Note *He contactado*, which closes the case; False if somebody was first."""

    async def awaiting_note(self, person_id: PersonId, now: datetime) -> Concern | None:
        """Return the newest concern for which this person was asked for a note that has not come."""

    async def keep_note(self, concern_id: ConcernId, text: str | None) -> None:
        """Keep the note sealed; None: there is none.  It is not asked for any more."""

    async def note(self, concern_id: ConcernId) -> str | None:
        """Return the note."""

    async def add_step(
        self, concern_id: ConcernId, step: ConcernStep, at: datetime, person_id: PersonId | None = None
    ) -> None:
        """Append one step; steps are never changed."""

    async def who(self, concern_id: ConcernId, steps: Sequence[ConcernStep], since: datetime) -> Sequence[PersonId]:
        """Return whom one of `steps` was about since then, each once, in order."""

    async def happened(self, concern_id: ConcernId, step: ConcernStep, since: datetime) -> bool:
        """Say whether a step was taken since then."""

    async def add_disclosure(self, patient_id: PatientId, text: str, source: Source, at: datetime) -> DisclosureId:
        """Keep words sealed, once per source."""

    async def confide(self, disclosure_id: DisclosureId, to: PersonId) -> None:
        """Note to whom they were confided, once; who knew of them stays told."""

    async def confided_by(self, disclosure_id: DisclosureId) -> PatientId | None:
        """Return whose words they are; None once they are erased."""

    async def disclosure(self, disclosure_id: DisclosureId, reader: PersonId) -> Disclosure | None:
        """Find words that were confided to `reader`, if they are still one of the patient's `People.confidants`."""

"""The part of the store that is about therapists' guesses and patients' pauses; see `bot.services.ports`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.grounding import Pause, PauseId
from bot.domain.guessing import Guess, GuessId
from bot.domain.model import CheckInId, PatientId, PersonId, Points, Score, TherapistId, TreatmentId


class Guesses(Protocol):
    """What therapists guess before they see a score; one per check-in."""

    async def open(self, check_in_id: CheckInId, asked_at: datetime, lapses_at: datetime) -> GuessId | None:
        """Open the question about a check-in, or again after it was withdrawn; None if there is another already."""

    async def get(self, guess_id: GuessId) -> Guess | None:
        """Find a guess."""

    async def of_check_in(self, check_in_id: CheckInId) -> Guess | None:
        """Find the guess about a check-in."""

    async def open_in(self, treatment_id: TreatmentId) -> Sequence[Guess]:
        """Return the guesses of a treatment that wait for an answer, too old ones included."""

    async def unseen_of(self, therapist_id: TherapistId) -> Sequence[Guess]:
        """Return a therapist's guesses, open or given, whose score was not shown yet."""

    async def due(self, now: datetime) -> Sequence[Guess]:
        """Return the guesses that lapse now."""

    async def save(self, guess: Guess) -> None:
        """Write what became of a guess."""

    async def pairs(self, therapist_id: TherapistId) -> Mapping[TreatmentId, Sequence[tuple[Score, Points]]]:
        """Return (guess, alliance sum) of what was guessed and answered, by treatment, oldest first.

        Sessions that were cut and check-ins that were stopped make no pair.
        """


class Pauses(Protocol):
    """The pauses offered to patients; one per check-in."""

    async def allow(self, treatment_id: TreatmentId, at: datetime | None) -> None:
        """Offer pauses in a treatment from `at` on; None: not any more."""

    async def allowed(self, treatment_id: TreatmentId) -> bool:
        """Say whether pauses are offered in a treatment."""

    async def begin(self, check_in_id: CheckInId, at: datetime, next_at: datetime) -> PauseId | None:
        """Begin the pause of a check-in; None if there was one."""

    async def get(self, pause_id: PauseId) -> Pause | None:
        """Find a pause."""

    async def was_begun(self, check_in_id: CheckInId) -> bool:
        """Say whether there is a pause of this check-in."""

    async def due(self, now: datetime) -> Sequence[Pause]:
        """Return the pauses whose next step is due."""

    async def save(self, pause: Pause) -> None:
        """Write how far a pause has come."""

    async def stop_all(self, person_id: PersonId, at: datetime) -> None:
        """End the pauses that are going on in a person's chat and let that be shown."""

    async def urgent_since(self, patient_id: PatientId, since: datetime) -> bool:
        """Say whether a patient has written urgent words since then."""

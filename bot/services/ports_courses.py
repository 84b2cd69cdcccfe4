"""The part of the store that the rules of the alliance read; see `bot.services.ports`."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.alliance import Entry
from bot.domain.model import TherapistId, TreatmentId


class Courses(Protocol):
    """Treatments as the rules see them.

    Stopped check-ins, sessions that did not take place and those whose connection failed are there, and passed over.
    """

    async def of_treatment(self, treatment_id: TreatmentId) -> Sequence[Entry]:
        """Return its asked check-ins by session."""

    async def of_therapist(self, therapist_id: TherapistId) -> Mapping[TreatmentId, Sequence[Entry]]:
        """Return those of each treatment of a therapist that has any."""

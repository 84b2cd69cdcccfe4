"""The part of the store that keeps episodes and their alerts; see `bot.services.ports`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.alliance import Finding, Rule
from bot.domain.episodes import Episode, EpisodeState, Family, Precision, Raised
from bot.domain.model import CheckInId, EpisodeId, PersonId, TherapistId, TreatmentId


class Alerts(Protocol):
    """Episodes and the alerts about them."""

    async def live(self, treatment_id: TreatmentId) -> Mapping[Family, Episode]:
        """Return the episodes of a treatment that are not closed: at most one of each family."""

    async def episode(self, episode_id: EpisodeId) -> Episode | None:
        """Find an episode."""

    async def raised_in(self, treatment_id: TreatmentId) -> Mapping[CheckInId, Mapping[Family, EpisodeId]]:
        """Return, by check-in, the episodes in which it raised an alert that still stands."""

    async def open_episode(self, treatment_id: TreatmentId, finding: Finding, at: datetime) -> EpisodeId:
        """Open an episode; the database allows one live one per treatment and family."""

    async def deepen_episode(self, episode_id: EpisodeId, raised: Raised, state: EpisodeState) -> None:
        """Note a further fall inside a live episode; it needs to be seen again."""

    async def set_episode_state(self, episode_id: EpisodeId, state: EpisodeState, at: datetime) -> None:
        """Move a live episode to another state, noting the instant of a talk and of closing; closed ones stay."""

    async def acknowledge(self, episode_id: EpisodeId, at: datetime) -> None:
        """Note that the therapist has seen it: it is not pushed again."""

    async def repeat_at(self, episode_id: EpisodeId, at: datetime | None) -> None:
        """Plan to push once more if nobody has seen it by then; None: not to."""

    async def repeated(self, episode_id: EpisodeId, at: datetime) -> None:
        """Note that it was pushed once more, for the last time."""

    async def unseen_due(self, now: datetime) -> Sequence[Episode]:
        """Return the episodes that are to be pushed once more now."""

    async def add_alert(self, episode_id: EpisodeId, finding: Finding, at: datetime) -> None:
        """Note that a check-in raised an alert (one of each family); a withdrawn one stands again."""

    async def standing_alert(self, episode_id: EpisodeId) -> Raised | None:
        """Return the newest alert of the episode that was not withdrawn."""

    async def look_back(self, episode_id: EpisodeId, raised: Raised) -> None:
        """Let the episode speak of another alert of its own, because what it spoke of no longer stands as it was."""

    async def withdraw_alert(self, check_in_id: CheckInId, family: Family, at: datetime) -> None:
        """Note that the alert of this check-in no longer stands."""

    async def episodes(self, therapist_id: TherapistId, since: datetime) -> Sequence[Episode]:
        """Return live episodes and those closed after `since`, oldest first."""

    async def precision(self, therapist_id: TherapistId) -> Mapping[Rule, Precision]:
        """Count, by rule, the closed episodes of a therapist's patients and the false alarms among them."""

    async def ask_note(self, episode_id: EpisodeId, until: datetime) -> None:
        """Let the next line of the therapist be the note about the talk, until then."""

    async def awaiting_note(self, person_id: PersonId, now: datetime) -> Episode | None:
        """Return the newest episode for which this person was asked for a note that has not come."""

    async def keep_note(self, episode_id: EpisodeId, text: str | None) -> None:
        """Keep the note, or none; either way it is not asked for any more."""

    async def note(self, episode_id: EpisodeId) -> str | None:
        """Return the note."""

    async def drop_note(self, episode_id: EpisodeId) -> None:
        """Delete the note."""

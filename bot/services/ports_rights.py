"""The part of the store that is about who did what, leaving, keeping and housekeeping; see `bot.services.ports`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.holdings import Act, Holdings
from bot.domain.model import DeletionId, Kept, PatientId, PersonId
from bot.domain.post import ChoreRow, DeletionRow, ErasureRow, Reader

CHECKPOINT: Final = "checkpoint"
"""The chore that folds the database's log in and empties it: until then deleted content stands in one of the two."""

CHECKPOINT_AFTER: Final = timedelta(minutes=1)
"""Deletions come together: what belongs to one leaving is folded in at once."""


class Audit(Protocol):
    """Who did and read what: row ids only, append-only."""

    async def note(self, at: datetime, actor: PersonId | None, act: str, subject: str, subject_id: int) -> None:
        """Append one line; it keeps the patient whom it is about, even when the row it is about is gone."""

    async def note_taken(self, at: datetime, actor: PersonId | None, patient_id: PatientId, *, again: bool) -> None:
        """Append a line for each text of a patient that is handed over.

        Without `again`, only for those that this person has not taken over before.
        """

    async def of_patient(self, patient_id: PatientId, *, confided: bool) -> Sequence[Act]:
        """Return what was done about a patient, oldest first; what was `confided` is for the patient alone."""

    async def of_person(self, person_id: PersonId) -> Sequence[Act]:
        """Return what a person did, oldest first."""

    async def holdings(self, patient_id: PatientId, *, confided: bool) -> Holdings:
        """Gather everything that is held about a patient; KeyError if there is none.

        `confided`: with what the patient told somebody other than the therapist, which only the patient gets;
        without what the therapist guessed, which only the record gets.
        """

    async def count_before(self, before: datetime) -> int:
        """Count the lines of the oldest part, before `before`."""

    async def remove_before(self, before: datetime) -> int:
        """Remove the oldest part and return how many lines it had; nothing else is ever removed."""


class Chores(Protocol):
    """What the bot does for itself, each a row with its next instant."""

    async def plan(self, name: str, at: datetime) -> None:
        """Let a chore, new or known, be due at `at`, or when it was going to be, if that is sooner."""

    async def keep_only(self, names: Sequence[str]) -> None:
        """Let all other chores rest, and forget what went wrong with them."""

    async def due(self, now: datetime) -> Sequence[ChoreRow]:
        """Return the chores that are due, the longest waiting first."""

    async def done(self, name: str, at: datetime, next_at: datetime) -> None:
        """Note that it was done, and plan the next time."""

    async def failed(self, name: str, next_at: datetime, reason: str) -> None:
        """Note what went wrong (a sentence without content), and when to try again."""

    async def failing(self) -> Mapping[str, str]:
        """Return what went wrong the last time, by name; a chore that was done since is not in it."""


class Leaving(Protocol):
    """Patients who leave: what stops at once, what is still to be erased, and their account."""

    async def let_go(self, patient_id: PatientId, at: datetime, forget_at: datetime) -> PersonId | None:
        """Stop everything, part the patient from their account, which is forgotten at `forget_at` at the latest.

        Returns the account, None if there was none.
        """

    async def plan(self, row: ErasureRow, next_at: datetime) -> None:
        """Note, or change, what is still to be erased of a patient; `next_at` is when to look again."""

    async def of(self, patient_id: PatientId) -> ErasureRow | None:
        """Return what is still to be erased of a patient."""

    async def due(self, now: datetime) -> Sequence[ErasureRow]:
        """Return what is to be looked at now."""

    async def export_waits(self, therapist: PersonId) -> bool:
        """Say whether a file of an export for this therapist has not left yet."""

    async def urgent_waits(self, patient_id: PatientId, until: datetime) -> bool:
        """Say whether urgent words from before somebody left have not been seen by anybody."""

    async def erase(self, patient_id: PatientId, *, keep_scores: bool) -> None:
        """Erase what is left of a patient; without `keep_scores`, the patient too."""

    async def erase_words(self, patient_id: PatientId, until: datetime) -> None:
        """Erase what somebody wrote before they left, who has come back since."""

    async def note_message(self, person_id: PersonId, message_id: int, at: datetime) -> None:
        """Note a reply in a patient's chat, so that it can be deleted there one day."""

    async def messages_of(self, person_id: PersonId, until: datetime) -> Sequence[int]:
        """Return the bot's messages in the chat of somebody who has left, newest first."""

    async def last_written_at(self, person_id: PersonId) -> datetime | None:
        """Return when the newest of the bot's noted messages in a chat was sent."""

    async def forgettable(self, now: datetime) -> Sequence[PersonId]:
        """Return the accounts whose last day is over."""

    async def forget(self, person_id: PersonId) -> None:
        """Delete an account that has left and has not come back, with everything that came from it."""


class Retention(Protocol):
    """What has been kept long enough."""

    async def readers(self, before: Mapping[Kept, datetime]) -> Sequence[Reader]:
        """Return whom to tell before what they may read is deleted: therapists, and second contacts who can be told.

        Of each kind those alone who have something older than `before` says, or to whom a deletion is being announced.
        """

    async def expiring(self, person_id: PersonId, kind: Kept, before: datetime) -> Sequence[tuple[PatientId, str]]:
        """Return patient and code for each text, or each series of scores, of a reader's that is older than `before`.

        What was confided and has been announced to this reader twice is left out: it may wait for another one.
        """

    async def left_of(self, row: DeletionRow) -> Sequence[tuple[PatientId, str]]:
        """Return what of an announced deletion is still there and still old enough; nothing that came later."""

    async def delete(self, row: DeletionRow) -> int:
        """Delete what was announced, as `left_of` returns it; return how many texts, or series, there were.

        What was confided stays until nobody has to be told any more: see `delete_spent`.
        """

    async def announced(self, person_id: PersonId, kind: Kept) -> DeletionRow | None:
        """Return the deletion that is being announced to a reader, if there is one."""

    async def stands(self, deletion_id: DeletionId) -> bool:
        """Say whether a deletion is not done, and there is still something to delete."""

    async def announce(self, person_id: PersonId, kind: Kept, before_at: datetime, delete_at: datetime) -> DeletionRow:
        """Plan a deletion of what is older than `before_at`, of those patients alone of whom there is some now."""

    async def told(self, deletion_id: DeletionId, at: datetime, leads: Sequence[timedelta]) -> None:
        """Note that the first, then that the second announcement has arrived, at least `leads` before the deletion."""

    async def close(self, deletion_id: DeletionId, at: datetime) -> None:
        """Note that the deletion is done."""

    async def spent(self, before: Mapping[str, datetime]) -> Mapping[str, int]:
        """Count the rows of `outbox`, `inbox`, `failed_starts`, `sent_messages`, `calendars` older than `before`.

        `accounts` are those that opened a link which had ended by then, and became nobody here.  `confided` is what
        was confided before then, unless somebody who can be told has not been told twice for `announced`.
        """

    async def delete_spent(self, before: Mapping[str, datetime]) -> Mapping[str, int]:
        """Delete them and return how many there were."""


class ErasureLog(Protocol):
    """The list beside the backups, so that no restored backup brings anybody back."""

    def note(self, patient_id: PatientId, at: datetime, *, keep_scores: bool) -> None:
        """Write one line and wait until it would survive a power cut.  Raises StoreUnavailableError.  Blocks."""

"""What has been kept long enough: what was announced and is deleted, and the rows that only served to do the work."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Executable, RowMapping, Select, Table, delete, func, select, update

from bot.domain.model import DeletionId, Kept, PatientId, PatientState, TherapistId
from bot.domain.post import DeletionRow
from storage.erasure import forget_person, forget_scores
from storage.rows import Rows, insert_into
from storage.schema import (
    check_ins,
    concerns,
    deletions,
    failed_starts,
    inbox,
    invitations,
    outbox,
    patients,
    people,
    sent_messages,
    sessions,
    therapists,
    treatments,
    words,
)

_TELLS: Final = ("first_told_at", "second_told_at")


class RetentionRows(Rows):
    """Implements `bot.services.ports.Retention`."""

    async def expiring(
        self, therapist_id: TherapistId, kind: Kept, before: datetime
    ) -> Sequence[tuple[PatientId, str]]:
        """Return patient and code for each text, or each series, that is older."""
        chosen = _old_words(before) if kind is Kept.WORDS else _old_series(before)
        rows = await self._all(chosen.where(treatments.c.therapist_id == therapist_id).order_by(patients.c.code))
        return [(PatientId(row["patient_id"]), row["code"]) for row in rows]

    async def delete(self, therapist_id: TherapistId, kind: Kept, before: datetime) -> int:
        """Delete what is older; return how many texts, or series, there were."""
        old = await self.expiring(therapist_id, kind, before)
        for patient_id in dict.fromkeys(patient for patient, _ in old):
            if kind is Kept.WORDS:
                await self._delete_words(patient_id, before)
            else:
                await self._connection.run_sync(forget_scores, patient_id)
        return len(old)

    async def _delete_words(self, patient_id: PatientId, before: datetime) -> None:
        old = (words.c.patient_id == patient_id) & (words.c.written_at < before)
        await self._do(delete(concerns).where(concerns.c.words_id.in_(select(words.c.id).where(old))))
        empty = check_ins.c.id.in_(select(words.c.check_in_id).where(old))
        await self._do(update(check_ins).where(empty).values(has_words=0))
        await self._do(delete(words).where(old))

    async def announced(self, therapist_id: TherapistId, kind: Kept) -> DeletionRow | None:
        """Return the deletion that is being announced."""
        mine = (deletions.c.therapist_id == therapist_id) & (deletions.c.kind == kind) & deletions.c.done_at.is_(None)
        row = await self._first(select(deletions).where(mine))
        return _read(row) if row else None

    async def announce(
        self, therapist_id: TherapistId, kind: Kept, before_at: datetime, delete_at: datetime
    ) -> DeletionRow:
        """Plan a deletion."""
        row = {"therapist_id": therapist_id, "kind": kind, "before_at": before_at, "delete_at": delete_at}
        number = DeletionId(await self._add(insert_into(deletions).values(row)))
        return DeletionRow(number, therapist_id, kind, before_at, delete_at)

    async def told(self, deletion_id: DeletionId, at: datetime, leads: Sequence[timedelta]) -> None:
        """Note that an announcement has arrived: the first, then the second; each moves the day if it came late."""
        row = await self._first(select(deletions).where(deletions.c.id == deletion_id))
        missing = [(name, lead) for name, lead in zip(_TELLS, leads, strict=True) if row and row[name] is None]
        if row is None or not missing:
            return
        name, lead = missing[0]
        values = {name: at, "delete_at": max(row["delete_at"], at + lead)}
        await self._do(update(deletions).where(deletions.c.id == deletion_id).values(values))

    async def close(self, deletion_id: DeletionId, at: datetime) -> None:
        """Note that the deletion is done."""
        await self._do(update(deletions).where(deletions.c.id == deletion_id).values(done_at=at))

    async def spent(self, before: Mapping[str, datetime]) -> Mapping[str, int]:
        """Count the rows that only served to do the work and are older than `before` says, by kind."""
        chosen = {**_spent(before), "accounts": (people, _passers_by(before["accounts"]))}
        return {
            kind: int(await self._value(select(func.count()).select_from(table).where(where)))
            for kind, (table, where) in chosen.items()
        }

    async def delete_spent(self, before: Mapping[str, datetime]) -> Mapping[str, int]:
        """Delete them; which messages a patient got is remembered without what they said."""
        await self._do(_remember_messages(before["outbox"]))
        passers_by = await self._all(select(people.c.id).where(_passers_by(before["accounts"])))
        for row in passers_by:
            await self._connection.run_sync(forget_person, row["id"])
        counted = {kind: await self._do(delete(table).where(where)) for kind, (table, where) in _spent(before).items()}
        return {**counted, "accounts": len(passers_by)}


def _spent(before: Mapping[str, datetime]) -> dict[str, tuple[Table, ColumnElement[bool]]]:
    over = func.coalesce(outbox.c.sent_at, outbox.c.gave_up_at)
    worked = func.coalesce(inbox.c.done_at, inbox.c.parked_at)
    return {
        "outbox": (outbox, over < before["outbox"]),
        "inbox": (inbox, worked < before["inbox"]),
        "failed_starts": (failed_starts, failed_starts.c.at < before["failed_starts"]),
        "sent_messages": (sent_messages, sent_messages.c.sent_at < before["sent_messages"]),
    }


def _passers_by(before: datetime) -> ColumnElement[bool]:
    """Choose the accounts that opened a link and became nobody here, once the link has ended."""
    opened = invitations.c.opened_by.is_not(None) & (invitations.c.expires_at >= before)
    waiting = select(invitations.c.opened_by).where(opened)
    bound = select(patients.c.person_id).where(patients.c.person_id.is_not(None))
    nobody = people.c.id.not_in(bound) & people.c.id.not_in(select(therapists.c.person_id))
    return nobody & people.c.id.not_in(waiting) & people.c.forget_at.is_(None)


def _remember_messages(before: datetime) -> Executable:
    """Keep the ids of a patient's messages when their outbox rows go."""
    to_patients = outbox.c.person_id.in_(select(patients.c.person_id).where(patients.c.person_id.is_not(None)))
    doctors = outbox.c.person_id.in_(select(therapists.c.person_id))
    sent = outbox.c.message_id.is_not(None) & (outbox.c.sent_at < before) & to_patients & ~doctors
    known = select(outbox.c.person_id, outbox.c.message_id, outbox.c.sent_at).where(sent)
    new = insert_into(sent_messages).from_select(["person_id", "message_id", "sent_at"], known)
    return new.prefix_with("OR IGNORE")


def _old_words(before: datetime) -> Select[Any]:
    return (
        select(words.c.patient_id, patients.c.code)
        .join(patients, words.c.patient_id == patients.c.id)
        .join(treatments, treatments.c.patient_id == patients.c.id)
        .where(words.c.written_at < before)
    )


def _old_series(before: datetime) -> Select[Any]:
    """Choose the patients with sessions, without words, whose last session and leaving are older."""
    last = func.max(sessions.c.ends_at)
    still_there = (patients.c.state == PatientState.LEFT) & (patients.c.state_at >= before)
    written = select(words.c.id).where(words.c.patient_id == patients.c.id).exists()
    return (
        select(treatments.c.patient_id, patients.c.code)
        .join(patients, treatments.c.patient_id == patients.c.id)
        .join(sessions, sessions.c.treatment_id == treatments.c.id)
        .where(~still_there, ~written)
        .group_by(treatments.c.patient_id, patients.c.code)
        .having(last < before)
    )


def _read(row: RowMapping) -> DeletionRow:
    return DeletionRow(
        DeletionId(row["id"]),
        TherapistId(row["therapist_id"]),
        Kept(row["kind"]),
        row["before_at"],
        row["delete_at"],
        row["first_told_at"],
        row["second_told_at"],
    )

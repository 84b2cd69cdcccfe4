"""What has been kept long enough: what was announced and is deleted, and the rows that only served to do the work."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    select,
    union_all,
    update,
)

from bot.domain.model import DeletionId, Kept, PatientId, PatientState, PersonId, Role
from bot.domain.post import DeletionRow, Reader
from storage.confidants import is_confidant
from storage.dialects import insert_into
from storage.erasure import forget_person, forget_scores
from storage.records import old_records
from storage.rows import Rows
from storage.schema import (
    check_ins,
    concerns,
    contacts,
    deletion_patients,
    deletions,
    disclosure_contacts,
    disclosures,
    episodes,
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
from storage.schema_agenda import calendar_waiting
from storage.schema_records import records

_TELLS: Final = ("first_told_at", "second_told_at")


class RetentionRows(Rows):
    """Implements `bot.services.ports.Retention`."""

    async def readers(self, before: Mapping[Kept, datetime]) -> Sequence[Reader]:
        """Return therapists for words and scores, second contacts whose chat is not gone for what was confided."""
        doctors = await self._all(_zones(therapists))
        second = (contacts.c.role == Role.SECOND_CONTACT) & contacts.c.ended_at.is_(None)
        told = await self._all(_zones(contacts).where(second, people.c.unreachable_at.is_(None)))
        concerned = {kind: await self._concerned(kind, before[kind]) for kind in Kept}
        return [
            Reader(PersonId(row["id"]), kind, ZoneInfo(row["zone"]))
            for kind in Kept
            for row in (told if kind is Kept.CONFIDED else doctors)
            if row["id"] in concerned[kind]
        ]

    async def _concerned(self, kind: Kept, before: datetime) -> set[PersonId]:
        """Return who has something older of one kind, or is being told of its deletion: one look for all of them."""
        old = _OLD[kind](before).subquery()
        told = select(deletions.c.person_id).where(deletions.c.kind == kind, deletions.c.done_at.is_(None))
        return {row["reader"] for row in await self._all(select(old.c.reader).union(told))}

    async def expiring(self, person_id: PersonId, kind: Kept, before: datetime) -> Sequence[tuple[PatientId, str]]:
        """Return patient and code for each text, or each series, that is older."""
        rows = await self._all(_old(kind, person_id, before))
        return [(PatientId(row["patient_id"]), row["code"]) for row in rows]

    async def left_of(self, row: DeletionRow) -> Sequence[tuple[PatientId, str]]:
        """Return what of an announced deletion is still there and still old enough; nothing that came later."""
        named = select(deletion_patients.c.patient_id).where(deletion_patients.c.deletion_id == row.id)
        rows = await self._all(_old(row.kind, row.person_id, row.before_at).where(patients.c.id.in_(named)))
        return [(PatientId(found["patient_id"]), found["code"]) for found in rows]

    async def delete(self, row: DeletionRow) -> int:
        """Delete what was announced; return how many texts, or series, there were."""
        if row.kind is Kept.CONFIDED:
            return 0  # somebody else may still have to be told: `delete_spent`
        old = await self.left_of(row)
        for patient_id in dict.fromkeys(patient for patient, _ in old):
            if row.kind is Kept.WORDS:
                await self._delete_words(patient_id, row.before_at)
            else:
                await self._session.run_sync(forget_scores, patient_id)
        return len(old)

    async def _delete_words(self, patient_id: PatientId, before: datetime) -> None:
        old = (words.c.patient_id == patient_id) & (words.c.written_at < before)
        await self._do(delete(concerns).where(concerns.c.words_id.in_(select(words.c.id).where(old))))
        empty = check_ins.c.id.in_(select(words.c.check_in_id).where(old))
        await self._do(update(check_ins).where(empty).values(has_words=0))
        await self._do(delete(words).where(old))
        written = old_records(before).where(treatments.c.patient_id == patient_id).with_only_columns(records.c.id)
        await self._do(delete(records).where(records.c.id.in_(written)))
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        noted = episodes.c.treatment_id.in_(treated) & (episodes.c.talked_at < before)
        await self._do(update(episodes).where(noted).values(note=None, note_until=None))

    async def announced(self, person_id: PersonId, kind: Kept) -> DeletionRow | None:
        """Return the deletion that is being announced."""
        mine = (deletions.c.person_id == person_id) & (deletions.c.kind == kind) & deletions.c.done_at.is_(None)
        row = await self._first(select(deletions).where(mine))
        return _read(row) if row else None

    async def stands(self, deletion_id: DeletionId) -> bool:
        """Say whether it is not done, and there is something to delete."""
        found = await self._first(select(deletions).where(deletions.c.id == deletion_id, deletions.c.done_at.is_(None)))
        row = _read(found) if found else None
        return row is not None and bool(await self.left_of(row))

    async def announce(self, person_id: PersonId, kind: Kept, before_at: datetime, delete_at: datetime) -> DeletionRow:
        """Plan a deletion, for the patients of whom there is something that old today."""
        row = {"person_id": person_id, "kind": kind, "before_at": before_at, "delete_at": delete_at}
        number = DeletionId(await self._add(insert_into(deletions).values(row)))
        old = dict.fromkeys(patient for patient, _ in await self.expiring(person_id, kind, before_at))
        named = [{"deletion_id": number, "patient_id": patient_id} for patient_id in old]
        if named:
            await self._do(insert_into(deletion_patients).values(named))
        return DeletionRow(number, person_id, kind, before_at, delete_at)

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
            await self._session.run_sync(forget_person, row["id"])
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
        "calendars": (calendar_waiting, calendar_waiting.c.asked_at < before["calendars"]),
        "confided": (disclosures, _unread(before["confided"], before["announced"])),
    }


def _passers_by(before: datetime) -> ColumnElement[bool]:
    """Choose the accounts that opened a link and became nobody here, once the link has ended."""
    opened = invitations.c.opened_by.is_not(None) & (invitations.c.expires_at >= before)
    waiting = select(invitations.c.opened_by).where(opened)
    bound = select(patients.c.person_id).where(patients.c.person_id.is_not(None))
    here = (bound, select(therapists.c.person_id), select(contacts.c.person_id))
    nobody = and_(*(people.c.id.not_in(somebody) for somebody in here))
    return nobody & people.c.id.not_in(waiting) & people.c.forget_at.is_(None)


def _remember_messages(before: datetime) -> Executable:
    """Keep the ids of a patient's messages when their outbox rows go."""
    to_patients = outbox.c.person_id.in_(select(patients.c.person_id).where(patients.c.person_id.is_not(None)))
    doctors = outbox.c.person_id.in_(select(therapists.c.person_id))
    sent = outbox.c.message_id.is_not(None) & (outbox.c.sent_at < before) & to_patients & ~doctors
    known = select(outbox.c.person_id, outbox.c.message_id, outbox.c.sent_at).where(sent)
    new = insert_into(sent_messages).from_select(["person_id", "message_id", "sent_at"], known)
    return new.on_conflict_do_nothing()


def _zones(table: Table) -> Select[Any]:
    """Choose the people of a table, with their zones."""
    return (
        select(people.c.id, people.c.zone)
        .join_from(table, people, table.c.person_id == people.c.id)
        .order_by(table.c.id)
    )


def _old_words(before: datetime) -> Select[Any]:
    """Choose the patient and therapist of each text: what patients wrote, and what was written down about them."""
    written = select(words.c.patient_id, words.c.id).where(words.c.written_at < before)
    old = union_all(written, old_records(before)).subquery()
    return (
        select(old.c.patient_id, patients.c.code, therapists.c.person_id.label("reader"))
        .join(patients, old.c.patient_id == patients.c.id)
        .join(treatments, treatments.c.patient_id == patients.c.id)
        .join(therapists, treatments.c.therapist_id == therapists.c.id)
    )


def _old_confidences(before: datetime) -> Select[Any]:
    reader = disclosure_contacts.c.person_id.label("reader")
    confided = _confidences(disclosures.c.patient_id, patients.c.code, reader).join(patients)
    return confided.where(disclosures.c.told_at < before, ~_told_twice())


def _unread(before: datetime, announced: datetime) -> ColumnElement[bool]:
    """Choose what was confided before, and nobody who can be told still has to be told."""
    reachable = people.c.unreachable_at.is_(None)
    waiting = _confidences(disclosures.c.id).join(people, disclosure_contacts.c.person_id == people.c.id)
    untold = waiting.where(reachable, ~_told_twice(deletions.c.delete_at <= announced))
    return (disclosures.c.told_at < before) & disclosures.c.id.not_in(untold)


def _confidences(*columns: ColumnElement[Any]) -> Select[Any]:
    """Choose what was confided, once for each contact to whom it was, who may still read it."""
    still = is_confidant(disclosure_contacts.c.person_id, disclosures.c.patient_id)
    return select(*columns).join_from(disclosures, disclosure_contacts).where(still)


def _told_twice(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say whether the contact of the row around has been told twice that this confidence is going."""
    return exists().where(
        deletions.c.kind == Kept.CONFIDED,
        deletions.c.person_id == disclosure_contacts.c.person_id,
        deletions.c.before_at > disclosures.c.told_at,
        deletions.c.second_told_at.is_not(None),
        *conditions,
    )


def _old_series(before: datetime) -> Select[Any]:
    """Choose the patients with sessions, without words, whose last session and leaving are older; and therapists."""
    last = func.max(sessions.c.ends_at)
    still_there = (patients.c.state == PatientState.LEFT) & (patients.c.state_at >= before)
    written = select(words.c.id).where(words.c.patient_id == patients.c.id).exists()
    noted = select(records.c.id).where(records.c.treatment_id == treatments.c.id).exists()
    return (
        select(treatments.c.patient_id, patients.c.code, therapists.c.person_id.label("reader"))
        .join(patients, treatments.c.patient_id == patients.c.id)
        .join(therapists, treatments.c.therapist_id == therapists.c.id)
        .join(sessions, sessions.c.treatment_id == treatments.c.id)
        .where(~still_there, ~written, ~noted)
        .group_by(treatments.c.patient_id, patients.c.code, therapists.c.person_id)
        .having(last < before)
    )


_OLD: Final[Mapping[Kept, Callable[[datetime], Select[Any]]]] = {
    Kept.WORDS: _old_words,
    Kept.SCORES: _old_series,
    Kept.CONFIDED: _old_confidences,
}
_READER: Final[Mapping[Kept, ColumnElement[int]]] = {
    Kept.WORDS: therapists.c.person_id,
    Kept.SCORES: therapists.c.person_id,
    Kept.CONFIDED: disclosure_contacts.c.person_id,
}


def _old(kind: Kept, reader: PersonId, before: datetime) -> Select[Any]:
    """Choose what of one kind is older, of one reader's, in the order of codes."""
    return _OLD[kind](before).where(_READER[kind] == reader).order_by(patients.c.code)


def _read(row: RowMapping) -> DeletionRow:
    return DeletionRow(
        DeletionId(row["id"]),
        PersonId(row["person_id"]),
        Kept(row["kind"]),
        row["before_at"],
        row["delete_at"],
        row["first_told_at"],
        row["second_told_at"],
    )

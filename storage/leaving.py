"""Who leaves: what stops at once, what waits, and which messages are still to be deleted in the chat."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, func, select, update

from bot.domain.model import PatientId, PersonId
from bot.domain.post import ErasureRow
from storage.dialects import insert_into
from storage.erasure import erase_patient, forget_person, let_go
from storage.rows import Rows
from storage.schema import (
    check_ins,
    concerns,
    disclosures,
    erasures,
    outbox,
    patients,
    people,
    sent_messages,
    treatments,
    words,
)
from storage.schema_records import records


class LeavingRows(Rows):
    """Implements `bot.services.ports.Leaving`."""

    async def let_go(self, patient_id: PatientId, at: datetime, forget_at: datetime) -> PersonId | None:
        """Stop everything and part the patient from their account."""
        await self._do(update(patients).where(patients.c.id == patient_id).values(state_at=at))
        person_id = await self._session.run_sync(let_go, patient_id)
        await self._do(update(people).where(people.c.id == person_id).values(forget_at=forget_at))
        return None if person_id is None else PersonId(person_id)

    async def plan(self, row: ErasureRow, next_at: datetime) -> None:
        """Note what is still to be erased."""
        values = {
            "keep_scores": int(row.keep_scores),
            "left_at": row.left_at,
            "export_until": row.export_until,
            "exported_at": row.exported_at,
            "next_at": next_at,
        }
        new = insert_into(erasures).values(patient_id=row.patient_id, **values)
        await self._do(new.on_conflict_do_update(index_elements=["patient_id"], set_=values))

    async def of(self, patient_id: PatientId) -> ErasureRow | None:
        """Return what is still to be erased of a patient."""
        row = await self._one(select(erasures).where(erasures.c.patient_id == patient_id))
        return _read(row) if row else None

    async def due(self, now: datetime) -> Sequence[ErasureRow]:
        """Return what is to be looked at now."""
        return [_read(row) for row in await self._all(select(erasures).where(erasures.c.next_at <= now))]

    async def export_waits(self, therapist: PersonId) -> bool:
        """Say whether a file of an export has not left yet."""
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & (outbox.c.kind == "patient_export")
        return await self._value(select(outbox.c.id).where(waiting, outbox.c.person_id == therapist)) is not None

    async def urgent_waits(self, patient_id: PatientId, until: datetime) -> bool:
        """Say whether nobody has seen some urgent words from before somebody left."""
        unseen = (
            select(concerns.c.id)
            .join(words, concerns.c.words_id == words.c.id)
            .where(concerns.c.patient_id == patient_id, concerns.c.seen_at.is_(None), words.c.written_at <= until)
        )
        return await self._value(unseen.limit(1)) is not None

    async def erase(self, patient_id: PatientId, *, keep_scores: bool) -> None:
        """Erase what is left of somebody who has not come back."""
        await self._session.run_sync(erase_patient, patient_id, keep_scores=keep_scores)

    async def erase_words(self, patient_id: PatientId, until: datetime) -> None:
        """Erase the words from before somebody left who has come back since."""
        old = (words.c.patient_id == patient_id) & (words.c.written_at <= until)
        await self._do(delete(concerns).where(concerns.c.words_id.in_(select(words.c.id).where(old))))
        without = update(check_ins).where(check_ins.c.id.in_(select(words.c.check_in_id).where(old)))
        await self._do(without.values(has_words=0))
        await self._do(delete(words).where(old))
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        written = records.c.treatment_id.in_(treated) & (records.c.recorded_at <= until)
        await self._do(delete(records).where(written))
        confided = (disclosures.c.patient_id == patient_id) & (disclosures.c.told_at <= until)
        await self._do(delete(disclosures).where(confided))
        await self._do(delete(erasures).where(erasures.c.patient_id == patient_id))

    async def note_message(self, person_id: PersonId, message_id: int, at: datetime) -> None:
        """Note a reply, so that it can be deleted in the chat one day."""
        row = {"person_id": person_id, "message_id": message_id, "sent_at": at}
        known = exists().where(people.c.id == person_id)
        if await self._value(select(known)):
            await self._do(insert_into(sent_messages).values(row).on_conflict_do_nothing())

    async def messages_of(self, person_id: PersonId, until: datetime) -> Sequence[int]:
        """Return the bot's messages in a chat up to an instant, newest first."""
        noted = select(sent_messages.c.message_id).where(
            sent_messages.c.person_id == person_id, sent_messages.c.sent_at <= until
        )
        late = select(outbox.c.message_id).where(  # what was on its way when the person left
            outbox.c.person_id == person_id,
            outbox.c.kind == "question",
            outbox.c.due_at <= until,
            outbox.c.message_id.is_not(None),
        )
        both = noted.union(late).subquery()
        rows = await self._all(select(both.c.message_id).order_by(both.c.message_id.desc()))
        return [int(row["message_id"]) for row in rows]

    async def last_written_at(self, person_id: PersonId) -> datetime | None:
        """Return when the newest one was sent."""
        mine = sent_messages.c.person_id == person_id
        at: datetime | None = await self._value(select(func.max(sent_messages.c.sent_at)).where(mine))
        return at

    async def forgettable(self, now: datetime) -> Sequence[PersonId]:
        """Return the accounts that are forgotten now, whatever has become of their messages."""
        return [PersonId(row["id"]) for row in await self._all(select(people.c.id).where(people.c.forget_at <= now))]

    async def forget(self, person_id: PersonId) -> None:
        """Delete an account that has left and has not come back."""
        leaving = people.c.id == person_id, people.c.forget_at.is_not(None)
        if await self._value(select(people.c.id).where(*leaving)) is None:
            return
        await self._do(update(people).where(*leaving).values(forget_at=None))
        await self._session.run_sync(forget_person, person_id)


def _read(row: RowMapping) -> ErasureRow:
    return ErasureRow(
        PatientId(row["patient_id"]), bool(row["keep_scores"]), row["left_at"], row["export_until"], row["exported_at"]
    )

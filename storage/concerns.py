"""Urgent concerns step by step, and words that were confided to somebody other than the therapist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Select, select, update

from bot.domain.model import (
    Article,
    Called,
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
from storage.confidants import is_confidant
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import (
    concern_steps,
    concerns,
    disclosure_contacts,
    disclosures,
    patients,
    people,
    therapists,
    treatments,
    words,
)

_NOT_SEEN: Final = dict.fromkeys(("second_at", "seen_at", "seen_by", "contacted_at", "contacted_by", "note_until"))


class ConcernRows(Rows):
    """Implements `bot.services.ports.Concerns`."""

    async def open(self, patient_id: PatientId, words_id: WordsId, at: datetime, *, negated: bool = False) -> Concern:
        """Open one per words; one that was seen begins anew, one that was not keeps its age."""
        row = {"patient_id": patient_id, "words_id": words_id, "opened_at": at, "negated": int(negated)}
        begin = insert_into(concerns).values(row)
        anew = {"opened_at": at, "negated": int(negated), **_NOT_SEEN}
        again = begin.on_conflict_do_update(
            index_elements=["words_id"], set_=anew, where=concerns.c.seen_at.is_not(None)
        )
        await self._do(again)
        found = await self._concern(_concerns().where(concerns.c.words_id == words_id))
        if found is None:
            raise LookupError("a concern that was just opened is not there")
        return found

    async def get(self, concern_id: ConcernId) -> Concern | None:
        """Find by id."""
        return await self._concern(_concerns().where(concerns.c.id == concern_id))

    async def due(self, now: datetime) -> Sequence[Concern]:
        """Return those for which something is due."""
        return [self._read(row) for row in await self._all(_concerns().where(concerns.c.next_at <= now))]

    async def unfinished(self, therapist_id: TherapistId) -> Sequence[Concern]:
        """Return those whose patient nobody has contacted."""
        mine = (treatments.c.therapist_id == therapist_id) & concerns.c.contacted_at.is_(None)
        return [self._read(row) for row in await self._all(_concerns().where(mine).order_by(concerns.c.id))]

    async def unseen_of(self, patient_id: PatientId) -> Sequence[Concern]:
        """Return those of a patient that nobody has seen, oldest first."""
        unseen = (concerns.c.patient_id == patient_id) & concerns.c.seen_at.is_(None)
        found = await self._all(_concerns().where(unseen).order_by(concerns.c.opened_at, concerns.c.id))
        return [self._read(row) for row in found]

    async def raised_by(self, sources: Sequence[Source]) -> Sequence[ConcernId]:
        """Return those that words of these sources raised."""
        refs = [self._ref(source) for source in sources]
        found = select(concerns.c.id).join(words, words.c.id == concerns.c.words_id).where(words.c.source_ref.in_(refs))
        return [ConcernId(row["id"]) for row in await self._all(found)]

    async def plan(self, concern_id: ConcernId, next_at: datetime | None) -> None:
        """Look at it again then."""
        await self._change(concern_id, next_at=next_at)

    async def is_ahead(self, now: datetime, latest: datetime) -> bool:
        """Say whether an unseen one is to be looked at only after `latest`, or was opened in the future."""
        ahead = concerns.c.seen_at.is_(None) & ((concerns.c.next_at > latest) | (concerns.c.opened_at > now))
        return await self._value(select(concerns.c.id).where(ahead).limit(1)) is not None

    async def set_right(self, now: datetime, latest: datetime) -> None:
        """Look now at unseen ones that were to be looked at after `latest`; one opened in the future was opened now."""
        unseen = concerns.c.seen_at.is_(None)
        await self._do(update(concerns).where(unseen & (concerns.c.next_at > latest)).values(next_at=now))
        await self._do(update(concerns).where(unseen & (concerns.c.opened_at > now)).values(opened_at=now, next_at=now))

    async def second_told(self, concern_id: ConcernId, at: datetime) -> None:
        """Note that others than the therapist are told; the first time counts."""
        untold = (concerns.c.id == concern_id) & concerns.c.second_at.is_(None)
        await self._do(update(concerns).where(untold).values(second_at=at))

    async def see(self, concern_id: ConcernId, person_id: PersonId, at: datetime) -> bool:
        """Note who saw it; the first one counts."""
        unseen = (concerns.c.id == concern_id) & concerns.c.seen_at.is_(None)
        seen = {"seen_at": at, "seen_by": person_id, "next_at": None}
        return await self._do(update(concerns).where(unseen).values(seen)) > 0

    async def contact(self, concern_id: ConcernId, person_id: PersonId, at: datetime, note_until: datetime) -> bool:
        """Close the case; the first one counts."""
        open_ = (concerns.c.id == concern_id) & concerns.c.contacted_at.is_(None)
        closed = {"contacted_at": at, "contacted_by": person_id, "note_until": note_until}
        return await self._do(update(concerns).where(open_).values(closed)) > 0

    async def awaiting_note(self, person_id: PersonId, now: datetime) -> Concern | None:
        """Return the newest one for which this person was asked for a note that has not come."""
        asked = (concerns.c.contacted_by == person_id) & (concerns.c.note_until > now)
        row = await self._first(_concerns().where(asked).order_by(concerns.c.contacted_at.desc()))
        return self._read(row) if row else None

    async def keep_note(self, concern_id: ConcernId, text: str | None) -> None:
        """Keep the note sealed, or none; either way it is not asked for any more."""
        note = {} if text is None else {"note": self._ring.seal(text)}
        await self._change(concern_id, note_until=None, **note)

    async def note(self, concern_id: ConcernId) -> str | None:
        """Return the note."""
        sealed = await self._value(select(concerns.c.note).where(concerns.c.id == concern_id))
        return None if sealed is None else self._ring.unseal(sealed)

    async def add_step(
        self, concern_id: ConcernId, step: ConcernStep, at: datetime, person_id: PersonId | None = None
    ) -> None:
        """Append one step."""
        row = {"concern_id": concern_id, "at": at, "step": step, "person_id": person_id}
        await self._do(insert_into(concern_steps).values(row))

    async def who(self, concern_id: ConcernId, steps: Sequence[ConcernStep], since: datetime) -> Sequence[PersonId]:
        """Return whom one of `steps` was about since then, each once."""
        of = (concern_steps.c.concern_id == concern_id) & (concern_steps.c.at >= since)
        found = select(concern_steps.c.person_id).where(of, concern_steps.c.step.in_(steps))
        rows = await self._all(found.order_by(concern_steps.c.id))
        return list(dict.fromkeys(PersonId(row["person_id"]) for row in rows if row["person_id"] is not None))

    async def happened(self, concern_id: ConcernId, step: ConcernStep, since: datetime) -> bool:
        """Say whether a step was taken since then."""
        of = (concern_steps.c.concern_id == concern_id) & (concern_steps.c.at >= since)
        return await self._value(select(concern_steps.c.id).where(of, concern_steps.c.step == step)) is not None

    async def add_disclosure(self, patient_id: PatientId, text: str, source: Source, at: datetime) -> DisclosureId:
        """Keep words sealed, once per source."""
        ref = self._ref(source)
        row = {"patient_id": patient_id, "body": self._ring.seal(text), "source_ref": ref, "told_at": at}
        await self._do(insert_into(disclosures).values(row).on_conflict_do_nothing())
        return DisclosureId(await self._value(select(disclosures.c.id).where(disclosures.c.source_ref == ref)))

    async def confide(self, disclosure_id: DisclosureId, to: PersonId) -> None:
        """Note to whom they were confided, once."""
        told = {"disclosure_id": disclosure_id, "person_id": to}
        await self._do(insert_into(disclosure_contacts).values(told).on_conflict_do_nothing())

    async def confided_by(self, disclosure_id: DisclosureId) -> PatientId | None:
        """Return whose words they are."""
        found = await self._value(select(disclosures.c.patient_id).where(disclosures.c.id == disclosure_id))
        return PatientId(found) if found is not None else None

    async def disclosure(self, disclosure_id: DisclosureId, reader: PersonId) -> Disclosure | None:
        """Find by id, for a reader to whom it was confided and who is still nobody's therapist there."""
        told = (disclosure_contacts.c.person_id == reader) & is_confidant(reader, disclosures.c.patient_id)
        row = await self._first(_disclosures().where(disclosures.c.id == disclosure_id, told))
        return self._confided(row) if row else None

    def _confided(self, row: RowMapping) -> Disclosure:
        text = self._ring.unseal(row["body"])
        return Disclosure(DisclosureId(row["id"]), PatientId(row["patient_id"]), row["code"], text, row["told_at"])

    async def _change(self, concern_id: ConcernId, **values: Any) -> None:
        await self._do(update(concerns).where(concerns.c.id == concern_id).values(**values))

    async def _concern(self, statement: Select[Any]) -> Concern | None:
        row = await self._first(statement)
        return self._read(row) if row else None

    def _read(self, row: RowMapping) -> Concern:
        return Concern(
            ConcernId(row["id"]),
            PatientId(row["patient_id"]),
            TherapistId(row["therapist_id"]),
            PersonId(row["therapist_person_id"]),
            Called(self._ring.unseal(row["name"]), Article(row["article"])),
            ZoneInfo(row["zone"]),
            row["code"],
            WordsId(row["words_id"]),
            row["opened_at"],
            row["next_at"],
            row["second_at"],
            row["seen_at"],
            row["seen_by"],
            row["contacted_at"],
            row["contacted_by"],
            row["note_until"],
            bool(row["negated"]),
        )


def _disclosures() -> Select[Any]:
    return (
        select(disclosures, patients.c.code)
        .join(patients, disclosures.c.patient_id == patients.c.id)
        .join(disclosure_contacts, disclosure_contacts.c.disclosure_id == disclosures.c.id)
    )


def _concerns() -> Select[Any]:
    return (
        select(concerns, patients.c.code, treatments.c.therapist_id, therapists.c.name, therapists.c.article)
        .add_columns(therapists.c.person_id.label("therapist_person_id"), people.c.zone)
        .join(patients, concerns.c.patient_id == patients.c.id)
        .join(treatments, treatments.c.patient_id == patients.c.id)
        .join(therapists, treatments.c.therapist_id == therapists.c.id)
        .join(people, therapists.c.person_id == people.c.id)
    )

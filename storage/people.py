"""Persons, therapists, patients and contacts: who they are and where they stand."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, select, update

from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import (
    Article,
    Called,
    Contact,
    Form,
    Language,
    Patient,
    PatientId,
    PatientState,
    Person,
    PersonId,
    Region,
    Register,
    Role,
    Therapist,
    TherapistId,
    TreatmentId,
    Visitor,
    Voice,
)
from storage.columns import KeyRing
from storage.confidants import is_confidant
from storage.consents import ConsentRows
from storage.dialects import insert_into
from storage.invitations import InvitationRows
from storage.prepared import Prepared
from storage.schema import contacts, disclosure_contacts, disclosures, patients, people, therapists, treatments


class PeopleRows(InvitationRows, ConsentRows):
    """Implements `bot.services.ports.People`."""

    async def visitor(self, chat_id: int) -> Visitor:
        """Say who writes from this chat."""
        chat = {"chat": self._ring.blind("chat", chat_id)}
        people_, therapists_, patients_, contacts_ = await self._ask(*((question, chat) for question in _IN_CHAT))
        if not people_:
            return Visitor(chat_id)
        return Visitor(
            chat_id,
            read_person(people_[0], self._ring, chat_id),
            self._therapist(therapists_[0]) if therapists_ else None,
            tuple(self._patient(row) for row in patients_),
            tuple(self._contact(row) for row in contacts_),
        )

    async def person(self, person_id: PersonId) -> Person:
        """Return the person."""
        row = await self._one(_BY_ID, person=person_id)
        if row is None:
            raise KeyError(person_id)
        return read_person(row, self._ring)

    async def remember(self, chat_id: int, voice: Voice) -> PersonId:
        """Return the person of this chat, made if new."""
        ref = self._ring.blind("chat", chat_id)
        known = await self._value(_BY_CHAT, chat=ref)
        if known is not None:
            await self._do(update(people).where(people.c.id == known).values(forget_at=None))
            return PersonId(known)
        chat = self._ring.seal(str(chat_id))
        return PersonId(await self._add(insert_into(people).values(chat=chat, chat_ref=ref, **_voice_columns(voice))))

    async def set_voice(self, person_id: PersonId, voice: Voice) -> None:
        """Change language, register, form, region and zone."""
        await self._do(update(people).where(people.c.id == person_id).values(**_voice_columns(voice)))

    async def set_quiet(self, person_id: PersonId, quiet: QuietHours | None) -> None:
        """Give a person quiet hours of their own, or those of the practice again."""
        own = _hours("quiet", quiet.span if quiet else None)
        await self._do(update(people).where(people.c.id == person_id).values(own))

    async def set_working(self, therapist_id: TherapistId, working: WorkingHours | None) -> None:
        """Give a therapist working hours of their own, or those of the practice again."""
        own = _hours("works", working.span if working else None)
        await self._do(update(therapists).where(therapists.c.id == therapist_id).values(own))

    async def set_reachable(self, person_id: PersonId, at: datetime, *, reachable: bool) -> None:
        """Note whether messages reach this person."""
        since = None if reachable else at
        await self._do(update(people).where(people.c.id == person_id).values(unreachable_at=since))

    async def add_therapist(
        self, person_id: PersonId, called: Called, digest_at: datetime, at: datetime
    ) -> TherapistId:
        """Enrol, or change how the name is said."""
        named = {"name": self._ring.seal(called.name), "article": called.article}
        known = await self._value(select(therapists.c.id).where(therapists.c.person_id == person_id))
        if known is not None:
            await self._do(update(therapists).where(therapists.c.id == known).values(**named))
            return TherapistId(known)
        row = {"person_id": person_id, "enrolled_at": at, "digest_at": digest_at, **named}
        return TherapistId(await self._add(insert_into(therapists).values(row)))

    async def add_contact(self, person_id: PersonId, role: Role, called: Called, at: datetime) -> None:
        """Give a role, or change how the name is said."""
        named = {"name": self._ring.seal(called.name), "article": called.article, "ended_at": None}
        new = insert_into(contacts).values(person_id=person_id, role=role, since_at=at, **named)
        await self._do(new.on_conflict_do_update(index_elements=["person_id", "role"], set_=named))

    async def contacts(self, role: Role) -> Sequence[Contact]:
        """Return who holds a role now, the longest first."""
        return await self._contacts(contacts.c.role == role)

    async def confidants(self, patient_id: PatientId) -> Sequence[Contact]:
        """Return who may be told what the patient's therapists must not know."""
        return await self._contacts(is_confidant(contacts.c.person_id, patient_id))

    async def therapist(self, therapist_id: TherapistId) -> Therapist:
        """Return the therapist."""
        row = await self._one(_THERAPISTS.where(therapists.c.id == therapist_id))
        if row is None:
            raise KeyError(therapist_id)
        return self._therapist(row)

    async def therapists_due(self, now: datetime) -> Sequence[Therapist]:
        """Return the therapists whose digest is due."""
        return [self._therapist(row) for row in await self._all(_THERAPISTS.where(therapists.c.digest_at <= now))]

    async def set_digest_at(self, therapist_id: TherapistId, at: datetime) -> None:
        """Plan the next digest."""
        await self._do(update(therapists).where(therapists.c.id == therapist_id).values(digest_at=at))

    async def set_digested_at(self, therapist_id: TherapistId, at: datetime) -> None:
        """Note until when the digests have told."""
        await self._do(update(therapists).where(therapists.c.id == therapist_id).values(digested_at=at))

    async def add_patient(self, code: str, therapist_id: TherapistId, at: datetime) -> Patient | None:
        """Add a patient under a code that is unique in the practice."""
        new = insert_into(patients).values(code=code, state=PatientState.INVITED, state_at=at)
        if await self._do(new.on_conflict_do_nothing()):
            patient_id = await self._value(select(patients.c.id).where(patients.c.code == code))
            row = {"patient_id": patient_id, "therapist_id": therapist_id, "started_at": at}
            await self._do(insert_into(treatments).values(row))
        return await self.patient_of(therapist_id, code)

    async def patient(self, patient_id: PatientId) -> Patient:
        """Return the patient."""
        row = await self._one(_PATIENT, patient=patient_id)
        if row is None:
            raise KeyError(patient_id)
        return self._patient(row)

    async def patient_in(self, treatment_id: TreatmentId) -> Patient:
        """Return the patient of a treatment."""
        found = await self._patients(treatments.c.id == treatment_id)
        if not found:
            raise KeyError(treatment_id)
        return found[0]

    async def patient_of(self, therapist_id: TherapistId, code: str) -> Patient | None:
        """Find a therapist's own patient."""
        mine = (treatments.c.therapist_id == therapist_id) & (patients.c.code == code)
        return next(iter(await self._patients(mine)), None)

    async def patient_by_code(self, code: str) -> Patient | None:
        """Find a patient of the practice."""
        return next(iter(await self._patients(patients.c.code == code)), None)

    async def therapists(self) -> Sequence[Therapist]:
        """Return everybody who is enrolled."""
        return [self._therapist(row) for row in await self._all(_THERAPISTS.order_by(therapists.c.id))]

    async def patients_of(self, therapist_id: TherapistId) -> Sequence[Patient]:
        """Return a therapist's patients, by code."""
        return await self._patients(treatments.c.therapist_id == therapist_id)

    async def bind_patient(self, patient_id: PatientId, person_id: PersonId) -> None:
        """Link the patient to an account; what they confided is closed to a contact who now treats them, for good."""
        await self._do(update(patients).where(patients.c.id == patient_id).values(person_id=person_id))
        confided = select(disclosures.c.id).join(patients).where(patients.c.person_id == person_id)
        readers = delete(disclosure_contacts).where(disclosure_contacts.c.disclosure_id.in_(confided))
        await self._do(readers.where(~is_confidant(disclosure_contacts.c.person_id, patient_id)))

    async def set_patient_state(self, patient_id: PatientId, state: PatientState, at: datetime) -> None:
        """Change the state."""
        await self._do(update(patients).where(patients.c.id == patient_id).values(state=state, state_at=at))

    async def _patients(self, where: ColumnElement[bool]) -> tuple[Patient, ...]:
        return tuple(self._patient(row) for row in await self._all(_PATIENTS.where(where)))

    async def _contacts(self, where: ColumnElement[bool]) -> tuple[Contact, ...]:
        return tuple(self._contact(row) for row in await self._all(_CONTACTS.where(where)))

    def _contact(self, row: RowMapping) -> Contact:
        return Contact(PersonId(row["person_id"]), Role(row["role"]), read_called(row, self._ring))

    def _therapist(self, row: RowMapping) -> Therapist:
        return Therapist(
            TherapistId(row["id"]),
            PersonId(row["person_id"]),
            read_called(row, self._ring),
            ZoneInfo(row["zone"]),
            row["digest_at"],
            row["digested_at"],
            read_quiet(row),
            _working(row),
        )

    def _patient(self, row: RowMapping) -> Patient:
        return Patient(
            PatientId(row["id"]),
            row["code"],
            PatientState(row["state"]),
            TreatmentId(row["treatment_id"]),
            TherapistId(row["therapist_id"]),
            read_called(row, self._ring),
            row["person_id"],
            bool(row["minor"]),
        )


_THERAPISTS: Final = select(therapists, people.c.zone, people.c.quiet_from, people.c.quiet_until).join(
    people, therapists.c.person_id == people.c.id
)
_PATIENTS: Final = (
    select(patients, treatments.c.id.label("treatment_id"), treatments.c.therapist_id)
    .add_columns(therapists.c.name, therapists.c.article)
    .join(treatments, treatments.c.patient_id == patients.c.id)
    .join(therapists, treatments.c.therapist_id == therapists.c.id)
    .order_by(patients.c.code)
)
_CONTACTS: Final = select(contacts).where(contacts.c.ended_at.is_(None)).order_by(contacts.c.id)

_HERE: Final = people.c.chat_ref == bindparam("chat")
_BY_CHAT: Final = Prepared(select(people).where(_HERE))
_BY_ID: Final = Prepared(select(people).where(people.c.id == bindparam("person")))
_PATIENT: Final = Prepared(_PATIENTS.where(patients.c.id == bindparam("patient")))
_IN_CHAT: Final = (
    _BY_CHAT,
    Prepared(_THERAPISTS.where(_HERE)),
    Prepared(_PATIENTS.join(people, patients.c.person_id == people.c.id).where(_HERE)),
    Prepared(_CONTACTS.join(people, contacts.c.person_id == people.c.id).where(_HERE)),
)
"""What every update asks: who the person is, and which roles they have."""


def read_person(row: RowMapping, ring: KeyRing, chat_id: int | None = None) -> Person:
    """Read a row of `people`; `chat_id`: their chat, where it is known, so that it need not be opened."""
    spoken = Language(row["language"]), Register(row["register"]), Form(row["form"])
    voice = Voice(*spoken, ZoneInfo(row["zone"]), Region(row["region"]))
    chat_id = chat_id if chat_id is not None else int(ring.unseal(row["chat"]))
    reachable = row["unreachable_at"] is None
    return Person(PersonId(row["id"]), chat_id, voice, reachable, read_quiet(row))


def read_called(row: RowMapping, ring: KeyRing) -> Called:
    """Read how somebody is called."""
    return Called(ring.unseal(row["name"]), Article(row["article"]))


def read_quiet(row: RowMapping) -> QuietHours | None:
    """Read the quiet hours of a person's own."""
    if row["quiet_from"] is None:
        return None
    return QuietHours(time.fromisoformat(row["quiet_from"]), time.fromisoformat(row["quiet_until"]))


def _working(row: RowMapping) -> WorkingHours | None:
    if row["works_from"] is None:
        return None
    return WorkingHours(time.fromisoformat(row["works_from"]), time.fromisoformat(row["works_until"]))


def _hours(which: str, span: tuple[time, time] | None) -> dict[str, str | None]:
    starts, ends = (f"{span[0]:%H:%M}", f"{span[1]:%H:%M}") if span is not None else (None, None)
    return {f"{which}_from": starts, f"{which}_until": ends}


def _voice_columns(voice: Voice) -> dict[str, str]:
    spoken = {"language": voice.language, "register": voice.register, "form": voice.form, "region": voice.region}
    return {**spoken, "zone": voice.zone.key}

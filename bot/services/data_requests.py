"""What is held about a person, for that person; and about a patient, for the record.

Files are made when they leave: they say what is held then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.holdings import Act, Holdings
from bot.domain.model import Contact, FileForm, Patient, PatientId, Person, PersonId, Therapist, Urgency, Visitor
from bot.domain.notices import OwnData, PatientExport
from bot.domain.post import Receipt
from bot.services.guess_questions import reveal
from bot.services.ports import Store, Tx

FILES_GOOD_FOR: Final = timedelta(hours=24)
FORMS_OF_ALL: Final = (FileForm.JSON, FileForm.CSV, FileForm.RECORDS, FileForm.FHIR)
"""The files about all patients together; those to read are one for each of them."""

TAKEN_OVER: Final = timedelta(hours=1)
"""After an export, the words of somebody who has left stay this long: a lost file can be asked for again."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is held about one account, in each of its roles."""

    patients: Sequence[Holdings]
    therapist: Therapist | None
    contacts: Sequence[Contact]
    acts: Sequence[Act]


class DataRequests:
    """The verbs of handing over."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def ask(self, visitor: Visitor, receipt: Receipt) -> bool:
        """Send a person what is held about them: a file to read and one for machines; False for a stranger."""
        if visitor.person is None or not visitor.roles:
            return False
        now = self._clock.now()
        async with self._store.transaction(receipt) as tx:
            for form in (FileForm.TEXT, FileForm.JSON):
                key = f"own:{receipt}:{form}"
                await tx.outbox.put(OwnData(form), visitor.person.id, Urgency.REPLY, now, key, now + FILES_GOOD_FOR)
            for patient in visitor.patients:
                await tx.audit.note(now, visitor.person.id, "asked_data", "patient", patient.id)
        return True

    async def own(self, visitor: Visitor) -> Own | None:
        """Gather what is held about a person; None for a stranger."""
        if visitor.person is None or not visitor.roles:
            return None
        async with self._store.reading() as tx:
            held = [await tx.audit.holdings(patient.id, confided=True) for patient in visitor.patients]
            acts = await tx.audit.of_person(visitor.person.id) if visitor.therapist or visitor.contacts else ()
        return Own(held, visitor.therapist, visitor.contacts, acts)

    async def export(self, visitor: Visitor, code: str, receipt: Receipt) -> bool:
        """Send a therapist everything held about an own patient; False if the code is not theirs."""
        async with self._store.transaction() as tx:
            patient = await tx.people.patient_of(visitor.therapist.id, code) if visitor.therapist else None
            if patient is None or visitor.person is None:
                return False
            await self._export(tx, patient, visitor.person, receipt)
        return True

    async def export_one(self, visitor: Visitor, patient_id: PatientId, receipt: Receipt) -> bool:
        """Send a therapist a patient's record, also if they have left; False if it is not theirs, or gone."""
        async with self._store.transaction() as tx:
            mine = await tx.people.patients_of(visitor.therapist.id) if visitor.therapist else ()
            patient = next((one for one in mine if one.id == patient_id), None)
            if patient is None or visitor.person is None:
                return False
            await self._export(tx, patient, visitor.person, receipt)
        return True

    async def offered(self, visitor: Visitor) -> Sequence[Patient]:
        """Return the patients whose record a therapist can take over, by code; nothing for anybody else."""
        if visitor.therapist is None:
            return ()
        async with self._store.reading() as tx:
            return await tx.people.patients_of(visitor.therapist.id)

    async def export_all(self, visitor: Visitor, receipt: Receipt) -> bool:
        """Send a therapist the records of all of their patients, together; False if there are none."""
        async with self._store.transaction() as tx:
            mine = await tx.people.patients_of(visitor.therapist.id) if visitor.therapist else ()
            if not mine or visitor.person is None:
                return False
            await self._put_files(tx, None, FORMS_OF_ALL, visitor.person, receipt)
            for patient in mine:
                await self._taken_over(tx, patient, visitor.person)
        return True

    async def _export(self, tx: Tx, patient: Patient, to: Person, receipt: Receipt) -> None:
        await self._put_files(tx, patient.id, tuple(FileForm), to, receipt)
        await self._taken_over(tx, patient, to)

    async def _put_files(
        self, tx: Tx, patient_id: PatientId | None, forms: Sequence[FileForm], to: Person, receipt: Receipt
    ) -> None:
        now = self._clock.now()
        for form in forms:
            notice, key = PatientExport(patient_id, form), f"export:{receipt}:{form}"
            await tx.outbox.put(notice, to.id, Urgency.REPLY, now, key, now + FILES_GOOD_FOR)
        await tx.inbox.finish(receipt, now)

    async def _taken_over(self, tx: Tx, patient: Patient, to: Person) -> None:
        """Note it: its scores count as seen, and the words of somebody who has left need not wait any longer."""
        now = self._clock.now()
        await self._note_taken(tx, to.id, patient.id)
        scores = [rating.check_in_id for rating in await tx.check_ins.history(patient.treatment_id)]
        await reveal(tx, patient.therapist_id, scores, now)
        leaving = await tx.leaving.of(patient.id)
        if leaving is not None:
            taken = replace(leaving, exported_at=leaving.exported_at or now)
            await tx.leaving.plan(taken, min(leaving.export_until, now + TAKEN_OVER))

    async def held(self, visitor: Visitor, patient_id: PatientId | None) -> Sequence[Holdings]:
        """Gather what is held about a therapist's own patient, None: about all of them; nothing that is not theirs.

        Words that were written after the export was asked for are noted as taken over now.
        """
        asked = [patient_id] if patient_id is not None else [one.id for one in await self.offered(visitor)]
        found = [await self._own_patient(visitor, each) for each in asked]
        return [one for one in found if one is not None]

    async def _own_patient(self, visitor: Visitor, patient_id: PatientId) -> Holdings | None:
        """Gather one of them, apart from the others: a tap that comes meanwhile waits for one patient, not for all."""
        async with self._store.transaction() as tx:
            mine = await tx.people.patients_of(visitor.therapist.id) if visitor.therapist else ()
            if visitor.person is None or patient_id not in {one.id for one in mine}:
                return None
            await tx.audit.note_taken(self._clock.now(), visitor.person.id, patient_id, again=False)
            return await tx.audit.holdings(patient_id, confided=False)

    async def _note_taken(self, tx: Tx, by: PersonId | None, patient_id: PatientId) -> None:
        """Note that somebody takes the record over: that is a reading of every text in it."""
        now = self._clock.now()
        await tx.audit.note(now, by, "exported", "patient", patient_id)
        await tx.audit.note_taken(now, by, patient_id, again=True)

    async def of_code(self, code: str) -> Holdings | None:
        """Gather what is held under a code, for the command line; the taking over is noted."""
        async with self._store.transaction() as tx:
            patient = await tx.people.patient_by_code(code)
            if patient is None:
                return None
            await self._note_taken(tx, None, patient.id)
            return await tx.audit.holdings(patient.id, confided=False)

    async def of_everybody(self) -> Sequence[Holdings]:
        """Gather what is held about all patients of the practice, by code; the taking over is noted."""
        async with self._store.reading() as tx:
            therapists = await tx.people.therapists()
            codes = [one.code for therapist in therapists for one in await tx.people.patients_of(therapist.id)]
        found = [await self.of_code(code) for code in sorted(codes)]
        return [one for one in found if one is not None]

    async def acts_about(self, code: str) -> Sequence[Act] | None:
        """Return who did and read what about a patient; None if there is no such code."""
        async with self._store.reading() as tx:
            patient = await tx.people.patient_by_code(code)
            return await tx.audit.of_patient(patient.id, confided=False) if patient else None

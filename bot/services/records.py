"""Agreements and notes: written, revised, retired and struck out by the therapist of the treatment, and by nobody else.

A patient sees the agreement that stands; of a new one they are told, without its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.clock import Clock
from bot.domain import records as rules
from bot.domain import timing
from bot.domain.hours import QuietHours
from bot.domain.model import Patient, PatientId, PatientState, Therapist, Urgency, Visitor
from bot.domain.notices_records import AgreementTold, RecordAsked, RecordNoted
from bot.domain.post import Receipt, Source
from bot.domain.records import AwaitedLine, Record, RecordId, RecordKind
from bot.services.ports import Store, Tx

HISTORY: Final = 5
"""Records on one page."""


class NotRecorded(StrEnum):
    """Why nothing was written down."""

    NO_SUCH_PATIENT = "no_such_patient"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Written:
    """A page of what was written down about a patient, newest first; pages are counted from 0.

    Of agreements, `current` is the one that stands and `records` are the former ones; `numbers` are their versions.
    """

    patient: Patient
    records: Sequence[Record]
    page: int
    pages: int
    current: Record | None = None
    numbers: dict[RecordId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """What was just written down; `number`: which agreement it is; `told`: the patient is going to hear of it."""

    record: Record
    number: int
    told: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A patient's treatment with the agreement that stands, if there is one."""

    patient: Patient
    agreement: Record | None


class Records:
    """The verbs of writing things down; `quiet` are the hours in which patients are left alone."""

    def __init__(self, store: Store, clock: Clock, quiet: QuietHours) -> None:
        self._store = store
        self._clock = clock
        self._quiet = quiet

    async def patients(self, therapist: Therapist) -> Sequence[Patient]:
        """Return a therapist's patients who have not left, by code."""
        async with self._store.reading() as tx:
            return [one for one in await tx.people.patients_of(therapist.id) if one.state is not PatientState.LEFT]

    async def write(
        self, therapist: Therapist, patient_id: PatientId, kind: RecordKind, text: str, source: Source, receipt: Receipt
    ) -> NotRecorded | None:
        """Write something down; the confirmation travels through the outbox.  The same line is written down once."""
        now, text = self._clock.now(), text.strip()
        if rules.too_long(text):
            return NotRecorded.TOO_LONG
        async with self._store.transaction() as tx:
            patient = await _own(tx, therapist, patient_id)
            if patient is None or ((known := await tx.records.from_source(source)) and not _of(known, patient)):
                return NotRecorded.NO_SUCH_PATIENT
            if known is None:
                await self._write(tx, therapist, patient, kind, text, source, now)
            await tx.inbox.finish(receipt, now)
        return None

    async def _write(
        self,
        tx: Tx,
        therapist: Therapist,
        patient: Patient,
        kind: RecordKind,
        text: str,
        source: Source,
        now: datetime,
    ) -> None:
        former = await tx.records.agreement(patient.treatment_id) if kind is RecordKind.AGREEMENT else None
        if former is not None:
            await tx.records.end(former.id, now)
        replaces = former.id if former is not None else None
        record_id = await tx.records.add(patient.treatment_id, kind, text, source, now, replaces)
        await tx.records.drop_line(therapist.id)
        await tx.audit.note(now, therapist.person_id, "recorded", "record", record_id)
        noted = RecordNoted(record_id, patient.code)
        await tx.outbox.put(noted, therapist.person_id, Urgency.REPLY, now, f"record:{record_id}")
        if kind is RecordKind.AGREEMENT:
            await self._tell(tx, patient, record_id, now)

    async def _tell(self, tx: Tx, patient: Patient, record_id: RecordId, now: datetime) -> None:
        """Let the patient know that there is an agreement; who is not being asked anything is not written to either."""
        if patient.person_id is None or patient.state is not PatientState.ACTIVE:
            return
        person = await tx.people.person(patient.person_id)
        at = timing.out_of_quiet(now + rules.TELL_AFTER, person.voice.zone, person.quiet or self._quiet)
        told = AgreementTold(record_id, patient.id)
        await tx.outbox.put(told, person.id, Urgency.BULK, at, f"agreement:{record_id}")

    # The line that a button asked for

    async def ask(self, therapist: Therapist, patient_id: PatientId, kind: RecordKind, receipt: Receipt) -> bool:
        """Take the therapist's next line as a record; False if the patient is not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = await _own(tx, therapist, patient_id)
            if patient is None:
                return False
            if await tx.inbox.takes_effect(receipt, now):
                until = now + rules.LINE_WITHIN
                await tx.records.await_line(AwaitedLine(therapist.id, patient_id, kind, now, until))
                key = f"record-asked:{therapist.id}:{now.isoformat()}"
                asked = RecordAsked(patient.code, kind)
                await tx.outbox.put(asked, therapist.person_id, Urgency.REPLY, now, key, until)
        return True

    async def awaited(self, visitor: Visitor) -> AwaitedLine | None:
        """Return what the therapist was asked to type; None if a note about urgent words was asked for since."""
        now = self._clock.now()
        if visitor.therapist is None:
            return None
        async with self._store.reading() as tx:
            line = await tx.records.awaited_line(visitor.therapist.id, now)
            urgent = await tx.concerns.awaiting_note(visitor.therapist.person_id, now) if line else None
        if line is None or (urgent is not None and (urgent.contacted_at or now) >= line.asked_at):
            return None
        return line

    async def drop(self, visitor: Visitor) -> None:
        """Wait for the line no more."""
        if visitor.therapist is not None:
            async with self._store.transaction() as tx:
                await tx.records.drop_line(visitor.therapist.id)

    # What was written down

    async def find(self, visitor: Visitor, record_id: RecordId) -> Record | None:
        """Return one of the therapist's own records."""
        async with self._store.reading() as tx:
            return await _theirs(tx, visitor, record_id)

    async def noted(self, visitor: Visitor, record_id: RecordId) -> Noted | None:
        """Return what was just written down, for its therapist; None if it was struck out meanwhile."""
        async with self._store.reading() as tx:
            record = await _theirs(tx, visitor, record_id)
            if record is None or record.struck_at is not None:
                return None
            number = _numbers(await tx.records.agreements(record.treatment_id)).get(record.id, 0)
            active = (await tx.people.patient(record.patient_id)).state is PatientState.ACTIVE
        return Noted(record, number, told=active and record.kind is RecordKind.AGREEMENT)

    async def agreements(self, therapist: Therapist, patient_id: PatientId, page: int = 0) -> Written | None:
        """Return the agreement that stands and a page of the former ones; None if the patient is not theirs."""
        async with self._store.reading() as tx:
            patient = await _own(tx, therapist, patient_id)
            found = await tx.records.agreements(patient.treatment_id) if patient else []
        numbers = _numbers(found)
        kept = [one for one in reversed(found) if one.struck_at is None]
        current = next((one for one in kept if one.stands), None)
        former = [one for one in kept if one is not current]
        return _page(patient, former, page, current, numbers) if patient else None

    async def notes(self, therapist: Therapist, patient_id: PatientId, page: int = 0) -> Written | None:
        """Return a page of the notes, newest first; None if the patient is not theirs."""
        async with self._store.reading() as tx:
            patient = await _own(tx, therapist, patient_id)
            found = await tx.records.notes(patient.treatment_id) if patient else []
        return _page(patient, found, page) if patient else None

    async def retire(self, visitor: Visitor, record_id: RecordId, receipt: Receipt) -> Record | None:
        """Note that an agreement holds no more; None if it is not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            record = await _theirs(tx, visitor, record_id)
            if record is None or visitor.person is None or record.kind is not RecordKind.AGREEMENT:
                return None
            if record.stands and await tx.inbox.takes_effect(receipt, now):
                await tx.records.end(record_id, now)
                await tx.audit.note(now, visitor.person.id, "retired", "record", record_id)
            return await tx.records.get(record_id)

    async def strike(self, visitor: Visitor, record_id: RecordId, receipt: Receipt) -> Record | None:
        """Strike out what was written by mistake, within a day; the agreement that it replaced holds again.

        None if it is not theirs; after that day it is returned as it stands.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            record = await _theirs(tx, visitor, record_id)
            if record is None or visitor.person is None:
                return None
            in_time = record.struck_at is None and now - record.recorded_at <= rules.STRIKABLE
            if in_time and await tx.inbox.takes_effect(receipt, now):
                await tx.records.strike(record_id, now)
                await self._bring_back(tx, record)
                await tx.audit.note(now, visitor.person.id, "struck", "record", record_id)
            return await tx.records.get(record_id)

    async def _bring_back(self, tx: Tx, struck: Record) -> None:
        """Let the agreement hold again that the struck one had taken the place of, unless it was retired by hand."""
        before = struck.replaces if struck.stands else None
        while before is not None and (one := await tx.records.get(before)) is not None:
            if one.struck_at is None:
                await tx.records.resume(one.id)
                return
            before = one.replaces

    # What the patient sees

    async def held(self, visitor: Visitor) -> Sequence[Held]:
        """Return a patient's treatments, each with the agreement that stands."""
        async with self._store.reading() as tx:
            return [Held(one, await tx.records.agreement(one.treatment_id)) for one in visitor.patients]

    async def held_in(self, visitor: Visitor, patient_id: PatientId) -> Held | None:
        """Return one of them; None if it is not the person's own."""
        return next((one for one in await self.held(visitor) if one.patient.id == patient_id), None)

    async def told(self, record_id: RecordId) -> Held | None:
        """Return whom to tell of an agreement; None if it holds no more."""
        async with self._store.reading() as tx:
            record = await tx.records.get(record_id)
            if record is None or not record.stands:
                return None
            return Held(await tx.people.patient(record.patient_id), record)


def _page(
    patient: Patient,
    found: Sequence[Record],
    page: int,
    current: Record | None = None,
    numbers: dict[RecordId, int] | None = None,
) -> Written:
    pages = max(1, -(-len(found) // HISTORY))
    page = min(page, pages - 1)
    shown = found[page * HISTORY : (page + 1) * HISTORY]
    return Written(patient, shown, page, pages, current, numbers or {})


async def _own(tx: Tx, therapist: Therapist, patient_id: PatientId) -> Patient | None:
    """Return a therapist's own patient who has not left."""
    mine = await tx.people.patients_of(therapist.id)
    return next((one for one in mine if one.id == patient_id and one.state is not PatientState.LEFT), None)


async def _theirs(tx: Tx, visitor: Visitor, record_id: RecordId) -> Record | None:
    record = await tx.records.get(record_id)
    if record is None or visitor.therapist is None or record.therapist_id != visitor.therapist.id:
        return None
    return record


def _numbers(agreements: Sequence[Record]) -> dict[RecordId, int]:
    return rules.versions((one.id, one.struck_at) for one in agreements)


def _of(record: Record, patient: Patient) -> bool:
    return record.patient_id == patient.id

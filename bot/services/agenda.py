"""When sessions happen: noting one, undoing it, and the check-in that each one brings."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.clock import Clock
from bot.domain.appointments import MAY_BE_THE_SAME, Appointment
from bot.domain.model import (
    CheckInState,
    Patient,
    PatientState,
    Person,
    SessionId,
    SessionState,
    TherapistId,
    Urgency,
)
from bot.domain.notices import SessionNoted
from bot.domain.post import Receipt
from bot.services.guess_questions import withdraw
from bot.services.making import Maker
from bot.services.planning import Planner, Span, is_ready
from bot.services.ports import Store, Tx
from bot.when.length import USUAL_LENGTH

CONFIRMATION_GOOD_FOR: Final = timedelta(hours=12)


class NotNoted(StrEnum):
    """Why a session was not noted."""

    NO_SUCH_PATIENT = "no_such_patient"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class PerhapsTheSame:
    """A planned session around the instant at which one is said to have ended: it may be the same."""

    planned: Appointment
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class TheSame:
    """A planned session that took longer or less, as it was noted before."""

    planned: Appointment
    patient: PatientState


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of *Deshacer*; not `in_time` when the patient has already answered."""

    code: str = field(repr=False)
    in_time: bool


class Agenda:
    """The verbs of the calendar."""

    def __init__(self, store: Store, clock: Clock, planner: Planner) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner
        self._maker = Maker(planner)

    def just_ended(self) -> Span:
        """Return a session of the usual length that ends now."""
        now = self._clock.now()
        return Span(now - USUAL_LENGTH, now, ended_now=True)

    async def note(
        self, therapist_id: TherapistId, code: str, span: Span, person: Person, receipt: Receipt
    ) -> NotNoted | PerhapsTheSame | None:
        """Note a session and plan its check-in; the confirmation travels through the outbox.

        One that has ended may be the one that was planned for then: nothing is noted before that is clear.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = await tx.people.patient_of(therapist_id, code)
            if patient is None:
                return NotNoted.NO_SUCH_PATIENT
            planned = await _planned_then(tx, patient, span) if span.ended_now else None
            if planned is not None:
                return PerhapsTheSame(planned, span.ends_at)
            return await self._noted(tx, patient, span, person, receipt, now)

    async def note_another(
        self, therapist_id: TherapistId, planned: SessionId, ended_at: datetime, person: Person, receipt: Receipt
    ) -> NotNoted | None:
        """Note a session that has ended, after one that was planned and is not the same."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _mine(tx, therapist_id, planned, ended_at, now)
            if found is None:
                return NotNoted.NO_SUCH_PATIENT
            patient, before = found
            if before.ends_at >= ended_at:
                return NotNoted.OVERLAP
            span = Span(max(ended_at - USUAL_LENGTH, before.ends_at), ended_at, ended_now=True)
            return await self._noted(tx, patient, span, person, receipt, now)

    async def same(
        self, therapist_id: TherapistId, planned: SessionId, ended_at: datetime, person: Person, receipt: Receipt
    ) -> TheSame | None:
        """Note when a planned session ended; its question follows its end, unless it has left.

        None if it is not the therapist's, or too long ago.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _mine(tx, therapist_id, planned, ended_at, now)
            if found is None:
                return None
            patient, one = found
            if await tx.inbox.takes_effect(receipt, now) and not one.asked:
                next_start = await tx.sessions.next_start(patient.treatment_id, one.starts_at)
                span = Span(one.starts_at, min(ended_at, next_start or ended_at))
                await self._planner.move(tx, patient, planned, span, now)
                await tx.audit.note(now, person.id, "moved", "session", planned)
        return TheSame(one, patient.state)

    async def _noted(
        self, tx: Tx, patient: Patient, span: Span, person: Person, receipt: Receipt, now: datetime
    ) -> NotNoted | None:
        if await tx.sessions.overlapping(patient.treatment_id, span.starts_at, span.ends_at):
            return NotNoted.OVERLAP
        session_id = await self._planner.add(tx, patient, span, now)
        asks_at = await self._planner.asks_from(tx, patient, span, now)
        if asks_at is None:
            await self._planner.pass_over(tx, session_id, now)
        ended, ready, state = span.ended_now, is_ready(patient), patient.state
        noted = SessionNoted(session_id, patient.code, span.starts_at, span.ends_at, asks_at, ended, ready, state)
        await tx.outbox.put(noted, person.id, Urgency.REPLY, now, f"session:{receipt}", now + CONFIRMATION_GOOD_FOR)
        await tx.audit.note(now, person.id, "noted", "session", session_id)
        await tx.inbox.finish(receipt, now)
        return None

    async def undo(
        self, therapist_id: TherapistId, session_id: SessionId, person: Person, receipt: Receipt
    ) -> Undone | None:
        """Take a session back, with its question if that is still open; None if it is not the therapist's."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            waiting = await tx.check_ins.of_session(session_id)
            patient = await tx.people.patient(waiting.patient_id) if waiting else None
            if waiting is None or patient is None or patient.therapist_id != therapist_id:
                return None
            if waiting.answered_at is not None:
                return Undone(patient.code, in_time=False)
            if await tx.inbox.takes_effect(receipt, now):
                await self._planner.take_back(tx, session_id, now)
                free = await tx.sessions.get(session_id)
                if free is not None:
                    await self._maker.make_up(tx, free, now)
                await tx.audit.note(now, person.id, "undid", "session", session_id)
        return Undone(patient.code, in_time=True)

    async def confirm_no_session(
        self, therapist_id: TherapistId, session_id: SessionId, person: Person, receipt: Receipt, *, confirmed: bool
    ) -> str | None:
        """Keep the therapist's word on a patient's *No hubo sesión*; return the code, None if it is not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            claimed = await tx.check_ins.of_session(session_id)
            patient = await tx.people.patient(claimed.patient_id) if claimed else None
            if claimed is None or patient is None or patient.therapist_id != therapist_id:
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return patient.code
            if claimed.state is not CheckInState.NO_SESSION:
                return None
            if confirmed:
                await tx.sessions.cancel(session_id)
                await withdraw(tx, session_id, now)
            else:
                await tx.check_ins.save(replace(claimed, state=CheckInState.DECLINED, shown="declined"), now)
            await tx.audit.note(now, person.id, "confirmed" if confirmed else "denied", "no_session", claimed.id)
        return patient.code

    async def patients(self, therapist_id: TherapistId) -> Sequence[Patient]:
        """Return a therapist's patients who have not left, by code."""
        async with self._store.reading() as tx:
            mine = await tx.people.patients_of(therapist_id)
        return [one for one in mine if one.state is not PatientState.LEFT]


async def _planned_then(tx: Tx, patient: Patient, span: Span) -> Appointment | None:
    return await tx.sessions.planned_around(patient.treatment_id, span.ends_at - MAY_BE_THE_SAME, span.ends_at)


async def _mine(
    tx: Tx, therapist_id: TherapistId, planned: SessionId, ended_at: datetime, now: datetime
) -> tuple[Patient, Appointment] | None:
    """Return a planned session that may have ended at `ended_at`, if it is the therapist's."""
    one = await tx.sessions.get(planned)
    if one is None or one.state is not SessionState.PLANNED or not one.starts_at < ended_at <= now:
        return None
    patient = await tx.people.patient_in(one.treatment_id)
    if patient.therapist_id != therapist_id or ended_at - one.ends_at > MAY_BE_THE_SAME:
        return None
    return patient, one

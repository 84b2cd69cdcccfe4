"""What every session brings with it: its check-in, planned, planned anew or called off.  For services of the agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import check_in as transitions
from bot.domain import timing
from bot.domain.appointments import Occurrence
from bot.domain.model import CheckInState, Item, Patient, PatientState, PersonId, SessionId, SessionState, TreatmentId
from bot.domain.timing import CheckInTimes
from bot.services.guess_questions import withdraw
from bot.services.ports import Tx


@dataclass(frozen=True, slots=True)
class Span:
    """When a session is: instants in UTC; `ended_now` when the therapist said that it has ended, just now or then."""

    starts_at: datetime
    ends_at: datetime
    ended_now: bool = False


@dataclass(frozen=True, slots=True)
class Planner:
    """The practice's times and questions, applied to sessions inside a transaction of the caller's.

    `note_before`: how long before a session its therapist is reminded of it; None: never.
    """

    times: CheckInTimes
    items: Sequence[Item]
    note_before: timedelta | None = None

    async def add(
        self, tx: Tx, patient: Patient, span: Span, now: datetime, occurrence: Occurrence | None = None
    ) -> SessionId:
        """Add a session with its check-in."""
        session_id = await tx.sessions.add(patient.treatment_id, span.starts_at, span.ends_at, now, occurrence)
        await tx.check_ins.plan(session_id, self.items, await self.asks_at(tx, patient, span))
        await self.plan_note(tx, session_id, span.starts_at, now)
        await self._replan_closings(tx, patient.treatment_id, now)
        return session_id

    async def plan_note(self, tx: Tx, session_id: SessionId, starts_at: datetime, now: datetime) -> None:
        """Let the therapist be reminded of a session; whatever was planned before is not."""
        await tx.sessions.plan_note(session_id, self.note_at(starts_at, now))

    def note_at(self, starts_at: datetime, now: datetime) -> datetime | None:
        """Return when the therapist is reminded of a session that begins then; None if it has begun, or never."""
        return starts_at - self.note_before if self.note_before is not None and starts_at > now else None

    async def asks_at(self, tx: Tx, patient: Patient, span: Span) -> datetime:
        """Return when the patient is asked about a session."""
        if patient.person_id is None:
            return span.ends_at + self.times.delay
        person = await tx.people.person(patient.person_id)
        return timing.due(span.ends_at, self.times.resting(person.quiet), person.voice.zone)

    async def asks_from(self, tx: Tx, patient: Patient, span: Span, now: datetime) -> datetime | None:
        """Return when the patient is asked about a session, now at the earliest; None when it is too late for that."""
        due_at = await self.asks_at(tx, patient, span)
        if due_at >= now or patient.person_id is None:
            return due_at
        next_start = await tx.sessions.next_start(patient.treatment_id, span.ends_at)
        if timing.closing(due_at, next_start, self.times) <= now:
            return None
        person = await tx.people.person(patient.person_id)
        return timing.out_of_quiet(now, person.voice.zone, self.times.resting(person.quiet).quiet)

    async def pass_over(self, tx: Tx, session_id: SessionId, now: datetime) -> None:
        """Leave a session unasked that was noted too late: nothing failed, so it does not count as a late question."""
        check_in = await tx.check_ins.of_session(session_id)
        if check_in is not None:
            await tx.check_ins.save(transitions.ended(check_in, CheckInState.SKIPPED), now)

    async def move(self, tx: Tx, patient: Patient, session_id: SessionId, span: Span, now: datetime) -> None:
        """Put a session whose question has not left yet at another time; it asks then, also if it was passed over."""
        await tx.sessions.move(session_id, span.starts_at, span.ends_at)
        await self.plan_note(tx, session_id, span.starts_at, now)
        check_in = await tx.check_ins.of_session(session_id)
        if check_in is not None:
            due_at = await self.asks_at(tx, patient, span)
            next_start = await tx.sessions.next_start(patient.treatment_id, span.ends_at)
            too_late = timing.too_late(due_at, next_start, self.times, now)
            await tx.check_ins.save(transitions.moved(check_in, due_at, too_late=too_late), now)
        await self._replan_closings(tx, patient.treatment_id, now)

    async def call_off(self, tx: Tx, session_id: SessionId, state: SessionState, now: datetime) -> None:
        """Note that a session does not or did not take place: it asks nothing, and an open question ends."""
        await tx.sessions.set_state(session_id, state)
        await tx.sessions.plan_note(session_id, None)
        await self._ask_no_more(tx, session_id, now)

    async def take_back(self, tx: Tx, session_id: SessionId, now: datetime) -> None:
        """Take a session back, with its question, as if it had never been noted."""
        await tx.sessions.take_back(session_id, now)
        await tx.sessions.plan_note(session_id, None)
        await self._ask_no_more(tx, session_id, now)

    async def _ask_no_more(self, tx: Tx, session_id: SessionId, now: datetime) -> None:
        check_in = await tx.check_ins.of_session(session_id)
        if check_in is not None and check_in.state in (CheckInState.PLANNED, CheckInState.OPEN):
            await tx.check_ins.save(transitions.ended(check_in, CheckInState.CANCELLED), now)
        await withdraw(tx, session_id, now)
        if check_in is not None:
            await self._replan_closings(tx, check_in.treatment_id, now)

    async def restore(self, tx: Tx, patient: Patient, session_id: SessionId, span: Span, now: datetime) -> None:
        """Let a session take place after all; it asks, again if its question had left, unless that is too late now."""
        await tx.sessions.set_state(session_id, SessionState.PLANNED)
        await self.plan_note(tx, session_id, span.starts_at, now)
        check_in = await tx.check_ins.of_session(session_id)
        if check_in is not None and check_in.state is CheckInState.CANCELLED:
            due_at = await self.asks_at(tx, patient, span)
            next_start = await tx.sessions.next_start(patient.treatment_id, span.ends_at)
            if not timing.too_late(due_at, next_start, self.times, now):
                await tx.check_ins.save(transitions.asked_anew(check_in, due_at), now)
        await self._replan_closings(tx, patient.treatment_id, now)

    async def replan(self, tx: Tx, person_id: PersonId, now: datetime) -> None:
        """Plan what waits for a person anew, after their clock or their quiet hours have changed."""
        person = await tx.people.person(person_id)
        times = self.times.resting(person.quiet)
        for pending in await tx.check_ins.pending_of(person_id):
            planned = transitions.replanned(pending, now, times, person.voice.zone)
            if planned != pending:
                await tx.check_ins.save(planned, now)

    async def _replan_closings(self, tx: Tx, treatment_id: TreatmentId, now: datetime) -> None:
        """Keep untouched questions open up to the next session, and no longer, whatever has become of that."""
        for waiting in await tx.check_ins.open_in(treatment_id):
            if waiting.person_id is None:
                continue
            person = await tx.people.person(waiting.person_id)
            next_start = await tx.sessions.next_start(treatment_id, waiting.session_ends_at)
            times, zone = self.times.resting(person.quiet), person.voice.zone
            planned = transitions.closing_replanned(waiting, next_start, now, times, zone)
            if planned != waiting:
                await tx.check_ins.save(planned, now)


def is_ready(patient: Patient) -> bool:
    """Say whether the patient can be asked."""
    return patient.state is PatientState.ACTIVE

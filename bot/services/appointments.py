"""What a therapist does with one session of the calendar: move, cancel, note what became of it and where it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.clock import Clock
from bot.domain import timing
from bot.domain.appointments import SHOWN_AHEAD, Appointment, Place
from bot.domain.model import CheckInState, SessionId, SessionState, Therapist, TherapistId
from bot.domain.post import Receipt
from bot.services.planning import Planner, Span
from bot.services.ports import Store, Tx

_DAY = timedelta(days=1)


class NotDone(StrEnum):
    """Why nothing was changed."""

    NOT_YOURS = "not_yours"
    ASKED = "asked"
    """The question has left already."""
    ANSWERED = "answered"
    """It has been answered: the session did take place."""
    OVERLAP = "overlap"


class Appointments:
    """The verbs of one session; each returns the session as it stands afterwards."""

    def __init__(self, store: Store, clock: Clock, planner: Planner) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner

    async def coming(self, therapist: Therapist) -> Sequence[Appointment]:
        """Return a therapist's sessions from yesterday to two weeks from now, by whole local days, in order of time.

        Those of yesterday are among them: that somebody did not come is noted afterwards.
        """
        today = self._clock.now().astimezone(therapist.zone).date()
        since, until = (
            timing.to_utc(datetime.combine(day, time()), therapist.zone)
            for day in (today - _DAY, today + SHOWN_AHEAD + _DAY)
        )
        async with self._store.reading() as tx:
            return await tx.sessions.between(therapist.id, since, until)

    async def find(self, therapist: Therapist, session_id: SessionId) -> Appointment | None:
        """Return one session; None if it is not the therapist's."""
        async with self._store.reading() as tx:
            return await _mine(tx, therapist.id, session_id)

    async def move(
        self, therapist: Therapist, session_id: SessionId, starts_at: datetime, receipt: Receipt
    ) -> Appointment | NotDone:
        """Put a session at another time, as long as it was; its question moves with it."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            one = await _mine(tx, therapist.id, session_id)
            if one is None:
                return NotDone.NOT_YOURS
            if one.asked:
                return NotDone.ANSWERED if one.answered else NotDone.ASKED
            span = Span(starts_at, starts_at + (one.ends_at - one.starts_at))
            if await tx.sessions.overlapping(one.treatment_id, span.starts_at, span.ends_at, but=session_id):
                return NotDone.OVERLAP
            if await tx.inbox.takes_effect(receipt, now):
                patient = await tx.people.patient_in(one.treatment_id)
                if one.state is not SessionState.PLANNED:
                    await self._planner.restore(tx, patient, session_id, span, now)
                await self._planner.move(tx, patient, session_id, span, now)
                await tx.audit.note(now, therapist.person_id, "moved", "session", session_id)
            return await _again(tx, session_id)

    async def call_off(
        self, therapist: Therapist, session_id: SessionId, state: SessionState, receipt: Receipt
    ) -> Appointment | NotDone:
        """Note that a session does not take place (cancelled), or that the patient did not come (missed)."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            one = await _mine(tx, therapist.id, session_id)
            if one is None:
                return NotDone.NOT_YOURS
            if one.answered:
                return NotDone.ANSWERED
            if await tx.inbox.takes_effect(receipt, now):
                await self._planner.call_off(tx, session_id, state, now)
                await tx.audit.note(now, therapist.person_id, str(state), "session", session_id)
            return await _again(tx, session_id)

    async def restore(self, therapist: Therapist, session_id: SessionId, receipt: Receipt) -> Appointment | NotDone:
        """Let a session that was called off take place after all."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            one = await _mine(tx, therapist.id, session_id)
            if one is None:
                return NotDone.NOT_YOURS
            if await tx.sessions.overlapping(one.treatment_id, one.starts_at, one.ends_at, but=session_id):
                return NotDone.OVERLAP
            if await tx.inbox.takes_effect(receipt, now) and one.state is not SessionState.PLANNED:
                patient = await tx.people.patient_in(one.treatment_id)
                await self._planner.restore(tx, patient, session_id, Span(one.starts_at, one.ends_at), now)
                await tx.audit.note(now, therapist.person_id, "restored", "session", session_id)
            return await _again(tx, session_id)

    async def set_place(
        self, therapist: Therapist, session_id: SessionId, place: Place, receipt: Receipt
    ) -> Appointment | NotDone:
        """Note where it takes place."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if await _mine(tx, therapist.id, session_id) is None:
                return NotDone.NOT_YOURS
            if await tx.inbox.takes_effect(receipt, now):
                await tx.sessions.set_place(session_id, place)
                await tx.audit.note(now, therapist.person_id, str(place), "session", session_id)
            return await _again(tx, session_id)

    async def set_cut(
        self, therapist: Therapist, session_id: SessionId, receipt: Receipt, *, cut: bool
    ) -> Appointment | NotDone:
        """Note that the connection failed, or that it did not: scores of a session that was cut are not compared."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if await _mine(tx, therapist.id, session_id) is None:
                return NotDone.NOT_YOURS
            if await tx.inbox.takes_effect(receipt, now):
                await tx.sessions.set_cut(session_id, cut=cut)
                check_in = await tx.check_ins.of_session(session_id)
                if check_in is not None and (check_in.answered_at or check_in.state is CheckInState.CLOSED):
                    await tx.check_ins.save(replace(check_in, settles_at=now), now)  # the rules look again
                await tx.audit.note(now, therapist.person_id, "cut" if cut else "not_cut", "session", session_id)
            return await _again(tx, session_id)


async def _mine(tx: Tx, therapist_id: TherapistId, session_id: SessionId) -> Appointment | None:
    one = await tx.sessions.get(session_id)
    if one is None or (await tx.people.patient_in(one.treatment_id)).therapist_id != therapist_id:
        return None
    return one


async def _again(tx: Tx, session_id: SessionId) -> Appointment:
    one = await tx.sessions.get(session_id)
    if one is None:
        raise LookupError("a session vanished inside its own transaction")
    return one

"""What a calendar says, laid beside the sessions that are there: only what has changed in the calendar changes them.

For `bot.services.calendars`, inside one transaction of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.appointments import Appointment
from bot.domain.calendars import CalendarEntry, Imported
from bot.domain.model import CheckInState, Patient, SessionId, SessionState, TreatmentId
from bot.services.planning import Planner, Span
from bot.services.ports import Tx


@dataclass(slots=True)
class Changes:
    """What became of the entries, counted: `kept` as they were, `asked` too late to move, `crossing` another one."""

    added: int = 0
    moved: int = 0
    cancelled: int = 0
    kept: int = 0
    asked: int = 0
    crossing: int = 0


Wanted = Sequence[tuple[Patient, CalendarEntry]]


@dataclass(slots=True, repr=False)
class Reconciler:
    """The sessions that are there while a calendar is taken over, and what has been changed so far.

    `known`: sessions that came from a calendar.  `loose`: those that an entry at the same time may claim: noted by hand
    or in a series, or no longer in the file.  `gone`: those of the latter that the calendar has cancelled.  `off`:
    noted and called off by hand; an entry that begins when they did does not bring them back.
    """

    tx: Tx
    planner: Planner
    now: datetime
    known: dict[tuple[TreatmentId, bytes], Imported]
    loose: dict[SessionId, Appointment]
    gone: dict[SessionId, Imported]
    off: dict[SessionId, Appointment]
    taken: dict[TreatmentId, dict[SessionId, Appointment]] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)

    async def apply(self, wanted: Wanted) -> Changes:
        """Take the entries over.

        1. Sessions that are known move first: where one was, another may come.
        2. New entries claim a session at their time, or are added; beside one of another entry they are not.
        3. What the calendar has cancelled and nobody has claimed is called off.
        """
        new = [(patient, entry) for patient, entry in wanted if (patient.treatment_id, entry.ref) not in self.known]
        for session in (one.appointment for one in self.known.values()):
            if session.state is SessionState.PLANNED and session.id not in self.loose:
                self._is_taken(session)
        for patient, entry in wanted:
            one = self.known.get((patient.treatment_id, entry.ref))
            if one is not None:
                await self._follow(patient, entry, one)
        for patient, entry in new:
            await self._welcome(patient, entry)
        for gone in self.gone.values():
            await self._let_go(gone)
        return self.changes

    async def _follow(self, patient: Patient, entry: CalendarEntry, one: Imported) -> None:
        """Let a session follow its entry, if that has moved; where another one is already, that one takes its place."""
        session = one.appointment
        if (one.starts_at, one.ends_at) == (entry.starts_at, entry.ends_at):
            self.changes.kept += 1
            return
        if session.asked:
            await self._asked(patient, entry, one)
            return
        await self.tx.calendars.tie(session.id, entry.ref, entry.starts_at, entry.ends_at)
        rival = self._at_the_same_time(session, entry)
        if rival is None:
            await self._move(patient, session, entry)
            return
        if session.taken_back_at is None:  # else it can be brought back with its series
            await self.planner.take_back(self.tx, session.id, self.now)
        await self.tx.calendars.untie(session.id)
        del self.known[session.treatment_id, one.ref]
        await self._claim(patient, rival, entry)
        self.changes.moved += 1

    async def _asked(self, patient: Patient, entry: CalendarEntry, one: Imported) -> None:
        """Leave a session as it is that was asked about; if it did not take place, its entry is another one by now."""
        session = one.appointment
        check_in = await self.tx.check_ins.of_session(session.id)
        denied = check_in is not None and check_in.state is CheckInState.NO_SESSION
        if session.state is SessionState.PLANNED and not denied:
            self.changes.asked += 1
            return
        await self.tx.calendars.untie(session.id)
        del self.known[session.treatment_id, one.ref]
        await self._welcome(patient, entry)

    async def _move(self, patient: Patient, session: Appointment, entry: CalendarEntry) -> None:
        """Put a session where its entry is; what was called off takes place after all."""
        span = Span(entry.starts_at, entry.ends_at)
        if session.state is not SessionState.PLANNED:
            await self.planner.restore(self.tx, patient, session.id, span, self.now)
        await self.planner.move(self.tx, patient, session.id, span, self.now)
        self.changes.moved += 1
        self._is_taken(replace(session, starts_at=span.starts_at, ends_at=span.ends_at, state=SessionState.PLANNED))

    async def _welcome(self, patient: Patient, entry: CalendarEntry) -> None:
        """Let a new entry claim the session that is there at its time, called off or not, or add one."""
        rival = self._at_the_same_time(patient, entry)
        if rival is not None:
            self.changes.kept += not await self._claim(patient, rival, entry)
        elif any(_cross(other, entry) for other in self.taken.get(patient.treatment_id, {}).values()):
            self.changes.crossing += 1
        elif (off := self._called_off(patient, entry)) is not None:
            del self.off[off.id]
            await self.tx.calendars.tie(off.id, entry.ref, entry.starts_at, entry.ends_at)
            self.changes.kept += 1
        else:
            session_id = await self.planner.add(self.tx, patient, Span(entry.starts_at, entry.ends_at), self.now)
            await self.tx.calendars.tie(session_id, entry.ref, entry.starts_at, entry.ends_at)
            self.changes.added += 1
            added = await self.tx.sessions.get(session_id)
            if added is not None:
                self._is_taken(added)

    async def _claim(self, patient: Patient, session: Appointment, entry: CalendarEntry) -> bool:
        """Tie a session that is there to an entry; say whether it had to move.

        What was noted by hand stays at its time.  What came from a calendar follows if that says another one now.
        """
        del self.loose[session.id]
        self.gone.pop(session.id, None)
        was = next((one for one in self.known.values() if one.appointment.id == session.id), None)
        await self.tx.calendars.tie(session.id, entry.ref, entry.starts_at, entry.ends_at)
        if was is None or session.asked or (was.starts_at, was.ends_at) == (entry.starts_at, entry.ends_at):
            self._is_taken(session)
            return False
        await self._move(patient, session, entry)
        return True

    def _is_taken(self, session: Appointment) -> None:
        self.taken.setdefault(session.treatment_id, {})[session.id] = session

    def _at_the_same_time(self, of: Patient | Appointment, entry: CalendarEntry) -> Appointment | None:
        of_patient = (one for one in self.loose.values() if one.treatment_id == of.treatment_id)
        return next((one for one in of_patient if _cross(one, entry)), None)

    def _called_off(self, patient: Patient, entry: CalendarEntry) -> Appointment | None:
        theirs = (one for one in self.off.values() if one.treatment_id == patient.treatment_id)
        return next((one for one in theirs if one.starts_at == entry.starts_at), None)

    async def _let_go(self, one: Imported) -> None:
        await self.tx.calendars.tie(one.appointment.id, one.ref, None, None)
        if one.appointment.state is SessionState.PLANNED:
            await self.planner.call_off(self.tx, one.appointment.id, SessionState.CANCELLED, self.now)
            self.changes.cancelled += 1


def _cross(session: Appointment, entry: CalendarEntry) -> bool:
    return session.starts_at < entry.ends_at and session.ends_at > entry.starts_at

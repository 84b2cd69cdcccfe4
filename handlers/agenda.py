"""Noting sessions: `/sesion` as one line of plain language, or by buttons."""

from bot.clock import Clock
from bot.domain.model import PatientId
from bot.services.agenda import Agenda as AgendaService
from bot.services.agenda import NotNoted, Span
from bot.services.enrolment import clean_code
from bot.texts import Texts
from bot.when import LONGEST, SHORTEST, Ambiguous, EndedNow, InPast, Planned, Reason, Unreadable, read_session
from handlers import screens_arrival
from handlers import screens_therapist as screens
from handlers.access import Visit
from handlers.actions import PickPatient, PickWhen, UndoSession, When
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class Agenda:
    """What a therapist does with the calendar."""

    def __init__(self, agenda: AgendaService, texts: Texts, clock: Clock, nudge: Nudge) -> None:
        self._agenda = agenda
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    async def session(self, visit: Visit) -> None:
        """Read `/sesion CODE WHEN`; alone, offer buttons; with a code only, ask when."""
        therapist = visit.visitor.therapist
        if therapist is None:
            await visit.reply(screens_arrival.stranger(self._texts, visit.voice))
            return
        _, _, line = visit.text.partition(" ")
        words = line.split(maxsplit=1)
        if not words:
            patients = await self._agenda.patients(therapist.id)
            await visit.reply(screens.pick_patient(self._texts, visit.voice, patients))
            return
        patient = await self._patient(visit, clean_code(words[0]))
        if patient is None:
            await visit.reply(screens.code_unknown(self._texts, visit.voice, words[0]))
        elif len(words) == 1:
            await visit.reply(screens.pick_when(self._texts, visit.voice, *patient))
        else:
            await self._read(visit, *patient, words[1])

    async def _patient(self, visit: Visit, code: str | None) -> tuple[str, PatientId] | None:
        if visit.visitor.therapist is None:
            return None
        known = await self._agenda.patients(visit.visitor.therapist.id)
        return next(((patient.code, patient.id) for patient in known if patient.code == code), None)

    async def _read(self, visit: Visit, code: str, patient_id: PatientId, line: str) -> None:
        language = visit.voice.language
        match read_session(line, now=self._clock.now(), zone=visit.voice.zone, language=language):
            case EndedNow():
                await self._note(visit, code, self._agenda.just_ended(visit.message.date))
            case Planned(starts_at=starts_at, ends_at=ends_at):
                await self._note(visit, code, Span(starts_at, ends_at))
            case InPast(ends_at=ends_at):
                await visit.reply(screens.session_in_past(self._texts, visit.voice, code, patient_id, ends_at))
            case Ambiguous(morning=morning, evening=evening):
                hours = morning.starts_at, evening.starts_at
                await visit.reply(screens.session_ambiguous_hour(self._texts, visit.voice, *hours))
            case Unreadable(reason=reason):
                await visit.reply(self._unreadable(visit, code, reason))

    def _unreadable(self, visit: Visit, code: str, reason: Reason) -> Screen:
        match reason:
            case Reason.NO_TIME:
                return screens.session_no_time(self._texts, visit.voice, code)
            case Reason.RECURRENCE:
                return screens.session_recurrence(self._texts, visit.voice)
            case Reason.LENGTH:
                return screens.session_length(self._texts, visit.voice, SHORTEST, LONGEST)
            case _:
                return screens.session_unreadable(self._texts, visit.voice)

    async def _note(self, visit: Visit, code: str, span: Span) -> None:
        therapist, person = visit.visitor.therapist, visit.visitor.person
        if therapist is None or person is None:
            return
        match await self._agenda.note(therapist.id, code, span, person, visit.receipt):
            case None:
                self._nudge()
            case NotNoted.NO_SUCH_PATIENT:
                await visit.reply(screens.code_unknown(self._texts, visit.voice, code))
            case NotNoted.OVERLAP:
                await visit.reply(screens.session_overlap(self._texts, visit.voice, code))

    async def pick_patient(self, visit: Visit, tap: PickPatient) -> None:
        """Ask when, for the patient that was tapped."""
        code = await self._code_of(visit, tap.patient)
        await visit.toast(None if code else not_yours_toast(self._texts, visit.voice))
        if code:
            await visit.edit(screens.pick_when(self._texts, visit.voice, code, tap.patient))

    async def pick_when(self, visit: Visit, tap: PickWhen) -> None:
        """Note that it has just ended, or say how to write another time."""
        code = await self._code_of(visit, tap.patient)
        await visit.toast(None if code else not_yours_toast(self._texts, visit.voice))
        if not code:
            return
        if tap.when is When.NOW:
            await self._note(visit, code, self._agenda.just_ended())
            await visit.messenger.retire(visit.chat_id, visit.message_id)
        else:
            await visit.edit(screens.type_when(self._texts, visit.voice, code, tap.when))

    async def undo(self, visit: Visit, tap: UndoSession) -> None:
        """Take a session back."""
        therapist, person = visit.visitor.therapist, visit.visitor.person
        undone = (
            await self._agenda.undo(therapist.id, tap.session, person, visit.receipt) if therapist and person else None
        )
        await visit.toast(None if undone else not_yours_toast(self._texts, visit.voice))
        if undone is not None:
            screen = screens.session_undone if undone.in_time else screens.session_undo_too_late
            await visit.edit(screen(self._texts, visit.voice, undone.code))

    async def _code_of(self, visit: Visit, patient_id: PatientId) -> str | None:
        if visit.visitor.therapist is None:
            return None
        known = await self._agenda.patients(visit.visitor.therapist.id)
        return next((patient.code for patient in known if patient.id == patient_id), None)

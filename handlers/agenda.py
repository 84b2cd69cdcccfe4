"""Noting sessions: `/sesion` as one line of plain language, or by buttons."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain import timing
from bot.domain.hours import WorkingHours
from bot.domain.model import PatientId
from bot.domain.recurrence import Recurrence
from bot.services.agenda import Agenda as AgendaService
from bot.services.agenda import NotNoted, PerhapsTheSame
from bot.services.planning import Span
from bot.services.series import NotRepeated, SeriesOfSessions
from bot.texts import Texts
from bot.when.day import FARTHEST
from bot.when.length import USUAL_LENGTH
from bot.when.readings import Ended, InPast, Planned, Repeating
from handlers import screens_agenda as screens
from handlers import screens_arrival, screens_lines, screens_therapist
from handlers.access import Visit
from handlers.actions import PickDay, PickHour, PickPatient, PickWhen, UndoSession, When
from handlers.actions_agenda import ItWasThen, JustEnded, PickSeries, WeeklyDay, WeeklyHour
from handlers.keyboards import MINUTE
from handlers.nudge import Nudge
from handlers.parts import called
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast

DAYS_OFFERED: Final = 14


class Agenda:
    """What a therapist does with the calendar; buttons offer the beginnings that lie in the `working` hours."""

    def __init__(
        self,
        agenda: AgendaService,
        series: SeriesOfSessions,
        working: WorkingHours,
        texts: Texts,
        clock: Clock,
        nudge: Nudge,
    ) -> None:
        self._agenda = agenda
        self._series = series
        self._working = working
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    async def session(self, visit: Visit) -> None:
        """Read `/sesion CODE WHEN`; alone, offer buttons; with a code only, ask when."""
        therapist = visit.visitor.therapist
        if therapist is None:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        _, *words = visit.text.split(maxsplit=2)
        patients = await self._agenda.patients(therapist.id)
        if not words:
            await visit.reply(screens.pick_patient(self._texts, visit.voice, patients))
            return
        patient = called(patients, words[0])
        if patient is None:
            await visit.reply(screens_therapist.no_such_patient(self._texts, visit.voice, words[0], patients))
        elif len(words) == 1:
            await visit.reply(screens.pick_when(self._texts, visit.voice, patient.code, patient.id))
        else:
            await self._read(visit, patient.code, patient.id, words[1])

    async def _read(self, visit: Visit, code: str, patient_id: PatientId, line: str) -> None:
        voice = visit.voice
        now = timing.sending(visit.message.date, self._clock.now()) or self._clock.now()
        from bot.when.line import read_session  # noqa: PLC0415 - its patterns are a thirtieth of a start

        match read_session(
            line, now=now, zone=voice.zone, language=voice.language, working=visit.works(self._working).span
        ):
            case Ended(starts_at=starts_at, ends_at=ends_at):
                await self._note_line(visit, code, Span(starts_at, ends_at, ended_now=True))
            case Planned(starts_at=starts_at, ends_at=ends_at):
                await self._note_line(visit, code, Span(starts_at, ends_at))
            case Repeating(rule=rule):
                refusal = await self._note_series(visit, code, rule)
                if refusal is not None:
                    await visit.reply(refusal)
            case unclear:
                today = now.astimezone(voice.zone).date()
                await visit.reply(screens_lines.asked_back(self._texts, voice, code, patient_id, unclear, today))

    async def _note_line(self, visit: Visit, code: str, span: Span) -> None:
        refusal = await self._note(visit, code, span)
        if refusal is not None:
            await visit.reply(refusal)

    async def _note_tap(self, visit: Visit, code: str, span: Span) -> None:
        """Note it and take the buttons away; if it cannot be, say so and leave them for another try."""
        await self._answer(visit, await self._note(visit, code, span))

    async def _answer(self, visit: Visit, refusal: Screen | None) -> None:
        """Answer a tap that was to note something; what has buttons asks back in place."""
        if refusal is not None and refusal.rows:
            await self._turn(visit, refusal)
            return
        await visit.toast(refusal.text if refusal else None)
        if refusal is None:
            await visit.messenger.retire(visit.chat_id, visit.message_id)

    async def _note(self, visit: Visit, code: str, span: Span) -> Screen | None:
        """Note a session; return what to say if it cannot be.  The confirmation is on its way."""
        therapist, person = visit.visitor.therapist, visit.visitor.person
        if therapist is None or person is None:
            return screens_arrival.not_here(self._texts, visit.voice, visit.visitor)
        return self._outcome(visit, code, await self._agenda.note(therapist.id, code, span, person, visit.receipt))

    def _outcome(self, visit: Visit, code: str, outcome: NotNoted | PerhapsTheSame | None) -> Screen | None:
        match outcome:
            case NotNoted.NO_SUCH_PATIENT:
                return screens_therapist.code_unknown(self._texts, visit.voice, code)
            case NotNoted.OVERLAP:
                return screens.session_overlap(self._texts, visit.voice, code)
            case PerhapsTheSame() as perhaps:
                return screens.session_perhaps_the_same(self._texts, visit.voice, perhaps)
            case None:
                self._nudge()
                return None

    async def just_ended(self, visit: Visit, tap: JustEnded) -> None:
        """Note that what has ended was the planned session, or that it was another."""
        therapist, person = visit.visitor.therapist, visit.visitor.person
        if therapist is None or person is None:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
        elif tap.same:
            same = await self._agenda.same(therapist.id, tap.planned, tap.ended_at, person, visit.receipt)
            await visit.toast(None if same else not_yours_toast(self._texts, visit.voice))
            if same is not None:
                await visit.edit(screens.session_the_same(self._texts, visit.voice, same))
                self._nudge()
        else:
            other = await self._agenda.note_another(therapist.id, tap.planned, tap.ended_at, person, visit.receipt)
            await self._answer(visit, screens.session_not_another(self._texts, visit.voice, other) if other else None)
            self._nudge()

    async def _note_series(self, visit: Visit, code: str, rule: Recurrence) -> Screen | None:
        """Note sessions that repeat; return what to say if they cannot be.  The confirmation is on its way."""
        therapist = visit.visitor.therapist
        if therapist is None:
            return screens_arrival.not_here(self._texts, visit.voice, visit.visitor)
        match await self._series.note(therapist, code, rule, visit.receipt):
            case NotRepeated.NO_SUCH_PATIENT:
                return screens_therapist.code_unknown(self._texts, visit.voice, code)
            case NotRepeated.OVERLAP:
                return screens.session_overlap(self._texts, visit.voice, code)
            case None:
                self._nudge()
                return None

    # By buttons: patient, when, day, hour

    async def pick_patient(self, visit: Visit, tap: PickPatient) -> None:
        """Ask when, for the patient that was tapped."""
        code = await self._code_of(visit, tap.patient)
        if code:
            await self._turn(visit, screens.pick_when(self._texts, visit.voice, code, tap.patient))

    async def pick_when(self, visit: Visit, tap: PickWhen) -> None:
        """Note that it has just ended, or go on to the hours of today or to the coming days."""
        code = await self._code_of(visit, tap.patient)
        if not code:
            return
        today = self._clock.now().astimezone(visit.voice.zone).date()
        match tap.when:
            case When.NOW:
                await self._note_tap(visit, code, self._agenda.just_ended())
            case When.TODAY:
                await self._turn(visit, self._hours_of(visit, code, tap.patient, today))
            case When.OTHER:
                days = [today + timedelta(days=ahead) for ahead in range(1, DAYS_OFFERED + 1)]
                await self._turn(visit, screens.pick_day(self._texts, visit.voice, code, tap.patient, days))
            case When.WEEKLY:
                days = [today + timedelta(days=ahead) for ahead in range(DAYS_OFFERED)]
                await self._turn(visit, screens.weekly_day(self._texts, visit.voice, code, tap.patient, days))

    async def weekly_day(self, visit: Visit, tap: WeeklyDay) -> None:
        """Go on to the hours of the weekday that was tapped."""
        code = await self._code_of(visit, tap.patient)
        if code:
            screen = screens.weekly_hour(self._texts, visit.voice, code, tap.patient, tap.on, self._beginnings(visit))
            await self._turn(visit, screen)

    async def weekly_hour(self, visit: Visit, tap: WeeklyHour) -> None:
        """Note sessions of the usual length that begin on that day and repeat every week."""
        await self._begin(visit, tap.patient, Recurrence(tap.on, tap.at, USUAL_LENGTH, (tap.on.weekday(),)))

    async def pick_series(self, visit: Visit, tap: PickSeries) -> None:
        """Note the sessions that were meant by a line; a button whose first day has passed is too old for that."""
        today = self._clock.now().astimezone(visit.voice.zone).date()
        rule = _rule(tap) if tap.first >= today else None
        if rule is None:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
        else:
            await self._begin(visit, tap.patient, rule)

    async def _begin(self, visit: Visit, patient: PatientId, rule: Recurrence) -> None:
        """Note sessions that repeat and take the buttons away; if they cannot be, say so and leave them."""
        code = await self._code_of(visit, patient)
        if not code:
            return
        if abs(_span(visit, rule.first, rule.at, rule.length).starts_at - self._clock.now()) > FARTHEST:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
            return
        refusal = await self._note_series(visit, code, rule)
        await visit.toast(refusal.text if refusal else None)
        if refusal is None:
            await visit.messenger.retire(visit.chat_id, visit.message_id)

    async def pick_day(self, visit: Visit, tap: PickDay) -> None:
        """Go on to the hours of the day that was tapped."""
        code = await self._code_of(visit, tap.patient)
        if code:
            await self._turn(visit, self._hours_of(visit, code, tap.patient, tap.on))

    async def pick_hour(self, visit: Visit, tap: PickHour) -> None:
        """Plan the session; one that would be over by now (an old keyboard) is asked back."""
        code = await self._code_of(visit, tap.patient)
        if not code:
            return
        span = _span(visit, tap.on, tap.at, USUAL_LENGTH if tap.minutes is None else tap.minutes * MINUTE)
        now = self._clock.now()
        if span.ends_at <= now:
            past = InPast(span.starts_at, span.ends_at)
            await self._turn(visit, screens_lines.in_past(self._texts, visit.voice, code, tap.patient, past))
        elif span.starts_at - now > FARTHEST:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
        else:
            await self._note_tap(visit, code, span)

    async def it_was_then(self, visit: Visit, tap: ItWasThen) -> None:
        """Note a session at the time at which it was."""
        code = await self._code_of(visit, tap.patient)
        if not code:
            return
        span = replace(_span(visit, tap.on, tap.at, tap.lasts * MINUTE), ended_now=True)
        if timedelta() <= self._clock.now() - span.ends_at <= FARTHEST:
            await self._note_tap(visit, code, span)
        else:
            await visit.toast(not_yours_toast(self._texts, visit.voice))

    def _hours_of(self, visit: Visit, code: str, patient: PatientId, on: date) -> Screen:
        now = self._clock.now()
        today = now.astimezone(visit.voice.zone).date()
        if on < today:
            return screens.day_gone(self._texts, visit.voice, code, patient, on)
        hours = [hour for hour in self._beginnings(visit) if _span(visit, on, hour, USUAL_LENGTH).ends_at > now]
        return screens.pick_hour(self._texts, visit.voice, code, patient, on, hours, USUAL_LENGTH, today=on == today)

    def _beginnings(self, visit: Visit) -> tuple[time, ...]:
        return timing.starts(*visit.works(self._working).span)

    async def _turn(self, visit: Visit, screen: Screen) -> None:
        await visit.toast()
        await visit.edit(screen)

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
        """Return the code of the therapist's own patient; None, and a notice, when it is not theirs."""
        therapist = visit.visitor.therapist
        known = await self._agenda.patients(therapist.id) if therapist else []
        code = next((patient.code for patient in known if patient.id == patient_id), None)
        if code is None:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
        return code


def _span(visit: Visit, on: date, at: time, length: timedelta) -> Span:
    """Return a session that begins then on the therapist's clock."""
    starts_at = timing.to_utc(datetime.combine(on, at), visit.voice.zone)
    return Span(starts_at, starts_at + length)


def _rule(tap: PickSeries) -> Recurrence | None:
    """Return the rule of a button; None for one that nobody offers."""
    try:
        return Recurrence(tap.first, tap.at, tap.lasts * MINUTE, tap.weekdays, tap.every, tap.until, tap.count)
    except ValueError:
        return None

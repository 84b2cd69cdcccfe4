"""The calendar by buttons: `/agenda`, one session, and the series it belongs to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain import timing
from bot.domain.appointments import Appointment
from bot.domain.hours import WorkingHours
from bot.domain.model import SessionId, SessionState
from bot.domain.recurrence import MOST_WEEKS
from bot.services.appointments import Appointments as AppointmentService
from bot.services.appointments import NotDone
from bot.services.series import SeriesEnded, SeriesOfSessions, SeriesResumed
from bot.texts import Texts
from bot.when.day import FARTHEST
from handlers import screens_appointments as screens
from handlers import screens_arrival
from handlers.access import Visit
from handlers.actions_agenda import (
    CallOff,
    EndSeries,
    MoveDay,
    MoveHour,
    MoveSession,
    OpenAgenda,
    OpenSeries,
    OpenSession,
    RestoreSession,
    ResumeSeries,
    SetCut,
    SetPlace,
    UndoSeries,
)
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast

DAYS_OFFERED: Final = 28
"""Days to which a session can be moved, from today on."""

DAYS_LOOKED_AT: Final = DAYS_OFFERED + 7 * MOST_WEEKS
"""A series may have to wait for its next week, until its sessions can begin on another day."""


class Appointments:
    """What a therapist does with sessions that are noted already; buttons offer beginnings in the `working` hours."""

    def __init__(
        self,
        sessions: AppointmentService,
        series: SeriesOfSessions,
        working: WorkingHours,
        texts: Texts,
        clock: Clock,
        nudge: Nudge,
    ) -> None:
        self._sessions = sessions
        self._series = series
        self._working = working
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    async def agenda(self, visit: Visit) -> None:
        """Show the coming two weeks."""
        therapist = visit.visitor.therapist
        if therapist is None:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        await visit.reply(screens.agenda(self._texts, visit.voice, await self._sessions.coming(therapist)))

    async def open_agenda(self, visit: Visit, _: OpenAgenda) -> None:
        """Show the coming two weeks in place."""
        therapist = visit.visitor.therapist
        coming = await self._sessions.coming(therapist) if therapist else None
        await self._turn(visit, None if coming is None else screens.agenda(self._texts, visit.voice, coming))

    async def open_session(self, visit: Visit, tap: OpenSession) -> None:
        """Show one session."""
        one = await self._find(visit, tap.session)
        await self._turn(visit, self._screen(visit, one) if one else None)

    async def open_series(self, visit: Visit, tap: OpenSeries) -> None:
        """Show what can be done with the series of a session."""
        one = await self._find(visit, tap.session)
        series = await self._series.of(visit.visitor.therapist, tap.session) if visit.visitor.therapist else None
        await self._turn(visit, screens.series(self._texts, visit.voice, one, series) if one and series else None)

    async def move(self, visit: Visit, tap: MoveSession) -> None:
        """Ask to which day."""
        therapist = visit.visitor.therapist
        one = await self._find(visit, tap.session)
        today = self._clock.now().astimezone(visit.voice.zone).date()
        days: Sequence[date] = [today + timedelta(days=ahead) for ahead in range(DAYS_LOOKED_AT)]
        if tap.whole and therapist:
            days = await self._series.beginnings(therapist, tap.session, days)
        days = days[:DAYS_OFFERED]
        screen = screens.move_day(self._texts, visit.voice, one, days, whole=tap.whole) if one else None
        await self._turn(visit, screen)

    async def move_day(self, visit: Visit, tap: MoveDay) -> None:
        """Ask to which hour."""
        one = await self._find(visit, tap.session)
        now = self._clock.now()
        beginnings = timing.starts(*visit.works(self._working).span)
        hours = [at for at in beginnings if timing.to_utc(datetime.combine(tap.on, at), visit.voice.zone) > now]
        screen = screens.move_hour(self._texts, visit.voice, one, tap.on, hours, whole=tap.whole) if one else None
        await self._turn(visit, screen)

    async def move_hour(self, visit: Visit, tap: MoveHour) -> None:
        """Move the session, or its series from there on."""
        therapist = visit.visitor.therapist
        wall, now = datetime.combine(tap.on, tap.at), self._clock.now()
        if therapist is None or not now < timing.to_utc(wall, visit.voice.zone) <= now + FARTHEST:
            await self._turn(visit, None)
        elif tap.whole:
            await self._moved_series(visit, await self._series.change_from(therapist, tap.session, wall, visit.receipt))
        else:
            at = timing.to_utc(wall, visit.voice.zone)
            await self._changed(visit, await self._sessions.move(therapist, tap.session, at, visit.receipt))

    async def _moved_series(self, visit: Visit, done: bool) -> None:  # noqa: FBT001 - what the service says
        await visit.toast(None if done else not_yours_toast(self._texts, visit.voice))
        if done:
            await visit.messenger.retire(visit.chat_id, visit.message_id)
            self._nudge()

    async def call_off(self, visit: Visit, tap: CallOff) -> None:
        """Note that the session does not take place, or that the patient did not come."""
        state = SessionState.MISSED if tap.missed else SessionState.CANCELLED
        therapist = visit.visitor.therapist
        done = (
            await self._sessions.call_off(therapist, tap.session, state, visit.receipt)
            if therapist
            else NotDone.NOT_YOURS
        )
        await self._changed(visit, done)

    async def restore(self, visit: Visit, tap: RestoreSession) -> None:
        """Let it take place after all."""
        therapist = visit.visitor.therapist
        done = await self._sessions.restore(therapist, tap.session, visit.receipt) if therapist else NotDone.NOT_YOURS
        await self._changed(visit, done)

    async def set_place(self, visit: Visit, tap: SetPlace) -> None:
        """Note where it takes place."""
        therapist = visit.visitor.therapist
        done = await self._sessions.set_place(therapist, tap.session, tap.place, visit.receipt) if therapist else None
        await self._changed(visit, done or NotDone.NOT_YOURS)

    async def set_cut(self, visit: Visit, tap: SetCut) -> None:
        """Note that the connection failed."""
        therapist = visit.visitor.therapist
        done = await self._sessions.set_cut(therapist, tap.session, visit.receipt, cut=tap.cut) if therapist else None
        await self._changed(visit, done or NotDone.NOT_YOURS)

    async def end_series(self, visit: Visit, tap: EndSeries) -> None:
        """End the series with this session."""
        therapist = visit.visitor.therapist
        ended = await self._series.end_from(therapist, tap.session, visit.receipt) if therapist else None
        await self._turn(visit, screens.series_ended(self._texts, visit.voice, ended) if ended else None)

    async def undo_series(self, visit: Visit, tap: UndoSeries) -> None:
        """Take a series back."""
        therapist = visit.visitor.therapist
        match await self._series.undo(therapist, tap.series, visit.receipt) if therapist else None:
            case SeriesEnded() as ended:
                await self._turn(visit, screens.series_ended(self._texts, visit.voice, ended))
            case resumed:
                await self._turn(visit, self._resumed(visit, resumed))

    async def resume_series(self, visit: Visit, tap: ResumeSeries) -> None:
        """Let a series that was ended go on."""
        therapist = visit.visitor.therapist
        resumed = await self._series.resume(therapist, tap.series, visit.receipt) if therapist else None
        await self._turn(visit, self._resumed(visit, resumed))

    def _resumed(self, visit: Visit, resumed: SeriesResumed | None) -> Screen | None:
        return screens.series_resumed(self._texts, visit.voice, resumed) if resumed else None

    async def _find(self, visit: Visit, session_id: SessionId) -> Appointment | None:
        therapist = visit.visitor.therapist
        return await self._sessions.find(therapist, session_id) if therapist else None

    def _screen(self, visit: Visit, one: Appointment) -> Screen:
        return screens.session(self._texts, visit.voice, one, self._clock.now())

    async def _changed(self, visit: Visit, done: Appointment | NotDone) -> None:
        """Show the session as it stands, or say why it stays as it was."""
        if isinstance(done, Appointment):
            await self._turn(visit, self._screen(visit, done))
            self._nudge()
        elif done is NotDone.NOT_YOURS:
            await self._turn(visit, None)
        else:
            await visit.toast(screens.not_moved(self._texts, visit.voice, done))

    async def _turn(self, visit: Visit, screen: Screen | None) -> None:
        """Show a page in place; None: it is not the therapist's."""
        await visit.toast(None if screen else not_yours_toast(self._texts, visit.voice))
        if screen is not None:
            await visit.edit(screen)

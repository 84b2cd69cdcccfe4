"""Moving a session by a typed line: the answer to the page that asks for a day or an hour, at any time of any day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from telegram import InlineKeyboardMarkup, Message

from bot.clock import Clock
from bot.domain import timing
from bot.domain.appointments import Appointment
from bot.domain.hours import WorkingHours
from bot.services.appointments import Appointments, NotDone
from bot.services.series import SeriesOfSessions
from bot.texts import Texts
from bot.when.line import read_session
from bot.when.problems import Reason
from bot.when.readings import Ambiguous, InPast, Mismatch, Planned, Reading, Unreadable
from handlers import screens_appointments, screens_lines
from handlers.access import Visit
from handlers.actions_agenda import MoveDay, MoveHour
from handlers.keyboards import decode
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast

Page = MoveDay | MoveHour
"""A button of the page that was answered: it names the session, and the day if that is chosen already."""


class Moves:
    """What a therapist answers to "which day?"; "a las 5" is the half of the day that lies in the `working` hours."""

    def __init__(
        self,
        sessions: Appointments,
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

    def answers(self, visit: Visit) -> bool:
        """Say whether a line answers a page that asks where a session moves."""
        return visit.visitor.therapist is not None and _page(visit.message.reply_to_message) is not None

    async def line(self, visit: Visit) -> None:
        """Move the session, or its series from there on; ask back what is open, and refuse with examples."""
        therapist, page = visit.visitor.therapist, _page(visit.message.reply_to_message)
        one = await self._sessions.find(therapist, page.session) if therapist and page else None
        if page is None or one is None:
            await visit.reply(Screen(not_yours_toast(self._texts, visit.voice)))
            return
        match self._read(visit, page):
            case Planned(starts_at=starts_at) if starts_at > self._clock.now():
                await self._move(visit, page, starts_at)
            case Ambiguous() | Mismatch() as unclear:
                await visit.reply(screens_lines.which(self._texts, visit.voice, one.code, unclear, _moved(page)))
            case Unreadable() as unreadable:
                await visit.reply(screens_lines.move_refused(self._texts, visit.voice, unreadable))
            case Planned() | InPast():
                await visit.reply(screens_lines.move_past(self._texts, visit.voice))
            case _:
                await visit.reply(screens_lines.move_refused(self._texts, visit.voice, Unreadable(Reason.NO_DAY)))

    def _read(self, visit: Visit, page: Page) -> Reading:
        """Read the line; where a day is chosen already, a time alone is on that day."""
        if isinstance(page, MoveHour):
            on_that_day = self._reading(visit, f"{page.on.isoformat()} {visit.text}")
            if not isinstance(on_that_day, Unreadable):
                return on_that_day
        return self._reading(visit, visit.text)

    def _reading(self, visit: Visit, line: str) -> Reading:
        voice = visit.voice
        now = timing.sending(visit.message.date, self._clock.now()) or self._clock.now()
        return read_session(
            line, now=now, zone=voice.zone, language=voice.language, working=visit.works(self._working).span
        )

    async def _move(self, visit: Visit, page: Page, starts_at: datetime) -> None:
        therapist = visit.visitor.therapist
        if therapist is None:
            return
        if page.whole:
            wall = starts_at.astimezone(visit.voice.zone).replace(tzinfo=None)
            done = await self._series.change_from(therapist, page.session, wall, visit.receipt)
            refusal = None if done else not_yours_toast(self._texts, visit.voice)
        else:
            moved = await self._sessions.move(therapist, page.session, starts_at, visit.receipt)
            refusal = await self._shown(visit, moved)
        if refusal is not None:
            await visit.reply(Screen(refusal))
            return
        if visit.message.reply_to_message is not None:
            await visit.messenger.retire(visit.chat_id, visit.message.reply_to_message.message_id)
        self._nudge()

    async def _shown(self, visit: Visit, moved: Appointment | NotDone) -> str | None:
        """Show the session where it is now; return why it stays where it was."""
        if isinstance(moved, Appointment):
            await visit.reply(screens_appointments.session(self._texts, visit.voice, moved, self._clock.now()))
            return None
        if moved is NotDone.NOT_YOURS:
            return not_yours_toast(self._texts, visit.voice)
        return screens_appointments.not_moved(self._texts, visit.voice, moved)


def _page(answered: Message | None) -> Page | None:
    """Return a button of the page that a line answers; None if the line answers anything else."""
    markup = answered.reply_markup if answered is not None else None
    if not isinstance(markup, InlineKeyboardMarkup):
        return None
    data = [button.callback_data for row in markup.inline_keyboard for button in row]
    actions = (decode(one) for one in data if isinstance(one, str))
    return next((action for action in actions if isinstance(action, Page)), None)


def _moved(page: Page) -> Callable[[date, time, timedelta], MoveHour]:
    """Return what turns a day and an hour into the button that moves the session there, as long as it was."""
    return lambda on, at, _: MoveHour(page.session, page.whole, on, at)

"""Moving a session by a typed line: the answer to the page that asks for a day or an hour, at any time of any day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup, Message

from bot.clock import Clock
from bot.domain import timing
from bot.domain.appointments import Appointment
from bot.domain.hours import WorkingHours
from bot.domain.model import Therapist
from bot.domain.recurrence import spans
from bot.services.appointments import Appointments, NotDone
from bot.services.series import SeriesOfSessions
from bot.texts import Texts
from bot.when.circumstances import Near
from bot.when.problems import Reason
from bot.when.readings import (
    Ambiguous,
    AmbiguousRepeating,
    InPast,
    Mismatch,
    OnceOrWeekly,
    Planned,
    Reading,
    Repeating,
    Unreadable,
)
from handlers import screens_appointments, screens_lines
from handlers.access import Visit
from handlers.actions_agenda import MoveDay, MoveHour
from handlers.appointments import DAYS_LOOKED_AT
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
        if therapist is None or page is None or one is None:
            await visit.reply(Screen(not_yours_toast(self._texts, visit.voice)))
        elif page.whole:
            await self._series_line(visit, page, one, therapist)
        else:
            await self._session_line(visit, page, one)

    async def _session_line(self, visit: Visit, page: Page, one: Appointment) -> None:
        """Move one session; where the next such weekday is not that of the session's week, ask which is meant."""
        day = _day_of(page, one, visit)
        next_one = self._reading(visit, Near(day))
        that_week = self._reading(visit, Near(day, day - timedelta(days=day.weekday())))
        if next_one != that_week and (plans := [*_plans(next_one), *_plans(that_week)]):
            await visit.reply(screens_lines.which_week(self._texts, visit.voice, one.code, plans, _moved(page)))
        else:
            await self._take(visit, page, one, next_one)

    async def _series_line(self, visit: Visit, page: Page, one: Appointment, therapist: Therapist) -> None:
        """Move a series; a weekday is the first on which it can go on, and so is that of "los jueves a las 9"."""
        series = await self._series.of(therapist, page.session)
        since = await self._first_beginning(visit, page, therapist)
        if series is None or since is None:
            await visit.reply(Screen(not_yours_toast(self._texts, visit.voice)))
            return
        reading = self._reading(visit, Near(_day_of(page, one, visit), since))
        once = _first_only(reading, series.rule.every, visit.voice.zone)
        if once is None:
            await visit.reply(screens_lines.series_rhythm(self._texts, visit.voice))
        else:
            await self._take(visit, page, one, once)

    async def _first_beginning(self, visit: Visit, page: Page, therapist: Therapist) -> date | None:
        today = self._clock.now().astimezone(visit.voice.zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_LOOKED_AT)]
        return next(iter(await self._series.beginnings(therapist, page.session, days)), None)

    async def _take(self, visit: Visit, page: Page, one: Appointment, reading: Reading) -> None:
        match reading:
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

    def _reading(self, visit: Visit, near: Near) -> Reading:
        voice = visit.voice
        now = timing.sending(visit.message.date, self._clock.now()) or self._clock.now()
        from bot.when.line import read_session  # noqa: PLC0415 - as in `handlers.agenda`

        return read_session(
            visit.text,
            now=now,
            zone=voice.zone,
            language=voice.language,
            working=visit.works(self._working).span,
            near=near,
        )

    async def _move(self, visit: Visit, page: Page, starts_at: datetime) -> None:
        therapist = visit.visitor.therapist
        if therapist is None:
            return
        if page.whole:
            wall = starts_at.astimezone(visit.voice.zone).replace(tzinfo=None)
            done = await self._series.change_from(therapist, page.session, wall, visit.receipt)
            refusal = None if done else screens_lines.series_not_there(self._texts, visit.voice).text
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


def _day_of(page: Page, one: Appointment, visit: Visit) -> date:
    """Return the day that a time alone is on: the one that is chosen already, else that of the session."""
    return page.on if isinstance(page, MoveHour) else one.starts_at.astimezone(visit.voice.zone).date()


def _plans(reading: Reading) -> list[Planned | InPast]:
    match reading:
        case Planned() | InPast():
            return [reading]
        case Ambiguous(morning=morning, evening=evening):
            return [morning, evening]
        case _:
            return []


def _first_only(reading: Reading, every: int, zone: ZoneInfo) -> Reading | None:
    """Take the first session of what repeats as often as the series does; None if it repeats otherwise or ends."""
    match reading:
        case Repeating(rule=rule):
            rules = [rule]
        case AmbiguousRepeating(morning=morning, evening=evening):
            rules = [morning, evening]
        case OnceOrWeekly():
            return None
        case _:
            return reading
    if any(len(rule.weekdays) > 1 or rule.every != every or rule.until or rule.count for rule in rules):
        return None
    firsts = [
        Planned(one.starts_at, one.ends_at) for rule in rules for one in spans(rule, zone, rule.first, rule.first)
    ]
    return Ambiguous(firsts[0], firsts[1]) if len(firsts) > 1 else firsts[0]


def _moved(page: Page) -> Callable[[date, time, timedelta], MoveHour]:
    """Return what turns a day and an hour into the button that moves the session there, as long as it was."""
    return lambda on, at, _: MoveHour(page.session, page.whole, on, at)

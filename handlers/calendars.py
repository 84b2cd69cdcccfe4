"""Calendar files that a therapist sends: fetched, read apart, taken over; titles are asked about and kept nowhere."""

from zoneinfo import ZoneInfo

from telegram import Document

from bot.clock import Clock
from bot.domain.calendars import CalendarFile
from bot.domain.model import Therapist
from bot.ical.apart import read_apart
from bot.ical.events import LARGEST, CalendarRefusedError, Refusal
from bot.services.calendars import Calendars as CalendarService
from bot.services.calendars import Summary
from bot.texts import Texts
from handlers import screens_calendars as screens
from handlers.access import Visit
from handlers.actions_agenda import CallOffMissing, NameTitle, NobodysTitles
from handlers.messenger import FileWithheldError
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class Calendars:
    """What a therapist does with calendar files; times in them that name no zone are those of the practice's `zone`."""

    def __init__(self, calendars: CalendarService, zone: ZoneInfo, texts: Texts, clock: Clock, nudge: Nudge) -> None:
        self._calendars = calendars
        self._zone = zone
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    async def file(self, visit: Visit) -> None:
        """Take a calendar file over and say what has changed, then ask whose the titles are that nobody knows.

        What gets lost on the way is tried again from the beginning: the same file changes nothing twice.
        """
        therapist, document = visit.visitor.therapist, visit.message.document
        if therapist is None or document is None:
            raise LookupError("a calendar without a therapist or a file")
        try:
            found = await self._read(visit, document)
        except CalendarRefusedError as refused:
            await visit.reply(screens.refused(self._texts, visit.voice, refused.reason, refused.line))
            return
        except FileWithheldError:
            await visit.reply(screens.withheld(self._texts, visit.voice))
            return
        summary = await self._calendars.take(therapist, found, visit.receipt)
        self._nudge()
        await self._tell(visit, therapist, summary)

    async def _read(self, visit: Visit, document: Document) -> CalendarFile:
        if (document.file_size or 0) > LARGEST:
            raise CalendarRefusedError(Refusal.TOO_LARGE)
        content = await visit.messenger.download(visit.chat_id, document.file_id)
        return (await read_apart(content, now=self._clock.now(), zone=self._zone)).as_file()

    async def _tell(self, visit: Visit, therapist: Therapist, summary: Summary) -> None:
        patients = await self._calendars.patients(therapist.id)
        await visit.reply(screens.summary(self._texts, visit.voice, summary))
        for unknown in summary.unknown[: screens.ASKED_AT_MOST]:
            await visit.reply(screens.whose(self._texts, visit.voice, unknown, patients))

    async def name_title(self, visit: Visit, tap: NameTitle) -> None:
        """Remember whose a title is.  The question keeps its buttons: whoever tapped wrong taps again."""
        therapist = visit.visitor.therapist
        chosen = await self._calendars.choose(therapist, tap.title, tap.patient, visit.receipt) if therapist else None
        if therapist is None or chosen is None:
            await self._turn(visit, None)
            return
        patients = await self._calendars.patients(therapist.id)
        title = screens.title_in(visit.update.effective_message)
        await self._turn(visit, screens.chosen(self._texts, visit.voice, title, chosen, tap.title, patients))
        self._nudge()

    async def nobodys_titles(self, visit: Visit, _: NobodysTitles) -> None:
        """Say that all titles which still wait are nobody's."""
        therapist = visit.visitor.therapist
        count = await self._calendars.nobodys(therapist, visit.receipt) if therapist else None
        await self._answered(visit, None if count is None else screens.nobodys(self._texts, visit.voice, count))

    async def call_off_missing(self, visit: Visit, tap: CallOffMissing) -> None:
        """Call off the sessions that the file did not name any more."""
        therapist = visit.visitor.therapist
        count = await self._calendars.call_off_missing(therapist, tap.missing, visit.receipt) if therapist else None
        await self._answered(visit, None if count is None else screens.called_off(self._texts, visit.voice, count))

    async def _answered(self, visit: Visit, screen: Screen | None) -> None:
        """Answer below the summary, which keeps what it says."""
        await visit.toast(None if screen else not_yours_toast(self._texts, visit.voice))
        if screen is not None:
            await visit.reply(screen)

    async def _turn(self, visit: Visit, screen: Screen | None) -> None:
        await visit.toast(None if screen else not_yours_toast(self._texts, visit.voice))
        if screen is not None:
            await visit.edit(screen)

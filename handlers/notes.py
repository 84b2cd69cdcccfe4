"""Lines that were asked for: after *He contactado*, after *Lo hablamos*, for an agreement or a note.

The newest question gets the line.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain import safety
from bot.services.concerns import Concerns
from bot.services.episodes import Episodes
from bot.texts import Texts
from handlers import screens_following as screens
from handlers import screens_help
from handlers.access import Visit
from handlers.actions_alerts import DropNote, NoNote, ReadNote
from handlers.nudge import Nudge
from handlers.records import Records
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast

_Keeper = Callable[[Visit, str | None], Awaitable[bool]]


class Notes:
    """The room of typed notes."""

    def __init__(self, concerns: Concerns, episodes: Episodes, records: Records, texts: Texts, nudge: Nudge) -> None:
        self._concerns = concerns
        self._episodes = episodes
        self._records = records
        self._texts = texts
        self._nudge = nudge

    async def takes(self, visit: Visit) -> bool:
        """Take what is typed as the note that was asked for a moment ago; False if none was."""
        return await self._keep(visit, visit.text)

    async def overhears(self, visit: Visit) -> None:
        """Take words that cannot wait, which were answered as such, for the private note that was asked for.

        They never become a record, which a patient may be shown; nor does what is typed next.  Words about abuse are
        kept nowhere: that is what was said of them.
        """
        if not await self._records.waits_no_more(visit) and safety.scan_abuse(visit.text) is None:
            await self.takes(visit)

    async def nothing(self, visit: Visit) -> None:
        """Leave it without a note: `/nada`.  Words after it are of no note, and are kept nowhere."""
        if not await self._keep(visit, None):
            alone = len(visit.text.split()) == 1
            say = screens_help.nothing_waits if alone else screens_help.unknown_command
            await visit.reply(say(self._texts, visit.voice))

    async def _keep(self, visit: Visit, text: str | None) -> bool:
        """Give the line (None: there is none) to the newest question; False if nothing was asked."""
        asked: list[tuple[datetime | None, _Keeper]] = [
            (await self._concerns.note_asked_at(visit.visitor), self._about_words),
            (await self._episodes.note_asked_at(visit.visitor), self._about_talk),
            (await self._records.asked_at(visit.visitor), self._records.keeps_line),
        ]
        waiting = [(at, keeper) for at, keeper in asked if at is not None]
        if not waiting:
            return False
        _, keeper = max(waiting, key=lambda one: one[0])
        taken = await keeper(visit, text)
        if taken:
            self._nudge()
        return taken

    async def _about_words(self, visit: Visit, text: str | None) -> bool:
        return await self._concerns.note(visit.visitor, text, visit.receipt)

    async def _about_talk(self, visit: Visit, text: str | None) -> bool:
        return await self._episodes.note(visit.visitor, text, visit.receipt)

    async def none(self, visit: Visit, tap: NoNote) -> None:
        """Leave a talk without a note."""
        episode = await self._episodes.no_note(visit.visitor, tap.episode, visit.receipt)
        await self._answer(visit, screens.noted(self._texts, visit.voice, episode) if episode else None)

    async def drop(self, visit: Visit, tap: DropNote) -> None:
        """Delete the note about a talk."""
        episode = await self._episodes.drop_note(visit.visitor, tap.episode, visit.receipt)
        await self._answer(visit, screens.noted(self._texts, visit.voice, episode) if episode else None)

    async def read(self, visit: Visit, tap: ReadNote) -> None:
        """Show the note about a talk, for ten minutes."""
        found = await self._episodes.read_note(visit.visitor, tap.episode, visit.message_id)
        await self._answer(visit, screens.note(self._texts, visit.voice, *found, tap.page) if found else None)

    async def _answer(self, visit: Visit, screen: Screen | None) -> None:
        await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))

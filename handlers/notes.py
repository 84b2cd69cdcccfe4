"""Notes that were asked for: after *He contactado*, and after *Lo hablamos*.  The newest question gets the line."""

from bot.services.concerns import Concerns
from bot.services.episodes import Episodes
from bot.texts import Texts
from handlers import screens_following as screens
from handlers import screens_help
from handlers.access import Visit
from handlers.actions_alerts import DropNote, NoNote, ReadNote
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class Notes:
    """The room of typed notes."""

    def __init__(self, concerns: Concerns, episodes: Episodes, texts: Texts, nudge: Nudge) -> None:
        self._concerns = concerns
        self._episodes = episodes
        self._texts = texts
        self._nudge = nudge

    async def takes(self, visit: Visit) -> bool:
        """Take what is typed as the note that was asked for a moment ago; False if none was."""
        return await self._keep(visit, visit.text)

    async def nothing(self, visit: Visit) -> None:
        """Leave it without a note: `/nada`."""
        if not await self._keep(visit, None):
            await visit.reply(screens_help.unknown_command(self._texts, visit.voice))

    async def _keep(self, visit: Visit, text: str | None) -> bool:
        contacted = await self._concerns.note_asked_at(visit.visitor)
        talked = await self._episodes.note_asked_at(visit.visitor)
        about_talk = talked is not None and (contacted is None or talked > contacted)
        keeper = self._episodes if about_talk else self._concerns
        taken = await keeper.note(visit.visitor, text, visit.receipt)
        if taken:
            self._nudge()
        return taken

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

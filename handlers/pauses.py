"""The patient's pause: begun under the end of a check-in, stopped at any step."""

from bot.services.pauses import Pauses as Verbs
from bot.texts import Texts
from handlers import screens_patient as screens
from handlers import screens_pause
from handlers.access import Visit
from handlers.actions_guesses import StartPause, StopPause
from handlers.notices import Notices
from handlers.nudge import Nudge


class Pauses:
    """What a patient does about a pause."""

    def __init__(self, pauses: Verbs, notices: Notices, texts: Texts, nudge: Nudge) -> None:
        self._pauses = pauses
        self._notices = notices
        self._texts = texts
        self._nudge = nudge

    async def start(self, visit: Visit, tap: StartPause) -> None:
        """Begin; the button goes, and the first step comes in a message of its own."""
        begun = await self._pauses.begin(visit.visitor, tap.check_in, visit.receipt)
        self._nudge()
        shown = None
        if begun is not None and visit.visitor.person is not None:
            shown = screens.check_in(self._texts, await self._notices.view(visit.visitor.person, begun))
        await visit.answer(shown, otherwise=screens.not_yours_toast(self._texts, visit.voice))

    async def stop(self, visit: Visit, tap: StopPause) -> None:
        """Stop where it is."""
        stopped = await self._pauses.stop(visit.visitor, tap.pause)
        screen = screens_pause.pause(self._texts, visit.voice, stopped) if stopped else None
        await visit.answer(screen, otherwise=screens.not_yours_toast(self._texts, visit.voice))

"""The room of whoever was told of urgent words: read, *Lo he visto*, *He contactado*; and what was confided."""

from bot.clock import Clock
from bot.domain.views import Case
from bot.services.concerns import Concerns
from bot.services.disclosures import Disclosures
from bot.texts import Texts
from handlers import screens_urgent as screens
from handlers.access import Visit
from handlers.actions import ConcernContacted, ConcernSeen, ConcernWords, ReadDisclosure
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class Urgent:
    """What is done about urgent words."""

    def __init__(self, concerns: Concerns, disclosures: Disclosures, texts: Texts, clock: Clock, nudge: Nudge) -> None:
        self._concerns = concerns
        self._disclosures = disclosures
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    async def words(self, visit: Visit, tap: ConcernWords) -> None:
        """Show urgent words."""
        found = await self._concerns.read(visit.visitor, tap.concern, visit.message_id)
        if found is None:
            await self._answer(visit, None)
            return
        case, words, note = found
        await self._answer(visit, screens.words(self._texts, visit.voice, case, words, note, tap.page))

    async def seen(self, visit: Visit, tap: ConcernSeen) -> None:
        """Keep *Lo he visto*."""
        await self._show(visit, await self._concerns.see(visit.visitor, tap.concern, visit.receipt))

    async def contacted(self, visit: Visit, tap: ConcernContacted) -> None:
        """Keep *He contactado*."""
        await self._show(visit, await self._concerns.contacted(visit.visitor, tap.concern, visit.receipt))

    async def _show(self, visit: Visit, case: Case | None) -> None:
        self._nudge()
        await self._answer(visit, screens.state(self._texts, visit.voice, case, self._clock.now()) if case else None)

    async def disclosed(self, visit: Visit, tap: ReadDisclosure) -> None:
        """Show what a patient confided."""
        found = await self._disclosures.read(visit.visitor, tap.disclosure, visit.message_id)
        await self._answer(visit, screens.disclosure(self._texts, visit.voice, found, tap.page) if found else None)

    async def _answer(self, visit: Visit, screen: Screen | None) -> None:
        await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))

"""The therapist's list of patients and the page of each."""

from bot.domain.model import Visitor
from bot.domain.views import PatientLine, PatientPage
from bot.services.concerns import Concerns
from bot.services.patient_pages import PatientPages as Pages
from bot.texts import Texts
from handlers import screens_arrival
from handlers import screens_patient_page as screens
from handlers.access import Visit
from handlers.actions_guesses import OfferPause, OpenPatient, OpenPatients
from handlers.gate import Gate
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class PatientPages:
    """What a therapist looks up about patients."""

    def __init__(self, pages: Pages, concerns: Concerns, gate: Gate, texts: Texts) -> None:
        self._pages = pages
        self._concerns = concerns
        self._gate = gate
        self._texts = texts

    async def patients(self, visit: Visit) -> None:
        """List the patients with state and last alliance."""
        screen = await self._list(visit, 0)
        await visit.reply(screen or screens_arrival.not_here(self._texts, visit.voice, visit.visitor))

    async def turn(self, visit: Visit, tap: OpenPatients) -> None:
        """Turn to another page of the list."""
        await self._answer(visit, await self._list(visit, tap.page))

    async def open(self, visit: Visit, tap: OpenPatient) -> None:
        """Open the page of a patient."""
        await self._show(visit, await self._pages.page(visit.visitor, tap.patient))

    async def offer_pause(self, visit: Visit, tap: OfferPause) -> None:
        """Let the pause be offered to a patient, or not any more."""
        page = await self._pages.offer_pause(visit.visitor, tap.patient, visit.receipt, offered=tap.offered)
        await self._show(visit, page)

    async def _list(self, visit: Visit, page: int) -> Screen | None:
        if visit.visitor.therapist is None:
            return None
        lines = await self._pages.lines(visit.visitor.therapist)
        urgent = await self._concerns.unfinished(visit.visitor.therapist)
        await self._shows(visit.visitor, *lines)
        return screens.patients(self._texts, visit.voice, lines, urgent, page)

    async def _show(self, visit: Visit, page: PatientPage | None) -> None:
        if page is not None:
            await self._shows(visit.visitor, page.line)
        await self._answer(visit, screens.patient_page(self._texts, visit.voice, page) if page else None)

    async def _shows(self, visitor: Visitor, *lines: PatientLine) -> None:
        await self._gate.shows(visitor, [line.last.check_in_id for line in lines if line.last is not None])

    async def _answer(self, visit: Visit, screen: Screen | None) -> None:
        await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))

"""What notices about records look like when they leave; see `handlers.notices`."""

from collections.abc import Sequence

from bot.domain.model import PatientState, Person
from bot.domain.notices_records import AgreementTold, RecordAsked, RecordNoted, SessionAhead
from bot.services.people import People
from bot.services.preparing import Preparing
from bot.services.records import Records
from bot.texts import Texts
from handlers import screens_before, screens_records
from handlers.screen import Screen


class RecordNotices:
    """Turns them into screens."""

    def __init__(self, texts: Texts, people: People, records: Records, preparing: Preparing) -> None:
        self._texts = texts
        self._people = people
        self._records = records
        self._preparing = preparing

    async def noted(self, to: Person, notice: RecordNoted) -> Sequence[Screen]:
        """Show what was written down, unless it was struck out meanwhile."""
        found = await self._records.noted(await self._people.visitor(to.chat_id), notice.record_id)
        return [screens_records.noted(self._texts, to.voice, found)] if found else []

    async def asked(self, to: Person, notice: RecordAsked) -> Sequence[Screen]:
        """Ask for the line."""
        return [screens_records.asked(self._texts, to.voice, notice.code, notice.what)]

    async def told(self, to: Person, notice: AgreementTold) -> Sequence[Screen]:
        """Say nothing of what was taken back meanwhile, and nothing to who paused or left."""
        held = await self._records.told(notice.record_id)
        if held is None or held.patient.person_id != to.id or held.patient.state is not PatientState.ACTIVE:
            return []
        return [screens_records.agreement_told(self._texts, to.voice, held.patient.therapist, held.patient.id)]

    async def ahead(self, to: Person, notice: SessionAhead) -> Sequence[Screen]:
        """Announce a session, unless it was moved or cancelled meanwhile."""
        visitor = await self._people.visitor(to.chat_id)
        if not await self._preparing.ahead(visitor, notice.session_id, notice.starts_at):
            return []
        return [screens_before.ahead(self._texts, to.voice, notice)]

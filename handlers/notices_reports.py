"""What the digest and the reading for supervisors look like when they leave."""

from bot.domain.model import Person
from bot.domain.notices import WeeklyDigest
from bot.domain.notices_reports import SupervisionReading
from bot.services.digests import Digests
from bot.services.people import People
from bot.services.supervision import Supervision
from bot.texts import Texts
from handlers import screens_digest, screens_supervision
from handlers.gate import Gate
from handlers.panels import digest_pictures
from handlers.screen import Screen


class ReportNotices:
    """Makes what is told about many patients; `gate` hears which scores were shown."""

    def __init__(self, people: People, digests: Digests, supervision: Supervision, gate: Gate, texts: Texts) -> None:
        self._people = people
        self._digests = digests
        self._supervision = supervision
        self._gate = gate
        self._texts = texts

    async def digest(self, to: Person, notice: WeeklyDigest) -> list[Screen]:
        """Show a therapist's week in words, then in pictures."""
        visitor = await self._people.visitor(to.chat_id)
        if visitor.therapist is None:
            return []
        view = await self._digests.view(visitor.therapist, notice.since_at, notice.until_at)
        await self._gate.shows(visitor, [line.id for line in view.history if line.alliance is not None])
        words = screens_digest.digest(self._texts, to.voice, view)
        return [*words, *await digest_pictures(self._texts, to.voice, view)]

    async def reading(self, to: Person, notice: SupervisionReading) -> list[Screen]:
        """Show a supervisor the month of the team."""
        reading = await self._supervision.reading(await self._people.visitor(to.chat_id), notice.first_on)
        return [screens_supervision.reading(self._texts, to.voice, reading)] if reading else []

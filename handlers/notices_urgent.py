"""What each urgent notice looks like when it leaves: what has been seen meanwhile is not told as if it had not."""

from collections.abc import Sequence

from bot.clock import Clock
from bot.domain.model import ConcernId, DisclosureId, Person
from bot.domain.notices import (
    AbuseTold,
    CrisisElsewhere,
    CrisisNote,
    CrisisNoted,
    CrisisOperator,
    CrisisRaised,
    CrisisSecond,
    CrisisSeen,
    CrisisUndelivered,
    Disclosed,
    HelpFirst,
    ToldReached,
    WordsHidden,
)
from bot.domain.safety import HelpCard
from bot.domain.views import Case
from bot.services.concerns import Concerns
from bot.services.disclosures import Disclosures
from bot.services.people import People
from bot.texts import Texts
from handlers import screens_abuse, screens_help, screens_urgent
from handlers.screen import Screen


class UrgentNotices:
    """Turns urgent notices into screens; an empty sequence when there is nothing to tell any more."""

    def __init__(
        self,
        texts: Texts,
        people: People,
        concerns: Concerns,
        disclosures: Disclosures,
        clock: Clock,
        card: HelpCard,
    ) -> None:
        self._texts = texts
        self._people = people
        self._concerns = concerns
        self._disclosures = disclosures
        self._clock = clock
        self._card = card

    # To the patient

    async def help_first(self, to: Person, _: HelpFirst) -> Sequence[Screen]:
        """Show the card that could not leave directly."""
        return [screens_help.help_card(self._texts, to.voice, self._card)]

    async def elsewhere(self, to: Person, notice: CrisisElsewhere) -> Sequence[Screen]:
        """Say that somebody else has the message."""
        called = await self._people.therapist_of(notice.patient_id)
        return [screens_help.crisis_elsewhere(self._texts, to.voice, called, notice)]

    async def undelivered(self, to: Person, notice: CrisisUndelivered) -> Sequence[Screen]:
        """Say that nobody could be told."""
        called = await self._people.therapist_of(notice.patient_id)
        return [screens_help.crisis_undelivered(self._texts, to.voice, self._card, called)]

    # To whoever is told

    async def raised(self, to: Person, notice: CrisisRaised) -> Sequence[Screen]:
        """Alert the therapist; when somebody else has seen it meanwhile, say so instead."""
        case = await self._case(to, notice.concern_id)
        if case is None or (notice.again and case.concern.seen_at is not None):
            return []
        if case.concern.seen_at is not None:
            return self._state(to, case)
        return [screens_urgent.alert(self._texts, to.voice, case, self._clock.now(), again=notice.again)]

    async def second(self, to: Person, notice: CrisisSecond) -> Sequence[Screen]:
        """Alert a second contact, unless somebody has seen it meanwhile."""
        case = await self._case(to, notice.concern_id)
        if case is None or case.concern.seen_at is not None:
            return []
        return [screens_urgent.second(self._texts, to.voice, case, self._clock.now(), again=notice.again)]

    async def operator(self, to: Person, notice: CrisisOperator) -> Sequence[Screen]:
        """Alert the operator, unless somebody has seen it meanwhile."""
        case = await self._told(to, notice.concern_id)
        unseen = case is not None and case.concern.seen_at is None
        return [screens_urgent.operator(self._texts, to.voice, case)] if case and unseen else []

    async def seen(self, to: Person, notice: CrisisSeen) -> Sequence[Screen]:
        """Say what has become of it, to the operator without code."""
        case = await self._case(to, notice.concern_id)
        if case is not None:
            return self._state(to, case)
        case = await self._told(to, notice.concern_id)
        return [screens_urgent.operator_seen(self._texts, to.voice, case)] if case else []

    async def note_asked(self, to: Person, notice: CrisisNote) -> Sequence[Screen]:
        """Ask for a note, unless it has come meanwhile."""
        case = await self._case(to, notice.concern_id)
        waits = case is not None and case.concern.note_until is not None
        return [screens_urgent.note_asked(self._texts, to.voice, case)] if case and waits else []

    async def noted(self, to: Person, notice: CrisisNoted) -> Sequence[Screen]:
        """Say what became of the note."""
        case = await self._case(to, notice.concern_id)
        return [screens_urgent.noted(self._texts, to.voice, case, kept=notice.kept)] if case else []

    async def abuse_told(self, to: Person, notice: AbuseTold) -> Sequence[Screen]:
        """Say that a patient chose to tell something."""
        return [screens_urgent.abuse_told(self._texts, to.voice, notice.code, notice.words_id)]

    async def disclosed(self, to: Person, notice: Disclosed) -> Sequence[Screen]:
        """Say that a patient confided something; nothing, if it may no longer be opened here."""
        return await self._disclosed(to, notice.disclosure_id, urgent=notice.urgent)

    async def told_reached(self, to: Person, notice: ToldReached) -> Sequence[Screen]:
        """Say to the patient what became of what they chose to tell, and offer what is left."""
        visitor = await self._people.visitor(to.chat_id)
        mine = [one for one in await self._disclosures.choices(visitor) if one[0].id == notice.patient_id]
        if not mine:
            return []
        if notice.reached is False:
            return [screens_abuse.missed(self._texts, to.voice, self._card, mine[0], notice)]
        return [screens_abuse.told(self._texts, to.voice, mine[0][0].therapist, notice)]

    async def hidden(self, to: Person, notice: WordsHidden) -> Sequence[Screen]:
        """Show again what stood there before the words were opened."""
        if notice.concern_id is not None:
            case = await self._case(to, notice.concern_id)
            return self._state(to, case) if case else []
        return await self._disclosed(to, notice.disclosure_id) if notice.disclosure_id else []

    async def _disclosed(self, to: Person, disclosure_id: DisclosureId, *, urgent: bool = False) -> Sequence[Screen]:
        found = await self._disclosures.find(await self._people.visitor(to.chat_id), disclosure_id)
        if found is None:
            return []
        return [screens_urgent.disclosed(self._texts, to.voice, found.code, found.id, urgent=urgent)]

    def _state(self, to: Person, case: Case) -> Sequence[Screen]:
        return [screens_urgent.state(self._texts, to.voice, case, self._clock.now())]

    async def _case(self, to: Person, concern_id: ConcernId) -> Case | None:
        return await self._concerns.case(await self._people.visitor(to.chat_id), concern_id)

    async def _told(self, to: Person, concern_id: ConcernId) -> Case | None:
        return await self._concerns.told(await self._people.visitor(to.chat_id), concern_id)

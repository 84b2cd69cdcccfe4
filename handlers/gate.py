"""What stands in place of a score while the therapist's guess about it is still to come."""

from collections.abc import Collection

from bot.domain.histories import History
from bot.domain.model import CheckInId, Visitor, Voice
from bot.services.alerts import AlertDetail
from bot.services.guesses import Guesses
from bot.services.preparing import Before
from bot.texts import Texts
from handlers import screens_guesses as screens
from handlers.actions_guesses import ShownIn
from handlers.screen import Screen


class Gate:
    """Asks first, and notes what was shown without.  Pushes and everything urgent pass it by."""

    def __init__(self, guesses: Guesses, texts: Texts) -> None:
        self._guesses = guesses
        self._texts = texts

    async def before_alert(self, visitor: Visitor, voice: Voice, detail: AlertDetail) -> Screen | None:
        """Return the question that comes before an alert is opened; None when its scores are shown now."""
        episode = detail.view.episode
        guess = await self._guesses.withheld_in(episode.treatment_id)
        if guess is not None:
            return screens.before(self._texts, voice, guess, ShownIn.ALERT, episode.id)
        await self.shows(visitor, [entry.check_in_id for entry in detail.course])
        return None

    async def before_session(self, visitor: Visitor, voice: Voice, known: Before) -> Screen | None:
        """Return the question that comes before what there is to know of a session; None when it is shown now."""
        guess = await self._guesses.withheld_in(known.session.treatment_id) if known.last else None
        if guess is not None:
            return screens.before(self._texts, voice, guess, ShownIn.SESSION, known.session.id)
        await self.shows(visitor, [one.check_in_id for one in (known.last, known.previous) if one])
        return None

    async def before_history(self, visitor: Visitor, voice: Voice, found: History) -> Screen | None:
        """Return the question that comes before a patient's history; None when it is shown now."""
        guess = await self._guesses.withheld_in(found.treatment_id)
        if guess is not None:
            return screens.before(self._texts, voice, guess, ShownIn.HISTORY, found.patient_id)
        await self.shows(visitor, [entry.check_in_id for entry in found.course])
        return None

    async def shows(self, visitor: Visitor, check_ins: Collection[CheckInId]) -> None:
        """Note that the scores of these check-ins are shown to the therapist now."""
        if visitor.therapist is not None:
            await self._guesses.reveal(visitor.therapist.id, check_ins)

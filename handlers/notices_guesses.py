"""What the notices about guesses and pauses look like when they leave."""

from bot.clock import Clock
from bot.domain import guessing
from bot.domain.model import CheckIn, Person
from bot.domain.notices_guesses import GuessAsked, GuessSettled, PauseShown
from bot.services.guesses import Guesses
from bot.services.pauses import Pauses
from bot.texts import Texts
from handlers import screens_guesses, screens_pause
from handlers.gate import Gate
from handlers.screen import Screen


class GuessNotices:
    """Makes the therapist's question and the patient's pause; `gate` asks before other notices show a score."""

    def __init__(self, guesses: Guesses, pauses: Pauses, gate: Gate, texts: Texts, clock: Clock) -> None:
        self.gate = gate
        self._guesses = guesses
        self._pauses = pauses
        self._texts = texts
        self._clock = clock

    async def asked(self, to: Person, notice: GuessAsked) -> list[Screen]:
        """Ask, unless that makes no sense any more."""
        guess, now = await self._guesses.asked(notice.guess_id), self._clock.now()
        if guess is None or not guessing.is_due(guess, now):
            return []
        return [screens_guesses.question(self._texts, to.voice, guess, now)]

    async def settled(self, to: Person, notice: GuessSettled) -> list[Screen]:
        """Show what became of a question; nothing when it was erased meanwhile."""
        guess = await self._guesses.asked(notice.guess_id)
        return [screens_guesses.question(self._texts, to.voice, guess, self._clock.now())] if guess else []

    async def offers_pause(self, check_in: CheckIn) -> bool:
        """Say whether a pause is offered under a check-in."""
        return await self._pauses.offered(check_in)

    async def paused(self, to: Person, notice: PauseShown) -> list[Screen]:
        """Show the pause as it stands now; nothing when it was erased meanwhile."""
        pause = await self._pauses.shown(notice.pause_id)
        return [screens_pause.pause(self._texts, to.voice, pause)] if pause else []

"""The therapist's guesses: numbers under the question that was sent, and in place of a score."""

from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.domain.guessing import Guess
from bot.domain.model import EpisodeId, PatientId, Score, SessionId, Urgency
from bot.services.guesses import Guesses
from bot.texts import Texts
from handlers import screens_guesses as screens
from handlers.access import Visit
from handlers.actions_alerts import See
from handlers.actions_guesses import Guessed, GuessedBefore, OpenGuess, OpenPatient, SeeNow, ShownIn
from handlers.actions_records import SeeBefore
from handlers.nudge import Nudge
from handlers.screens_patient import not_yours_toast


class Guessing:
    """What a therapist does about guesses; `see`, `page`, `before` and `history` show what it came before."""

    def __init__(
        self,
        guesses: Guesses,
        see: Callable[[Visit, See], Awaitable[None]],
        page: Callable[[Visit, OpenPatient], Awaitable[None]],
        before: Callable[[Visit, SeeBefore], Awaitable[None]],
        history: Callable[[Visit, PatientId], Awaitable[bool]],
        texts: Texts,
        clock: Clock,
        nudge: Nudge,
    ) -> None:
        self._guesses = guesses
        self._see = see
        self._page = page
        self._before = before
        self._history = history
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    async def guessed(self, visit: Visit, tap: Guessed) -> None:
        """Keep a number, or another one while it is blind."""
        value = Score(tap.value)
        guess = await self._guesses.give(visit.visitor, tap.guess, value, visit.receipt, visit.message_id)
        screen = screens.question(self._texts, visit.voice, guess, self._clock.now()) if guess else None
        await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))
        self._nudge()

    async def guessed_before(self, visit: Visit, tap: GuessedBefore) -> None:
        """Keep a number, then show what it came before."""
        value = Score(tap.value)
        guess = await self._guesses.give(visit.visitor, tap.guess, value, visit.receipt, visit.message_id)
        await self._then(visit, guess, tap)

    async def see_now(self, visit: Visit, tap: SeeNow) -> None:
        """Show it without a guess."""
        await self._then(visit, await self._guesses.skip(visit.visitor, tap.guess), tap)

    async def _then(self, visit: Visit, guess: Guess | None, tap: GuessedBefore | SeeNow) -> None:
        if guess is None:
            await visit.answer(None, otherwise=not_yours_toast(self._texts, visit.voice))
            return
        match tap.shown_in:
            case ShownIn.ALERT:
                await self._see(visit, See(EpisodeId(tap.of)))
            case ShownIn.PAGE:
                await self._page(visit, OpenPatient(PatientId(tap.of)))
            case ShownIn.SESSION:
                await self._before(visit, SeeBefore(SessionId(tap.of)))
            case ShownIn.HISTORY:
                await self._history_below(visit, guess, PatientId(tap.of))
            case ShownIn.LINE:
                await self._line(visit, guess)
        self._nudge()

    async def _history_below(self, visit: Visit, guess: Guess, patient: PatientId) -> None:
        """Send a history below the question, which says then what became of it: nothing is blind any more."""
        await visit.toast()
        await self._history(visit, patient)
        over = await self._guesses.find(visit.visitor, guess.id) or guess
        await visit.edit(screens.question(self._texts, visit.voice, over, self._clock.now()))

    async def open(self, visit: Visit, tap: OpenGuess) -> None:
        """Ask before a score: in place of a page, in a message of its own below a digest."""
        guess = await self._guesses.find(visit.visitor, tap.guess)
        if guess is None:
            await visit.answer(None, otherwise=not_yours_toast(self._texts, visit.voice))
        elif tap.shown_in is ShownIn.PAGE and not self._guesses.is_open(guess):
            await self._page(visit, OpenPatient(PatientId(tap.of)))
        elif tap.shown_in is ShownIn.PAGE:
            await visit.answer(screens.before(self._texts, visit.voice, guess, tap.shown_in, tap.of), otherwise="")
        else:
            await visit.toast()
            await self._line(visit, guess, new=True)

    async def _line(self, visit: Visit, guess: Guess, *, new: bool = False) -> None:
        """Show the score of one session, or ask before it."""
        if self._guesses.is_open(guess):
            screen = screens.before(self._texts, visit.voice, guess, ShownIn.LINE, guess.id)
        else:
            await self._guesses.reveal(guess.therapist_id, [guess.check_in_id])
            screen = screens.compared(self._texts, visit.voice, guess, await self._guesses.score(guess))
        if new:
            await visit.messenger.send(visit.chat_id, screen, Urgency.REPLY)
        else:
            await visit.answer(screen, otherwise="")

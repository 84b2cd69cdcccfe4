"""What a therapist does about a guess: give it, mend it, prefer to see the score."""

from collections.abc import Collection

from bot.clock import Clock
from bot.domain import guessing
from bot.domain.guessing import Guess, GuessId, GuessState
from bot.domain.model import CheckInId, Points, Score, TherapistId, TreatmentId, Visitor
from bot.domain.post import Receipt
from bot.services.guess_questions import end, reveal, settle
from bot.services.ports import Store, Tx


class Guesses:
    """The verbs of the blind guess; each returns it as it stands then, None if it is not this therapist's."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def lapse_due(self) -> int:
        """End the questions that have stood long enough; return how many."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            due = await tx.guesses.due(now)
        for guess in due:
            async with self._store.transaction() as tx:
                current = await tx.guesses.get(guess.id)
                if current is not None and current.lapses_at <= now:
                    await end(tx, current, GuessState.LAPSED, now)
        return len(due)

    async def give(
        self, visitor: Visitor, guess_id: GuessId, value: Score, receipt: Receipt, message_id: int
    ) -> Guess | None:
        """Keep a guess that was tapped under `message_id`, or another one in its place while that is still blind."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            guess = await _mine(tx, visitor, guess_id)
            given = guessing.given(guess, value, now) if guess else None
            if guess is None or given is None or not await tx.inbox.takes_effect(receipt, now):
                return guess
            await tx.guesses.save(given)
            await settle(tx, given, now, but=message_id)
            return given

    async def skip(self, visitor: Visitor, guess_id: GuessId) -> Guess | None:
        """*Prefiero verla ya*: there is no guess about this session.  Doing so again changes nothing."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            guess = await _mine(tx, visitor, guess_id)
            return await end(tx, guess, GuessState.SKIPPED, now) if guess else None

    async def find(self, visitor: Visitor, guess_id: GuessId) -> Guess | None:
        """Return a guess."""
        async with self._store.reading() as tx:
            return await _mine(tx, visitor, guess_id)

    async def asked(self, guess_id: GuessId) -> Guess | None:
        """Return a guess for the message that asks for it; None if there is none any more."""
        async with self._store.reading() as tx:
            return await tx.guesses.get(guess_id)

    async def withheld_in(self, treatment_id: TreatmentId) -> Guess | None:
        """Return the guess that comes before a score of this treatment is shown, if one does."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            standing = await tx.guesses.open_in(treatment_id)
        return next((guess for guess in standing if guessing.withholds(guess, now)), None)

    async def score(self, guess: Guess) -> Points | None:
        """Return the sum of the alliance items beside a guess; None where nothing is compared."""
        async with self._store.reading() as tx:
            history = await tx.check_ins.history(guess.treatment_id)
        return next((rating.alliance for rating in history if rating.check_in_id == guess.check_in_id), None)

    async def reveal(self, therapist_id: TherapistId, shown: Collection[CheckInId]) -> None:
        """Note that a therapist is shown these scores."""
        async with self._store.reading() as tx:
            blind = {guess.check_in_id for guess in await tx.guesses.unseen_of(therapist_id)}
        if not blind.isdisjoint(shown):
            async with self._store.transaction() as tx:
                await reveal(tx, therapist_id, shown, self._clock.now())

    def is_open(self, guess: Guess) -> bool:
        """Say whether the question stands now."""
        return guessing.is_open(guess, self._clock.now())


async def _mine(tx: Tx, visitor: Visitor, guess_id: GuessId) -> Guess | None:
    guess = await tx.guesses.get(guess_id)
    mine = guess is not None and visitor.therapist is not None and visitor.therapist.id == guess.therapist_id
    return guess if mine else None

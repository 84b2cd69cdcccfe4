"""Asking a therapist for a guess, and ending that: for services, inside their transactions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain import guessing, timing
from bot.domain.asking import Situation
from bot.domain.guessing import Guess, GuessId, GuessState
from bot.domain.hours import QuietHours
from bot.domain.model import CheckIn, CheckInId, SessionId, TherapistId, Urgency
from bot.domain.notices_guesses import GuessAsked, GuessSettled
from bot.services.ports import Tx


@dataclass(frozen=True, slots=True)
class GuessQuestions:
    """Whether therapists are asked at all (`[therapist] blind_guess`), and when they rest."""

    wanted: bool
    quiet: QuietHours

    async def ask(self, tx: Tx, check_in: CheckIn, around: Situation, now: datetime) -> None:
        """Ask for a guess as the patient is asked, out of the therapist's quiet hours; the one before lapses."""
        for earlier in await tx.guesses.open_in(check_in.treatment_id) if around.guesses_open else ():
            await end(tx, earlier, GuessState.LAPSED, now)
        if not self.wanted:
            return
        therapist = await tx.people.therapist((await tx.people.patient(check_in.patient_id)).therapist_id)
        asked_at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self.quiet))
        lapses_at = guessing.lapse(asked_at, around.next_start)
        guess_id = await tx.guesses.open(check_in.id, asked_at, lapses_at) if asked_at < lapses_at else None
        if guess_id is not None:
            key = f"{_key(guess_id)}{asked_at.isoformat()}"
            await tx.outbox.put(GuessAsked(guess_id), therapist.person_id, Urgency.BULK, asked_at, key, lapses_at)


async def withdraw(tx: Tx, session_id: SessionId, now: datetime) -> None:
    """Take the question about a session back that did not take place."""
    check_in = await tx.check_ins.of_session(session_id)
    guess = await tx.guesses.of_check_in(check_in.id) if check_in else None
    if guess is not None:
        await end(tx, guess, GuessState.WITHDRAWN, now)


async def end(tx: Tx, guess: Guess, state: GuessState, now: datetime) -> Guess:
    """End a question that stands, and say so where it was asked; return it as it is then."""
    ended = guessing.ended(guess, state, now)
    if ended is None:
        return guess
    await tx.guesses.save(ended)
    await settle(tx, ended, now)
    return ended


async def reveal(tx: Tx, therapist_id: TherapistId, shown: Collection[CheckInId], now: datetime) -> None:
    """Note that the therapist is shown these scores: from here on nothing is guessed about them."""
    for guess in await tx.guesses.unseen_of(therapist_id):
        seen = guessing.seen(guess, now) if guess.check_in_id in shown else None
        if seen is not None:
            await tx.guesses.save(seen)
            await settle(tx, seen, now)


async def settle(tx: Tx, guess: Guess, now: datetime, *, but: int | None = None) -> None:
    """Bring the messages that ask up to date, but for the one that is answered directly."""
    for message_id in await tx.outbox.left(guess.person_id, [_key(guess.id)]):
        if message_id != but:
            key = f"guess-settled:{guess.id}:{message_id}:{now.isoformat()}"
            await tx.outbox.put(GuessSettled(guess.id, message_id), guess.person_id, Urgency.BULK, now, key)


def _key(guess_id: GuessId) -> str:
    """Return how the keys of the messages begin that ask."""
    return f"guess:{guess_id}:"

"""What a therapist thinks a session was like for the patient, said before the patient's score is seen.  Pure rules.

A guess is blind or it is none: once the score was shown, nothing is asked or changed any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final, NewType

from bot.domain.instrument import ALLIANCE
from bot.domain.model import CheckInId, PersonId, Points, Score, TherapistId, TreatmentId

GuessId = NewType("GuessId", int)

OPEN_FOR: Final = timedelta(hours=24)
"""How long the question stands; after that the score shows without it."""

PAIRS_AT_LEAST: Final = 3
"""Guesses with a score beside them before anything is said about them."""

CLOSE: Final = Fraction(1, 2)
"""Points of ten, either way, within which a mean guess is close."""


class GuessState(StrEnum):
    """The life of a guess."""

    OPEN = "open"
    GIVEN = "given"
    SKIPPED = "skipped"
    """The therapist preferred to see the score."""
    LAPSED = "lapsed"
    """Nobody answered in time."""
    SEEN = "seen"
    """The score had been shown before anything was guessed."""
    WITHDRAWN = "withdrawn"
    """There was no session."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The question to a therapist about one session, and what became of it; `asked_at` may lie in the future (UTC).

    `person_id` is the therapist's; `rated`: the patient has scored both alliance items, so that there is something to
    see; `stopped`: nothing is asked about this session any more, because of urgent words or because it was none.
    """

    id: GuessId
    check_in_id: CheckInId
    treatment_id: TreatmentId
    therapist_id: TherapistId
    person_id: PersonId
    code: str = field(repr=False)
    state: GuessState
    session_ends_at: datetime
    asked_at: datetime
    lapses_at: datetime
    rated: bool = False
    stopped: bool = False
    value: Score | None = field(default=None, repr=False)
    guessed_at: datetime | None = None
    shown_at: datetime | None = None
    ended_at: datetime | None = None


class Direction(StrEnum):
    """On which side of the patients' scores the guesses are."""

    HIGHER = "higher"
    LOWER = "lower"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Gap:
    """The mean of guess − score over `count` pairs of one treatment, in points of ten."""

    mean: Fraction = field(repr=False)
    count: int

    @property
    def direction(self) -> Direction:
        """Say on which side the guesses are; half a point either way is close."""
        if abs(self.mean) <= CLOSE:
            return Direction.CLOSE
        return Direction.HIGHER if self.mean > 0 else Direction.LOWER


def gap(pairs: Sequence[tuple[Score, Points]]) -> Gap | None:
    """Return the mean gap of (guess 0–10, sum of the alliance items 0–20) pairs; None below three of them.

    Of one therapist with one patient; means are never put beside those of another therapist.  Therapists' and clients'
    ratings differ (FIELD (b)3: Chen 2016; Igra 2020, k = 22), and what a therapist recognises does less harm
    (FIELD finding 8: 84 clients, 56 therapists; JCCP 2018, 1,210 patients).
    """
    if len(pairs) < PAIRS_AT_LEAST:
        return None
    total = sum(len(ALLIANCE) * guess - alliance for guess, alliance in pairs)
    return Gap(Fraction(total, len(ALLIANCE) * len(pairs)), len(pairs))


def lapse(asked_at: datetime, next_session_at: datetime | None) -> datetime:
    """Return until when a guess can be given: a day, and not into the next session."""
    latest = asked_at + OPEN_FOR
    return latest if next_session_at is None else min(latest, next_session_at)


def is_open(guess: Guess, now: datetime) -> bool:
    """Say whether the question stands: asked, unanswered, not too old."""
    return guess.state is GuessState.OPEN and guess.asked_at <= now < guess.lapses_at


def withholds(guess: Guess, now: datetime) -> bool:
    """Say whether there is a score that is not shown before it is guessed."""
    return guess.rated and is_open(guess, now)


def is_due(guess: Guess, now: datetime) -> bool:
    """Say whether the question still makes sense as it leaves."""
    return guess.state is GuessState.OPEN and now < guess.lapses_at and not guess.stopped


def is_mendable(guess: Guess) -> bool:
    """Say whether another number may take the place of the one that was given."""
    return guess.state is GuessState.GIVEN and guess.shown_at is None


def given(guess: Guess, value: Score, now: datetime) -> Guess | None:
    """Keep a guess, or another one in its place; None when it would not be blind, or comes too late."""
    if not (is_open(guess, now) or is_mendable(guess)):
        return None
    return replace(guess, state=GuessState.GIVEN, value=value, guessed_at=now)


def ended(guess: Guess, state: GuessState, now: datetime) -> Guess | None:
    """End a question that stands without an answer; None when it does not stand any more."""
    return replace(guess, state=state, ended_at=now) if guess.state is GuessState.OPEN else None


def seen(guess: Guess, now: datetime) -> Guess | None:
    """Note that the score was shown; None when that changes nothing."""
    if guess.state is GuessState.OPEN:
        return replace(guess, state=GuessState.SEEN, shown_at=now, ended_at=now)
    return replace(guess, shown_at=now) if is_mendable(guess) else None


def withheld(guesses: Collection[Guess], now: datetime) -> dict[CheckInId, GuessId]:
    """Return the check-ins whose score is not shown yet, each with the guess that is asked for first."""
    return {guess.check_in_id: guess.id for guess in guesses if withholds(guess, now)}

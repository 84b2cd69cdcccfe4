"""What a therapist sees of a guess: the question, the one before a score, what became of it, how guesses differ."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.domain import guessing, timing
from bot.domain.alliance import mean
from bot.domain.guessing import Gap, Guess, GuessState
from bot.domain.model import HIGHEST, LOWEST, Points, Voice
from bot.texts import Texts
from handlers.actions import Action
from handlers.actions_guesses import Guessed, GuessedBefore, OpenGuess, SeeNow, ShownIn
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import Button, Screen, cut
from handlers.screens_patient import ROW

_ENDED: Final = {
    GuessState.SKIPPED: "guess-skipped",
    GuessState.SEEN: "guess-seen",
    GuessState.LAPSED: "guess-over",
    GuessState.WITHDRAWN: "guess-over",
}


def question(texts: Texts, voice: Voice, guess: Guess, now: datetime) -> Screen:
    """Ask, or show what was answered; code only, and a number can be mended while it is blind."""
    if guess.state is GuessState.OPEN and guessing.is_due(guess, now):
        asked = f"{_asks(texts, voice, guess, now)}\n{texts.say(voice, 'guess-anchors')}"
        return Screen(cut(asked), _numbers(lambda value: Guessed(guess.id, value)))
    if guess.value is None:
        return Screen(_over(texts, voice, guess))
    noted = cut(texts.say(voice, "guess-noted", **_session(texts, voice, guess), guess=str(guess.value)))
    if not guessing.is_mendable(guess):
        return Screen(noted)
    mend = texts.say(voice, "guess-mend")
    return Screen(cut(f"{noted}\n{mend}"), _numbers(lambda value: Guessed(guess.id, value)))


def _asks(texts: Texts, voice: Voice, guess: Guess, now: datetime) -> str:
    if timing.same_local_day(guess.session_ends_at, now, voice.zone):
        return texts.say(voice, "guess-asked-today", code=guess.code)
    day = texts.moment(voice, guess.session_ends_at)["day"]
    return texts.say(voice, "guess-asked", code=guess.code, day=day)


def _over(texts: Texts, voice: Voice, guess: Guess) -> str:
    key = _ENDED.get(guess.state, "guess-over")
    return cut(texts.say(voice, key, **_session(texts, voice, guess)))


def _session(texts: Texts, voice: Voice, guess: Guess) -> dict[str, str]:
    return {"code": guess.code, "day": texts.short_day(voice, guess.session_ends_at)}


def before(texts: Texts, voice: Voice, guess: Guess, shown_in: ShownIn, of: int) -> Screen:
    """Ask in place of a score, which `of` shows then; seeing it at once is always possible."""
    asked = texts.say(voice, "guess-before", **_session(texts, voice, guess))
    numbers = _numbers(lambda value: GuessedBefore(guess.id, value, shown_in, of))
    now = row(texts, voice, ("button-see-now", SeeNow(guess.id, shown_in, of)))
    return Screen(cut(f"{asked}\n{texts.say(voice, 'guess-anchors')}"), (*numbers, now))


def compared(texts: Texts, voice: Voice, guess: Guess, alliance: Points | None) -> Screen:
    """Show the score (a sum, 0–20) of one session beside the guess; without one, say what became of the guess."""
    if alliance is None:
        return Screen(_over(texts, voice, guess))
    values = _session(texts, voice, guess) | {"mean": texts.number(voice, mean(alliance))}
    if guess.value is None:
        return Screen(cut(texts.say(voice, "guess-score", **values)))
    return Screen(cut(texts.say(voice, "guess-compared", **values, guess=str(guess.value))))


def gap(texts: Texts, voice: Voice, found: Gap) -> str:
    """Say how the guesses about one patient differ from the scores, and over how many sessions."""
    points = texts.number(voice, float(abs(found.mean)))
    return texts.say(voice, "guess-gap", direction=found.direction, points=points, count=found.count)


def open_button(texts: Texts, voice: Voice, code: str, day: str, tap: OpenGuess) -> Button:
    """Return the button that asks for the guess of one line."""
    return Button(texts.say(voice, "button-guess-line", code=code, day=day), encode(tap))


def _numbers(tap: Callable[[int], Action]) -> tuple[tuple[Button, ...], ...]:
    numbers = tuple(Button(str(value), encode(tap(value))) for value in range(LOWEST, HIGHEST + 1))
    return numbers[:ROW], numbers[ROW:]

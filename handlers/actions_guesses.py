"""What the buttons around guesses, pauses and a patient's page mean; see `handlers.actions`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.domain.grounding import PauseId
from bot.domain.guessing import GuessId
from bot.domain.model import CheckInId, PatientId


class ShownIn(StrEnum):
    """Where a score is shown once it was guessed."""

    ALERT = "alert"
    PAGE = "page"
    LINE = "line"
    SESSION = "session"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Guessed:
    """A number under the question that was sent."""

    guess: GuessId
    value: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class GuessedBefore:
    """A number in place of a score; `of`: the episode, the patient or the guess that is shown then."""

    guess: GuessId
    value: int = field(repr=False)
    shown_in: ShownIn
    of: int


@dataclass(frozen=True, slots=True)
class SeeNow:
    """*Prefiero verla ya*."""

    guess: GuessId
    shown_in: ShownIn
    of: int


@dataclass(frozen=True, slots=True)
class OpenGuess:
    """*Estimar*, in place (`of` a page) or in a message of its own (`of` a line)."""

    guess: GuessId
    shown_in: ShownIn
    of: int


@dataclass(frozen=True, slots=True)
class OpenPatients:
    """Another page of the list of patients."""

    page: int


@dataclass(frozen=True, slots=True)
class OpenPatient:
    """The page of one patient."""

    patient: PatientId


@dataclass(frozen=True, slots=True)
class OfferPause:
    """*Activar* or *Desactivar* the pause of a patient."""

    patient: PatientId
    offered: bool


@dataclass(frozen=True, slots=True)
class StartPause:
    """*Una pausa de 45 segundos*."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class StopPause:
    """*Parar*."""

    pause: PauseId


ONLY_SHOW_GUESSES: Final = (OpenGuess, OpenPatients, OpenPatient)
"""See `handlers.actions.ONLY_SHOW`."""

GuessAction = (
    Guessed | GuessedBefore | SeeNow | OpenGuess | OpenPatients | OpenPatient | OfferPause | StartPause | StopPause
)

"""Notices about a therapist's guess and about a patient's pause; see `bot.domain.notices`."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.grounding import PauseId
from bot.domain.guessing import GuessId


@dataclass(frozen=True, slots=True)
class GuessAsked:
    """To the therapist, before the score can be seen: how the patient may have lived the session."""

    guess_id: GuessId
    kind: Literal["guess_asked"] = "guess_asked"


@dataclass(frozen=True, slots=True)
class GuessSettled:
    """Not a message but an edit, to the therapist: the question as it stands now."""

    guess_id: GuessId
    message_id: int
    kind: Literal["guess_settled"] = "guess_settled"


@dataclass(frozen=True, slots=True)
class PauseShown:
    """To the patient: the pause as it stands now, edited in place where it is there already (`message_id`)."""

    pause_id: PauseId
    message_id: int | None = None
    kind: Literal["pause_shown"] = "pause_shown"

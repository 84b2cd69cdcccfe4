"""What a therapist is shown, gathered: the facts of an alert, of the list of patients and of urgent words, unsaid."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.alliance import Finding, Rules
from bot.domain.episodes import Episode
from bot.domain.guessing import Gap, GuessId
from bot.domain.model import (
    Called,
    CheckInId,
    Concern,
    Patient,
    Rating,
)


@dataclass(frozen=True, slots=True)
class AlertView:
    """An episode with what raised it last, in today's numbers, and the thresholds of the practice."""

    episode: Episode
    finding: Finding
    has_words: bool
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient and the last answered check-in, if there is one; `to_guess` stands in place of one not to be seen yet.

    `gap`: how the therapist's blind guesses differ from this patient's scores.
    """

    patient: Patient
    last: Rating | None
    to_guess: GuessId | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class PatientPage:
    """What a therapist sees of one patient; `offers_pause`: a pause is offered after hard check-ins."""

    line: PatientLine
    offers_pause: bool


@dataclass(frozen=True, slots=True)
class Case:
    """An urgent concern as one person may see it.

    `own`: it is their patient; `reads`: they may read the words; `by`: who else has seen it (or contacted), if so;
    `therapist_reached`: the alert is on the therapist's phone; `unseen`: how many of this patient nobody has seen.
    """

    concern: Concern
    own: bool = True
    reads: bool = True
    by: Called | None = None
    therapist_reached: bool = True
    unseen: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """The check-in whose words a therapist may open: whose it is, and about which session."""

    check_in_id: CheckInId
    code: str = field(repr=False)
    session_ends_at: datetime

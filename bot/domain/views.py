"""What a therapist is shown, gathered: the facts of an alert, of the list of patients and of a week, without words.

Says which facts deserve a first look; how they are said is not known here.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alliance import DROP
from bot.domain.model import (
    Called,
    CheckInId,
    Concern,
    Episode,
    Patient,
    Points,
    Rating,
)

SILENCE: Final = 2
"""Consecutive check-ins closed without an answer that count as silence (DESIGN §6, rule *silence*)."""

_SILENCE_FADES: Final = timedelta(days=7)
"""A check-in of the week before may have closed in this one; older silence has been said already."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """An episode with the two answered check-ins that it compares; `threshold` is the rule's, in sum points."""

    episode: Episode
    previous: Rating
    current: Rating
    unanswered_between: int
    has_words: bool
    threshold: Points = DROP


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient and the last answered check-in, if there is one."""

    patient: Patient
    last: Rating | None


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

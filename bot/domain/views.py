"""What a therapist is shown, gathered: the facts of an alert, of the list of patients and of a week, without words.

Says which facts deserve a first look; how they are said is not known here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alliance import Finding, Rules
from bot.domain.episodes import UNTALKED, Episode, EpisodeState, Family
from bot.domain.guessing import Gap, GuessId
from bot.domain.instrument import MUCH_PENDING
from bot.domain.model import (
    Called,
    CheckInId,
    CheckInLine,
    CheckInState,
    Concern,
    Patient,
    PatientId,
    Points,
    Rating,
)

SILENCE: Final = 2
"""Consecutive check-ins closed without an answer that count as silence (DESIGN §6, rule *silence*)."""

_SILENCE_FADES: Final = timedelta(days=7)
"""A check-in of the week before may have closed in this one; older silence has been said already."""


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


@dataclass(frozen=True, slots=True)
class Silence:
    """A patient whose last `length` check-ins closed without an answer."""

    code: str = field(repr=False)
    length: int


@dataclass(frozen=True, slots=True)
class DigestView:
    """A therapist's week; the dates it spans, both included, are on the calendar of `zone`.

    `lines`: the check-ins of this week's sessions, and those of earlier ones that were answered in it; `history`: all
    asked check-ins until its end, by session, this week's included; `episodes`: live ones and those closed this week;
    `urgent`: urgent words after which nobody has contacted the patient.
    """

    first_on: date
    last_on: date
    zone: ZoneInfo
    lines: Sequence[CheckInLine]
    history: Sequence[CheckInLine]
    episodes: Sequence[Episode]
    urgent: Sequence[Concern]
    sessions: int
    patients: int
    charted: Sequence[Episode] = ()
    """Every episode that the chart may mark, older ones included."""

    late: int = 0
    """Questions that did not leave in time: the bot or Telegram was away."""

    unreachable: int = 0
    """Questions that could not arrive: the patient's chat is gone."""

    to_guess: Mapping[CheckInId, GuessId] = field(default_factory=dict)
    """Answered check-ins that the therapist guesses first: their lines are without numbers."""

    gaps: Mapping[str, Gap] = field(default_factory=dict, repr=False)
    """How the therapist's blind guesses differ from the scores, by the patient's code."""

    @property
    def answered(self) -> Sequence[CheckInLine]:
        """Return this week's check-ins with both alliance items scored, also those that are guessed first."""
        return [line for line in self.lines if self._answered(line)]

    @property
    def untalked(self) -> Sequence[Episode]:
        """Return the falls and slides that nobody has talked about yet, those that nobody has seen first."""
        untalked = [one for one in self.episodes if one.state in UNTALKED and one.family is not Family.SILENCE]
        return sorted(untalked, key=lambda one: UNTALKED.index(one.state))

    @property
    def repaired(self) -> Sequence[Episode]:
        """Return the falls and slides that were repaired this week."""
        repaired = [one for one in self.episodes if one.state is EpisodeState.REPAIRED]
        return [one for one in repaired if one.family is not Family.SILENCE]

    @property
    def much_pending(self) -> Sequence[CheckInLine]:
        """Return this week's check-ins that left much pending (≥ 7)."""
        return [line for line in self.lines if line.pending is not None and line.pending >= MUCH_PENDING]

    @property
    def written(self) -> Sequence[CheckInLine]:
        """Return this week's check-ins that have words, patients in the order of their codes."""
        return sorted((line for line in self.lines if line.has_words), key=lambda one: (one.code, one.session_ends_at))

    @property
    def silent(self) -> Sequence[Silence]:
        """Return the patients who have fallen silent lately."""
        runs = (self._unanswered_run(patient_id) for patient_id in self._patient_ids())
        return [Silence(run[0].code, len(run)) for run in runs if len(run) >= SILENCE and self._recent(run[0])]

    def last_alliance(self, code: str) -> Points | None:
        """Return the newest alliance of a patient; None also while it is guessed first."""
        lines = [line for line in self.history if line.code == code and self._answered(line)]
        return lines[-1].alliance if lines else None

    def alliance_before(self, line: CheckInLine) -> Points | None:
        """Return the alliance that this patient gave before `line`."""
        earlier = [
            other.alliance
            for other in self.history
            if other.patient_id == line.patient_id
            and other.session_ends_at < line.session_ends_at
            and other.alliance is not None
        ]
        return earlier[-1] if earlier else None

    def _answered(self, line: CheckInLine) -> bool:
        return line.alliance is not None or line.id in self.to_guess

    def _patient_ids(self) -> Sequence[PatientId]:
        return list(dict.fromkeys(line.patient_id for line in self.history))

    def _unanswered_run(self, patient_id: PatientId) -> Sequence[CheckInLine]:
        """Return the unanswered check-ins at the end, newest first; what says nothing about silence is passed over."""
        newest_first = (line for line in reversed(self.history) if line.patient_id == patient_id)
        return list(takewhile(lambda line: line.alliance is None, _telling(newest_first)))

    def _recent(self, line: CheckInLine) -> bool:
        return line.session_ends_at.astimezone(self.zone).date() >= self.first_on - _SILENCE_FADES


def _telling(lines: Iterator[CheckInLine]) -> Iterator[CheckInLine]:
    """Keep what was answered or closed unanswered: declined, stopped, open … neither count nor break the run."""
    return (line for line in lines if line.alliance is not None or line.state is CheckInState.CLOSED)

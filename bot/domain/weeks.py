"""A therapist's week, gathered for the digest: which facts deserve a first look, which a second, without words.

What the rules find is asked of `bot.domain.alliance`; what became of it, of the episodes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alliance import Entry, Finding, Outcome, Rule, Rules, evaluate, follows_drop
from bot.domain.episodes import Episode, EpisodeState, Family, Precision
from bot.domain.guessing import Gap, GuessId
from bot.domain.model import CheckInId, CheckInLine, Concern, Points, TreatmentId
from bot.domain.records import Record

ENOUGH_CLOSED: Final = 5
"""From so many closed episodes on, the digest says how often a rule was right; of fewer it says nothing true."""

_SILENCE_FADES: Final = timedelta(days=7)
"""A check-in of the week before may have closed in this one; older silence has been said already."""

_IN_THE_WEEK: Final = (Rule.LOW_START, Rule.PENDING, Rule.CEILING)
"""What the rules find that opens no episode; silence is told as it stands at the end of the week."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a rule found about a patient."""

    code: str = field(repr=False)
    finding: Finding


@dataclass(frozen=True, slots=True)
class DigestView:
    """A therapist's week; the dates it spans, both included, are on the calendar of `zone`.

    `lines`: the check-ins of this week's sessions, and those of earlier ones whose questions were answered, declined or
    closed in it; `history`: all asked check-ins until its end, by session, this week's included; `episodes`: live ones
    and those closed this week; `urgent`: urgent words after which nobody has contacted the patient.
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
    courses: Mapping[str, Sequence[Entry]] = field(default_factory=dict, repr=False)
    """The same history as the rules see it, by code."""

    noted: Sequence[Noted] = ()
    """What the rules found this week, besides what opened episodes."""

    charted_since: datetime | None = None
    """How far back the chart goes; None: to the beginning."""

    charted: Sequence[Episode] = ()
    """Every episode that the chart may mark, older ones included."""

    precision: Mapping[Rule, Precision] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    late: int = 0
    """Questions that did not leave in time: the bot or Telegram was away."""

    unreachable: int = 0
    """Questions that could not arrive: the patient's chat is gone."""

    invited: int = 0
    """Patients whose invitation waits: they are none of `patients`, nor are those who preferred not to or have left."""

    to_guess: Mapping[CheckInId, GuessId] = field(default_factory=dict)
    """Answered check-ins that the therapist guesses first: their lines are without numbers."""

    gaps: Mapping[str, Gap] = field(default_factory=dict, repr=False)
    """How the therapist's blind guesses differ from the scores, by the patient's code."""

    agreements: Sequence[Record] = ()
    """What stands agreed with those who have a line this week, by code."""

    @property
    def answered(self) -> Sequence[CheckInLine]:
        """Return this week's check-ins with both alliance items scored, also those that are guessed first."""
        return [line for line in self.lines if self._answered(line)]

    @property
    def written(self) -> Sequence[CheckInLine]:
        """Return this week's check-ins that have words, patients in the order of their codes."""
        return sorted((line for line in self.lines if line.has_words), key=lambda one: (one.code, one.session_ends_at))

    def standing(self, *states: EpisodeState) -> Sequence[Episode]:
        """Return the episodes in one of these states, state by state, the oldest first."""
        return [episode for state in states for episode in self.episodes if episode.state is state]

    @property
    def to_open(self) -> Sequence[Episode]:
        """Return the episodes that ask for a next step, the most pressing first."""
        return self.standing(EpisodeState.OPEN, EpisodeState.SEEN, EpisodeState.UNREPAIRED, EpisodeState.TALKED)

    @property
    def unseen(self) -> Sequence[Episode]:
        """Return the episodes whose alert nobody has seen; silence was pushed only right after a drop."""
        return [one for one in self.standing(EpisodeState.OPEN) if self._was_pushed(one)]

    @property
    def untalked(self) -> Sequence[Episode]:
        """Return the falls and slides that were seen and not talked about."""
        return [one for one in self.standing(EpisodeState.SEEN) if one.family is not Family.SILENCE]

    @property
    def silent(self) -> Sequence[Noted]:
        """Return who is silent, but for alerts that nobody has seen and for what was talked about or was not that."""
        answered = [*self.unseen, *self.standing(EpisodeState.TALKED, EpisodeState.FALSE_ALARM)]
        told = {one.code for one in answered if one.family is Family.SILENCE}
        return [one for one in self.of(Rule.SILENCE) if one.code not in told]

    def _was_pushed(self, episode: Episode) -> bool:
        course = self.courses.get(episode.code, ())
        known = any(entry.check_in_id == episode.current_id for entry in course)
        return episode.family is not Family.SILENCE or (known and follows_drop(course, episode.current_id, self.rules))

    def of(self, rule: Rule) -> Sequence[Noted]:
        """Return what one rule found this week."""
        return [one for one in self.noted if one.finding.rule is rule]

    @property
    def measured(self) -> Mapping[Rule, Precision]:
        """Return how often each rule was right, of those with enough closed episodes; silence is seldom an alert."""
        pushed = {rule: counted for rule, counted in self.precision.items() if rule is not Rule.SILENCE}
        return {rule: counted for rule, counted in pushed.items() if counted.closed >= ENOUGH_CLOSED}

    def last_alliance(self, code: str) -> Points | None:
        """Return the newest alliance of a patient; None also while it is guessed first."""
        answered = (line for line in reversed(self.history) if line.code == code and self._answered(line))
        newest = next(answered, None)
        return newest.alliance if newest else None

    def alliance_before(self, line: CheckInLine) -> Points | None:
        """Return the alliance that this patient gave before `line`."""
        earlier = (
            other.alliance
            for other in reversed(self.history)
            if other.patient_id == line.patient_id
            and other.session_ends_at < line.session_ends_at
            and other.alliance is not None
        )
        return next(earlier, None)

    def _answered(self, line: CheckInLine) -> bool:
        return line.alliance is not None or line.id in self.to_guess


def noted(
    courses: Mapping[str, Sequence[Entry]],
    this_week: Collection[CheckInId],
    first_on: date,
    zone: ZoneInfo,
    rules: Rules,
) -> Sequence[Noted]:
    """Return what the rules find in the check-ins of a week, and who is silent at the end of it, by code and day."""
    told = [
        Noted(code, finding)
        for code, course in courses.items()
        for finding in (*_found(course, this_week, rules), *_silence(course, first_on, zone, rules))
    ]
    return sorted(told, key=lambda one: (one.code, one.finding.current.session_at))


def by_code(
    courses: Mapping[TreatmentId, Sequence[Entry]], history: Iterable[CheckInLine]
) -> Mapping[str, Sequence[Entry]]:
    """Return the courses under the codes of their patients, in that order; what is not in `history` is left out."""
    codes = {line.id: line.code for line in history}
    told: dict[str, list[Entry]] = {}
    for course in courses.values():
        for entry in course:
            if entry.check_in_id in codes:
                told.setdefault(codes[entry.check_in_id], []).append(entry)
    return dict(sorted(told.items()))


def _found(course: Sequence[Entry], this_week: Collection[CheckInId], rules: Rules) -> Iterable[Finding]:
    for entry in course:
        if entry.check_in_id in this_week:
            yield from (one for one in evaluate(course, entry.check_in_id, rules) if one.rule in _IN_THE_WEEK)


def _silence(course: Sequence[Entry], first_on: date, zone: ZoneInfo, rules: Rules) -> Iterable[Finding]:
    """Find that the last check-in that tells anything belongs to a silence, unless that has been said already."""
    telling = [entry for entry in course if entry.outcome is not Outcome.PASSED][-1:]
    for last in telling:
        if last.session_at.astimezone(zone).date() >= first_on - _SILENCE_FADES:
            yield from (one for one in evaluate(course, last.check_in_id, rules) if one.rule is Rule.SILENCE)

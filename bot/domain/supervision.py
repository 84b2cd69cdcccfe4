"""A month of a whole team as a supervisor reads it: how the alliances went, never whose.

Nothing is told about fewer than `SMALLEST_GROUP` patients, nor what would give it away by subtraction; nobody is named,
compared or ranked.  Source: seed 0, "Supervisión con foco relacional" (moments of attunement, ruptures, resources).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import timing
from bot.domain.alliance import Entry, Outcome
from bot.domain.episodes import Episode, EpisodeState, Family
from bot.domain.model import CheckInLine, CheckInState, Points, TherapistId, TreatmentId

SMALLEST_GROUP: Final = 5
"""Patients; fewer are not told about."""

FEWEST_THERAPISTS: Final = 2
"""The reading of one therapist's patients would be about that therapist."""

ATTUNED: Final = Points(18)
"""Sum points: 9 of ten, the cut-off of the SRS carried over (FIELD (c) 3.1: 36 of 40)."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """What there is about one therapist's patients: asked check-ins, as rows and as the rules see them, episodes.

    `markers`: the treatment of each marker that was noted in the month.
    """

    therapist_id: TherapistId
    lines: Sequence[CheckInLine]
    courses: Mapping[TreatmentId, Sequence[Entry]] = field(repr=False)
    episodes: Sequence[Episode]
    markers: Sequence[TreatmentId] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of something, and about how many patients that is."""

    count: int
    patients: int

    @property
    def tellable(self) -> bool:
        """Say whether it is about nobody, or about enough patients."""
        return self.patients == 0 or self.patients >= SMALLEST_GROUP

    @property
    def told(self) -> int | None:
        """Return the count; None where it is about too few patients to be told."""
        return self.count if self.tellable else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A month, `first_on` its first day.

    `answered`, `declined` and `silent` make up `sessions`; `attuned` and `unattuned` make up `answered`.  `dropped`
    counts the falls and slides that were found in the month; `repaired`, `unrepaired` and `not_that` what became in the
    month of those found in it or before.  `days` and `sessions_until` are medians of the repaired.
    """

    first_on: date
    therapists: int
    patients: int
    sessions: int
    answered: Tally
    declined: Tally
    silent: Tally
    unanswered: Tally
    """Declined and silent together."""

    attuned: Tally
    unattuned: Tally
    dropped: Tally
    repaired: Tally
    unrepaired: Tally
    not_that: Tally
    markers: Tally
    """Safety markers noted: the somatic resources of the seed."""

    days: float | None = None
    sessions_until: float | None = None

    @property
    def empty(self) -> bool:
        """Say whether nothing was asked in the month."""
        return self.patients == 0

    @property
    def too_small(self) -> bool:
        """Say whether the group is too small for anything to be told."""
        return self.patients < SMALLEST_GROUP or self.therapists < FEWEST_THERAPISTS

    @property
    def parts(self) -> Sequence[Tally]:
        """Return into what the sessions may be divided so that no part is small: three parts, two, or none."""
        three = (self.answered, self.declined, self.silent)
        two = (self.answered, self.unanswered)
        return next((parts for parts in (three, two) if all(part.tellable for part in parts)), ())

    @property
    def attunement(self) -> Tally | None:
        """Return the moments of attunement; None where they, or what is not among them, are about too few patients."""
        return self.attuned if self.parts and self.attuned.tellable and self.unattuned.tellable else None


def month_before(now: datetime, zone: ZoneInfo) -> date:
    """Return the first day of the month that ended last, by the calendar of `zone`."""
    return (now.astimezone(zone).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def next_reading(after: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """Return the first instant after `after` that is `hour` o'clock on the first day of a month."""
    first = after.astimezone(zone).date().replace(day=1)
    at = timing.to_utc(datetime.combine(first, time(hour)), zone)
    return at if at > after else reading_after(first, hour, zone)


def reading_after(first_on: date, hour: int, zone: ZoneInfo) -> datetime:
    """Return when the month that begins on `first_on` is read: `hour` o'clock on the first day of the next one."""
    return timing.to_utc(datetime.combine(_next_month(first_on), time(hour)), zone)


def bounds(first_on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a month begins and when the next one does."""
    begins, ends = (datetime.combine(on, time()) for on in (first_on, _next_month(first_on)))
    return timing.to_utc(begins, zone), timing.to_utc(ends, zone)


def _next_month(first_on: date) -> date:
    return (first_on + timedelta(days=31)).replace(day=1)


def reading(first_on: date, zone: ZoneInfo, caseloads: Iterable[Caseload]) -> Reading:
    """Read a month of a team's caseloads; questions that are still open at the end of it are not in it."""
    begins, ends = bounds(first_on, zone)
    known = list(caseloads)
    lines = [(one.therapist_id, line) for one in known for line in one.lines if begins <= line.session_ends_at < ends]
    told = [(therapist_id, line) for therapist_id, line in lines if _outcome(line) is not None]
    by_outcome = {outcome: [line for _, line in told if _outcome(line) is outcome] for outcome in CheckInState}
    answered = by_outcome[CheckInState.DONE]
    declined, silent = by_outcome[CheckInState.DECLINED], by_outcome[CheckInState.CLOSED]
    steady = {entry.check_in_id for one in known for course in one.courses.values() for entry in _attuned(course)}
    episodes = [one for caseload in known for one in caseload.episodes if _counts(one)]
    closed = [one for one in episodes if one.closed_at is not None and begins <= one.closed_at < ends]
    repaired = [one for one in closed if one.state is EpisodeState.REPAIRED]
    courses = {treatment: course for one in known for treatment, course in one.courses.items()}
    markers = [treatment for one in known for treatment in one.markers]
    enough = repaired if _of(repaired).patients >= SMALLEST_GROUP else []
    return Reading(
        first_on,
        therapists=len({therapist_id for therapist_id, _ in told}),
        patients=len({line.patient_id for _, line in told}),
        sessions=len(told),
        answered=_lines(answered),
        declined=_lines(declined),
        silent=_lines(silent),
        unanswered=_lines([*declined, *silent]),
        attuned=_lines([line for line in answered if line.id in steady]),
        unattuned=_lines([line for line in answered if line.id not in steady]),
        dropped=_of([one for one in episodes if begins <= one.opened_at < ends]),
        repaired=_of(repaired),
        unrepaired=_of([one for one in closed if one.state is EpisodeState.UNREPAIRED]),
        not_that=_of([one for one in closed if one.state is EpisodeState.FALSE_ALARM]),
        markers=Tally(len(markers), len(set(markers))),
        days=_median(_days(one) for one in enough),
        sessions_until=_median(_sessions(courses.get(one.treatment_id, ()), one) for one in enough),
    )


def _outcome(line: CheckInLine) -> CheckInState | None:
    """Return DONE for an answered one, DECLINED or CLOSED; None for what says nothing or is not over."""
    if line.alliance is not None:
        return CheckInState.DONE
    return line.state if line.state in (CheckInState.DECLINED, CheckInState.CLOSED) else None


def _attuned(course: Sequence[Entry]) -> Iterable[Entry]:
    """Give the answers of 9 or more that are not below the answer before: it held, or grew, on a high level."""
    before = 0
    for entry in course:
        if entry.outcome is Outcome.ANSWERED:
            if entry.alliance >= max(before, ATTUNED):
                yield entry
            before = entry.alliance


def _counts(episode: Episode) -> bool:
    return episode.family is not Family.SILENCE and episode.state is not EpisodeState.WITHDRAWN


def _lines(lines: Sequence[CheckInLine]) -> Tally:
    return Tally(len(lines), len({line.patient_id for line in lines}))


def _of(episodes: Sequence[Episode]) -> Tally:
    return Tally(len(episodes), len({one.treatment_id for one in episodes}))


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return median(known) if known else None


def _days(episode: Episode) -> float:
    return ((episode.closed_at or episode.opened_at) - episode.opened_at) / timedelta(days=1)


def _sessions(course: Sequence[Entry], episode: Episode) -> int:
    """Count the answered sessions after the fall, up to the one with which it was repaired."""
    answered = [entry for entry in course if entry.outcome is Outcome.ANSWERED]
    after = [place for place, entry in enumerate(answered, start=1) if entry.check_in_id == episode.current_id]
    until = episode.closed_at or episode.opened_at
    return sum(entry.session_at <= until for entry in answered[after[0] :]) if after else 0

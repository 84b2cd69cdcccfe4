"""Courses that are made up: patients whose alliance is stable, falls, slides, or falls and is repaired.

The model: a patient has a level, a session differs from it, each of the two items differs from the session; all three
are normal and independent.  The sum of the three is rounded to whole points and cut at 0 and 10: that is the ceiling.

    score = clip(round(level + patient + session + item), 0, 10)

Its four numbers were fitted, for each scenario, to the moments and rates of FIELD 3.4 (docs/evidence.md); nothing in
them is clinical data.  The levels lie near or above 10 because many real people answer 10 again and again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from bot.domain.alliance import Entry
from bot.domain.instrument import ALLIANCE
from bot.domain.model import HIGHEST, LOWEST, CheckInId, Item, Score
from bot.evidence.reading import outcome
from bot.evidence.run import Run

STEPS: Final = 4
WEEK: Final = timedelta(weeks=1)
_BEGINNING: Final = datetime(2026, 1, 5, 17, tzinfo=UTC)
_SCORES: Final = tuple(Score(value) for value in range(LOWEST, HIGHEST + 1))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of practice: its patients' level, and standard deviations; in points of ten, before the ceiling."""

    name: str
    level: float
    patient: float
    session: float
    item: float


SCENARIOS: Final = (
    Scenario("A", 9.31, 1.34, 1.06, 0.75),
    Scenario("B", 9.40, 1.57, 0.95, 0.60),
    Scenario("C", 9.64, 1.81, 0.81, 0.51),
    Scenario("D", 10.33, 1.68, 0.95, 0.55),
)
"""The rows of FIELD 3.4: from little to much agreement between sessions, and (D) a high ceiling."""


class Shape(StrEnum):
    """What becomes of a patient's level."""

    STABLE = "stable"
    ABRUPT = "abrupt fall"
    SLOW = "slow slide"
    REPAIRED = "V-shaped repair"


@dataclass(frozen=True, slots=True)
class Change:
    """A change by so many points of ten, before the ceiling: both items alike."""

    shape: Shape
    points: float = 0.0

    def lowers(self, since: int) -> float:
        """Return by how much the level is lower `since` sessions after the change began (0: at its first session)."""
        match self.shape:
            case Shape.ABRUPT:
                return self.points
            case Shape.SLOW:
                return self.points * min(since + 1, STEPS) / STEPS
            case Shape.REPAIRED:
                return self.points * max(0.0, 1 - since / 2)
            case Shape.STABLE:
                return 0.0


STABLE: Final = Change(Shape.STABLE)
FALL: Final = Change(Shape.ABRUPT, 3.0)
SLIDE: Final = Change(Shape.SLOW, 3.0)
REPAIRED: Final = Change(Shape.REPAIRED, 3.0)


def courses(scenario: Scenario, run: Run, change: Change = STABLE) -> Iterator[tuple[Entry, ...]]:
    """Make up the weekly check-ins of so many patients.

    The same run makes the same patients, with the same chances, for every change; only the change differs.
    """
    chance = Random(f"{run.seed} {scenario.name}")  # noqa: S311 - nothing secret
    silence = Random(f"{run.seed} {scenario.name} silence")  # noqa: S311
    moments = [_BEGINNING + place * WEEK for place in range(run.sessions)]
    lowered = [change.lowers(place - run.begins) if place >= run.begins else 0.0 for place in range(run.sessions)]
    for _ in range(run.patients):
        level = scenario.level + chance.gauss(0, scenario.patient)
        scores = [_scores(scenario, level - less, chance) for less in lowered]
        kept = [{} if silence.random() < run.missing else each for each in scores]
        yield tuple(
            Entry(CheckInId(place), at, outcome(each), each)
            for place, (at, each) in enumerate(zip(moments, kept, strict=True))
        )


def _scores(scenario: Scenario, level: float, chance: Random) -> dict[Item, Score]:
    session = level + chance.gauss(0, scenario.session)
    return {item: _score(session + chance.gauss(0, scenario.item)) for item in ALLIANCE}


def _score(value: float) -> Score:
    return _SCORES[min(HIGHEST, max(LOWEST, round(value)))]

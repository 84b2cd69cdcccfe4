"""The simulation of FIELD 3.4, done again with the rules of the bot, and whether both agree.

FIELD states its figures and moments but not its program; the generator here has the same moments.  Two choices were
found by trying, and are the ones under which all eight sensitivities agree: an abrupt fall starts from a session of at
least 9.0 and is looked for in the very next one; a slow slide begins with the eighth of twelve sessions and is looked
for until the last.  Two figures agree when they differ by no more than three standard errors of their difference
(FIELD: 20,000 patients) and half of FIELD's last digit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import stdev
from typing import Final, NamedTuple

from bot.domain.alliance import Entry, Rule, Rules, evaluate
from bot.domain.model import Points
from bot.evidence.generator import SCENARIOS, SLIDE, Change, Scenario, Shape, courses
from bot.evidence.run import Run

PATIENTS: Final = 20_000
"""In each scenario of FIELD."""

ERRORS: Final = 3
BATCHES: Final = 50
"""The standard error of a figure is taken from so many parts of the patients."""

GOOD: Final = Points(18)
"""9.0 of ten (SRS 36 of 40)."""

NEVER: Final = Points(21)
"""More than anybody can lose: switches one half of a rule off."""

VARIANTS: Final = {
    "mean ≥ 2": Rules(on=frozenset({Rule.DROP}), drop=Points(4)),
    "an item ≥ 2": Rules(on=frozenset({Rule.ITEM_DROP}), item_drop=2),
    "an item ≥ 3": Rules(on=frozenset({Rule.ITEM_DROP}), item_drop=3),
    "mean ≥ 1": Rules(on=frozenset({Rule.DROP}), drop=Points(2)),
}
BASELINE: Final = Rules(on=frozenset({Rule.SLIDE}), falls=NEVER)
MEAN_2, MEAN_1 = VARIANTS["mean ≥ 2"], VARIANTS["mean ≥ 1"]

FIGURES: Final = {
    "mean": ("8.9", "8.9", "9.0", "9.4"),
    "SD": ("1.27", "1.31", "1.31", "1.05"),
    "all tens, %": ("37", "41", "47", "60"),
    "r of neighbours": ("0.52", "0.64", "0.76", "0.64"),
    "sessions, %: mean ≥ 2": ("8.2", "6.2", "3.8", "3.8"),
    "sessions, %: an item ≥ 2": ("19.5", "15.1", "10.6", "9.5"),
    "sessions, %: an item ≥ 3": ("6.9", "4.3", "2.2", "2.3"),
    "sessions, %: mean ≥ 1": ("22.8", "20.0", "16.1", "13.8"),
    "patients, %: mean ≥ 2": ("57", "46", "32", "29"),
    "patients, %: an item ≥ 2": ("83", "72", "58", "50"),
    "patients, %: mean ≥ 1": ("88", "80", "69", "61"),
    "sessions below 9.0, %": ("38", "37", "33", "21"),
    "RCI95": ("2.45", "2.16", "1.78", "1.73"),
}
"""FIELD's table as it is printed there, scenarios A–D; a session is one with another before it."""

FALLS: Final = {"mean ≥ 2": ("51", "75", "90"), "mean ≥ 1": ("75", "90", "97")}
"""Sensitivity in scenario A, %, to abrupt falls of two, three and four points."""

SLOW: Final = {"mean ≥ 2": "78", "baseline": "94"}
"""The same to a slide of four times 0.75 points."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of ours, its standard error, and what FIELD says, as printed there."""

    name: str
    ours: float
    error: float
    patients: int
    published: str

    @property
    def tolerance(self) -> float:
        """Return by how much the two may differ."""
        both = self.error * sqrt(1 + self.patients / PATIENTS)
        return ERRORS * both + 0.5 * 10.0**-self.digits

    @property
    def agrees(self) -> bool:
        """Say whether they do."""
        return abs(self.ours - float(self.published)) <= self.tolerance

    @property
    def digits(self) -> int:
        """Return how many decimals FIELD has."""
        return len(self.published.partition(".")[2])


class Seen(NamedTuple):
    """One patient: the alliance (sums 0–20) of each session, and how often each variant found something."""

    sums: tuple[int, ...]
    found: tuple[int, ...]


def table(run: Run) -> Mapping[str, Sequence[Compared]]:
    """Return FIELD's table by figure; scenarios A–D.  All answers are there, as in FIELD."""
    whole = replace(run, missing=0.0)
    columns = [_compared(scenario, place, whole) for place, scenario in enumerate(SCENARIOS)]
    return {name: [column[name] for column in columns] for name in FIGURES}


def _compared(scenario: Scenario, place: int, run: Run) -> dict[str, Compared]:
    seen = [_seen(entries) for entries in courses(scenario, run)]
    ours, errors = with_errors(seen, moments)
    return {
        name: Compared(name, ours[name], errors[name], run.patients, published[place])
        for name, published in FIGURES.items()
    }


def _seen(entries: Sequence[Entry]) -> Seen:
    places = range(1, len(entries))
    found = tuple(sum(_finds(entries, place, rules) for place in places) for rules in VARIANTS.values())
    return Seen(tuple(entry.alliance for entry in entries), found)


def _finds(entries: Sequence[Entry], place: int, rules: Rules) -> bool:
    return bool(evaluate(entries[: place + 1], entries[place].check_in_id, rules))


def with_errors(
    seen: Sequence[Seen], measure: Callable[[Sequence[Seen]], Mapping[str, float]]
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Measure all patients, and how much parts of them differ: the figures and their standard errors."""
    parts = [measure(seen[place::BATCHES]) for place in range(BATCHES)]
    return measure(seen), {name: stdev(part[name] for part in parts) / sqrt(BATCHES) for name in parts[0]}


def moments(seen: Sequence[Seen]) -> dict[str, float]:
    """Return the figures of FIELD's table, in its units; SD and RCI95 in points of ten."""
    sums = [points for patient in seen for points in patient.sums]
    deviation = _deviation(sums)
    related = _correlation(seen)
    compared = len(sums) - len(seen)
    per_session = [100 * sum(patient.found[place] for patient in seen) / compared for place in range(len(VARIANTS))]
    ever = [100 * sum(patient.found[place] > 0 for patient in seen) / len(seen) for place in (0, 1, 3)]
    tens, low = sum(points == 2 * 10 for points in sums), sum(points < GOOD for points in sums)
    values = [
        *(sum(sums) / len(sums) / 2, deviation, 100 * tens / len(sums), related),
        *per_session,
        *ever,
        *(100 * low / len(sums), 1.96 * deviation * sqrt(2 * (1 - related))),
    ]
    return dict(zip(FIGURES, values, strict=True))


def _deviation(sums: Sequence[int]) -> float:
    return sqrt(sum(points * points for points in sums) / len(sums) - (sum(sums) / len(sums)) ** 2) / 2


def _correlation(seen: Sequence[Seen]) -> float:
    """Correlate each session with the next one, over all patients."""
    first = [points for patient in seen for points in patient.sums[:-1]]
    second = [points for patient in seen for points in patient.sums[1:]]
    count = len(first)
    product = sum(one * other for one, other in zip(first, second, strict=True)) / count
    covariance = product - sum(first) / count * sum(second) / count
    spread = _deviation(first) * _deviation(second)
    return covariance / (4 * spread) if spread else 0.0


def sensitivities(run: Run) -> list[Compared]:
    """Return what FIELD says about changes in scenario A: abrupt falls of 2, 3 and 4 points, and a slow slide."""
    return [*_falls(replace(run, missing=0.0)), *_slides(replace(run, missing=0.0))]


def _falls(run: Run) -> Iterator[Compared]:
    for place, points in enumerate((2, 3, 4)):
        change = Change(Shape.ABRUPT, points)
        all_of_them = courses(SCENARIOS[0], run, change)
        good = [entries for entries in all_of_them if entries[run.begins - 1].alliance >= GOOD]
        for name, rules in (("mean ≥ 2", MEAN_2), ("mean ≥ 1", MEAN_1)):
            hits = sum(_finds(entries, run.begins, rules) for entries in good)
            yield _share(f"fall of {points} from 9.0 or more: {name}", hits, len(good), run, FALLS[name][place])


def _slides(run: Run) -> Iterator[Compared]:
    slides = list(courses(SCENARIOS[0], run, SLIDE))
    places = range(run.begins, run.sessions)
    for name, rules in (("mean ≥ 2", MEAN_2), ("baseline", BASELINE)):
        hits = sum(any(_finds(entries, place, rules) for place in places) for entries in slides)
        yield _share(f"slide of 4 × 0.75: {name}", hits, len(slides), run, SLOW[name])


def _share(name: str, hits: int, of: int, run: Run, published: str) -> Compared:
    share = hits / of
    return Compared(name, 100 * share, 100 * sqrt(share * (1 - share) / of), run.patients, published)

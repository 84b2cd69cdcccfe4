"""What a practice's thresholds would do to made-up patients: alarms about nothing, and what happened that is found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from bot.domain.alliance import Entry, Rule, Rules
from bot.evidence.counting import PUSHES, Tally, pushes, tally, told
from bot.evidence.generator import STABLE, Change, Scenario, courses
from bot.evidence.intervals import Estimate, wilson
from bot.evidence.reading import Course
from bot.evidence.run import Run


@dataclass(frozen=True, slots=True)
class Detection:
    """In how many patients a change was found; `delays`: sessions from its first to that of the alert (0: at once)."""

    patients: int
    delays: tuple[int, ...]

    @property
    def share(self) -> Estimate:
        """Return the share of patients, 0–1; each counts once, so they are independent."""
        found = len(self.delays)
        return Estimate(found / self.patients, *wilson(found, self.patients))

    @property
    def delay(self) -> int | None:
        """Return the median delay of those that were found."""
        return median_low(self.delays) if self.delays else None


def false_alarms(scenario: Scenario, run: Run, rules: Rules) -> Tally:
    """Count what the rules find in stable patients."""
    return tally((Course(entries, None) for entries in courses(scenario, run, STABLE)), rules)


def detections(scenario: Scenario, run: Run, change: Change, rules: Rules) -> Mapping[str, Detection]:
    """Look for the first alert of each rule (and push) from the change on; what came before it does not count.

    Of a stable patient this says what the same sessions bring without any change.
    """
    delays: dict[str, list[int]] = {row: [] for row in (*Rule, PUSHES)}
    for entries in courses(scenario, run, change):
        for row, since in _first(entries, run.begins, rules):
            delays[row].append(since)
    return {row: Detection(run.patients, tuple(each)) for row, each in delays.items()}


def _first(entries: Sequence[Entry], begins: int, rules: Rules) -> Iterator[tuple[str, int]]:
    heard = list(told(entries, rules))
    for rule in Rule:
        places = [place for place, (_, findings) in enumerate(heard) if rule in findings and place >= begins]
        yield from ((rule, places[0] - begins) for _ in places[:1])
    places = [place for place, pushed in enumerate(pushes(heard, rules)) if pushed and place >= begins]
    yield from ((PUSHES, places[0] - begins) for _ in places[:1])

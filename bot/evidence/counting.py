"""What the rules find, session after session, and how often: per patient, so that it can be said how sure that is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from bot.domain.alliance import Entry, Finding, Outcome, Rule, Rules, evaluate, is_back
from bot.evidence.reading import Course

PUSHES: Final = "pushes"
"""The line of all pushes together, beside those of the rules."""

DAYS_OF_A_YEAR: Final = 365.25

Told = tuple[Entry, Mapping[Rule, Finding]]
"""A check-in and what the rules said when it settled."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of each patient, in the same order everywhere; `alerts` has a row for each rule and one for `PUSHES`.

    `sessions` are check-ins, unanswered ones included; `years` is None where the days are not known.
    """

    sessions: tuple[int, ...]
    years: tuple[float, ...] | None
    alerts: Mapping[str, tuple[int, ...]]

    def patients_with(self, row: str) -> int:
        """Return how many patients had at least one."""
        return sum(alerts > 0 for alerts in self.alerts[row])


def told(entries: Sequence[Entry], rules: Rules) -> Iterator[Told]:
    """Apply the rules to each check-in in turn, with what came before it: as the bot does."""
    for place, entry in enumerate(entries):
        found = evaluate(entries[: place + 1], entry.check_in_id, rules)
        yield entry, {finding.rule: finding for finding in found}


def tally(courses: Iterable[Course], rules: Rules) -> Tally:
    """Count the findings of every rule, and the pushes."""
    sessions: list[int] = []
    days: list[int | None] = []
    counts: dict[str, list[int]] = {row: [] for row in (*Rule, PUSHES)}
    for course in courses:
        heard = list(told(course.entries, rules))
        sessions.append(len(heard))
        days.append(course.days)
        for rule in Rule:
            counts[rule].append(sum(rule in findings for _, findings in heard))
        counts[PUSHES].append(sum(pushes(heard, rules)))
    known = [span / DAYS_OF_A_YEAR for span in days if span is not None]
    years = tuple(known) if len(known) == len(days) else None
    return Tally(tuple(sessions), years, {row: tuple(each) for row, each in counts.items()})


def pushes(heard: Iterable[Told], rules: Rules) -> Iterator[bool]:
    """Say of each check-in whether the therapist would be written to at once (DESIGN §6, column "channel").

    A drop, an item drop, and the first silence right after a drop push each time; a slide pushes once, and again only
    after the alliance was back where it had been.  What the therapist says in between is not known here.
    """
    sliding: Fraction | None = None
    after_drop = False
    for entry, findings in heard:
        if sliding is not None and is_back(sliding, entry, rules):
            sliding = None
        begins = sliding is None and Rule.SLIDE in findings
        fell_silent = after_drop and Rule.SILENCE in findings
        yield begins or fell_silent or Rule.DROP in findings or Rule.ITEM_DROP in findings
        sliding = findings[Rule.SLIDE].level if begins else sliding
        if entry.outcome is Outcome.ANSWERED or fell_silent:
            after_drop = Rule.DROP in findings

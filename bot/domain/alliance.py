"""When has the working alliance dropped, slid or gone silent, and when is it back?  Pure rules.

They read one treatment's course: no clock, no database, no Telegram.  Each looks at one check-in and what
came before it, never at what came later, and says why; none knows what was said about an earlier one (that is
`bot.domain.episodes`).  Every threshold is named, has its source, and can be set or switched off (`Rules`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from bot.domain.instrument import ALLIANCE, MUCH_PENDING
from bot.domain.model import HIGHEST, CheckInId, Item, Points, Score

DROP: Final = Points(4)
"""Two points of ten on the mean of two items (seed 0: "Si la alianza cae dos puntos o más…")."""

ITEM_DROP: Final = 3
"""Points of one item, 0–10 (FIELD, rule A2; seen in 2–7 % of the sessions of simulated stable patients)."""

SLIDE: Final = Points(4)
"""Sum points below the median of the first sessions (FIELD, rule B1)."""

FALLS: Final = Points(3)
"""Sum points lost over `FALLS_IN_A_ROW` falls (FIELD, rule B1; decline over several sessions: Gumz 2012)."""

FALLS_IN_A_ROW: Final = 3
BASELINE: Final = range(3, 6)
"""So many answered sessions make a baseline: at least three, and no more than the first five, then it stands."""

SILENCE: Final = 2
"""Check-ins in a row that closed without an answer (FIELD, rule D1)."""

LOW_START: Final = Points(14)
"""A first answer below 7 of ten (FIELD, rule C1: first-session lows matter more)."""

CEILING: Final = 3
"""Check-ins in a row with nothing but tens (FIELD, rule C3: perfect scores carry no information)."""

REPAIR_MARGIN: Final = Points(1)
"""Half a point of ten: back this close to the level before the fall counts as repaired (FIELD, rule R1)."""

UNREPAIRED_AFTER: Final = 2
"""Answered sessions after a fall with neither repair nor a talk (FIELD, rule R2)."""


class Rule(StrEnum):
    """What may be found about one check-in; how each is told: DESIGN §6."""

    DROP = "drop"
    ITEM_DROP = "item_drop"
    SLIDE = "slide"
    SILENCE = "silence"
    LOW_START = "low_start"
    PENDING = "pending"
    CEILING = "ceiling"


class Outcome(StrEnum):
    """What became of a check-in, as far as the rules care."""

    ANSWERED = "answered"
    """Both alliance items are scored."""

    PARTLY = "partly"
    """One of them is: no alliance to compare, and no silence either."""

    UNANSWERED = "unanswered"
    PASSED = "passed"
    """Declined, unreachable, paused, stopped, no session, or a session whose connection failed: it says nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One check-in in the course of a treatment; `left_words`: something was written about what was left pending."""

    check_in_id: CheckInId
    session_at: datetime
    outcome: Outcome
    scores: Mapping[Item, Score] = field(default_factory=dict, repr=False)
    left_words: bool = False

    @property
    def alliance(self) -> Points:
        """Return the sum of the two alliance items, 0–20; KeyError unless answered."""
        return Points(sum(self.scores[item] for item in ALLIANCE))


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of a practice, and which rules are on; sums in points 0–20, items 0–10, else counts."""

    on: frozenset[Rule] = frozenset(Rule)
    drop: Points = DROP
    item_drop: int = ITEM_DROP
    slide: Points = SLIDE
    falls: Points = FALLS
    silence: int = SILENCE
    low_start: Points = LOW_START
    pending: int = MUCH_PENDING
    ceiling: int = CEILING
    repair_margin: Points = REPAIR_MARGIN
    unrepaired_after: int = UNREPAIRED_AFTER


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found about `current`, and why.

    `previous`: the check-in it is compared with (of a slide: the last before it began), None where there is none.
    `level`: what the alliance was compared with, in sum points 0–20 (the median of a slide may be a half).
    `lost`: how far below it is, in the unit of the rule.  `items`: what was compared.  `count`: of check-ins in a row,
    where the rule counts them.  `unanswered`: check-ins between the two that closed without an answer.
    """

    rule: Rule
    current: Entry
    previous: Entry | None = None
    level: Fraction | None = field(default=None, repr=False)
    lost: Fraction = field(default=Fraction(0), repr=False)
    items: tuple[Item, ...] = ALLIANCE
    count: int = 1
    unanswered: int = 0

    @property
    def most_moved(self) -> Item:
        """Return the alliance item that fell most, of those answered both times; the first when both fell alike."""
        before = self.previous.scores if self.previous else {}
        both = [item for item in ALLIANCE if item in before and item in self.current.scores]
        return max(both, key=lambda item: before[item] - self.current.scores[item], default=ALLIANCE[0])

    @property
    def gap(self) -> timedelta | None:
        """Return the time between the two sessions."""
        return self.current.session_at - self.previous.session_at if self.previous else None


def evaluate(course: Sequence[Entry], check_in_id: CheckInId, rules: Rules) -> tuple[Finding, ...]:
    """Apply every rule that is on to one check-in of a course ordered by session; in the order of `Rule`.

    What comes after it in the course changes nothing.  KeyError if it is not in the course.
    """
    seen = _until(course, check_in_id)
    found = (_RULES[rule](seen, rules) for rule in Rule if rule in rules.on)
    return tuple(finding for finding in found if finding is not None)


def _until(course: Sequence[Entry], check_in_id: CheckInId) -> Sequence[Entry]:
    for place, entry in enumerate(course):
        if entry.check_in_id == check_in_id:
            return course[: place + 1]
    raise KeyError(check_in_id)


# The rules: each looks at the last entry of what it is given


def _drop(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find a loss of at least `rules.drop` from the answered check-in before.

    Source: seed 0, "Decisiones clínicas informadas por el seguimiento" (2 of 10 = 4 of 20).
    """
    current, previous = seen[-1], _previous(seen)
    if current.outcome is not Outcome.ANSWERED or previous is None:
        return None
    lost = previous.alliance - current.alliance
    if lost < rules.drop:
        return None
    return _compared(Rule.DROP, seen, previous, Fraction(lost), level=Fraction(previous.alliance))


def _item_drop(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find one alliance item that fell by at least `rules.item_drop`, where the sum did not fall that far.

    Items that were answered both times are compared, each with itself.  Source: FIELD (c), rule A2.
    """
    current, previous = seen[-1], _previous(seen)
    if current.outcome not in (Outcome.ANSWERED, Outcome.PARTLY) or previous is None:
        return None
    if _fell(seen, rules):
        return None
    fallen = {item: previous.scores[item] - current.scores[item] for item in ALLIANCE if item in current.scores}
    deepest = max(fallen, key=lambda item: fallen[item])
    if fallen[deepest] < rules.item_drop:
        return None
    level = Fraction(previous.alliance)
    return _compared(Rule.ITEM_DROP, seen, previous, Fraction(fallen[deepest]), level=level, items=(deepest,))


def _slide(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find a slow decline: far below where the treatment began, or falling session after session.

    Source: FIELD (c), rule B1; Gumz 2012 (BMC Med Res Methodol 12:10): up to six sessions long, and unseen by a
    comparison with the previous session only.
    """
    answered = _answered(seen)
    if not answered or answered[-1] is not seen[-1]:
        return None
    return _below_baseline(seen, answered, rules) or _falling(seen, answered, rules)


def _below_baseline(seen: Sequence[Entry], answered: Sequence[Entry], rules: Rules) -> Finding | None:
    median = baseline(answered[:-1])
    if median is None or answered[-1].alliance > median - rules.slide:
        return None
    return _compared(Rule.SLIDE, seen, answered[-2], median - answered[-1].alliance, level=median)


def _falling(seen: Sequence[Entry], answered: Sequence[Entry], rules: Rules) -> Finding | None:
    run = answered[-FALLS_IN_A_ROW - 1 :]
    rose = any(later.alliance >= earlier.alliance for earlier, later in pairwise(run))
    if len(run) <= FALLS_IN_A_ROW or rose:
        return None
    lost = run[0].alliance - run[-1].alliance
    if lost < rules.falls:
        return None
    level = Fraction(run[0].alliance)
    return _compared(Rule.SLIDE, seen, run[0], Fraction(lost), level=level, count=FALLS_IN_A_ROW)


def _silence(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find check-ins that closed unanswered, several in a row, or the first one right after a drop.

    What was declined, stopped, never arrived … neither counts nor breaks the run.  Source: FIELD (c), rule D1.
    """
    if seen[-1].outcome is not Outcome.UNANSWERED:
        return None
    telling = [entry for entry in seen if entry.outcome is not Outcome.PASSED]
    run = 0
    while run < len(telling) and telling[-1 - run].outcome is Outcome.UNANSWERED:
        run += 1
    previous = _previous(seen)
    if run < rules.silence and not (run == 1 and _follows_drop(seen, rules)):
        return None
    return Finding(Rule.SILENCE, seen[-1], previous, items=(), count=run)


def follows_drop(course: Sequence[Entry], check_in_id: CheckInId, rules: Rules) -> bool:
    """Say whether the answered check-in before this one was itself a drop: then its silence is told at once."""
    return _follows_drop(_until(course, check_in_id), rules)


def _follows_drop(seen: Sequence[Entry], rules: Rules) -> bool:
    for place in range(len(seen) - 2, -1, -1):
        if seen[place].outcome is Outcome.ANSWERED:
            return _fell(seen[: place + 1], rules)
    return False


def _fell(seen: Sequence[Entry], rules: Rules) -> bool:
    return Rule.DROP in rules.on and _drop(seen, rules) is not None


def _low_start(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find a low first answer.  Source: FIELD (c), rule C1 (lower first SRS in those who did not improve)."""
    answered = _answered(seen)
    if len(answered) != 1 or answered[0] is not seen[-1] or answered[0].alliance >= rules.low_start:
        return None
    level = Fraction(rules.low_start)
    return Finding(Rule.LOW_START, seen[-1], level=level, lost=level - answered[0].alliance)


def _pending(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find that much was left pending, or that it was put into words.  Source: seed 0, third question."""
    current = seen[-1]
    score = current.scores.get(Item.PENDING)
    if not current.left_words and (score is None or score < rules.pending):
        return None
    return Finding(Rule.PENDING, current, items=(Item.PENDING,))


def _ceiling(seen: Sequence[Entry], rules: Rules) -> Finding | None:
    """Find nothing but tens, session after session; said at the third, the sixth …, for it is a hint.

    Source: FIELD (c), rule C3 (54 % give the top score on every ACORN item).
    """
    answered = _answered(seen)
    run = 0
    while run < len(answered) and answered[-1 - run].alliance == HIGHEST * len(ALLIANCE):
        run += 1
    if not run or answered[-1] is not seen[-1] or run % rules.ceiling:
        return None
    return Finding(Rule.CEILING, seen[-1], count=run)


_RULES: Final[Mapping[Rule, Callable[[Sequence[Entry], Rules], Finding | None]]] = {
    Rule.DROP: _drop,
    Rule.ITEM_DROP: _item_drop,
    Rule.SLIDE: _slide,
    Rule.SILENCE: _silence,
    Rule.LOW_START: _low_start,
    Rule.PENDING: _pending,
    Rule.CEILING: _ceiling,
}


# What the rules compare


def baseline(answered: Iterable[Entry]) -> Fraction | None:
    """Return the median alliance (sum points) of the first three to five answered check-ins; None before the third."""
    sums = sorted(entry.alliance for entry in list(answered)[: BASELINE[-1]])
    if len(sums) < BASELINE[0]:
        return None
    middle = len(sums) // 2
    return Fraction(sums[middle]) if len(sums) % 2 else Fraction(sums[middle - 1] + sums[middle], 2)


def is_back(level: Fraction | Points, current: Entry, rules: Rules) -> bool:
    """Say whether the alliance is back near the level (sum points) it had before.  Source: FIELD (c), rule R1."""
    return current.outcome is Outcome.ANSWERED and current.alliance >= level - rules.repair_margin


def stays_down(course: Sequence[Entry], fall: CheckInId, check_in_id: CheckInId, rules: Rules) -> bool:
    """Say whether, with this check-in, enough answered ones have followed the fall.  Source: FIELD (c), rule R2."""
    seen = _until(course, check_in_id)
    places = [entry.check_in_id for entry in seen]
    return fall in places and len(_answered(seen[places.index(fall) + 1 :])) >= rules.unrepaired_after


def mean(points: Points | Fraction) -> float:
    """Show a sum of two items (0–20) on the 0–10 scale people read; quarters at most, so it is exact."""
    return float(points) / len(ALLIANCE)


def _compared(
    rule: Rule,
    seen: Sequence[Entry],
    previous: Entry,
    lost: Fraction,
    *,
    level: Fraction,
    items: tuple[Item, ...] = ALLIANCE,
    count: int = 1,
) -> Finding:
    between = [entry for entry in seen if previous.session_at < entry.session_at < seen[-1].session_at]
    unanswered = sum(entry.outcome is Outcome.UNANSWERED for entry in between)
    return Finding(rule, seen[-1], previous, level, lost, items, count, unanswered)


def _previous(seen: Sequence[Entry]) -> Entry | None:
    """Return the answered check-in before the last entry, if there is one."""
    return next((entry for entry in reversed(seen[:-1]) if entry.outcome is Outcome.ANSWERED), None)


def _answered(seen: Sequence[Entry]) -> Sequence[Entry]:
    return [entry for entry in seen if entry.outcome is Outcome.ANSWERED]

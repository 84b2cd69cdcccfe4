"""What one check-in means for the episodes of its treatment: opened, deepened, closed, withdrawn.

Pure, and a function of the rows alone: judged again, on the rows that it has led to, a check-in changes nothing more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from bot.domain.alliance import Entry, Finding, Outcome, Rule, Rules, evaluate, is_back, stays_down
from bot.domain.episodes import FAMILIES, LIVE_EPISODE, Episode, Event, Family, Raised, after
from bot.domain.instrument import ALLIANCE
from bot.domain.model import CheckInId, EpisodeId

Raisings = Mapping[CheckInId, Mapping[Family, EpisodeId]]
"""By check-in, the episodes in which it raised an alert that still stands."""

LOOKED_AT_AGAIN: Final = 12
"""So many later check-ins at most: a quarter of a year of weekly sessions.  What fell before that is no news."""

_FOLLOWED_BY: Final = {Family.SLIDE: (Family.SLIDE, Family.FALL), Family.SILENCE: (Family.SILENCE,)}
"""What has been told of these goes on from one check-in to the next, and is not told anew (decision 0028)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules make of one check-in.

    `opened`: each opens an episode.  `deepened`: each is a further fall inside a live one.  `restated`: each is found
    still, though by another rule than when it was raised.  `events`: what happens to live episodes, by family.
    """

    opened: tuple[Finding, ...] = ()
    deepened: tuple[Finding, ...] = ()
    restated: tuple[Finding, ...] = ()
    events: Mapping[Family, Event] = field(default_factory=dict)


def unfounded(
    course: Sequence[Entry], check_in_id: CheckInId, live: Mapping[Family, Episode], raised: Raisings, rules: Rules
) -> tuple[tuple[CheckInId, Family], ...]:
    """Return which alerts no longer stand, now that a check-in says what it says.

    Those it raised itself, and those of later check-ins, which may have been compared with it, that live episodes
    speak of.  A rule that was switched off meanwhile withdraws nothing.
    """
    later = [(one.current_id, one.family) for one in live.values() if _is_before(course, check_in_id, one.current_id)]
    standing = [*((check_in_id, family) for family in raised.get(check_in_id, ())), *later]
    return tuple((which, family) for which, family in standing if family not in _found(course, which, _all_on(rules)))


def judge(
    course: Sequence[Entry], check_in_id: CheckInId, live: Mapping[Family, Episode], raised: Raisings, rules: Rules
) -> Verdict:
    """Say what a check-in of the course does to the live episodes; `raised`: what the treatment's check-ins raised."""
    found, mine = _found(course, check_in_id, rules), raised.get(check_in_id, {})
    ending = dict(_events(course, check_in_id, list(live.values()), rules))
    stays = {family: one for family, one in live.items() if _stays(one, ending.get(family))}
    new = {
        family: finding
        for family, finding in found.items()
        if family not in mine and _is_new(course, finding, {*found, *mine, *stays}, live, raised, rules)
    }
    changed = [
        found[family]
        for family in found.keys() & mine.keys() & live.keys()
        if live[family].current_id == check_in_id and live[family].rule is not found[family].rule
    ]
    heavier = [finding for finding in changed if finding.rule is Rule.DROP]
    return Verdict(
        opened=tuple(finding for family, finding in new.items() if family not in live),
        deepened=(*(finding for family, finding in new.items() if family in live), *heavier),
        restated=tuple(finding for finding in changed if finding.rule is not Rule.DROP),
        events=dict(_events(course, check_in_id, [one for family, one in live.items() if family not in new], rules)),
    )


def judged_after(course: Sequence[Entry], check_in_id: CheckInId) -> Sequence[CheckInId]:
    """Return the newest of the later check-ins that say anything, in order: this one may change what they mean."""
    later = course[_places(course)[check_in_id] + 1 :]
    return [entry.check_in_id for entry in later if entry.outcome is not Outcome.PASSED][-LOOKED_AT_AGAIN:]


def _found(course: Sequence[Entry], check_in_id: CheckInId, rules: Rules) -> Mapping[Family, Finding]:
    findings = evaluate(course, check_in_id, rules)
    return {FAMILIES[finding.rule]: finding for finding in findings if finding.rule in FAMILIES}


def _all_on(rules: Rules) -> Rules:
    return replace(rules, on=frozenset(Rule))


def _is_new(
    course: Sequence[Entry],
    finding: Finding,
    here: set[Family],
    live: Mapping[Family, Episode],
    raised: Raisings,
    rules: Rules,
) -> bool:
    """Say whether a finding is to be told: every fall is; the others once, where nothing tells of them already.

    `here`: the families that this check-in speaks of, or that stay live with it.  A fall that ends with it is none of
    them, whether it has been closed yet or not: judged again, the check-in says the same.
    """
    family = FAMILIES[finding.rule]
    if family is Family.FALL:
        was = live.get(family)
        return was is None or not _is_before(course, finding.current.check_in_id, was.current_id)
    if family in live or (family is Family.SLIDE and Family.FALL in here):
        return False
    before = [*_run(course, finding, rules), *(_began(course, finding, rules) if family is Family.SLIDE else ())]
    return not any(told in raised.get(entry.check_in_id, {}) for entry in before for told in _FOLLOWED_BY[family])


def _stays(episode: Episode, event: Event | None) -> bool:
    """Say whether an episode is live after what a check-in says about it."""
    return event is None or after(episode.state, event) in LIVE_EPISODE


def _began(course: Sequence[Entry], finding: Finding, rules: Rules) -> Iterator[Entry]:
    """Yield where a slide may have begun with a fall: the answer before it, and all of one that kept falling."""
    answered = [entry for entry in course if entry.outcome is Outcome.ANSWERED]
    first = min((*_run(course, finding, rules), finding.current), key=answered.index)
    yield from answered[max(answered.index(first) - 1, 0) : answered.index(first)]
    if finding.previous is not None and finding.count > 1:
        yield from answered[answered.index(finding.previous) + 1 : answered.index(finding.current)]


def _run(course: Sequence[Entry], finding: Finding, rules: Rules) -> Iterator[Entry]:
    """Yield the check-ins before the current one of which the same was already found, newest first."""
    place = _places(course)[finding.current.check_in_id]
    passed = {Outcome.PASSED} if finding.rule is Rule.SILENCE else {Outcome.PASSED, Outcome.UNANSWERED, Outcome.PARTLY}
    for entry in reversed(course[:place]):
        if entry.outcome in passed:
            continue
        if FAMILIES[finding.rule] not in _found(course, entry.check_in_id, _all_on(rules)):
            return
        yield entry


def _events(
    course: Sequence[Entry], check_in_id: CheckInId, live: Sequence[Episode], rules: Rules
) -> Iterator[tuple[Family, Event]]:
    """Yield what a check-in says about concerns that began before it."""
    entry = course[_places(course)[check_in_id]]
    for episode in live:
        if not _is_before(course, episode.current_id, check_in_id):
            continue
        if _is_over(course, episode, entry, rules):
            yield episode.family, Event.BACK_UP
        elif entry.outcome is Outcome.ANSWERED and stays_down(course, episode.current_id, check_in_id, rules):
            yield episode.family, Event.STAYED_DOWN


def _is_over(course: Sequence[Entry], episode: Episode, entry: Entry, rules: Rules) -> bool:
    if episode.level_before is None:
        return entry.outcome in (Outcome.ANSWERED, Outcome.PARTLY)
    return is_back(episode.level_before, entry, rules) and not _item_is_low(course, episode, entry, rules)


def _item_is_low(course: Sequence[Entry], episode: Episode, entry: Entry, rules: Rules) -> bool:
    """Say whether the one item that fell is still as far down: the other one may have made up for it in the sum."""
    if episode.rule is not Rule.ITEM_DROP:
        return False
    before = next((one.scores for one in course if one.check_in_id == episode.previous_id), {})
    return any(before[item] - entry.scores[item] >= rules.item_drop for item in ALLIANCE if item in before)


def _is_before(course: Sequence[Entry], one: CheckInId, other: CheckInId) -> bool:
    places = _places(course)
    return one in places and other in places and places[one] < places[other]


def _places(course: Sequence[Entry]) -> Mapping[CheckInId, int]:
    return {entry.check_in_id: place for place, entry in enumerate(course)}


def recalled(course: Sequence[Entry], raised: Raised, level: Fraction | None, rules: Rules) -> Finding | None:
    """Find again what raised an alert, with today's numbers; None when its check-in is no longer there.

    Where the rule would not find it any more (a threshold was changed), what was noted then is told: `level` is the
    episode's, in sum points 0–20.
    """
    entries = {entry.check_in_id: entry for entry in course}
    current = entries.get(raised.current_id)
    if current is None:
        return None
    alone = replace(rules, on=frozenset({raised.rule, *([Rule.DROP] if raised.rule is Rule.SILENCE else [])}))
    found = [one for one in evaluate(course, raised.current_id, alone) if one.rule is raised.rule]
    if found:
        return found[0]
    previous = entries.get(raised.previous_id) if raised.previous_id is not None else None
    return Finding(raised.rule, current, previous, level, Fraction(raised.lost or 0), count=raised.count)

"""What a chart marks in a course of sessions: answers, silence, falls and repairs.  Pure, and without words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from bot.domain.alliance import Entry, Outcome, Rule, Rules, evaluate, is_back, mean
from bot.domain.episodes import Episode, EpisodeState, Family
from bot.domain.model import CheckInId

RECENT: Final = 12
"""So many sessions can be told apart in a small chart."""

Mark = Literal["drop", "repaired"]

_UNTRUE: Final = (EpisodeState.WITHDRAWN, EpisodeState.FALSE_ALARM)
_SHOWN: Final = (Outcome.ANSWERED, Outcome.PARTLY, Outcome.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Marked:
    """One session of a chart: `mean` is the alliance as people read it (0–10), None where it was not answered."""

    check_in_id: CheckInId
    session_at: datetime
    mean: float | None = field(repr=False)
    mark: Mark | None = None


def marked(
    course: Sequence[Entry], episodes: Iterable[Episode], rules: Rules, newest: int | None = None
) -> list[Marked]:
    """Return the sessions of one treatment that a chart shows, the newest `newest` of them; all with None.

    A fall is marked by the rule *drop*, whatever was said about it since, or where an episode that was not called a
    false alarm speaks of one; a repair where the scores came back: one that was only said has no session.  What was
    declined or put off is neither an answer nor silence, and has no place in the chart.
    """
    shown = [entry for entry in course if entry.outcome in _SHOWN]
    shown = shown if newest is None else shown[-newest:]
    known = list(episodes)
    raised = {one.current_id for one in known if one.family is not Family.SILENCE and one.state not in _UNTRUE}
    repaired = {found for one in known for found in _repair(course, one, rules)}
    only_drop = replace(rules, on=rules.on & {Rule.DROP})

    def mark(entry: Entry) -> Mark | None:
        if entry.outcome is not Outcome.ANSWERED:
            return None
        if entry.check_in_id in raised or evaluate(course, entry.check_in_id, only_drop):
            return "drop"
        return "repaired" if entry.check_in_id in repaired else None

    return [Marked(entry.check_in_id, entry.session_at, _mean(entry), mark(entry)) for entry in shown]


def _mean(entry: Entry) -> float | None:
    return mean(entry.alliance) if entry.outcome is Outcome.ANSWERED else None


def _repair(course: Sequence[Entry], episode: Episode, rules: Rules) -> Sequence[CheckInId]:
    """Return the first check-in after the fall of a repaired episode with which the alliance was back."""
    level = episode.level_before
    if episode.state is not EpisodeState.REPAIRED or level is None:
        return ()
    after = [entry.session_at for entry in course if entry.check_in_id == episode.current_id]
    later = [entry for entry in course if after and entry.session_at > after[0]]
    return [entry.check_in_id for entry in later if is_back(level, entry, rules)][:1]

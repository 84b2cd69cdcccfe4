"""When has the working alliance dropped, and when is it back?  Pure rules: no clock, no database, no Telegram."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.domain.instrument import ALLIANCE
from bot.domain.model import Item, Points, Rating

DROP: Final = Points(4)
"""Two points of ten on the mean of two items (seed 0: "Si la alianza cae dos puntos o más…")."""

REPAIR_MARGIN: Final = Points(1)
"""Half a point of ten: back this close to the level before the fall counts as repaired (FIELD, rule R1)."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A fall between two consecutive answered check-ins, with what is needed to explain it."""

    previous: Rating
    current: Rating
    lost: Points = field(repr=False)

    @property
    def gap(self) -> timedelta:
        """Return the time between the two sessions."""
        return self.current.session_at - self.previous.session_at

    @property
    def most_moved(self) -> Item:
        """Return the alliance item that fell most; the first one when both fell alike."""
        return max(ALLIANCE, key=lambda item: self.previous.scores[item] - self.current.scores[item])


def drop(previous: Rating, current: Rating, *, threshold: Points = DROP) -> Drop | None:
    """Compare two consecutive answered check-ins; report a loss of at least `threshold` (sum points, 0–20).

    Source: seed 0, "Decisiones clínicas informadas por el seguimiento" (2 of 10 = 4 of 20).
    """
    lost = Points(previous.alliance - current.alliance)
    return Drop(previous, current, lost) if lost >= threshold else None


def repaired(level_before: Points, current: Rating) -> bool:
    """Say whether the alliance is back near the level (sum points) it had before the fall."""
    return current.alliance >= level_before - REPAIR_MARGIN


def before(history: Sequence[Rating], current: Rating) -> Rating | None:
    """Return the answered check-in just before `current` in a history ordered by session, if there is one."""
    earlier = [rating for rating in history if rating.session_at < current.session_at]
    return earlier[-1] if earlier else None


def mean(points: Points) -> float:
    """Show a sum of two items (0–20) on the 0–10 scale people read; halves at most, so it is exact."""
    return points / len(ALLIANCE)

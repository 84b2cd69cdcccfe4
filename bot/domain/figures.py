"""Sums about the practice's post and its open cases: never about anybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.model import Urgency


@dataclass(frozen=True, slots=True)
class Figures:
    """How many messages of each class wait, how many episodes are open, and how many urgent words without contact."""

    waiting: Mapping[Urgency, int]
    episodes: int
    concerns: int

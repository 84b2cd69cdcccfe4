"""How many patients and sessions are made up."""

from dataclasses import dataclass
from typing import Final

SESSIONS: Final = 12
FEWEST_SESSIONS: Final = 8
CHANGES_FOR: Final = 5
"""A change begins so many sessions before the last: a slide has four steps, and one session to be seen afterwards."""


@dataclass(frozen=True, slots=True)
class Run:
    """How much is made up; `missing` is the share of check-ins that stay unanswered, whatever the scores."""

    patients: int = 2_000
    sessions: int = SESSIONS
    seed: int = 2
    missing: float = 0.1

    @property
    def begins(self) -> int:
        """Return the place (from 0) of the session at which a change begins."""
        return self.sessions - CHANGES_FOR

"""What is counted where it happens: sums, never about anybody.  See `bot.services.ports`."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.model import Urgency


class Outcome(StrEnum):
    """What became of a call that was to bring something to a chat."""

    SENT = "sent"
    LIMITED = "limited"
    """Telegram asked to wait."""
    GONE = "gone"
    """The chat is blocked or closed."""
    REFUSED = "refused"
    """Telegram did not want this message; another one it may take."""
    FAILED = "failed"
    """It did not get through, or nobody knows."""


class Recorder(Protocol):
    """Hears what happens."""

    def answer_kept(self) -> None:
        """Count a score that was kept; one that is corrected counts again."""

    def called(self, urgency: Urgency, outcome: Outcome) -> None:
        """Count a call to a chat."""

    def limited(self) -> None:
        """Count an answer "too many requests"."""

    def notice_left(self, urgency: Urgency, waited: timedelta) -> None:
        """Note how long after its time a notice left."""

    def update_worked(self, waited: timedelta) -> None:
        """Note how long an update waited, from when it was kept until it was answered."""


class _Nobody:
    """Lets everything pass: for commands and tests that count nothing."""

    def answer_kept(self) -> None:
        """Do nothing."""

    def called(self, urgency: Urgency, outcome: Outcome) -> None:
        """Do nothing."""

    def limited(self) -> None:
        """Do nothing."""

    def notice_left(self, urgency: Urgency, waited: timedelta) -> None:
        """Do nothing."""

    def update_worked(self, waited: timedelta) -> None:
        """Do nothing."""


NOBODY: Final[Recorder] = _Nobody()

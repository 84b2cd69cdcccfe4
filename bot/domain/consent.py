"""What a patient agreed to: the wording, by its number, and the terms of the practice that change what it means.

A version is written so that it can be compared, and read: `2-reads-other-14d-900s-morning`.  Equal versions promise the
same; what else may differ between two texts (a telephone number, a name, a slip) is in the hash kept beside it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WORDING: Final = 3
"""Grows when a sentence of the consent text says something else; `tests/handlers/test_consent_text.py` watches."""

EARLIER: Final = "0"
"""The version of a decision about a text that was no longer the one in force when the button under it was tapped."""

_READS: Final = "reads"


@dataclass(frozen=True, slots=True)
class Promises:
    """What a practice's settings promise in the text.

    `second_reads`: a second contact may read urgent words; `other_contact`: somebody else can be reached; `backups`:
    for how many days copies last; `delay`, `waits_for_morning`: when the questions come.
    """

    second_reads: bool
    other_contact: bool
    backups: int
    delay: timedelta
    waits_for_morning: bool

    @property
    def version(self) -> str:
        """Name the text that makes these promises; at most 40 characters."""
        parts = [str(WORDING), _READS if self.second_reads else "code", "other" if self.other_contact else ""]
        parts += [f"{self.backups}d", f"{round(self.delay.total_seconds())}s"]
        return "-".join(part for part in (*parts, "morning" if self.waits_for_morning else "") if part)


def lets_second_read(version: str | None) -> bool:
    """Say whether who agreed to this text agreed that a second contact reads urgent words."""
    return version is not None and _READS in version.split("-")

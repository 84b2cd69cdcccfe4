"""What becomes of notices that cannot be shown; see `bot.domain.notices`."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Unshown:
    """To whoever was to be told: there is something, though it cannot be shown.  Plain, so that this one can be.

    `code` is empty where it was about nobody's patient; `listed`: it stands among the therapist's alerts.
    """

    code: str = field(default="", repr=False)
    urgent: bool = False
    listed: bool = False
    kind: Literal["unshown"] = "unshown"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row whose notice cannot be read: of a newer version, of other keys, or damaged.  Nothing shows it."""

    was: str = field(default="", repr=False)
    kind: Literal["unreadable"] = "unreadable"

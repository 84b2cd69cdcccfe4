"""What therapists are told about concerns of the alliance; see `bot.domain.notices`."""

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.alliance import Rule
from bot.domain.model import EpisodeId


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """To the therapist, discreetly: what a rule found; numbers and words on tap.  `again`: a further fall."""

    episode_id: EpisodeId
    code: str = field(repr=False)
    again: bool
    rule: Rule = Rule.DROP
    kind: Literal["alert_raised"] = "alert_raised"


@dataclass(frozen=True, slots=True)
class AlertWithdrawn:
    """To the therapist: something was corrected, and what a rule had found is no longer there."""

    episode_id: EpisodeId
    code: str = field(repr=False)
    rule: Rule = Rule.DROP
    kind: Literal["alert_withdrawn"] = "alert_withdrawn"


@dataclass(frozen=True, slots=True)
class EpisodeNote:
    """To the therapist who has talked about it: what was found and renegotiated may be noted now."""

    episode_id: EpisodeId
    code: str = field(repr=False)
    kind: Literal["episode_note"] = "episode_note"


@dataclass(frozen=True, slots=True)
class EpisodeNoted:
    """To the therapist who was asked for a note: it was `kept`, or there is none."""

    episode_id: EpisodeId
    code: str = field(repr=False)
    kept: bool = True
    kind: Literal["episode_noted"] = "episode_noted"

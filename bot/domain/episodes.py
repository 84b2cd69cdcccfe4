"""One concern about one treatment, from the rule that found it to its repair: the states, and what leads to which.

Pure: the numbers are judged in `bot.domain.alliance`, the words of therapists arrive as events.  The table of
transitions is complete and is explained in docs/episodes.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import floor
from typing import Final

from bot.domain.alliance import Finding, Rule
from bot.domain.model import CheckInId, EpisodeId, Points, TherapistId, TreatmentId


class Family(StrEnum):
    """What kind of concern an episode is; a treatment has at most one live one of each."""

    FALL = "fall"
    SLIDE = "slide"
    SILENCE = "silence"


FAMILIES: Final[Mapping[Rule, Family]] = {
    Rule.DROP: Family.FALL,
    Rule.ITEM_DROP: Family.FALL,
    Rule.SLIDE: Family.SLIDE,
    Rule.SILENCE: Family.SILENCE,
}
"""The rules that open an episode; what the others find is told in the digest and before the session."""


class EpisodeState(StrEnum):
    """Where a concern stands: raised, acknowledged, talked about, or one of four ends."""

    OPEN = "open"
    SEEN = "seen"
    TALKED = "talked"
    REPAIRED = "repaired"
    UNREPAIRED = "unrepaired"
    FALSE_ALARM = "false_alarm"
    WITHDRAWN = "withdrawn"


LIVE_EPISODE: Final = (EpisodeState.OPEN, EpisodeState.SEEN, EpisodeState.TALKED)
"""The states that something may still change, most pressing first; the others absorb everything."""

UNTALKED: Final = (EpisodeState.OPEN, EpisodeState.SEEN)


@dataclass(frozen=True, slots=True)
class Episode:
    """One concern of one treatment, found in `previous_id` → `current_id`.

    `rule` raised it last.  `level_before` is what repair must reach, in sum points 0–20 (of a slide, the median rounded
    up); a silence has none, and has no `previous_id` where nothing had been answered before.  `repeated_at`: pushed a
    second time, unseen.  `noted`: the therapist left a note about the talk.
    """

    id: EpisodeId
    treatment_id: TreatmentId
    therapist_id: TherapistId
    code: str = field(repr=False)
    rule: Rule
    family: Family
    state: EpisodeState
    previous_id: CheckInId | None
    current_id: CheckInId
    level_before: Points | None = field(repr=False)
    opened_at: datetime
    acknowledged_at: datetime | None = None
    talked_at: datetime | None = None
    closed_at: datetime | None = None
    repeated_at: datetime | None = None
    noted: bool = False
    patient_left: bool = False

    @property
    def live(self) -> bool:
        """Say whether something may still change it."""
        return self.state in LIVE_EPISODE

    @property
    def followed(self) -> bool:
        """Say whether it still asks something of the therapist: of who left, only what nobody has seen does."""
        unseen = self.state is EpisodeState.OPEN and self.family is not Family.SILENCE
        return self.live and (unseen or not self.patient_left)


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert inside an episode as it was raised: `lost` as in `Finding`, rounded down; None for a silence."""

    rule: Rule
    previous_id: CheckInId | None
    current_id: CheckInId
    lost: int | None = field(default=None, repr=False)
    count: int = 1


def raised_by(finding: Finding) -> Raised:
    """Return the alert that a finding raises."""
    previous = finding.previous.check_in_id if finding.previous else None
    lost = None if finding.level is None else floor(finding.lost)
    return Raised(finding.rule, previous, finding.current.check_in_id, lost, finding.count)


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a rule was right: of its `closed` episodes, so many were `false_alarms`.

    What a correction withdrew says nothing about the rule and counts nowhere.
    """

    closed: int
    false_alarms: int


# What leads from one state to the next


class Event(StrEnum):
    """What may happen to an episode: the therapist's words, and what later check-ins say."""

    SEEN = "seen"
    """*Visto*."""

    TALKED = "talked"
    """*Lo hablamos*."""

    NOT_THAT = "not_that"
    """*No era eso*."""

    SAID_REPAIRED = "said_repaired"
    """*Reparada*, which is offered once it was talked about."""

    FELL_AGAIN = "fell_again"
    """A further fall, which is pushed again."""

    FALL_WITHDRAWN = "fall_withdrawn"
    """A correction undid the newest of several falls; the one before it stands."""

    WITHDRAWN = "withdrawn"
    """A correction undid whatever was raised."""

    BACK_UP = "back_up"
    """The scores are back near the level before; after a silence, there is an answer again."""

    STAYED_DOWN = "stayed_down"
    """Enough answered sessions have followed without that (`Rules.unrepaired_after`)."""


_ENDS: Final = tuple(state for state in EpisodeState if state not in LIVE_EPISODE)

TRANSITIONS: Final[Mapping[tuple[EpisodeState, Event], EpisodeState]] = {
    (EpisodeState.OPEN, Event.SEEN): EpisodeState.SEEN,
    (EpisodeState.OPEN, Event.TALKED): EpisodeState.TALKED,
    (EpisodeState.OPEN, Event.NOT_THAT): EpisodeState.FALSE_ALARM,
    (EpisodeState.OPEN, Event.SAID_REPAIRED): EpisodeState.OPEN,
    (EpisodeState.OPEN, Event.FELL_AGAIN): EpisodeState.OPEN,
    (EpisodeState.OPEN, Event.FALL_WITHDRAWN): EpisodeState.OPEN,
    (EpisodeState.OPEN, Event.WITHDRAWN): EpisodeState.WITHDRAWN,
    (EpisodeState.OPEN, Event.BACK_UP): EpisodeState.REPAIRED,
    (EpisodeState.OPEN, Event.STAYED_DOWN): EpisodeState.UNREPAIRED,
    (EpisodeState.SEEN, Event.SEEN): EpisodeState.SEEN,
    (EpisodeState.SEEN, Event.TALKED): EpisodeState.TALKED,
    (EpisodeState.SEEN, Event.NOT_THAT): EpisodeState.FALSE_ALARM,
    (EpisodeState.SEEN, Event.SAID_REPAIRED): EpisodeState.SEEN,
    (EpisodeState.SEEN, Event.FELL_AGAIN): EpisodeState.OPEN,
    (EpisodeState.SEEN, Event.FALL_WITHDRAWN): EpisodeState.SEEN,
    (EpisodeState.SEEN, Event.WITHDRAWN): EpisodeState.WITHDRAWN,
    (EpisodeState.SEEN, Event.BACK_UP): EpisodeState.REPAIRED,
    (EpisodeState.SEEN, Event.STAYED_DOWN): EpisodeState.UNREPAIRED,
    (EpisodeState.TALKED, Event.SEEN): EpisodeState.TALKED,
    (EpisodeState.TALKED, Event.TALKED): EpisodeState.TALKED,
    (EpisodeState.TALKED, Event.NOT_THAT): EpisodeState.FALSE_ALARM,
    (EpisodeState.TALKED, Event.SAID_REPAIRED): EpisodeState.REPAIRED,
    (EpisodeState.TALKED, Event.FELL_AGAIN): EpisodeState.OPEN,
    (EpisodeState.TALKED, Event.FALL_WITHDRAWN): EpisodeState.TALKED,
    (EpisodeState.TALKED, Event.WITHDRAWN): EpisodeState.WITHDRAWN,
    (EpisodeState.TALKED, Event.BACK_UP): EpisodeState.REPAIRED,
    (EpisodeState.TALKED, Event.STAYED_DOWN): EpisodeState.TALKED,
    **{(end, event): end for end in _ENDS for event in Event},
}
"""Every event in every state; what is closed absorbs everything."""


def after(state: EpisodeState, event: Event) -> EpisodeState:
    """Return the state that an event leads to."""
    return TRANSITIONS[state, event]

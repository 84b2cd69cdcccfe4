"""Everything that is held about one patient, as plain values: what `/misdatos` and `/exportar` hand over.

Instants are UTC; scores 0–10; words in clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.episodes import EpisodeState
from bot.domain.model import Called, CheckInState, Item, PatientState, SessionState, WordsKind


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about the consent text; `guardian` is the reference of a guardian's consent."""

    version: str
    text_hash: str
    language: str
    decided_at: datetime
    accepted: bool
    guardian: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who read words, and when; None is somebody who is no longer here.

    `exported`: they took the words over in a file; None is then whoever did so at the practice's own computer.
    """

    at: datetime
    by: str | None = field(repr=False)
    exported: bool = False


@dataclass(frozen=True, slots=True)
class HeldWords:
    """Something the patient wrote, with everybody who has read it; `told` are those to whom it was confided."""

    kind: WordsKind
    text: str = field(repr=False)
    written_at: datetime
    changed_at: datetime | None
    urgent_seen_at: datetime | None
    read: Sequence[Reading]
    told: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class HeldCheckIn:
    """The check-in about one session; `text_version` names the wording that was shown."""

    state: CheckInState
    due_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    done_at: datetime | None
    text_version: str | None
    scores: Mapping[Item, int] = field(repr=False)
    words: Sequence[HeldWords]


@dataclass(frozen=True, slots=True)
class HeldSession:
    """One therapy appointment."""

    starts_at: datetime
    ends_at: datetime
    state: SessionState
    check_in: HeldCheckIn | None


@dataclass(frozen=True, slots=True)
class HeldEpisode:
    """One concern about the alliance, and what became of it; `level_before` is a sum, 0–20, None of a silence.

    `noted`: the therapist wrote a note about the talk; `note` is there for the therapist alone.
    """

    rule: str
    state: EpisodeState
    level_before: int | None = field(repr=False)
    opened_at: datetime
    acknowledged_at: datetime | None
    talked_at: datetime | None
    closed_at: datetime | None
    noted: bool
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the audit: who did what, and when; `by` is None when the person is no longer here."""

    at: datetime
    by: str | None = field(repr=False)
    act: str
    subject: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything held about one patient, oldest first in every list.

    `confided`: words told to somebody other than the therapist; always empty in what the therapist gets.
    `messages`: how many messages of the bot in the patient's chat it still knows.  `waiting`: notices that have not
    left yet.  `quiet`: quiet hours of their own ("22:00-09:00").  `received`: updates kept so that none takes effect
    twice.
    """

    code: str = field(repr=False)
    state: PatientState
    state_at: datetime
    therapist: Called
    minor: bool
    guardian: str | None = field(repr=False)
    language: str | None
    zone: str | None
    quiet: str | None
    decisions: Sequence[Decision]
    sessions: Sequence[HeldSession]
    messages_left: Sequence[HeldWords]
    confided: Sequence[HeldWords]
    episodes: Sequence[HeldEpisode]
    acts: Sequence[Act]
    messages: int
    waiting: int
    received: int
    words_deleted_at: datetime | None

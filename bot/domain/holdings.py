"""Everything that is held about one patient, as plain values: what `/misdatos` and `/exportar` hand over.

Instants are UTC; scores 0–10; words in clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bot.domain.appointments import Place
from bot.domain.carried import TakenUp
from bot.domain.episodes import EpisodeState
from bot.domain.model import (
    Called,
    CheckInState,
    Item,
    PatientState,
    SessionId,
    SessionState,
    WordsKind,
)
from bot.domain.records import RecordKind


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
    """The check-in about one session; `text_version` names the wording that was shown.

    `items`: what it asks, in this order.  `planned_at`, `sent_at`, `opened_at`, `corrected_at`: see `CheckIn`; None
    where it did not happen, or was not yet written down.  `asked_at`: the question was given to be sent.
    `answered_at`: both alliance items had been scored.  `scored_at`: when each score was given, or last changed.
    `guess`: what the therapist guessed (0–10), always None in what the patient gets; `pause_at`: when the patient began
    the pause that was offered.
    """

    state: CheckInState
    items: Sequence[Item]
    planned_at: datetime | None
    due_at: datetime
    asked_at: datetime | None
    sent_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    done_at: datetime | None
    corrected_at: datetime | None
    text_version: str | None
    scores: Mapping[Item, int] = field(repr=False)
    scored_at: Mapping[Item, datetime] = field(repr=False)
    words: Sequence[HeldWords]
    taken_up: TakenUp | None = None
    guess: int | None = field(default=None, repr=False)
    pause_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldSession:
    """One therapy appointment; `id` is never given out twice in a practice.

    `cut`: a failed connection ended it early, so that its scores are not compared with others.
    """

    id: SessionId
    starts_at: datetime
    ends_at: datetime
    state: SessionState
    place: Place | None
    cut: bool
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
class HeldRecord:
    """What the therapist wrote down; `text` is None where it was struck out, or is `reserved` from who asks.

    `version`: the number of an agreement, from 1; None for any other kind, and for what was struck out.
    """

    kind: RecordKind
    text: str | None = field(repr=False)
    recorded_at: datetime
    ended_at: datetime | None
    struck_at: datetime | None
    reserved: bool = False
    version: int | None = None


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

    `id`: the same patient of the same practice in every export, and nobody else anywhere.
    `confided`: words told to somebody other than the therapist; always empty in what the therapist gets.
    `messages`: how many messages of the bot in the patient's chat it still knows.  `waiting`: notices that have not
    left yet.  `quiet`: quiet hours of their own ("22:00-09:00").  `received`: updates kept so that none takes effect
    twice.  `guesses_kept`: how many notes of the therapist's own there are that this copy does not hold.  `manner`:
    how they are spoken to in Spanish, register, form and region ("usted neutral spain").
    """

    id: UUID
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
    records: Sequence[HeldRecord]
    acts: Sequence[Act]
    messages: int
    waiting: int
    received: int
    words_deleted_at: datetime | None
    guesses_kept: int = 0
    manner: str | None = field(default=None, repr=False)

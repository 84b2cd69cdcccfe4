"""What comes in, what goes out and what the bot does for itself, as rows: updates, notices, chores."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType
from zoneinfo import ZoneInfo

from bot.domain.model import (
    CheckInState,
    DeletionId,
    InboxId,
    Kept,
    OutboxId,
    PatientId,
    PatientState,
    Person,
    PersonId,
    Urgency,
)
from bot.domain.notices import Notice

Receipt = NewType("Receipt", InboxId)
"""The inbox row of the update that causes a transaction."""

Lane = NewType("Lane", bytes)
"""What the updates of one chat have in common: its blind index.  They are worked in order, chats beside each other."""


FAULT: Final = "fault"
OWN_FAULTS: Final = (FAULT, "refused")
"""How the reason begins of a failure that lies in the message and not on the way: nothing waits behind such a one."""


PRESSING: Final = (Urgency.REPLY, Urgency.URGENT)
"""What waits neither for a free hand nor for room that is kept."""


class Due(StrEnum):
    """What can fall due: each kind of row has an instant of its own."""

    CHECK_IN = "check_in"
    FACE = "face"
    """A check-in whose message does not show how it stands."""
    DIGEST = "digest"
    EPISODE = "episode"
    CONCERN = "concern"
    SESSION = "session"
    """A session of which its therapist is reminded beforehand."""
    NOTICE = "notice"
    UPDATE = "update"
    CHORE = "chore"
    ACCOUNT = "account"
    """An account that is forgotten although its chat could not be emptied."""
    ERASURE = "erasure"
    GUESS = "guess"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Source:
    """Where typed words came from: an edit of the same message finds them again.

    `version` tells words apart that one message held one after the other, where none may take the place of another.
    """

    chat_id: int = field(repr=False)
    message_id: int
    version: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as it arrived: `key` tells redeliveries apart from news, `body` is its JSON."""

    key: str = field(repr=False)
    chat_id: int = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update that waits to be worked."""

    id: InboxId
    body: str = field(repr=False)
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A notice that is due; `attempts` counts the tries that failed.

    `wanted_at` is when it should have left, whatever held it up since; None for one from before that was noted.
    """

    id: OutboxId
    person_id: PersonId
    notice: Notice
    urgency: Urgency
    due_at: datetime
    not_after: datetime | None
    attempts: int
    faults: int = 0
    """How many of the tries failed for what is in the message itself."""
    wanted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """To whom something leaves now, and how it stands with what a question is about: None for every other message."""

    person: Person
    check_in: CheckInState | None = None
    message_id: int | None = None
    """The message that shows the check-in now."""
    patient: PatientState | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """Something that is not tried any more, because every try failed for its own sake: no word of what it says.

    `kind` is that of a notice, or "update" for what came in; `reason` names an error.
    """

    id: int
    kind: str = field(repr=False)
    reason: str = field(repr=False)
    parked_at: datetime


class Box(StrEnum):
    """Where something was put aside."""

    UPDATE = "u"
    """It came in."""
    MESSAGE = "m"
    """It was to leave."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that was put aside, by the number an operator names it with."""

    box: Box
    row: Parked

    @property
    def number(self) -> str:
        """Return the number: one for both boxes."""
        return f"{self.box}{self.row.id}"


@dataclass(frozen=True, slots=True)
class ChoreRow:
    """A chore that is due; `attempts` counts the tries that failed since it was last done."""

    name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a delivery: the message, and for a check-in the face and the wording that it shows."""

    message_id: int | None = None
    face: str | None = None
    text_version: str | None = None


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """What of a patient who left is still to be erased: at `export_until`, sooner once it was exported."""

    patient_id: PatientId
    keep_scores: bool
    left_at: datetime
    export_until: datetime
    exported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told, on the clock of `zone`, before what they may read of one kind is deleted."""

    person_id: PersonId
    kind: Kept
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class DeletionRow:
    """A deletion of what is older than `before_at`, from `delete_at` on, once it was announced twice."""

    id: DeletionId
    person_id: PersonId
    kind: Kept
    before_at: datetime
    delete_at: datetime
    first_told_at: datetime | None = None
    second_told_at: datetime | None = None

"""What the bot has to tell people on its own: each notice is a row of the outbox before it is a message.

A notice holds facts that stay true (ids, codes, instants); what may change until it is sent (the step of a check-in,
the numbers of an alert) is read when it leaves.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.model import CheckInId, ConcernId, EpisodeId, PatientId, SessionId, WordsId


@dataclass(frozen=True, slots=True)
class Question:
    """The check-in as it stands, in a new message; the message before it loses its keyboard.

    `kept` says first that the words just typed were kept.
    """

    check_in_id: CheckInId
    reminder: bool = False
    kept: bool = False
    kind: Literal["question"] = "question"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A therapist is in: what the bot does and how to begin."""

    kind: Literal["enrolled"] = "enrolled"


@dataclass(frozen=True, slots=True)
class Consented:
    """A patient accepted: what happens next."""

    patient_id: PatientId
    kind: Literal["consented"] = "consented"


@dataclass(frozen=True, slots=True)
class ConsentDeclined:
    """A patient declined: nothing will be asked."""

    patient_id: PatientId
    kind: Literal["consent_declined"] = "consent_declined"


@dataclass(frozen=True, slots=True)
class PatientDecided:
    """To the therapist: P-07 accepted, or prefers not to."""

    code: str = field(repr=False)
    accepted: bool
    kind: Literal["patient_decided"] = "patient_decided"


@dataclass(frozen=True, slots=True)
class InvitationReady:
    """The one-time link for a patient, with its QR picture."""

    code: str = field(repr=False)
    token: str = field(repr=False)
    expires_at: datetime
    kind: Literal["invitation_ready"] = "invitation_ready"


@dataclass(frozen=True, slots=True)
class InvitationRefused:
    """To the therapist: somebody with another account tried a link that was already opened."""

    name: str = field(repr=False)
    kind: Literal["invitation_refused"] = "invitation_refused"


@dataclass(frozen=True, slots=True)
class SessionNoted:
    """What was understood of a `/sesion`; `ask_at` is when the patient will be asked."""

    session_id: SessionId
    code: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    ask_at: datetime
    ended_now: bool
    patient_ready: bool
    kind: Literal["session_noted"] = "session_noted"


@dataclass(frozen=True, slots=True)
class NoSessionClaimed:
    """To the therapist: the patient says that there was no session."""

    check_in_id: CheckInId
    code: str = field(repr=False)
    session_ends_at: datetime
    kind: Literal["no_session_claimed"] = "no_session_claimed"


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """To the therapist, discreetly: the perceived alliance fell; numbers and words on tap."""

    episode_id: EpisodeId
    code: str = field(repr=False)
    again: bool
    kind: Literal["alert_raised"] = "alert_raised"


@dataclass(frozen=True, slots=True)
class AlertWithdrawn:
    """To the therapist: the patient corrected an answer and the fall is gone."""

    episode_id: EpisodeId
    code: str = field(repr=False)
    kind: Literal["alert_withdrawn"] = "alert_withdrawn"


@dataclass(frozen=True, slots=True)
class WordsHidden:
    """Not a message but an edit: words that were read disappear again after ten minutes."""

    message_id: int
    episode_id: EpisodeId | None = None
    words_id: WordsId | None = None
    concern_id: ConcernId | None = None
    check_in_id: CheckInId | None = None
    kind: Literal["words_hidden"] = "words_hidden"


@dataclass(frozen=True, slots=True)
class CrisisRaised:
    """To the therapist, at any hour: words that may speak of dying or self-harm."""

    concern_id: ConcernId
    code: str = field(repr=False)
    kind: Literal["crisis_raised"] = "crisis_raised"


@dataclass(frozen=True, slots=True)
class HelpFirst:
    """To the patient: the help card, when it could not leave directly."""

    kind: Literal["help_first"] = "help_first"


@dataclass(frozen=True, slots=True)
class CrisisKept:
    """To the patient, once the words are stored: kept, and the therapist is being told."""

    patient_id: PatientId
    kind: Literal["crisis_kept"] = "crisis_kept"


@dataclass(frozen=True, slots=True)
class CrisisDelivered:
    """To the patient, once it is true: the therapist's phone has the message."""

    patient_id: PatientId
    kind: Literal["crisis_delivered"] = "crisis_delivered"


@dataclass(frozen=True, slots=True)
class WordsLeft:
    """To the therapist: a patient left a message; the words on tap."""

    words_id: WordsId
    code: str = field(repr=False)
    kind: Literal["words_left"] = "words_left"


@dataclass(frozen=True, slots=True)
class WordsKept:
    """To the patient: the message was kept for the therapist."""

    patient_id: PatientId
    kind: Literal["words_kept"] = "words_kept"


@dataclass(frozen=True, slots=True)
class PatientUnreachable:
    """To the therapist, once: messages no longer reach this patient (the bot was blocked or the account is gone)."""

    code: str = field(repr=False)
    kind: Literal["patient_unreachable"] = "patient_unreachable"


@dataclass(frozen=True, slots=True)
class WeeklyDigest:
    """The therapist's week: the sessions that ended after `since_at` and until `until_at`."""

    since_at: datetime
    until_at: datetime
    kind: Literal["weekly_digest"] = "weekly_digest"


Notice = (
    Question
    | Enrolled
    | Consented
    | ConsentDeclined
    | PatientDecided
    | InvitationReady
    | InvitationRefused
    | SessionNoted
    | NoSessionClaimed
    | AlertRaised
    | AlertWithdrawn
    | WordsHidden
    | CrisisRaised
    | HelpFirst
    | CrisisKept
    | CrisisDelivered
    | WordsLeft
    | WordsKept
    | PatientUnreachable
    | WeeklyDigest
)

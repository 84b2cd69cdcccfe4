"""What the bot has to tell people on its own: each notice is a row of the outbox before it is a message.

A notice holds facts that stay true (ids, codes, instants); what may change until it is sent (the step of a check-in,
the numbers of an alert) is read when it leaves.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.model import (
    Called,
    CheckInId,
    ConcernId,
    DeletionId,
    DisclosureId,
    EpisodeId,
    FileForm,
    Kept,
    PatientId,
    PatientState,
    Role,
    SeriesId,
    SessionId,
    WordsId,
)
from bot.domain.notices_alarms import AlarmNotice
from bot.domain.notices_alerts import AlertRaised, AlertWithdrawn, EpisodeNote, EpisodeNoted
from bot.domain.notices_guesses import GuessAsked, GuessSettled, PauseShown
from bot.domain.notices_parked import Unreadable, Unshown
from bot.domain.notices_records import RecordNotice
from bot.domain.notices_reports import SupervisionReading
from bot.domain.recurrence import Recurrence


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
    """Somebody of the practice is in: what the bot does for them and how to begin."""

    role: Role = Role.THERAPIST
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
    """The one-time link for a patient, with its QR picture; `moves`: it would replace the account they are in with."""

    code: str = field(repr=False)
    token: str = field(repr=False)
    expires_at: datetime
    moves: bool = False
    kind: Literal["invitation_ready"] = "invitation_ready"


@dataclass(frozen=True, slots=True)
class GuardianAsked:
    """To the therapist: before a minor's link, the reference of a guardian's consent is needed."""

    code: str = field(repr=False)
    kind: Literal["guardian_asked"] = "guardian_asked"


@dataclass(frozen=True, slots=True)
class InvitationRefused:
    """To the therapist: somebody with another account tried a link that was already opened."""

    name: str = field(repr=False)
    kind: Literal["invitation_refused"] = "invitation_refused"


@dataclass(frozen=True, slots=True)
class SessionNoted:
    """What was understood of a `/sesion`; `ask_at` is when the patient will be asked, None when that is too late.

    `patient_state` says why a patient who is not ready will not be asked as things are.
    """

    session_id: SessionId
    code: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    ask_at: datetime | None
    ended_now: bool
    patient_ready: bool
    patient_state: PatientState = PatientState.INVITED
    kind: Literal["session_noted"] = "session_noted"


@dataclass(frozen=True, slots=True)
class SeriesNoted:
    """What was understood of sessions that repeat; `left_out` of the coming ones were covered by another session.

    `others`: weekdays of a changed series that go on as they were, on the clock of `others_zone`.
    """

    series_id: SeriesId
    code: str = field(repr=False)
    starts_at: datetime | None
    ends_at: datetime | None
    rule: Recurrence
    made: int
    left_out: int
    patient_ready: bool
    patient_state: PatientState = PatientState.INVITED
    others: Recurrence | None = None
    others_zone: str | None = field(default=None, repr=False)
    kind: Literal["series_noted"] = "series_noted"


@dataclass(frozen=True, slots=True)
class NoSessionClaimed:
    """To the therapist: the patient says that there was no session."""

    check_in_id: CheckInId
    code: str = field(repr=False)
    session_ends_at: datetime
    kind: Literal["no_session_claimed"] = "no_session_claimed"


@dataclass(frozen=True, slots=True)
class WordsHidden:
    """Not a message but an edit: words that were read disappear again after ten minutes."""

    message_id: int
    episode_id: EpisodeId | None = None
    words_id: WordsId | None = None
    concern_id: ConcernId | None = None
    check_in_id: CheckInId | None = None
    disclosure_id: DisclosureId | None = None
    kind: Literal["words_hidden"] = "words_hidden"


@dataclass(frozen=True, slots=True)
class CrisisRaised:
    """To the therapist, at any hour: words that may speak of dying or self-harm; `again` when nobody has seen them."""

    concern_id: ConcernId
    code: str = field(repr=False)
    again: bool = False
    kind: Literal["crisis_raised"] = "crisis_raised"


@dataclass(frozen=True, slots=True)
class CrisisSecond:
    """To a second contact, at any hour: urgent words that the therapist has not seen, or could not be told of."""

    concern_id: ConcernId
    code: str = field(repr=False)
    again: bool = False
    kind: Literal["crisis_second"] = "crisis_second"


@dataclass(frozen=True, slots=True)
class CrisisOperator:
    """To the operator, at any hour: an urgent alert reaches nobody.  Neither words nor code."""

    concern_id: ConcernId
    kind: Literal["crisis_operator"] = "crisis_operator"


@dataclass(frozen=True, slots=True)
class CrisisSeen:
    """To everybody else who was told: somebody has seen it."""

    concern_id: ConcernId
    kind: Literal["crisis_seen"] = "crisis_seen"


@dataclass(frozen=True, slots=True)
class CrisisNote:
    """To whoever has contacted the patient: a line may be noted now."""

    concern_id: ConcernId
    kind: Literal["crisis_note"] = "crisis_note"


@dataclass(frozen=True, slots=True)
class CrisisNoted:
    """To whoever was asked for a note: it was `kept`, or there is none."""

    concern_id: ConcernId
    kept: bool = True
    kind: Literal["crisis_noted"] = "crisis_noted"


@dataclass(frozen=True, slots=True)
class HelpFirst:
    """To the patient: the help card, when it could not leave directly."""

    concern_ids: tuple[ConcernId, ...] = ()
    kind: Literal["help_first"] = "help_first"


@dataclass(frozen=True, slots=True)
class CrisisKept:
    """To the patient, once the words are stored: kept, and the therapist is being told."""

    patient_id: PatientId
    concern_id: ConcernId | None = None
    kind: Literal["crisis_kept"] = "crisis_kept"


@dataclass(frozen=True, slots=True)
class CrisisDelivered:
    """To the patient, once it is true: the therapist's phone has the message."""

    patient_id: PatientId
    concern_id: ConcernId | None = None
    kind: Literal["crisis_delivered"] = "crisis_delivered"


@dataclass(frozen=True, slots=True)
class CrisisElsewhere:
    """To the patient, once it is true: another person of the practice has the message.

    `instead` of the therapist, who could not be told; `operator`: only somebody who looks for the therapist.
    """

    patient_id: PatientId
    instead: bool = False
    operator: bool = False
    concern_id: ConcernId | None = None
    kind: Literal["crisis_elsewhere"] = "crisis_elsewhere"


@dataclass(frozen=True, slots=True)
class CrisisUndelivered:
    """To the patient: nobody could be told.  The numbers again."""

    patient_id: PatientId
    concern_id: ConcernId | None = None
    kind: Literal["crisis_undelivered"] = "crisis_undelivered"


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a patient chose whom to tell: the message that asked, the words it quotes, until when it may be edited."""

    message_id: int
    quoted_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class AbuseTold:
    """To the therapist, at once because the patient chose so: a message; the words on tap."""

    words_id: WordsId
    code: str = field(repr=False)
    choice: Choice | None = None
    kind: Literal["abuse_told"] = "abuse_told"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """To the other contact, whom the patient chose: a message that the therapist does not have; the words on tap."""

    disclosure_id: DisclosureId
    code: str = field(repr=False)
    choice: Choice | None = None
    urgent: bool = False
    kind: Literal["disclosed"] = "disclosed"


@dataclass(frozen=True, slots=True)
class ToldReached:
    """Not a message but an edit, to the patient: what they chose to tell is on its way, has arrived, or reached nobody.

    `other`: told to the other contact, and not to the therapist; `reached` is None while it is on its way.
    """

    patient_id: PatientId
    message_id: int
    quoted_id: int
    other: bool
    reached: bool | None = None
    kind: Literal["told_reached"] = "told_reached"


@dataclass(frozen=True, slots=True)
class MemberUnreachable:
    """To the operator: messages no longer reach somebody of the practice.  Nothing about what they were."""

    called: Called
    kind: Literal["member_unreachable"] = "member_unreachable"


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


@dataclass(frozen=True, slots=True)
class ConsentAgain:
    """The consent text says something else now: nothing is asked before the patient has decided again."""

    patient_id: PatientId
    kind: Literal["consent_again"] = "consent_again"


@dataclass(frozen=True, slots=True)
class Goodbye:
    """To somebody who has left: what was done, and what still waits (`words_until`, None when nothing does)."""

    keep_scores: bool
    words_until: datetime | None
    kind: Literal["goodbye"] = "goodbye"


@dataclass(frozen=True, slots=True)
class ChatEmptied:
    """Not a message: the bot's messages in this chat until `until_at` are deleted, older ones emptied."""

    until_at: datetime
    kind: Literal["chat_emptied"] = "chat_emptied"


@dataclass(frozen=True, slots=True)
class PatientLeft:
    """To the therapist: the patient has left; with `export_until`, the record can be taken over until then."""

    patient_id: PatientId
    code: str = field(repr=False)
    export_until: datetime | None
    kind: Literal["patient_left"] = "patient_left"


@dataclass(frozen=True, slots=True)
class OwnData:
    """One file with everything held about a person, for that person."""

    form: FileForm
    kind: Literal["own_data"] = "own_data"


@dataclass(frozen=True, slots=True)
class PatientExport:
    """One file with everything held about a patient, for the therapist; None: about all of their patients."""

    patient_id: PatientId | None
    form: FileForm
    kind: Literal["patient_export"] = "patient_export"


@dataclass(frozen=True, slots=True)
class DeletionAhead:
    """To whoever may read them: from `delete_at` on, words or scores whose time is over are deleted."""

    deletion_id: DeletionId
    what: Kept
    count: int
    codes: tuple[str, ...] = field(repr=False)
    delete_at: datetime
    kind: Literal["deletion_ahead"] = "deletion_ahead"


Notice = (
    Question
    | Enrolled
    | Consented
    | ConsentDeclined
    | PatientDecided
    | InvitationReady
    | GuardianAsked
    | InvitationRefused
    | SessionNoted
    | SeriesNoted
    | NoSessionClaimed
    | AlertRaised
    | AlertWithdrawn
    | EpisodeNote
    | EpisodeNoted
    | WordsHidden
    | CrisisRaised
    | CrisisSecond
    | CrisisOperator
    | CrisisSeen
    | CrisisNote
    | CrisisNoted
    | HelpFirst
    | CrisisKept
    | CrisisDelivered
    | CrisisElsewhere
    | CrisisUndelivered
    | AbuseTold
    | Disclosed
    | ToldReached
    | MemberUnreachable
    | WordsLeft
    | WordsKept
    | PatientUnreachable
    | WeeklyDigest
    | ConsentAgain
    | Goodbye
    | ChatEmptied
    | PatientLeft
    | OwnData
    | PatientExport
    | DeletionAhead
    | RecordNotice
    | GuessAsked
    | GuessSettled
    | PauseShown
    | SupervisionReading
    | AlarmNotice
    | Unshown
    | Unreadable
)

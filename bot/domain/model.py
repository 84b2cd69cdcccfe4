"""The nouns of the practice as frozen values: people, sessions, check-ins, answers.

A value that exists is valid.  No behaviour beyond what a value can say about itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NewType, Self
from zoneinfo import ZoneInfo

from bot.domain.carried import TakenUp
from bot.domain.hours import QuietHours, WorkingHours

PersonId = NewType("PersonId", int)
TherapistId = NewType("TherapistId", int)
PatientId = NewType("PatientId", int)
TreatmentId = NewType("TreatmentId", int)
InvitationId = NewType("InvitationId", int)
SessionId = NewType("SessionId", int)
SeriesId = NewType("SeriesId", int)
CheckInId = NewType("CheckInId", int)
WordsId = NewType("WordsId", int)
EpisodeId = NewType("EpisodeId", int)
ConcernId = NewType("ConcernId", int)
DisclosureId = NewType("DisclosureId", int)
DeletionId = NewType("DeletionId", int)
InboxId = NewType("InboxId", int)
OutboxId = NewType("OutboxId", int)
Points = NewType("Points", int)
"""Sum of the two alliance items, or a difference of such sums: 0–20."""

LOWEST, HIGHEST = 0, 10


class Score(int):
    """An answer on the 0–10 scale; anything else cannot be constructed (ValueError)."""

    def __new__(cls, value: int) -> Self:
        """Return `value` as a score."""
        if value != int(value) or not LOWEST <= value <= HIGHEST:
            raise ValueError(f"a score is a whole number between {LOWEST} and {HIGHEST}")
        return super().__new__(cls, value)


class Language(StrEnum):
    """What people read; Spanish first."""

    ES = "es"
    EN = "en"


class Register(StrEnum):
    """How Spanish addresses the person."""

    USTED = "usted"
    TU = "tu"
    VOS = "vos"


class Form(StrEnum):
    """Which form of *comprendido* the first question takes; the seed's wording is `COMPRENDIDO`."""

    COMPRENDIDO = "comprendido"
    COMPRENDIDA = "comprendida"
    NEUTRAL = "neutral"


class Region(StrEnum):
    """Whose Spanish: *pulse* or *toque*, *la consulta* or *el consultorio*; *vos* is of the Americas alone."""

    SPAIN = "spain"
    AMERICAS = "americas"


class Article(StrEnum):
    """How a therapist's name is introduced in Spanish: *la Dra. Ruiz*, *el Dr. Gil*, *Marta*."""

    LA = "la"
    EL = "el"
    NONE = "none"


class Role(StrEnum):
    """What an invitation makes of the person who opens it."""

    THERAPIST = "therapist"
    PATIENT = "patient"
    SECOND_CONTACT = "second_contact"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"


CONTACT_ROLES = (Role.SECOND_CONTACT, Role.SUPERVISOR, Role.OPERATOR)
"""What somebody of the practice may be who treats nobody here; each is a row of its own."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak to one person, and on whose clock."""

    language: Language
    register: Register
    form: Form
    zone: ZoneInfo
    region: Region = Region.SPAIN

    @property
    def spoken_in(self) -> Region:
        """Return whose Spanish is spoken: nobody in Spain says *vos*."""
        return Region.AMERICAS if self.register is Register.VOS else self.region


@dataclass(frozen=True, slots=True)
class Called:
    """The name of a therapist or a contact, and how it is said."""

    name: str = field(repr=False)
    article: Article


@dataclass(frozen=True, slots=True)
class Person:
    """One Telegram account that the practice knows."""

    id: PersonId
    chat_id: int = field(repr=False)
    voice: Voice
    reachable: bool = True
    quiet: QuietHours | None = None
    """The person's own; None for those of the practice."""


@dataclass(frozen=True, slots=True)
class Therapist:
    """A therapist of the practice.

    `digest_at` is when the next weekly digest is due, `digested_at` until when the last one told (UTC); `quiet` and
    `working` are hours of their own, None for those of the practice.
    """

    id: TherapistId
    person_id: PersonId
    called: Called
    zone: ZoneInfo
    digest_at: datetime
    digested_at: datetime | None = None
    quiet: QuietHours | None = None
    working: WorkingHours | None = None

    def rests(self, practice: QuietHours) -> QuietHours:
        """Return when nothing is pushed to this therapist: their own quiet hours, or those of the practice."""
        return self.quiet or practice

    def works(self, practice: WorkingHours) -> WorkingHours:
        """Return when sessions of this therapist begin: their own working hours, or those of the practice."""
        return self.working or practice


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of the practice in one of `CONTACT_ROLES`; who holds several is several of these."""

    person_id: PersonId
    role: Role
    called: Called


class PatientState(StrEnum):
    """Where a patient stands with the bot; only `active` is ever asked anything."""

    INVITED = "invited"
    ACTIVE = "active"
    DECLINED = "declined"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient under the practice's own code, with the therapist of the treatment."""

    id: PatientId
    code: str = field(repr=False)
    state: PatientState
    treatment_id: TreatmentId
    therapist_id: TherapistId
    therapist: Called
    person_id: PersonId | None
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is writing: a stranger has no person; a person may hold several roles at once."""

    chat_id: int = field(repr=False)
    person: Person | None = None
    therapist: Therapist | None = None
    patients: tuple[Patient, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def patient(self) -> Patient | None:
        """Return the patient that this account answers as (the one in treatment first), if any."""
        ranked = sorted(self.patients, key=lambda patient: patient.state is not PatientState.ACTIVE)
        return ranked[0] if ranked else None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return what this account is here, therapist first."""
        held = {contact.role for contact in self.contacts}
        held |= {role for role, what in {Role.THERAPIST: self.therapist, Role.PATIENT: self.patients}.items() if what}
        return tuple(role for role in Role if role in held)

    @property
    def rests(self) -> bool:
        """Say whether they are written to unasked by day, and so choose when that is."""
        return not {Role.PATIENT, Role.THERAPIST, Role.OPERATOR}.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link; it is bound to the first account that opens it."""

    id: InvitationId
    role: Role
    name: str = field(repr=False)
    patient_id: PatientId | None
    expires_at: datetime
    opened_by: PersonId | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """Which consent text was on the screen."""

    version: str
    text_hash: str


class SessionState(StrEnum):
    """What became of a therapy appointment."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    MISSED = "missed"
    """The patient did not come."""


class Item(StrEnum):
    """A question of the instrument (see `bot.domain.instrument`)."""

    UNDERSTOOD = "understood"
    SENSE = "sense"
    PENDING = "pending"


class Step(StrEnum):
    """Where an open check-in stands; the first three are the items."""

    UNDERSTOOD = "understood"
    SENSE = "sense"
    PENDING = "pending"
    PENDING_WORDS = "pending_words"
    TAKEN_UP = "taken_up"
    REFLECTION = "reflection"
    SUMMARY = "summary"


class CheckInState(StrEnum):
    """The life of a check-in.  *Answered* is not a state: it is `answered_at` (both alliance items scored)."""

    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    NO_SESSION = "no_session"
    STOPPED = "stopped"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    """Never asked: the patient was paused, had left or had not agreed."""

    UNREACHABLE = "unreachable"
    """Never asked, or the question never arrived: the patient's chat is gone."""

    LATE = "late"
    """Never asked, or the question never arrived, while there was still time: the bot or Telegram was away."""


class WordsKind(StrEnum):
    """Which invitation the patient's words answered."""

    REFLECTION = "reflection"
    PENDING = "pending"
    MESSAGE = "message"
    CRISIS = "crisis"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The microchequeo about one session.  Instants are UTC; `shown` is the face the person was last shown.

    `planned_at`: when it is to be asked, whatever delays it; `due_at` follows what delays it.  `sent_at`: Telegram took
    the question.  `opened_at`: the first thing the person did with it; `touched_at`, the last.  `corrected_at`: the
    first *Corregir*.  `beside`: when the sessions of the treatment before and after this one begin.  `taken_up`: None
    if it is not asked.
    """

    id: CheckInId
    session_id: SessionId
    treatment_id: TreatmentId
    patient_id: PatientId
    person_id: PersonId | None
    state: CheckInState
    step: Step
    items: tuple[Item, ...]
    scores: Mapping[Item, Score] = field(repr=False)
    session_ends_at: datetime
    has_words: bool = False
    text_version: str | None = None
    asked_at: datetime | None = None
    touched_at: datetime | None = None
    answered_at: datetime | None = None
    done_at: datetime | None = None
    due_at: datetime | None = None
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    corrected_at: datetime | None = None
    ask_again_at: datetime | None = None
    remind_at: datetime | None = None
    closes_at: datetime | None = None
    settles_at: datetime | None = None
    shown: str | None = None
    message_id: int | None = None
    session_starts_at: datetime | None = None
    beside: tuple[datetime, ...] = ()
    taken_up: TakenUp | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """One answered check-in as the rules see it."""

    check_in_id: CheckInId
    session_at: datetime
    scores: Mapping[Item, Score] = field(repr=False)

    @property
    def alliance(self) -> Points:
        """Return the sum of the two alliance items, 0–20."""
        return Points(self.scores[Item.UNDERSTOOD] + self.scores[Item.SENSE])


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One check-in in a list for the therapist: what became of it, and the alliance (0–20) if it was answered.

    `touched_at` is when the person last answered or wrote; `ended_at`, when it was declined or closed unanswered.
    """

    id: CheckInId
    patient_id: PatientId
    code: str = field(repr=False)
    state: CheckInState
    session_ends_at: datetime
    alliance: Points | None = field(repr=False)
    pending: Score | None = field(repr=False)
    has_words: bool
    touched_at: datetime | None = None
    taken_up: TakenUp | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What a patient wrote, and what it answered."""

    id: WordsId
    patient_id: PatientId
    code: str = field(repr=False)
    therapist_id: TherapistId
    kind: WordsKind
    text: str = field(repr=False)
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Concern:
    """Words about dying or self-harm, from the first alert to *He contactado* (rules: `bot.domain.concern`).

    `therapist` and `zone` are the therapist's; `second_at` is when others than the therapist were told, `next_at` when
    something falls due, `note_until` until when a typed line is the note of `contacted_by`.
    """

    id: ConcernId
    patient_id: PatientId
    therapist_id: TherapistId
    therapist_person_id: PersonId
    therapist: Called
    zone: ZoneInfo
    code: str = field(repr=False)
    words_id: WordsId
    opened_at: datetime
    next_at: datetime | None = None
    second_at: datetime | None = None
    seen_at: datetime | None = None
    seen_by: PersonId | None = None
    contacted_at: datetime | None = None
    contacted_by: PersonId | None = None
    note_until: datetime | None = None
    negated: bool = False
    """Whether a negation stands in the phrase: said to whoever reads the words; it changes nothing."""


class ConcernStep(StrEnum):
    """One thing that happened to a concern; each is a row, and rows are never changed.

    What the patient was shown or told is noted when it arrived: the help card, and each `said_…`.
    """

    OPENED = "opened"
    CARD_LEFT = "card_left"
    STOPPED = "stopped"
    TOLD = "told"
    REPEATED = "repeated"
    SECOND_TOLD = "second_told"
    OPERATOR_TOLD = "operator_told"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    NOBODY_LEFT = "nobody_left"
    SEEN = "seen"
    CONTACTED = "contacted"
    NOTED = "noted"
    SAID_KEPT = "said_kept"
    SAID_REACHED = "said_reached"
    SAID_ELSEWHERE = "said_elsewhere"
    SAID_NOBODY = "said_nobody"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Words that a patient chose to show to the other contact of the practice, and not to the therapist."""

    id: DisclosureId
    patient_id: PatientId
    code: str = field(repr=False)
    text: str = field(repr=False)
    told_at: datetime


class Kept(StrEnum):
    """What is announced before it is deleted when its time is over: to the therapist, or to whom it was confided."""

    WORDS = "words"
    SCORES = "scores"
    CONFIDED = "confided"


class FileForm(StrEnum):
    """How a file with everything held about a person is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    RECORDS = "records"
    FHIR = "fhir"


class Urgency(IntEnum):
    """Which message leaves first.  A person who just tapped never waits behind the others."""

    REPLY = 0
    URGENT = 1
    ALERT = 2
    BULK = 3

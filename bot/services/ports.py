"""What the services need from the outside: a store, a messenger.  What each promises and raises.

The store's unit is the transaction: everything done inside one `async with store.transaction(receipt)` happens
together or not at all, and, when the work was caused by an incoming update, marks that update done in the same commit.
That is for work whose answer travels through the outbox or is shown again by the tick.  Where the answer is given
directly, the transaction has no receipt: the update stays waiting until it has been answered, and `takes_effect` keeps
another try from changing anything twice.  Where only a refusal is given directly, success says `inbox.finish`.
Methods state facts; rules live in `bot.domain`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.alarms import Vitals
from bot.domain.asking import Situation
from bot.domain.figures import Figures, Upcoming
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import (
    Called,
    CheckIn,
    CheckInId,
    CheckInLine,
    CheckInState,
    Contact,
    InboxId,
    Invitation,
    InvitationId,
    Item,
    Patient,
    PatientId,
    PatientState,
    Person,
    PersonId,
    Rating,
    Role,
    SessionId,
    Therapist,
    TherapistId,
    TreatmentId,
    Urgency,
    Visitor,
    Voice,
    Words,
    WordsId,
    WordsKind,
)
from bot.domain.notices import Notice
from bot.domain.post import (
    Due,
    Receipt,
    Sent,
    Source,
)
from bot.services.ports_agenda import Calendars, SeriesRows, Sessions
from bot.services.ports_alarms import AlarmRows
from bot.services.ports_alerts import Alerts
from bot.services.ports_courses import Courses
from bot.services.ports_guesses import Guesses, Pauses
from bot.services.ports_post import Inbox, Outbox
from bot.services.ports_records import Records
from bot.services.ports_rights import Audit, Chores, Leaving, Retention
from bot.services.ports_urgent import Concerns


class People(Protocol):
    """Persons, roles, invitations, consents."""

    async def visitor(self, chat_id: int) -> Visitor:
        """Say who writes from `chat_id`; a stranger is an answer, not an error."""

    async def person(self, person_id: PersonId) -> Person:
        """Return the person; KeyError if there is none."""

    async def remember(self, chat_id: int, voice: Voice) -> PersonId:
        """Return the person of this chat, made with `voice` if new; who was to be forgotten is not any more."""

    async def set_voice(self, person_id: PersonId, voice: Voice) -> None:
        """Change language, register, form, region and zone."""

    async def set_quiet(self, person_id: PersonId, quiet: QuietHours | None) -> None:
        """Give a person quiet hours of their own; None: those of the practice."""

    async def set_working(self, therapist_id: TherapistId, working: WorkingHours | None) -> None:
        """Give a therapist working hours of their own; None: those of the practice."""

    async def set_reachable(self, person_id: PersonId, at: datetime, *, reachable: bool) -> None:
        """Note whether messages reach this person."""

    async def add_invitation(
        self,
        role: Role,
        token: str,
        name: str,
        patient_id: PatientId | None,
        at: datetime,
        expires_at: datetime,
    ) -> InvitationId:
        """Add a one-time link (only a keyed hash of `token` is kept); earlier unused ones of the patient end."""

    async def invitation_of(self, token: str) -> Invitation | None:
        """Find an invitation by its token."""

    async def invitation(self, invitation_id: InvitationId) -> Invitation | None:
        """Find an invitation by its id."""

    async def open_invitation(self, invitation_id: InvitationId, person_id: PersonId, at: datetime) -> None:
        """Bind an invitation to the first account that opens it."""

    async def rename_invitation(self, invitation_id: InvitationId, name: str) -> None:
        """Change the name a therapist will be called by, before enrolling."""

    async def opened_invitation(self, person_id: PersonId) -> Invitation | None:
        """Return the newest unused invitation this person has opened."""

    async def use_invitation(self, invitation_id: InvitationId, at: datetime) -> None:
        """Use up an invitation."""

    async def failed_starts(self, chat_id: int, since: datetime) -> int:
        """Count wrong tokens from this chat."""

    async def wrong_links(self, since: datetime) -> int:
        """Count the wrong tokens that were noted in the whole practice."""

    async def note_failed_start(self, chat_id: int, at: datetime) -> None:
        """Count one more wrong token."""

    async def add_therapist(
        self, person_id: PersonId, called: Called, digest_at: datetime, at: datetime
    ) -> TherapistId:
        """Enrol a therapist; again with the same account changes only how the name is said."""

    async def add_contact(self, person_id: PersonId, role: Role, called: Called, at: datetime) -> None:
        """Give a contact's role to a person; again changes only how the name is said."""

    async def contacts(self, role: Role) -> Sequence[Contact]:
        """Return who holds a contact's role now, the longest first."""

    async def confidants(self, patient_id: PatientId) -> Sequence[Contact]:
        """Return the second contacts who are neither the patient nor anybody who treats them, the longest first.

        Who treats the same account under another code treats them too.
        """

    async def therapist(self, therapist_id: TherapistId) -> Therapist:
        """Return the therapist; KeyError if there is none."""

    async def therapists_due(self, now: datetime) -> Sequence[Therapist]:
        """Return the therapists whose weekly digest is due."""

    async def set_digest_at(self, therapist_id: TherapistId, at: datetime) -> None:
        """Plan the next weekly digest."""

    async def set_digested_at(self, therapist_id: TherapistId, at: datetime) -> None:
        """Note until when the digests have told."""

    async def add_patient(self, code: str, therapist_id: TherapistId, at: datetime) -> Patient | None:
        """Add a patient, or return the therapist's own one of this code; None if the code is another therapist's."""

    async def patient(self, patient_id: PatientId) -> Patient:
        """Return the patient; KeyError if there is none."""

    async def patient_in(self, treatment_id: TreatmentId) -> Patient:
        """Return the patient of a treatment; KeyError if there is none."""

    async def patient_of(self, therapist_id: TherapistId, code: str) -> Patient | None:
        """Find a therapist's own patient by code."""

    async def patient_by_code(self, code: str) -> Patient | None:
        """Find a patient of the practice by code."""

    async def therapists(self) -> Sequence[Therapist]:
        """Return everybody who is enrolled as a therapist."""

    async def patients_of(self, therapist_id: TherapistId) -> Sequence[Patient]:
        """Return a therapist's patients, by code."""

    async def bind_patient(self, patient_id: PatientId, person_id: PersonId) -> None:
        """Link the patient to a Telegram account; what they confided is closed to a contact who now treats them."""

    async def set_patient_state(self, patient_id: PatientId, state: PatientState, at: datetime) -> None:
        """Change where the patient stands with the bot."""

    async def add_consent(
        self, patient_id: PatientId, version: str, text_hash: str, language: str, at: datetime, *, accepted: bool
    ) -> None:
        """Keep a decision about consent, with the hash of the text that was shown; of a minor, with the guardian's."""

    async def agreed_version(self, patient_id: PatientId) -> str | None:
        """Return the version of the consent text that the patient accepted last."""

    async def set_minor(self, patient_id: PatientId, at: datetime | None, *, minor: bool) -> None:
        """Mark a patient as a minor, or not any more; `at`: a guardian's consent is asked for since then."""

    async def has_guardian(self, patient_id: PatientId) -> bool:
        """Say whether the reference of a guardian's consent is there."""

    async def set_guardian(self, patient_id: PatientId, reference: str) -> None:
        """Keep the reference of the guardian's consent."""

    async def asks_guardian(self, therapist_id: TherapistId, since: datetime) -> str | None:
        """Return the code of the therapist's patient for whom a guardian's consent was asked for last, if any."""


class CheckIns(Protocol):
    """Check-ins, answers and words."""

    async def plan(self, session_id: SessionId, items: Sequence[Item], due_at: datetime) -> CheckInId:
        """Add the check-in of a session (one each)."""

    async def get(self, check_in_id: CheckInId) -> CheckIn | None:
        """Find a check-in."""

    async def about(self, check_in_id: CheckInId) -> tuple[CheckIn, Situation] | None:
        """Find a check-in, and how it stands around it."""

    async def told(self, check_in_id: CheckInId) -> tuple[CheckIn, Called] | None:
        """Find a check-in, and how its therapist is called."""

    async def of_session(self, session_id: SessionId) -> CheckIn | None:
        """Find the check-in of a session."""

    async def open_of(self, person_id: PersonId) -> CheckIn | None:
        """Return the newest open check-in of a person: where typed words belong."""

    async def unfinished_of(self, person_id: PersonId, now: datetime) -> Sequence[CheckIn]:
        """Return a person's open check-ins, newest first, and those still to be asked about sessions that are over."""

    async def pending_of(self, person_id: PersonId) -> Sequence[CheckIn]:
        """Return what is still to be asked of a person, sessions to come included, or waits for their answer."""

    async def unasked(self, therapist_id: TherapistId, since: datetime, until: datetime) -> Mapping[CheckInState, int]:
        """Count what never reached a therapist's patients (late, unreachable), by when that was noted."""

    async def open_in(self, treatment_id: TreatmentId) -> Sequence[CheckIn]:
        """Return the open check-ins of a treatment."""

    async def save(self, check_in: CheckIn, at: datetime) -> None:
        """Write state, step, instants and scores."""

    async def due(self, now: datetime, limit: int) -> Sequence[CheckInId]:
        """Return check-ins for which something is due, the longest waiting first."""

    async def lagging(self, now: datetime, limit: int) -> Sequence[CheckInId]:
        """Return check-ins that have shown the person an outdated face for longer than `timing.LAG`."""

    async def settling(self, now: datetime, limit: int) -> Sequence[CheckInId]:
        """Return answered check-ins whose grace is over: the rules may look at them."""

    async def put_off(self, check_in_id: CheckInId, until: datetime) -> None:
        """Let one that cannot move fall due later; nothing else of it changes."""

    async def show_later(self, check_in_id: CheckInId, until: datetime) -> None:
        """Let one that cannot be shown lag on until then."""

    async def settled(self, check_in_id: CheckInId) -> None:
        """Note that the rules have looked."""

    async def mark_shown(
        self, check_in_id: CheckInId, shown: str, message_id: int, text_version: str | None, at: datetime
    ) -> None:
        """Note what the person was last shown, in which message and (for a question) in which wording.

        The first time, `at` is kept as when the question was sent.
        """

    async def mark_face(self, check_in: CheckIn, sent: Sent, at: datetime) -> None:
        """Note that its message shows a check-in as it stands here; as `mark_shown`, without a look at the row."""

    async def add_words(
        self,
        patient_id: PatientId,
        check_in_id: CheckInId | None,
        kind: WordsKind,
        text: str,
        source: Source,
        at: datetime,
    ) -> WordsId:
        """Keep words sealed; the same source again changes nothing, unless its words have become urgent.

        Urgent words are never replaced: what a message said before or says to another therapist stays beside them.
        """

    async def change_words(self, source: Source, text: str, at: datetime) -> bool:
        """Replace words whose message was edited; only while their check-in is open, or for a left message."""

    async def words_of(self, check_in_id: CheckInId) -> Sequence[Words]:
        """Return the words of a check-in in the order they were written."""

    async def words(self, words_id: WordsId) -> Words | None:
        """Find words by id."""

    async def history(self, treatment_id: TreatmentId) -> Sequence[Rating]:
        """Return the answered check-ins of a treatment by session; stopped ones are not compared."""

    async def lines(self, therapist_id: TherapistId, until: datetime) -> Sequence[CheckInLine]:
        """Return every asked check-in of a therapist's patients whose session had ended by `until`, by session."""


class Facts(Protocol):
    """Small things worth remembering between runs; nothing about people."""

    async def recall(self, name: str) -> str | None:
        """Return what was kept under `name`."""

    async def keep(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""


class Workers(Protocol):
    """Several processes on one database, each of which sends."""

    async def want(self, messages: int | None) -> Mapping[int, int]:
        """Say how many messages this process would have sent in the last second; None: it takes what the others leave.

        Return what the others want, by their numbers.
        """


class Tx(Protocol):
    """One transaction."""

    @property
    def people(self) -> People:
        """Return the rows of people."""

    @property
    def sessions(self) -> Sessions:
        """Return the rows of sessions."""

    @property
    def series(self) -> SeriesRows:
        """Return the rows of series of sessions."""

    @property
    def calendars(self) -> Calendars:
        """Return the rows of calendars that were sent."""

    @property
    def check_ins(self) -> CheckIns:
        """Return the rows of check-ins, answers and words."""

    @property
    def courses(self) -> Courses:
        """Return the rows of check-ins as the rules see them."""

    @property
    def alarms(self) -> AlarmRows:
        """Return the rows of what is wrong with the bot itself."""

    @property
    def alerts(self) -> Alerts:
        """Return the rows of episodes."""

    @property
    def records(self) -> Records:
        """Return the rows of what therapists write down."""

    @property
    def concerns(self) -> Concerns:
        """Return the rows of urgent concerns."""

    @property
    def outbox(self) -> Outbox:
        """Return the rows of what goes out."""

    @property
    def inbox(self) -> Inbox:
        """Return the rows of what came in."""

    @property
    def audit(self) -> Audit:
        """Return the rows of who did what."""

    @property
    def facts(self) -> Facts:
        """Return the rows of small facts."""

    @property
    def chores(self) -> Chores:
        """Return the rows of what the bot does for itself."""

    @property
    def leaving(self) -> Leaving:
        """Return the rows of who leaves."""

    @property
    def guesses(self) -> Guesses:
        """Return the rows of what therapists guess."""

    @property
    def pauses(self) -> Pauses:
        """Return the rows of patients' pauses."""

    @property
    def workers(self) -> Workers:
        """Return the rows of the processes that work beside this one."""

    @property
    def retention(self) -> Retention:
        """Return the rows of what has been kept long enough."""


class Store(Protocol):
    """The database of one practice."""

    def transaction(
        self, receipt: Receipt | None = None, of: PersonId | None = None
    ) -> AbstractAsyncContextManager[Tx]:
        """Open a writing transaction; it commits on leaving and, with a receipt, marks that update done.

        What it has read, nobody else changes before it ends.  `of`: that holds for what is about one person and no
        other (their check-in, their words, what is to be sent because of them); others may be written about meanwhile.
        Raises StoreUnavailableError; then nothing was written.
        """

    @property
    def is_shared(self) -> bool:
        """Say whether other processes may work on it at the same time."""

    def keeping(self) -> AbstractAsyncContextManager[Tx]:
        """Open a writing transaction for the inbox alone."""

    def taking(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction in which inbox or outbox put what is to be done into the hands of this process."""

    def along(self, write: Callable[[Tx], Awaitable[None]], of: PersonId) -> None:
        """Let this be written along with the next transaction that writes about a person, before anything else in it.

        It costs no transaction, and may be lost with one that fails: only for what is mended by itself.
        """

    async def catch_up(self) -> None:
        """Write what waits to go along, if anything does.  Raises StoreUnavailableError."""

    def is_done(self, receipt: InboxId) -> bool:
        """Say whether it is known that a transaction has marked that update done; False may be ignorance."""

    def reading(self) -> AbstractAsyncContextManager[Tx]:
        """Open a consistent view for reading only."""

    def glancing(self) -> AbstractAsyncContextManager[Tx]:
        """Open a view for one question: what is asked after it may see what has changed meanwhile.  Costs half."""

    async def waiting(self) -> Mapping[str, int]:
        """Count what waits: unworked updates (`inbox`), unsent notices (`outbox`), parked updates (`parked`)."""

    async def vitals(self, now: datetime) -> Vitals:
        """Say how the rows are: what waits too long, what was put aside, what fails.  Raises StoreUnavailableError."""

    async def figures(self) -> Figures:
        """Count what waits by class, and the cases that are open."""

    async def upcoming(self, limit: int) -> Sequence[Upcoming]:
        """Return what falls due next, the soonest first, at most `limit` things."""

    async def dues(self) -> Mapping[Due, datetime]:
        """Return the earliest instant at which a row of each kind of which any waits falls due."""


class Messenger(Protocol):
    """The way out to people's phones."""

    async def deliver(self, to: Person, notice: Notice, urgency: Urgency) -> Sent:
        """Render and send.  Raises UndeliverableError."""

    async def refresh(self, to: Person, check_in: CheckIn) -> Sent:
        """Edit the message of a check-in in place so that it shows the present face.  Raises UndeliverableError."""

    async def retire(self, chat_id: int, message_id: int, urgency: Urgency) -> None:
        """Take the keyboard off an older message; that it is gone already is no error."""


class UrgentPost(Protocol):
    """Hears what becomes of every message, in the transaction that notes it; only urgent ones concern it."""

    async def delivered(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        """Note that a message is on the person's phone."""

    async def undeliverable(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        """Note that a person's chat is gone; who comes next is told in the same transaction."""

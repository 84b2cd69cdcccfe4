"""The tables.  The database is the last guard: foreign keys, CHECKs, uniqueness hold whatever the program does.

Instants are UTC text of fixed width; `*_ref` are blind indexes; LargeBinary columns named for content are sealed.
Ids that are written down elsewhere (the audit, buttons on phones, the list of erasures) are never given out again:
`sqlite_autoincrement`.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.domain.appointments import Place
from bot.domain.carried import TakenUp
from bot.domain.model import (
    CONTACT_ROLES,
    Article,
    CheckInState,
    ConcernStep,
    Form,
    Item,
    Kept,
    Language,
    PatientState,
    Region,
    Register,
    Role,
    SessionState,
    Step,
    WordsKind,
)
from storage import schema_alarms as schema_alarms  # noqa: PLC0414 - its table is among those asked for here
from storage import schema_guesses as schema_guesses  # noqa: PLC0414 - its tables are among those asked for here
from storage import schema_workers as schema_workers  # noqa: PLC0414 - its tables are among those asked for here
from storage.schema_agenda import series
from storage.schema_alerts import alerts as alerts  # noqa: PLC0414 - asked for here, as all tables are
from storage.schema_alerts import episodes as episodes  # noqa: PLC0414
from storage.schema_parts import at as _at
from storage.schema_parts import key as _key
from storage.schema_parts import metadata as metadata  # noqa: PLC0414 - all tables are asked for here
from storage.schema_parts import one_of as _one_of
from storage.schema_parts import to as _to
from storage.schema_parts import word as _word
from storage.schema_records import records as records  # noqa: PLC0414 - they are among all tables

people = Table(
    "people",
    metadata,
    _key(),
    Column("chat", LargeBinary, nullable=False),
    Column("chat_ref", LargeBinary, nullable=False, unique=True),
    _word("language"),
    _word("register"),
    _word("form"),
    _word("zone", 64),
    _at("unreachable_at"),
    _at("forget_at", index=True),
    _word("quiet_from", 5, nullable=True),
    _word("quiet_until", 5, nullable=True),
    _word("region", server_default=Region.SPAIN),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    _one_of("language", Language),
    _one_of("register", Register),
    _one_of("form", Form),
    _one_of("region", Region),
    sqlite_autoincrement=True,
)

therapists = Table(
    "therapists",
    metadata,
    _key(),
    _to("people", "person_id", unique=True),
    Column("name", LargeBinary, nullable=False),
    _word("article"),
    _at("enrolled_at", nullable=False),
    _at("digest_at", nullable=False, index=True),
    _at("digested_at"),
    _word("works_from", 5, nullable=True),
    _word("works_until", 5, nullable=True),
    _one_of("article", Article),
    CheckConstraint("(works_from IS NULL) = (works_until IS NULL)", name="working"),
)

contacts = Table(
    "contacts",
    metadata,
    _key(),
    _to("people", "person_id"),
    _word("role"),
    Column("name", LargeBinary, nullable=False),
    _word("article"),
    _at("since_at", nullable=False),
    _at("ended_at"),
    UniqueConstraint("person_id", "role"),
    _one_of("role", CONTACT_ROLES),
    _one_of("article", Article),
)

patients = Table(
    "patients",
    metadata,
    _key(),
    _word("code", 16, unique=True),
    _to("people", "person_id", nullable=True, index=True),
    _word("state"),
    _at("state_at", nullable=False),
    Column("minor", Integer, CheckConstraint("minor IN (0, 1)", name="minor"), nullable=False, server_default="0"),
    Column("guardian", LargeBinary),
    _at("guardian_asked_at"),
    _one_of("state", PatientState),
    sqlite_autoincrement=True,
)

treatments = Table(
    "treatments",
    metadata,
    _key(),
    _to("patients", "patient_id"),
    _to("therapists", "therapist_id", index=True),
    _at("started_at", nullable=False),
    _at("pause_at"),
    UniqueConstraint("patient_id", "therapist_id"),
)

consents = Table(
    "consents",
    metadata,
    _key(),
    _to("patients", "patient_id", index=True),
    _word("version", 40),
    _word("text_hash", 64),
    _word("language"),
    _at("decided_at", nullable=False),
    Column("accepted", Integer, CheckConstraint("accepted IN (0, 1)", name="accepted"), nullable=False),
    Column("guardian", LargeBinary),
)

invitations = Table(
    "invitations",
    metadata,
    _key(),
    _word("role"),
    Column("token_ref", LargeBinary, nullable=False, unique=True),
    Column("name", LargeBinary, nullable=False),
    _to("patients", "patient_id", nullable=True, index=True),
    _at("created_at", nullable=False),
    _at("expires_at", nullable=False),
    _to("people", "opened_by", nullable=True, index=True),
    _at("opened_at"),
    _at("used_at"),
    _one_of("role", Role),
    CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", name="whose"),
)

failed_starts = Table(
    "failed_starts",
    metadata,
    _key(),
    Column("chat_ref", LargeBinary, nullable=False),
    _at("at", nullable=False),
    Index(None, "chat_ref", "at"),
    Index(None, "at"),
)

sessions = Table(
    "sessions",
    metadata,
    _key(),
    _to("treatments", "treatment_id"),
    _at("starts_at", nullable=False),
    _at("ends_at", nullable=False),
    _word("state"),
    _at("noted_at", nullable=False),
    Column("series_id", Integer, ForeignKey(series.c.id)),
    _word("occurs_on", 10, nullable=True),
    _word("place", nullable=True),
    Column("cut", Integer, CheckConstraint("cut IN (0, 1)", name="cut"), nullable=False, server_default="0"),
    Column("calendar_ref", LargeBinary),
    _at("calendar_starts_at"),
    _at("calendar_ends_at"),
    _at("taken_back_at"),
    _at("note_at", index=True),
    CheckConstraint("starts_at <= ends_at", name="order"),
    CheckConstraint("(series_id IS NULL) = (occurs_on IS NULL)", name="occurrence"),
    _one_of("state", SessionState),
    _one_of("place", Place),
    Index(None, "treatment_id", "starts_at"),
    Index("uq_sessions_occurrence", "series_id", "occurs_on", unique=True),
    Index("uq_sessions_calendar", "treatment_id", "calendar_ref", unique=True),
    sqlite_autoincrement=True,
)

check_ins = Table(
    "check_ins",
    metadata,
    _key(),
    _to("sessions", "session_id", unique=True),
    _word("state"),
    _word("step"),
    _word("items", 60),
    Column("has_words", Integer, nullable=False, server_default="0"),
    Column("text_version", String(60)),
    _at("due_at", nullable=False),
    _at("planned_at"),
    _at("asked_at"),
    _at("sent_at"),
    _at("opened_at"),
    _at("touched_at"),
    _at("answered_at"),
    _at("done_at"),
    _at("corrected_at"),
    _at("ask_again_at"),
    _at("remind_at"),
    _at("closes_at"),
    _at("settles_at"),
    _at("next_at"),
    Column("shown", String(20)),
    Column("message_id", Integer),
    _at("lag_at"),
    _word("taken_up", nullable=True),
    _one_of("taken_up", TakenUp),
    _one_of("state", CheckInState),
    _one_of("step", Step),
    CheckConstraint("items IN ('understood,sense,pending', 'understood,sense')", name="items"),
    sqlite_autoincrement=True,
)

for _column in (check_ins.c.next_at, check_ins.c.lag_at, check_ins.c.settles_at):
    _falls_due = text(f"{_column.name} IS NOT NULL")  # what is over is in none of these indexes
    Index(f"ix_check_ins_{_column.name}", _column, sqlite_where=_falls_due)

answers = Table(
    "answers",
    metadata,
    _to("check_ins", "check_in_id", primary_key=True),
    _word("item", primary_key=True),
    Column("score", Integer, nullable=False),
    _at("scored_at", nullable=False),
    CheckConstraint("score BETWEEN 0 AND 10 AND score = CAST(score AS INTEGER)", name="score"),
    _one_of("item", Item),
)

words = Table(
    "words",
    metadata,
    _key(),
    _to("patients", "patient_id", index=True),
    _to("check_ins", "check_in_id", nullable=True, index=True),
    _word("kind"),
    Column("body", LargeBinary, nullable=False),
    Column("source_ref", LargeBinary, nullable=False, unique=True),
    _at("written_at", nullable=False),
    _at("changed_at"),
    _one_of("kind", WordsKind),
    sqlite_autoincrement=True,
)

concerns = Table(
    "concerns",
    metadata,
    _key(),
    _to("patients", "patient_id", index=True),
    _to("words", "words_id", unique=True),
    _at("opened_at", nullable=False),
    _at("next_at", index=True),
    _at("second_at"),
    _at("seen_at"),
    _to("people", "seen_by", nullable=True),
    _at("contacted_at"),
    _to("people", "contacted_by", nullable=True, index=True),
    _at("note_until"),
    Column("note", LargeBinary),
    Column(
        "negated", Integer, CheckConstraint("negated IN (0, 1)", name="negated"), nullable=False, server_default="0"
    ),
    sqlite_autoincrement=True,
)

concern_steps = Table(
    "concern_steps",
    metadata,
    _key(),
    _to("concerns", "concern_id", ondelete="CASCADE"),
    _at("at", nullable=False),
    _word("step"),
    _to("people", "person_id", nullable=True, ondelete="SET NULL"),
    _one_of("step", ConcernStep),
    Index(None, "concern_id", "at"),
)

disclosures = Table(
    "disclosures",
    metadata,
    _key(),
    _to("patients", "patient_id", index=True),
    Column("body", LargeBinary, nullable=False),
    Column("source_ref", LargeBinary, nullable=False, unique=True),
    _at("told_at", nullable=False),
    sqlite_autoincrement=True,
)

disclosure_contacts = Table(
    "disclosure_contacts",
    metadata,
    _to("disclosures", "disclosure_id", ondelete="CASCADE", primary_key=True),
    _to("people", "person_id", ondelete="CASCADE", primary_key=True, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    _key(),
    _word("key", 120, unique=True),
    _to("people", "person_id", index=True),
    _word("kind", 30),
    Column("body", LargeBinary),
    _to("check_ins", "check_in_id", nullable=True),
    Column("urgency", Integer, CheckConstraint("urgency BETWEEN 0 AND 3", name="urgency"), nullable=False),
    _at("due_at", nullable=False),
    _at("not_after"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", String(200)),
    _at("sent_at"),
    _at("gave_up_at"),
    Column("message_id", Integer),
    Column("faults", Integer, nullable=False, server_default="0"),
    _at("parked_at"),
    _at("wanted_at"),
    Column("worker_id", Integer),  # in whose hands it is, where several processes work: `storage.schema_workers`
    sqlite_autoincrement=True,
)

_WAITING = text("sent_at IS NULL AND gave_up_at IS NULL")
Index("ix_outbox_waiting", outbox.c.due_at, sqlite_where=_WAITING)
Index(
    "ix_outbox_due",
    outbox.c.urgency,
    outbox.c.due_at,
    outbox.c.id,
    sqlite_where=_WAITING,
)
_PARKED = text("parked_at IS NOT NULL")
Index("ix_outbox_parked", outbox.c.parked_at, sqlite_where=_PARKED)
Index("ix_outbox_check_in", outbox.c.check_in_id, sqlite_where=_WAITING)
Index("ix_outbox_worker", outbox.c.worker_id, sqlite_where=text("worker_id IS NOT NULL"))

inbox = Table(
    "inbox",
    metadata,
    _key(),
    Column("key_ref", LargeBinary, nullable=False, unique=True),
    Column("lane_ref", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    _at("received_at", nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _at("again_at"),
    _at("done_at"),
    _at("parked_at"),
    Column("last_error", String(200)),
    _at("applied_at"),
    sqlite_autoincrement=True,
)

_UNWORKED = text("done_at IS NULL AND parked_at IS NULL")
_FAILED = text("done_at IS NULL AND parked_at IS NULL AND again_at IS NOT NULL")
Index(
    "ix_inbox_lanes",
    inbox.c.lane_ref,
    inbox.c.id,
    inbox.c.again_at,
    sqlite_where=_UNWORKED,
)
Index("ix_inbox_again", inbox.c.again_at, inbox.c.lane_ref, sqlite_where=_FAILED)

Index("ix_inbox_parked", inbox.c.parked_at, sqlite_where=_PARKED)

audit = Table(
    "audit",
    metadata,
    _key(),
    _at("at", nullable=False),
    Column("actor", Integer),
    _word("act", 40),
    _word("subject", 20),
    Column("subject_id", Integer, nullable=False),
    Column("patient_id", Integer, index=True),
)

sent_messages = Table(
    "sent_messages",
    metadata,
    _to("people", "person_id", primary_key=True),
    Column("message_id", Integer, primary_key=True),
    _at("sent_at", nullable=False, index=True),
)

erasures = Table(
    "erasures",
    metadata,
    _to("patients", "patient_id", primary_key=True),
    Column("keep_scores", Integer, CheckConstraint("keep_scores IN (0, 1)", name="keep_scores"), nullable=False),
    _at("left_at", nullable=False),
    _at("export_until", nullable=False),
    _at("exported_at"),
    _at("next_at", nullable=False, index=True),
)

deletions = Table(
    "deletions",
    metadata,
    _key(),
    _to("people", "person_id", ondelete="CASCADE", index=True),
    _word("kind"),
    _at("before_at", nullable=False),
    _at("delete_at", nullable=False),
    _at("first_told_at"),
    _at("second_told_at"),
    _at("done_at"),
    _one_of("kind", Kept),
)

deletion_patients = Table(
    "deletion_patients",
    metadata,
    _to("deletions", "deletion_id", ondelete="CASCADE", primary_key=True),
    _to("patients", "patient_id", ondelete="CASCADE", primary_key=True, index=True),
)

chores = Table(
    "chores",
    metadata,
    _word("name", 40, primary_key=True),
    _at("next_at", index=True),
    _at("last_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", String(200)),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", String(200), nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True),
    Column("proof", LargeBinary, nullable=False),
)

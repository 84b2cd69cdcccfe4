"""The tables of what therapists write down about a treatment; see `storage.schema`."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, text

from bot.domain.records import RecordKind
from storage.schema_parts import at as _at
from storage.schema_parts import key as _key
from storage.schema_parts import metadata
from storage.schema_parts import one_of as _one_of
from storage.schema_parts import to as _to
from storage.schema_parts import word as _word

records = Table(
    "records",
    metadata,
    _key(),
    _to("treatments", "treatment_id"),
    _word("kind"),
    Column("body", LargeBinary),
    Column("source_ref", LargeBinary, nullable=False, unique=True),
    _at("recorded_at", nullable=False),
    _to("records", "replaces_id", nullable=True, ondelete="SET NULL", index=True),
    _at("ended_at"),
    _at("struck_at"),
    _one_of("kind", RecordKind),
    CheckConstraint("body IS NOT NULL OR struck_at IS NOT NULL", name="struck"),
    Index(None, "treatment_id", "kind", "recorded_at"),
    sqlite_autoincrement=True,
)

_STANDS = text("kind = 'agreement' AND ended_at IS NULL AND struck_at IS NULL")
Index("uq_records_agreement", records.c.treatment_id, unique=True, sqlite_where=_STANDS)

record_lines = Table(
    "record_lines",
    metadata,
    _to("therapists", "therapist_id", primary_key=True),
    _to("patients", "patient_id", index=True),
    _word("kind"),
    _at("asked_at", nullable=False),
    _at("until_at", nullable=False),
    _one_of("kind", RecordKind),
)

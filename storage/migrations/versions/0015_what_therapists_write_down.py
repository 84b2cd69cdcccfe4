"""Agreements and notes, when a therapist is reminded of a session, and whether what was left pending was taken up."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.tables import rebuild

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KIND = "kind IN ('agreement', 'objective', 'marker', 'review')"
TAKEN_UP = "CONSTRAINT ck_check_ins_taken_up CHECK (taken_up IN ('asked', 'yes', 'no', 'not_needed'))"


def upgrade() -> None:
    _records()
    _lines()
    op.execute("ALTER TABLE sessions ADD COLUMN note_at VARCHAR(27)")
    op.create_index("ix_sessions_note_at", "sessions", ["note_at"])
    op.execute(f"ALTER TABLE check_ins ADD COLUMN taken_up VARCHAR(20) {TAKEN_UP}")
    rebuild("check_ins", lambda built: built.replace("'pending_words', ", "'pending_words', 'taken_up', "))


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("source_ref", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("struck_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint(KIND, name=op.f("ck_records_kind")),
        sa.CheckConstraint("body IS NOT NULL OR struck_at IS NOT NULL", name=op.f("ck_records_struck")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name=op.f("fk_records_treatment_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["records.id"], name=op.f("fk_records_replaces_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("source_ref", name=op.f("uq_records_source_ref")),
        sqlite_autoincrement=True,
    )
    columns = ["treatment_id", "kind", "recorded_at"]
    op.create_index(op.f("ix_records_treatment_id_kind_recorded_at"), "records", columns, unique=False)
    op.create_index(op.f("ix_records_replaces_id"), "records", ["replaces_id"], unique=False)
    stands = sa.text("kind = 'agreement' AND ended_at IS NULL AND struck_at IS NULL")
    op.create_index(
        "uq_records_agreement", "records", ["treatment_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )


def _lines() -> None:
    op.create_table(
        "record_lines",
        sa.Column("therapist_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.String(length=27), nullable=False),
        sa.Column("until_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(KIND, name=op.f("ck_record_lines_kind")),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapists.id"], name=op.f("fk_record_lines_therapist_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_record_lines_patient_id")),
        sa.PrimaryKeyConstraint("therapist_id", name=op.f("pk_record_lines")),
    )
    op.create_index(op.f("ix_record_lines_patient_id"), "record_lines", ["patient_id"], unique=False)

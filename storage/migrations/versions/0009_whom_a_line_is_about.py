"""A line of the audit keeps the patient it is about; an announced deletion keeps the patients it was announced for.

Lines whose rows are gone stay without one.  Changing lines is what the audit refuses; the guard is lifted for this.
Deletions that are being announced name nobody yet, so they are closed by the program and announced anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GUARD = "audit_refuses_update"
ABOUT = """
UPDATE audit SET patient_id = CASE subject
    WHEN 'patient' THEN subject_id
    WHEN 'words' THEN (SELECT patient_id FROM words WHERE id = subject_id)
    WHEN 'concern' THEN (SELECT patient_id FROM concerns WHERE id = subject_id)
    WHEN 'disclosure' THEN (SELECT patient_id FROM disclosures WHERE id = subject_id)
    WHEN 'episode' THEN (
        SELECT patient_id FROM episodes JOIN treatments ON treatments.id = treatment_id WHERE episodes.id = subject_id
    )
    WHEN 'session' THEN (
        SELECT patient_id FROM sessions JOIN treatments ON treatments.id = treatment_id WHERE sessions.id = subject_id
    )
    WHEN 'no_session' THEN (
        SELECT patient_id FROM check_ins JOIN sessions ON sessions.id = session_id
        JOIN treatments ON treatments.id = treatment_id WHERE check_ins.id = subject_id
    )
END
"""


def upgrade() -> None:
    op.add_column("audit", sa.Column("patient_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_audit_patient_id"), "audit", ["patient_id"], unique=False)
    named = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    guard = op.get_bind().execute(named, {"name": GUARD}).scalar_one()
    op.execute(f"DROP TRIGGER {GUARD}")
    op.execute(ABOUT)
    op.execute(sa.text(guard))
    op.create_table(
        "deletion_patients",
        sa.Column("deletion_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        _gone_with("deletions", "deletion_id"),
        _gone_with("patients", "patient_id"),
        sa.PrimaryKeyConstraint("deletion_id", "patient_id", name=op.f("pk_deletion_patients")),
    )
    op.create_index(op.f("ix_deletion_patients_patient_id"), "deletion_patients", ["patient_id"], unique=False)


def _gone_with(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_deletion_patients_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")

"""To whom words were confided is kept; whoever reads something is told before it is deleted, therapist or not.

What was confided before has as its readers whoever could open it until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

READERS = """
INSERT INTO disclosure_contacts (disclosure_id, person_id)
SELECT disclosures.id, contacts.person_id
FROM disclosures
JOIN patients ON patients.id = disclosures.patient_id
JOIN contacts ON contacts.role = 'second_contact' AND contacts.ended_at IS NULL
WHERE contacts.person_id IS NOT patients.person_id AND NOT EXISTS (
    SELECT 1 FROM treatments
    JOIN therapists ON therapists.id = treatments.therapist_id
    JOIN patients AS same ON same.id = treatments.patient_id
    WHERE therapists.person_id = contacts.person_id
    AND (same.id = patients.id OR same.person_id = patients.person_id)
)
"""
PLANS = """
INSERT INTO deletions_anew
SELECT deletions.id, therapists.person_id, kind, before_at, delete_at, first_told_at, second_told_at, done_at
FROM deletions JOIN therapists ON therapists.id = deletions.therapist_id
"""


def upgrade() -> None:
    op.create_table(
        "disclosure_contacts",
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _gone_with("disclosures", "disclosure_id", of="disclosure_contacts"),
        _gone_with("people", "person_id", of="disclosure_contacts"),
        sa.PrimaryKeyConstraint("disclosure_id", "person_id", name=op.f("pk_disclosure_contacts")),
    )
    op.create_index(op.f("ix_disclosure_contacts_person_id"), "disclosure_contacts", ["person_id"], unique=False)
    op.execute(READERS)
    _deletions_by_reader()


def _deletions_by_reader() -> None:
    op.create_table(
        "deletions_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before_at", sa.String(length=27), nullable=False),
        sa.Column("delete_at", sa.String(length=27), nullable=False),
        sa.Column("first_told_at", sa.String(length=27), nullable=True),
        sa.Column("second_told_at", sa.String(length=27), nullable=True),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("kind IN ('words', 'scores', 'confided')", name=op.f("ck_deletions_kind")),
        _gone_with("people", "person_id", of="deletions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
    )
    op.execute(PLANS)
    op.drop_table("deletions")
    op.rename_table("deletions_anew", "deletions")
    op.create_index(op.f("ix_deletions_person_id"), "deletions", ["person_id"], unique=False)


def _gone_with(table: str, column: str, *, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{of}_{column}"), ondelete="CASCADE")

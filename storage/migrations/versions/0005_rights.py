"""Leaving, minors, retention; and ids that are written down elsewhere are never given out again.

The tables whose rows can now be deleted are made anew with AUTOINCREMENT, from the very text that made them.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEVER_AGAIN = (
    *("people", "patients", "sessions", "check_ins", "words", "episodes", "concerns", "disclosures"),
    *("inbox", "outbox"),
)


def upgrade() -> None:
    op.add_column("people", sa.Column("forget_at", sa.String(length=27), nullable=True))
    op.create_index(op.f("ix_people_forget_at"), "people", ["forget_at"], unique=False)
    minor = "INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_patients_minor CHECK (minor IN (0, 1))"
    op.execute(f"ALTER TABLE patients ADD COLUMN minor {minor}")
    op.add_column("patients", sa.Column("guardian", sa.LargeBinary(), nullable=True))
    op.add_column("patients", sa.Column("guardian_asked_at", sa.String(length=27), nullable=True))
    op.add_column("consents", sa.Column("guardian", sa.LargeBinary(), nullable=True))
    for table in NEVER_AGAIN:
        rebuild(table)
    op.create_table(
        "sent_messages",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sent_messages_person_id")),
        sa.PrimaryKeyConstraint("person_id", "message_id", name=op.f("pk_sent_messages")),
    )
    op.create_index(op.f("ix_sent_messages_sent_at"), "sent_messages", ["sent_at"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("keep_scores", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.String(length=27), nullable=False),
        sa.Column("export_until", sa.String(length=27), nullable=False),
        sa.Column("exported_at", sa.String(length=27), nullable=True),
        sa.Column("next_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("keep_scores IN (0, 1)", name=op.f("ck_erasures_keep_scores")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_erasures_patient_id")),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_next_at"), "erasures", ["next_at"], unique=False)
    op.create_table(
        "deletions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before_at", sa.String(length=27), nullable=False),
        sa.Column("delete_at", sa.String(length=27), nullable=False),
        sa.Column("first_told_at", sa.String(length=27), nullable=True),
        sa.Column("second_told_at", sa.String(length=27), nullable=True),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("kind IN ('words', 'scores')", name=op.f("ck_deletions_kind")),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapists.id"], name=op.f("fk_deletions_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
    )
    op.create_index(op.f("ix_deletions_therapist_id"), "deletions", ["therapist_id"], unique=False)


def rebuild(table: str) -> None:
    """Make a table anew as it is, with ids that only grow, and for patients with the state *left*."""
    run = op.get_bind().exec_driver_sql
    sql = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    others = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    beside = [row[0] for row in run(others, (table,))]
    run(with_growing_ids(sql, table))
    run(f"INSERT INTO {table}_anew SELECT * FROM {table}")
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for statement in beside:
        run(statement)


def with_growing_ids(sql: str, table: str) -> str:
    sql = re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", sql, count=1)
    sql = re.sub(rf",\s*CONSTRAINT pk_{table} PRIMARY KEY \(id\)", "", sql, count=1)
    key = f"id INTEGER NOT NULL CONSTRAINT pk_{table} PRIMARY KEY AUTOINCREMENT"
    sql = re.sub(r"\bid INTEGER NOT NULL\b", key, sql, count=1)
    if table == "patients":
        sql = re.sub(r"(state IN \([^)]*)\)", r"\1, 'left')", sql, count=1)
    return sql

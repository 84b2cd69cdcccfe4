"""Contacts beside the therapist, every step of a concern, and words confided to the other contact."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CONTACTS = "'second_contact', 'supervisor', 'operator'"
ARTICLES = "'la', 'el', 'none'"
STEPS = (
    "'opened', 'told', 'repeated', 'second_told', 'operator_told', 'delivered', 'undeliverable', 'nobody_left', "
    "'seen', 'contacted', 'noted'"
)


def upgrade() -> None:
    with op.batch_alter_table("invitations") as invitations:
        invitations.drop_constraint(op.f("ck_invitations_role"), type_="check")
        invitations.create_check_constraint(
            op.f("ck_invitations_role"), f"role IN ('therapist', 'patient', {CONTACTS})"
        )
    _contacts()
    with op.batch_alter_table("concerns") as concerns:
        for name in ("next_at", "second_at", "contacted_at", "note_until"):
            concerns.add_column(sa.Column(name, sa.String(length=27), nullable=True))
        for name in ("seen_by", "contacted_by"):
            concerns.add_column(sa.Column(name, sa.Integer(), nullable=True))
            concerns.create_foreign_key(op.f(f"fk_concerns_{name}"), "people", [name], ["id"])
        concerns.add_column(sa.Column("note", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_concerns_next_at"), "concerns", ["next_at"], unique=False)
    op.create_index(op.f("ix_concerns_contacted_by"), "concerns", ["contacted_by"], unique=False)
    # what nobody has seen yet is taken up at once; what was seen stays open until somebody says that contact was made
    op.execute("UPDATE concerns SET next_at = opened_at WHERE seen_at IS NULL")
    _steps()
    _disclosures()


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("article", sa.String(length=20), nullable=False),
        sa.Column("since_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint(f"role IN ({CONTACTS})", name=op.f("ck_contacts_role")),
        sa.CheckConstraint(f"article IN ({ARTICLES})", name=op.f("ck_contacts_article")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contacts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_contacts_person_id_role")),
    )


def _steps() -> None:
    op.create_table(
        "concern_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"step IN ({STEPS})", name=op.f("ck_concern_steps_step")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_concern_steps_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_concern_steps_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_steps")),
    )
    op.create_index(op.f("ix_concern_steps_concern_id_at"), "concern_steps", ["concern_id", "at"], unique=False)
    op.execute(
        "CREATE TRIGGER concern_steps_refuses_update BEFORE UPDATE ON concern_steps "
        "WHEN NEW.person_id IS NOT NULL OR (NEW.id, NEW.concern_id, NEW.at, NEW.step) "
        "IS NOT (OLD.id, OLD.concern_id, OLD.at, OLD.step) "
        "BEGIN SELECT RAISE(ABORT, 'steps are append-only; a person may only be forgotten'); END"
    )


def _disclosures() -> None:
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("source_ref", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_disclosures_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        sa.UniqueConstraint("source_ref", name=op.f("uq_disclosures_source_ref")),
    )
    op.create_index(op.f("ix_disclosures_patient_id"), "disclosures", ["patient_id"], unique=False)

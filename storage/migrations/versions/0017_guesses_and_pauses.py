"""What therapists guess before they see a score, and the pauses that are offered after a hard check-in."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = "state IN ('open', 'given', 'skipped', 'lapsed', 'seen', 'withdrawn')"


def upgrade() -> None:
    op.execute("ALTER TABLE treatments ADD COLUMN pause_at VARCHAR(27)")
    op.create_table(
        "guesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column("lapses_at", sa.String(27), nullable=False),
        sa.Column("next_at", sa.String(27), nullable=True),
        sa.Column("guessed", sa.Integer(), nullable=True),
        sa.Column("guessed_at", sa.String(27), nullable=True),
        sa.Column("shown_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.CheckConstraint("guessed BETWEEN 0 AND 10", name=op.f("ck_guesses_guessed")),
        sa.CheckConstraint("(guessed IS NULL) = (guessed_at IS NULL)", name=op.f("ck_guesses_given")),
        sa.CheckConstraint(STATES, name=op.f("ck_guesses_state")),
        *_of_a_check_in("guesses"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_guesses_next_at"), "guesses", ["next_at"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_pauses_step")),
        *_of_a_check_in("pauses"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pauses_next_at"), "pauses", ["next_at"], unique=False)


def _of_a_check_in(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f(f"fk_{table}_check_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("check_in_id", name=op.f(f"uq_{table}_check_in_id")),
    )

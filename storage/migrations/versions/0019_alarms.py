"""What is wrong with the bot itself, and when a message should have left."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ALARMS = "kind IN ('silent', 'refused', 'database', 'unsent', 'parked', 'backup', 'chore', 'disk')"


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("since_at", sa.String(27), nullable=False),
        sa.Column("told_at", sa.String(27), nullable=False),
        sa.Column("over_at", sa.String(27), nullable=True),
        sa.CheckConstraint(ALARMS, name=op.f("ck_alarms_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sqlite_autoincrement=True,
    )
    lasting = sa.text("over_at IS NULL")
    op.create_index(
        "uq_alarms_lasting", "alarms", ["kind"], unique=True, sqlite_where=lasting, postgresql_where=lasting
    )
    op.execute("ALTER TABLE outbox ADD COLUMN wanted_at VARCHAR(27)")
    op.execute("UPDATE outbox SET wanted_at = due_at WHERE sent_at IS NULL AND gave_up_at IS NULL")

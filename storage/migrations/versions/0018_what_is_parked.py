"""Messages that are parked, and an index for what is due in each class."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN faults INTEGER DEFAULT '0' NOT NULL")
    op.execute("ALTER TABLE outbox ADD COLUMN parked_at VARCHAR(27)")
    op.execute(
        "CREATE INDEX ix_outbox_due ON outbox (urgency, due_at, id) WHERE sent_at IS NULL AND gave_up_at IS NULL"
    )
    for table in ("outbox", "inbox"):
        op.execute(f"CREATE INDEX ix_{table}_parked ON {table} (parked_at) WHERE parked_at IS NOT NULL")

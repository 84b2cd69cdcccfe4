"""In whose hands a chat and a message are, where several processes work on one server."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("ends_at", WHOLE, nullable=False),
        sa.Column("wants", WHOLE),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lanes",
        sa.Column("lane_ref", sa.LargeBinary(), nullable=False),
        sa.Column("worker_id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("lane_ref", name="pk_lanes"),
    )
    op.create_index("ix_lanes_worker_id", "lanes", ["worker_id"])
    op.add_column("outbox", sa.Column("worker_id", WHOLE))
    op.execute("CREATE INDEX ix_outbox_worker ON outbox (worker_id) WHERE worker_id IS NOT NULL")

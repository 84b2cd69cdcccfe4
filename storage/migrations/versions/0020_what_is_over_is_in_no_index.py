"""The indexes of what falls due hold only check-ins for which something does: those that are over weigh nothing."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("next_at", "lag_at"):
        op.drop_index(f"ix_check_ins_{column}", "check_ins")
    for column in ("next_at", "lag_at", "settles_at"):
        op.execute(f"CREATE INDEX ix_check_ins_{column} ON check_ins ({column}) WHERE {column} IS NOT NULL")

"""When an update was applied; when the last digest was written."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("applied_at", sa.String(length=27), nullable=True))
    op.add_column("therapists", sa.Column("digested_at", sa.String(length=27), nullable=True))

"""Whose Spanish each person is spoken to in: that of Spain, or that of the Americas."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REGION = "CONSTRAINT ck_people_region CHECK (region IN ('spain', 'americas'))"


def upgrade() -> None:
    op.execute(f"ALTER TABLE people ADD COLUMN region VARCHAR(20) DEFAULT 'spain' NOT NULL {REGION}")
    op.execute("UPDATE people SET region = 'americas' WHERE register = 'vos' OR zone LIKE 'America/%'")

"""Working hours of a therapist's own."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BOTH = "CONSTRAINT ck_therapists_working CHECK ((works_from IS NULL) = (works_until IS NULL))"


def upgrade() -> None:
    op.execute("ALTER TABLE therapists ADD COLUMN works_from VARCHAR(5)")
    op.execute(f"ALTER TABLE therapists ADD COLUMN works_until VARCHAR(5) {BOTH}")

"""Quiet hours of one's own; what was never asked says why: the chat was gone, or the question came too late."""

from alembic import op

from storage.migrations.tables import rebuild

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BOTH = "CONSTRAINT ck_people_quiet CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))"


def upgrade() -> None:
    op.execute("ALTER TABLE people ADD COLUMN quiet_from VARCHAR(5)")
    op.execute(f"ALTER TABLE people ADD COLUMN quiet_until VARCHAR(5) {BOTH}")
    rebuild("check_ins", lambda built: built.replace("'skipped')", "'skipped', 'unreachable', 'late')"))

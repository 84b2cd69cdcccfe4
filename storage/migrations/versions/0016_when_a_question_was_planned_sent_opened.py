"""When a question was planned, sent, opened and corrected: instants that stay when the rows of the outbox are gone."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("planned_at", "sent_at", "opened_at", "corrected_at"):
        op.execute(f"ALTER TABLE check_ins ADD COLUMN {name} VARCHAR(27)")
    # What is still to be asked is planned for then; of what was asked before, nobody knows any more.
    op.execute("UPDATE check_ins SET planned_at = due_at WHERE state = 'planned'")

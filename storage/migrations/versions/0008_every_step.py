"""What the patient was shown and told is a step too; a negation stands with the concern."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STEPS = (
    "'opened', 'card_left', 'stopped', 'told', 'repeated', 'second_told', 'operator_told', 'delivered', "
    "'undeliverable', 'nobody_left', 'seen', 'contacted', 'noted', 'said_kept', 'said_reached', 'said_elsewhere', "
    "'said_nobody'"
)


def upgrade() -> None:
    negated = "INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_concerns_negated CHECK (negated IN (0, 1))"
    op.execute(f"ALTER TABLE concerns ADD COLUMN negated {negated}")
    _steps()


def _steps() -> None:
    """Build the table of steps again as it stands, with more of them; its rows, indexes and triggers stay."""
    (built,) = _statements("type = 'table'")
    around = _statements("type IN ('index', 'trigger') AND sql IS NOT NULL")
    new = re.sub(r'^CREATE TABLE "?concern_steps"?', "CREATE TABLE concern_steps_new", built)
    new = re.sub(r"step IN \([^)]*\)", f"step IN ({STEPS})", new)
    op.execute(sa.text(new))
    op.execute("INSERT INTO concern_steps_new SELECT * FROM concern_steps")
    op.execute("DROP TABLE concern_steps")
    op.execute("ALTER TABLE concern_steps_new RENAME TO concern_steps")
    for statement in around:
        op.execute(sa.text(statement))


def _statements(which: str) -> list[str]:
    found = op.get_bind().execute(
        sa.text(f"SELECT sql FROM sqlite_master WHERE tbl_name = 'concern_steps' AND {which}")
    )
    return [str(row[0]) for row in found]

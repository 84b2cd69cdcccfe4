"""Nothing impossible fits into an invitation, a check-in or the outbox; a long queue of one chat delays nobody."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHECKS = (
    ("invitations", "whose", "(role = 'patient') = (patient_id IS NOT NULL)"),
    ("check_ins", "items", "items IN ('understood,sense,pending', 'understood,sense')"),
    ("outbox", "urgency", "urgency BETWEEN 0 AND 3"),
)
UNWORKED = "done_at IS NULL AND parked_at IS NULL"


def upgrade() -> None:
    for table, name, condition in CHECKS:
        _check(table, f"CONSTRAINT ck_{table}_{name} CHECK ({condition})")
    op.drop_index("ix_inbox_unworked", "inbox")
    _partial_index("ix_inbox_lanes", ["lane_ref", "id", "again_at"], UNWORKED)
    _partial_index("ix_inbox_again", ["again_at", "lane_ref"], f"{UNWORKED} AND again_at IS NOT NULL")
    op.create_index(op.f("ix_failed_starts_at"), "failed_starts", ["at"], unique=False)


def _partial_index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "inbox", columns, unique=False, sqlite_where=where, postgresql_where=where)


def _check(table: str, constraint: str) -> None:
    """Add a CHECK to a table, built again as it stands: with its other constraints, its rows, indexes and triggers."""
    built = _statements(table, "type = 'table'")[0]
    around = _statements(table, "type IN ('index', 'trigger') AND sql IS NOT NULL")
    new = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", built)
    op.execute(sa.text(f"{new.rstrip().removesuffix(')')}, {constraint})"))
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for statement in around:
        op.execute(sa.text(statement))


def _statements(table: str, which: str) -> list[str]:
    found = op.get_bind().execute(
        sa.text(f"SELECT sql FROM sqlite_master WHERE tbl_name = :name AND {which}"), {"name": table}
    )
    return [str(row[0]) for row in found]

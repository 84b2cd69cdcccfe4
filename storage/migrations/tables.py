"""What several revisions do to a table that SQLite cannot change in place."""

import re
from collections.abc import Callable, Mapping

from alembic import op


def rebuild(table: str, changed: Callable[[str], str], values: Mapping[str, str] | None = None) -> None:
    """Make a table anew from the text that made it, changed, with its rows, indexes and triggers.

    Columns that the change adds take what `values` says (SQL over the old row), else their default; foreign keys are
    off while revisions run.  Ids that were given out once, to rows that are gone, are not given out again.
    """
    run = op.get_bind().exec_driver_sql
    built = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    others = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    around = [row[0] for row in run(others, (table,))]
    taken = {row[1]: row[1] for row in run(f"PRAGMA table_info({table})")} | dict(values or {})
    highest = _highest_id(table)
    run(re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", changed(built), count=1))
    run(f"INSERT INTO {table}_anew ({', '.join(taken)}) SELECT {', '.join(taken.values())} FROM {table}")
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {table}_anew RENAME TO {table}")
    if highest is not None:
        run("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, highest))
    for statement in around:
        run(statement)


def _highest_id(table: str) -> int | None:
    """Return the highest id that a table has ever given out, if the table remembers it."""
    run = op.get_bind().exec_driver_sql
    if not run("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").scalar():
        return None
    highest = run("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    return None if highest is None else int(highest)

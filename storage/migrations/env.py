"""Alembic's way in: it is always given an open connection."""

from typing import Any, Literal

from alembic import context

from storage.columns import Instant
from storage.schema import metadata


def _render(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Freeze our own column kinds in revisions as what they are in SQL."""
    return "sa.String(length=27)" if kind == "type" and isinstance(thing, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()

"""How long what is done to a whole database may take, whatever is set for the role, the database, the address.

Limits that are right for the bot's small statements would end an update of the schema, or a move, halfway and for good.
"""

from typing import Final

_NONE: Final = (
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "transaction_timeout",
)
"""Older servers do not know all of them."""


def waiting_for_locks(seconds: int) -> str:
    """Return what lets everything on a connection take its time, but the wait for a lock."""
    limits = ", ".join(f"('{name}', '0')" for name in _NONE)
    return f"""
        SELECT set_config(name, ours, false) FROM pg_settings
        JOIN (VALUES {limits}, ('lock_timeout', '{seconds}s')) AS limits (name, ours) USING (name)
    """  # noqa: S608 - our own words

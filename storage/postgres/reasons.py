"""What is said of an error of PostgreSQL: its own first sentence.

Its details quote rows ("Key (code)=(P-07) already exists") and are never said; passwords are in none of its sentences.
"""

import psycopg


def reason_of(error: BaseException | None) -> str:
    """Return the sentence in one line, without its full stop."""
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return " ".join((said or str(error)).split()).rstrip(".")

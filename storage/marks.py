"""The mark of a place that a practice is being moved to: while it stands, nobody begins with what is there.

It is a table, made before anything else and dropped when all was read back: half a practice looks whole to a program
that starts on it, and an empty place looks like a new practice.
"""

from typing import Final

from bot.domain.errors import StoreRefusedError

TABLE: Final = "moving"
MAKES: Final = f"CREATE TABLE {TABLE} (source TEXT NOT NULL)"
DROPS: Final = f"DROP TABLE {TABLE}"
READS: Final = f"SELECT source FROM {TABLE}"  # noqa: S608 - our own name


def refusal(place: object, source: str) -> StoreRefusedError:
    """Return what a program is told that would begin there; `source` is where the whole practice is."""
    return StoreRefusedError(
        f"A practice was being moved to {place}, and not all of it is there. It is whole at {source}: name that one in "
        "[database] url, then run `microchequeo move-database` again. Nothing was changed."
    )

"""What is in a place, as plain rows: seen at one moment, or filled anew.  Nothing here knows what a row means."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Table

Row = tuple[Any, ...]
"""The values of a row as the engine has them, in the order of the table's columns: int, str, bytes, None."""


class Moment(Protocol):
    """What is in a place at one moment, read as often as one likes."""

    def tables(self) -> set[str]:
        """Return the names of all tables, whosever they are."""

    def one(self, statement: str) -> Any:
        """Return the first value that a statement finds, None if it finds nothing."""

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield all rows in the order of the primary key, a few of them in memory at a time."""

    def highest(self, table: Table) -> int:
        """Return the highest id that was ever given out, as far as the place knows; 0 if none was."""

    def faults(self) -> Iterator[str]:
        """Look through all of it; yield what is wrong with it, by table and column, never by content."""


class Filling(Protocol):
    """A transaction in which an emptied place gets its rows."""

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        """Write rows as they are."""

    def go_on_from(self, table: Table, highest: int) -> None:
        """Give no id out, from now on, that is not above the highest one (0: any)."""


class Destination(Protocol):
    """A place that a practice is moved to.  Nobody else may use it."""

    def found(self) -> AbstractContextManager[Moment | None]:
        """See what is there; None: there is nothing at all.  StoreRefusedError where no practice can be."""

    def mark(self, source: str) -> None:
        """Mark what is empty, so that it survives a power cut."""

    def lay_out(self) -> None:
        """Bring the tables to the present schema."""

    def filling(self) -> AbstractContextManager[Filling]:
        """Empty all tables, whatever guards them, and let them be filled, in one transaction."""

    def unmark(self) -> None:
        """Take the mark away; what is there survives a power cut."""

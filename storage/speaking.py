"""What the groups of tables need of an engine, whichever it is: a connection that is told what to do, and when.

`storage.driver` speaks to SQLite, `storage.postgres.driver` to PostgreSQL.  The engine's `dialect.dbapi` is a `Driver`.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, Protocol

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import StoreTroubleError

Operation = tuple[str, Any, bool]
"""A statement, its parameters, and whether these are rows of parameters for each of which it is run."""


class Transaction(Enum):
    """What a transaction is for."""

    WRITING = auto()
    """Nobody else writes before it ends."""

    READING = auto()
    """All of it sees one moment."""


@dataclass(frozen=True, slots=True)
class Concerning:
    """Writing that concerns one person, by id: nobody else writes about them before it ends.

    On a server others may be written about at the same time; a file has one writer.  None: what it writes is nobody's.
    """

    person: int | None


Kind = Transaction | Concerning


@dataclass(frozen=True, slots=True)
class Seat:
    """What lets a process write: `worker`, the number of its life, and `reign`, that of its time as owner.

    None where nothing of the kind can be lost: a file is held as long as the process lives.
    """

    worker: int | None = None
    reign: int | None = None


NOBODYS: Final = Seat()


class Spoken(Protocol):
    """A connection in the hands of one transaction after another."""

    dialect: Dialect
    """The one in which prepared statements are said."""

    def begin(self, kind: Kind) -> None:
        """Let the next statement begin a transaction; a transaction without any is none."""

    async def said(self, operations: Sequence[Operation], *, commits: bool = False) -> list[tuple[int, list[Any]]]:
        """Run statements in a row, perhaps to the end of the transaction; return what each changed, and its rows."""

    async def committed(self, last: Sequence[Operation]) -> None:
        """Run what is left to be said and commit, if there is anything to commit."""

    async def rolled_back(self) -> None:
        """Roll back, if there is anything to roll back."""

    @property
    def is_lost(self) -> bool:
        """Say whether nothing can be said on it any more."""

    def errors_as_sqlalchemy_has_them(self) -> AbstractContextManager[None]:
        """Raise what SQLAlchemy would have raised; it tells neither statement nor values."""


class Driver(Protocol):
    """What makes connections."""

    def trouble(self, error: DBAPIError) -> StoreTroubleError | None:
        """Say in our words what is wrong with the database; None: it is what was asked that is to blame."""

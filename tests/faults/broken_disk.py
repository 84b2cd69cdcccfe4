"""A disk that fails once: SQLite's own connection, which says of one operation what SQLite would say of a bad disk.

It sits where SQLAlchemy opens the connection, below everything that is ours.  What SQLite does besides saying it is
done too: a full disk and a failing one end the transaction, a busy database leaves it open.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.faults.course import Course

_TOLD: Final = re.compile(
    r"^\s*(SELECT|INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM|PRAGMA|BEGIN\w*)\s*(.*)", re.DOTALL
)
_TABLE: Final = re.compile(r"\bFROM\s+(\w+)")
_WORD: Final = re.compile(r"[\s(=]")
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class DiskFault:
    """What SQLite says, and what has become of the transaction by then."""

    name: str
    sentence: str
    code: int
    ends_transaction: bool
    after_commit: bool = False

    def error(self) -> sqlite3.OperationalError:
        """Make the error as the driver does."""
        error = sqlite3.OperationalError(self.sentence)
        error.sqlite_errorcode = self.code
        return error


BUSY: Final = DiskFault("busy", "database is locked", sqlite3.SQLITE_BUSY_TIMEOUT, ends_transaction=False)
"""It was waited for as long as anybody waits."""

FULL: Final = DiskFault("full", "database or disk is full", sqlite3.SQLITE_FULL, ends_transaction=True)
FAILING: Final = DiskFault("I/O error", "disk I/O error", sqlite3.SQLITE_IOERR, ends_transaction=True)
UNKNOWN: Final = DiskFault(
    "I/O error after the commit", "disk I/O error", sqlite3.SQLITE_IOERR, ends_transaction=False, after_commit=True
)
"""The commit has happened and nobody knows: what is done again must not be done twice.  For commits only."""

ALL: Final = (BUSY, FULL, FAILING, UNKNOWN)


class BrokenConnection(sqlite3.Connection):
    """A connection some of whose operations go wrong."""

    def __init__(self, course: Course[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._course = course
        self._wrote = ""

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        """Run one statement, or fail."""
        self._meet(sql)
        return super().execute(sql, *args)

    def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:
        """Run one statement many times, or fail."""
        self._meet(sql)
        return super().executemany(sql, *args)

    def commit(self) -> None:
        """Commit, or fail; or commit and seem to fail."""
        fault = self._course.meets(f"COMMIT after {self._wrote or 'reading'}") if self.in_transaction else None
        if fault is not None and not fault.after_commit:
            self._fail(fault)
        self._wrote = ""
        super().commit()
        if fault is not None:
            raise fault.error()

    def _meet(self, sql: str) -> None:
        kind = kind_of(sql)
        if kind.startswith(_WRITES):
            self._wrote = kind
        fault = self._course.meets(kind)
        if fault is not None:
            self._fail(fault)

    def _fail(self, fault: DiskFault) -> None:
        self._wrote = ""
        if fault.ends_transaction and self.in_transaction:
            self.rollback()
        raise fault.error()


def kind_of(sql: str) -> str:
    """Return verb and table."""
    told = _TOLD.match(sql)
    if told is None:
        return sql.split(maxsplit=1)[0]
    verb, rest = told[1].split()[0], told[2]
    if verb == "SELECT":
        table = _TABLE.search(rest)
        return f"SELECT {table[1]}" if table else "SELECT"
    return sql if verb == "BEGIN" else f"{verb} {_WORD.split(rest, maxsplit=1)[0]}"


@contextmanager
def broken_disk(course: Course[Any]) -> Iterator[None]:
    """Let every connection that is opened meanwhile be one of these."""

    def use(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        parameters["factory"] = partial(BrokenConnection, course)

    event.listen(Engine, "do_connect", use)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", use)

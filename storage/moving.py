"""Moving a practice to another place, row by row as it is: nothing is opened, nothing is sealed anew, no id changes.

Order of events: 1. both places are kept from everybody else; 2. the source is looked through, at one moment that lasts
to the end; 3. the target has room for a practice, or the mark of a move that was cut short; 4. it is marked
(`storage.marks`); 5. its tables are laid out; 6. it is emptied and filled, in one transaction; 7. every table is read
back, and counts, digests and the highest ids are compared; 8. the mark goes.  Killed at any point before 8, the target
is refused by whoever starts on it, and the next move begins it anew (decision 0042).  Nothing is written at the source.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Table

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from storage import marks
from storage.columns import KeyRing
from storage.contents import Destination, Moment, Row
from storage.migrations import head
from storage.opening import is_of
from storage.places import Place
from storage.schema import metadata, vault

TABLES: Final[Sequence[Table]] = metadata.sorted_tables
"""Every table of a practice, whoever is referred to before who refers."""

LOOKS_EVERY: Final = 1000
"""Rows between two words about how far it is."""

Watch = Callable[[str, int, int], None]
"""Hears what is being done, how many rows are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of how many tables are at both places now, and whether a move was begun before."""

    rows: int
    tables: int
    is_begun_anew: bool


class Tally:
    """Counts rows and makes their digest while they pass by.  Two are equal if the rows were."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = sha256()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and (self.rows, self._digest.digest()) == (other.rows, other._digest.digest())

    __hash__ = None  # type: ignore[assignment] # it changes

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows.  Python writes whole numbers, texts, bytes and None so that different ones look different."""
        for row in rows:
            self._digest.update(repr(row).encode("ascii", "backslashreplace"))
            self.rows += 1
            yield row


class _Course:
    """How far a move is: every row is written, and read back."""

    def __init__(self, rows: int, watch: Watch) -> None:
        self._all = 2 * rows
        self._done = 0
        self._watch = watch

    def along(self, what: str, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows, and say from time to time how far it is."""
        for row in rows:
            yield row
            self._done += 1
            if self._done % LOOKS_EVERY == 0:
                self._watch(what, self._done, self._all)


def moved(source: Place, target: Place, ring: KeyRing, watch: Watch, *, dry_run: bool = False) -> Moved:
    """Copy a practice to a place where there is none; with `dry_run` only look whether that could be done.

    Raises StoreUnavailableError (a bot at work on one of them, away, none there) and StoreRefusedError (not of this
    version, other keys, damaged, the target not empty or not the same when read back).
    """
    if not source.is_there():
        raise StoreUnavailableError(f"There is no practice at {source} yet; nothing was moved.")
    with _kept_from_others(source, target), source.moment() as here:
        _expect_whole(source, here, ring)
        begun = _begun_before(target)
        rows = sum(here.one(f'SELECT count(*) FROM "{table}"') for table in TABLES)  # noqa: S608 - our own names
        if not dry_run:
            _move(source, here, target, _Course(rows, watch), begun=begun)
        return Moved(rows, len(TABLES), begun)


@contextmanager
def _kept_from_others(*places: Place) -> Iterator[None]:
    with ExitStack() as stack:
        for place in places:
            stack.enter_context(place.untouched())
            stack.enter_context(place.sole_owner())
        yield


def _move(source: Place, here: Moment, target: Place, course: _Course, *, begun: bool) -> None:
    there = target.destination()
    if not begun:
        there.mark(str(source))
    there.lay_out()
    tallies = _filled(here, there, course)
    with target.moment() as copy:
        differing = [name for name in tallies if not _is_same(metadata.tables[name], here, copy, tallies[name], course)]
    if differing:
        raise StoreRefusedError(
            f"What was read back from {target} is not what is at {source}: {', '.join(differing)}. Let nobody else "
            "write to it, and run this again. No bot starts on it meanwhile."
        )
    there.unmark()


def _expect_whole(source: Place, here: Moment, ring: KeyRing) -> None:
    """Refuse what is no practice of this version and these keys, and what no other engine would take."""
    tables = here.tables()
    if marks.TABLE in tables:
        raise marks.refusal(source, here.one(marks.READS))
    revision = here.one("SELECT version_num FROM alembic_version") if "alembic_version" in tables else None
    if revision != head():
        raise StoreRefusedError(
            f"{source} is not of this version (schema {revision or 'none'} instead of {head()}): start the bot on "
            "it once with this version, stop it and run this again. Nothing was moved."
        )
    proof = here.one(f"SELECT proof FROM {vault}")  # noqa: S608 - our own name
    if proof is None or not is_of(ring, proof):
        raise StoreRefusedError(f"The keys do not belong to {source}. Nothing was moved.")
    if faults := list(here.faults()):
        raise StoreRefusedError(f"{source} cannot be moved as it is: {'; '.join(faults)}. Nothing was moved.")


def _begun_before(target: Place) -> bool:
    """Say whether the target has the mark of a move that was cut short; StoreRefusedError if it has anything else."""
    with target.destination().found() as there:
        tables = there.tables() if there is not None else set()
    if not tables or marks.TABLE in tables:
        return bool(tables)
    what = "a practice" if "alembic_version" in tables else "tables of something else"
    raise StoreRefusedError(f"{target} is not empty: it holds {what}. Nothing was done: name one that is empty.")


def _filled(here: Moment, there: Destination, course: _Course) -> Mapping[str, Tally]:
    """Copy all rows; return what was read, by table."""
    tallies = {table.name: Tally() for table in TABLES}
    with there.filling() as filling:
        for table in TABLES:
            filling.put(table, tallies[table.name].over(course.along("copying", here.rows(table))))
            if "id" in table.columns:
                filling.go_on_from(table, here.highest(table))
    return tallies


def _is_same(table: Table, here: Moment, copy: Moment, wanted: Tally, course: _Course) -> bool:
    found = Tally()
    for _ in found.over(course.along("comparing", copy.rows(table))):
        pass
    return found == wanted and (not is_counted(table) or copy.highest(table) == here.highest(table))


def is_counted(table: Table) -> bool:
    """Say whether a file, too, remembers the highest id that was given out, so that none is given out again."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])

"""Statements that are compiled once and go straight to the driver: what every tap asks.

To build, look up, execute and read a statement through SQLAlchemy takes five times as long as SQLite takes to run it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Delete, Dialect, Insert, Select, TypeDecorator, Update
from sqlalchemy.dialects.sqlite.aiosqlite import dialect as sqlite

DIALECT: Final = sqlite(paramstyle="qmark")

Convert = Callable[[Any], Any]
Statement = Select[Any] | Insert | Update | Delete


@dataclass(frozen=True, slots=True, repr=False)
class _Bind:
    """One parameter: where its value comes from, and what is made of it."""

    name: str
    default: Any
    convert: Convert | None

    def value(self, given: Mapping[str, Any]) -> Any:
        found = given.get(self.name, self.default)
        return found if self.convert is None else self.convert(found)


class Said:
    """A statement in one dialect."""

    def __init__(self, statement: Statement, sets: Iterable[str] | None, dialect: Dialect) -> None:
        keys = list(sets) if sets is not None else None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        self.operation = str(compiled)
        if "[POSTCOMPILE" in self.operation:
            raise ValueError("a list of values is known to SQLAlchemy only when it executes a statement")
        self._binds = [
            _Bind(name, None if one.required else one.value, _into(one.type, dialect))
            for name in compiled.positiontup or ()
            for one in (compiled.binds[name],)
        ]
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._names = [str(column.key) for column in columns]
        read = [_out_of(column.type, dialect) for column in columns]
        self._read = [(number, one) for number, one in enumerate(read) if one]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what stands for each parameter, in their order."""
        return tuple([bind.value(values) for bind in self._binds])

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Return rows by the names of their columns."""
        return [self._row(values) for values in found]

    def _row(self, values: tuple[Any, ...]) -> dict[str, Any]:
        row = list(values)
        for number, read in self._read:
            row[number] = read(row[number])
        return dict(zip(self._names, row, strict=True))


class Prepared:
    """A statement with bound parameters.  `sets`: the columns that an INSERT or an UPDATE is given values for by name.

    A parameter without a value is NULL: `bindparam` tells no forgotten value from none.
    """

    def __init__(self, statement: Statement, *, sets: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._sets = tuple(sets) if sets is not None else None
        self._said: dict[str, Said] = {}
        self.said_in(DIALECT)

    def said_in(self, dialect: Dialect) -> Said:
        """Return it in a dialect; compiled the first time, for SQLite when the program begins."""
        said = self._said.get(dialect.name)
        if said is None:
            said = self._said[dialect.name] = Said(self._statement, self._sets, dialect)
        return said


def _into(kind: Any, dialect: Dialect) -> Convert | None:
    """Return what makes of a value what the driver takes; None: nothing is to be made."""
    return kind.dialect_impl(dialect).bind_processor(dialect) if isinstance(kind, TypeDecorator) else None


def _out_of(kind: Any, dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None) if isinstance(kind, TypeDecorator) else None

"""Statements that are compiled once and go straight to the driver: what every tap asks.

To build, look up, execute and read a statement through SQLAlchemy takes five times as long as SQLite takes to run it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Insert, Select, TypeDecorator, Update
from sqlalchemy.dialects.sqlite.aiosqlite import dialect as sqlite

DIALECT: Final = sqlite(paramstyle="qmark")

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, repr=False)
class _Bind:
    """One `?`: where its value comes from, and what is made of it."""

    name: str
    default: Any
    convert: Convert | None

    def value(self, given: Mapping[str, Any]) -> Any:
        found = given.get(self.name, self.default)
        return found if self.convert is None else self.convert(found)


class Prepared:
    """A statement with bound parameters.  `sets`: the columns that an INSERT or an UPDATE is given values for by name.

    A parameter without a value is NULL: `bindparam` tells no forgotten value from none.
    """

    def __init__(self, statement: Select[Any] | Insert | Update, *, sets: Iterable[str] | None = None) -> None:
        keys = list(sets) if sets is not None else None
        compiled = statement.compile(dialect=DIALECT, column_keys=keys)
        self.operation = str(compiled)
        if "[POSTCOMPILE" in self.operation:
            raise ValueError("a list of values is known to SQLAlchemy only when it executes a statement")
        self._binds = [
            _Bind(name, None if one.required else one.value, _into(one.type))
            for name in compiled.positiontup or ()
            for one in (compiled.binds[name],)
        ]
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._names = [str(column.key) for column in columns]
        self._read = [(number, read) for number, column in enumerate(columns) if (read := _out_of(column.type))]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what stands for each `?`."""
        return tuple([bind.value(values) for bind in self._binds])

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Return rows by the names of their columns."""
        return [self._row(values) for values in found]

    def _row(self, values: tuple[Any, ...]) -> dict[str, Any]:
        row = list(values)
        for number, read in self._read:
            row[number] = read(row[number])
        return dict(zip(self._names, row, strict=True))


def _into(kind: Any) -> Convert | None:
    """Return what makes of a value what the driver takes; None: nothing is to be made."""
    return kind.dialect_impl(DIALECT).bind_processor(DIALECT) if isinstance(kind, TypeDecorator) else None


def _out_of(kind: Any) -> Convert | None:
    return kind.dialect_impl(DIALECT).result_processor(DIALECT, None) if isinstance(kind, TypeDecorator) else None

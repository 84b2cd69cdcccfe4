"""SQLAlchemy's PostgreSQL, with whole numbers as wide and texts as plainly sorted as in SQLite.

Traps: SQLite's integers have 64 bits, PostgreSQL's INTEGER has 32, and a tap may carry any number; SQLite sorts by
bytes, PostgreSQL by the language of the server; a sum of BIGINT is a NUMERIC, which would be read as a `Decimal`.
The catalogues of PostgreSQL are narrower, and are read with SQLAlchemy's own dialect.
"""

from typing import Any, Final

from psycopg.adapt import Loader
from sqlalchemy import Column
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import (
    PGCompiler_psycopg,
    PGDialect_psycopg,
    PGDialectAsync_psycopg,
)
from sqlalchemy.types import BigInteger, Integer

STORE: Final = "postgresql+microchequeo"
"""What the store speaks, on the event loop."""

OFFLINE: Final = "postgresql+microchequeo_offline"
"""What a command or a start speaks, in a thread."""


class _Types(PGTypeCompiler):
    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:  # noqa: N802 - SQLAlchemy's own name
        return str(self.visit_BIGINT(type_, **kw))  # type: ignore[no-untyped-call]

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        made = str(super().visit_VARCHAR(type_, **kw))
        return f'{made} COLLATE "C"' if isinstance(kw.get("type_expression"), Column) else made


class _Whole(BigInteger):
    render_bind_cast = True


class _Sum(Loader):
    """Reads the sums that our statements ask for: whole numbers all."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class _Statements(PGCompiler_psycopg):
    def visit_min_func(self, fn: Any, **kw: Any) -> str:
        """Say which of several values of one row is the least; of one, the least of all rows is meant."""
        several = len(fn.clauses) > 1
        return f"{'least' if several else 'min'}{self.function_argspec(fn, **kw)}"

    def visit_substr_func(self, fn: Any, **kw: Any) -> str:
        """Cut a piece out; places in texts and bytes are narrower than our numbers."""
        whole, *places = [self.process(each, **kw) for each in fn.clauses]
        return f"substr({', '.join([whole, *(f'CAST({place} AS INTEGER)' for place in places)])})"

    def visit_json_each_func(self, fn: Any, **kw: Any) -> str:
        """Give the whole numbers of a list in JSON, a row for each: the only lists that are asked with."""
        (written,) = fn.clauses
        elements = f"json_array_elements_text(CAST({self.process(written, **kw)} AS JSON))"
        return f"(SELECT CAST(value AS BIGINT) AS value FROM {elements})"  # noqa: S608 - a parameter

    def _on_conflict_target(self, clause: Any, **kw: Any) -> Any:
        """Read what was written for SQLite (`storage.dialects.insert_into`): there, no constraint is called by name."""
        if not hasattr(clause, "constraint_target"):
            clause.constraint_target = None
        return super()._on_conflict_target(clause, **kw)  # type: ignore[no-untyped-call]


class Offline(PGDialect_psycopg):
    """Over psycopg's plain connections."""

    supports_statement_cache = True
    type_compiler_cls = _Types
    statement_compiler = _Statements
    colspecs = {**PGDialect_psycopg.colspecs, Integer: _Whole}  # noqa: RUF012 - as SQLAlchemy has it

    def __init__(self, **options: Any) -> None:
        super().__init__(use_native_hstore=False, **options)  # type: ignore[no-untyped-call]
        if self._psycopg_adapters_map is not None:
            self._psycopg_adapters_map.register_loader("numeric", _Sum)


class Store(Offline, PGDialectAsync_psycopg):
    """Over psycopg's connections that are awaited."""

    supports_statement_cache = True


registry.register("postgresql.microchequeo", __name__, "Store")
registry.register("postgresql.microchequeo_offline", __name__, "Offline")

PREPARED: Final = Store(paramstyle="format")
"""In which prepared statements are said."""

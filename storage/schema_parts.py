"""What all tables are made of: names of constraints, kinds of columns."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, MetaData, String

from storage.columns import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[Any]:
    """Return the id column."""
    return Column("id", Integer, primary_key=True)


def to(table: str, name: str | None = None, *, ondelete: str | None = None, **options: Any) -> Column[Any]:
    """Return a foreign key."""
    options.setdefault("nullable", False)
    return Column(name or f"{table}_id", Integer, ForeignKey(f"{table}.id", ondelete=ondelete), **options)


def at(name: str, **options: Any) -> Column[Any]:
    """Return a column of instants."""
    return Column(name, Instant, **options)


def one_of(column: str, kinds: Iterable[StrEnum]) -> CheckConstraint:
    """Return the CHECK of a column that names a kind."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(kind)) for kind in kinds)})", name=column)


def word(name: str, size: int = 20, **options: Any) -> Column[Any]:
    """Return a column of short text, not null unless said."""
    options.setdefault("nullable", False)
    return Column(name, String(size), **options)

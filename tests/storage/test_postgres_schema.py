"""The server's schema is the file's: the same tables, columns, keys, checks, indexes and guards, at every revision."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, Inspector, create_engine, inspect, text
from sqlalchemy.types import LargeBinary, String

from storage.engine import offline_engine
from storage.migrating import migrate
from storage.migrations import known
from storage.postgres.address import Address
from storage.postgres.dialect import Offline
from storage.postgres.migrating import BEGINS_AT
from storage.postgres.migrating import migrate as migrate_server
from storage.schema import metadata
from tests.server import Server


@pytest.fixture(scope="module")
def inspected(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Inspector, Inspector]]:
    """Make the schema of the present revision anew on both engines."""
    file = tmp_path_factory.mktemp("schema") / "microchequeo.db"
    migrate(file)
    address = Address(postgresql.make("schema"))
    migrate_server(address)
    plain = create_engine("postgresql+psycopg://", connect_args=dict(address.parameters()))
    made: list[Engine] = [offline_engine(file), plain]
    yield inspect(made[0]), inspect(made[1])
    for engine in made:
        engine.dispose()


def tables(seen: Inspector) -> list[str]:
    return sorted(set(seen.get_table_names()) - {"alembic_version"})


def kind_of(column: Any) -> str:
    match column["type"]:
        case LargeBinary():
            return "bytes"
        case String() as text_of:
            return f"text {text_of.length}"
        case _:
            return "number"


def columns(seen: Inspector, table: str) -> dict[str, tuple[str, bool, str | None]]:
    """Return kind, whether it may be missing, and default of each column; where a server counts ids, so does a file."""
    found = {}
    for column in seen.get_columns(table):
        default = re.sub(r"^'?([^':]*)'?.*$", r"\1", column["default"]) if column["default"] else None
        counted = default is not None and default.startswith("nextval")
        found[column["name"]] = (kind_of(column), column["nullable"], None if counted else default)
    return found


def keys(seen: Inspector, table: str) -> set[tuple[Any, ...]]:
    """Return the primary key, what is unique, and whose row must be there."""
    primary = ("primary", *seen.get_pk_constraint(table)["constrained_columns"])
    unique = {("unique", *one["column_names"]) for one in seen.get_unique_constraints(table)}
    foreign = {
        ("foreign", *one["constrained_columns"], one["referred_table"], *one["referred_columns"], *_deletes(one))
        for one in seen.get_foreign_keys(table)
    }
    return {primary} | unique | foreign


def _deletes(foreign: Any) -> list[str]:
    return [foreign["options"]["ondelete"]] if foreign["options"].get("ondelete") else []


def words_of(condition: str | None) -> set[str]:
    """Return what a condition is made of; the engines write the same one with other brackets and casts."""
    plain = re.sub(r"::[a-z ]+(\[\])?|\b(CAST|AS|INTEGER|ANY|ARRAY|IN|BETWEEN|bigint|OR)\b", " ", condition or "")
    return set(re.findall(r"'[^']*'|\w+", plain)) - {"AND"}


def checks(seen: Inspector, table: str) -> dict[str, set[str]]:
    return {str(one["name"]): words_of(one["sqltext"]) for one in seen.get_check_constraints(table)}


def indexes(seen: Inspector, table: str, dialect: str) -> dict[str, tuple[Any, ...]]:
    return {
        str(one["name"]): (
            one["column_names"],
            bool(one["unique"]),
            words_of(str(one.get("dialect_options", {}).get(f"{dialect}_where", ""))),
        )
        for one in seen.get_indexes(table)
        if "duplicates_constraint" not in one and not str(one["name"]).startswith("sqlite_autoindex")
    }


def test_the_tables_are_the_same(inspected: tuple[Inspector, Inspector]) -> None:
    file, server = inspected

    assert tables(server) == tables(file) == sorted(metadata.tables)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_a_table_is_the_same_on_both(inspected: tuple[Inspector, Inspector], table: str) -> None:
    file, server = inspected

    assert columns(server, table) == columns(file, table)
    assert keys(server, table) == keys(file, table)
    assert checks(server, table) == checks(file, table)
    assert indexes(server, table, "postgresql") == indexes(file, table, "sqlite")


def test_a_number_is_as_wide_and_a_text_as_plainly_sorted_as_in_a_file(inspected: tuple[Inspector, Inspector]) -> None:
    _, server = inspected
    every = [column for table in tables(server) for column in server.get_columns(table)]

    assert {str(one["type"].compile(Offline())) for one in every if kind_of(one) == "number"} == {"BIGINT"}
    assert {getattr(one["type"], "collation", None) for one in every if kind_of(one).startswith("text")} == {"C"}


def test_the_guards_are_the_same(inspected: tuple[Inspector, Inspector]) -> None:
    """What a file refuses as a replacement, a server knows as emptying a table at once."""
    file, server = inspected
    with file.bind.connect() as db:  # type: ignore[union-attr] # an engine, as given
        here = set(db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    with server.bind.connect() as db:  # type: ignore[union-attr]
        there = set(db.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))

    assert there - here == {"audit_refuses_truncate"}
    assert here - there == {"audit_refuses_replace"}


def test_a_server_begins_at_a_revision_that_every_file_has_had() -> None:
    assert BEGINS_AT in known()


def test_every_later_revision_runs_on_a_server(postgresql: Server) -> None:
    address = Address(postgresql.make("later"))
    for revision in [one for one in known() if one >= BEGINS_AT]:
        migrate_server(address, to=revision)

    with address.connected() as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(known()[-1],)]

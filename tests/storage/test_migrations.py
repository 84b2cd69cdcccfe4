"""The revisions lead from nothing, and from every earlier revision with people in it, to exactly `storage.schema`."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    inspect,
)

from bot.domain.errors import StoreRefusedError
from storage.columns import KeyRing
from storage.migrating import migrate, scripts
from storage.migrations import head, known
from storage.opening import prepare, schema_of
from storage.schema import metadata
from tests.storage.records import raw, rows

REVISIONS = [script.revision for script in ScriptDirectory.from_config(scripts()).walk_revisions()]
GROWING = [table for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]]
AT = "2026-11-17T16:00:00.000000Z"


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_migrated_tables_are_those_of_the_schema(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

    assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("table", [table.name for table in metadata.sorted_tables])
def test_the_migrated_checks_are_those_of_the_schema(connection: Connection, table: str) -> None:
    migrated = {check["sqltext"] for check in inspect(connection).get_check_constraints(table)}

    columns, constraints = metadata.tables[table].columns, metadata.tables[table].constraints
    written = constraints.union(*(column.constraints for column in columns))
    assert migrated == {str(check.sqltext) for check in written if isinstance(check, CheckConstraint)}


@pytest.mark.parametrize("table", GROWING)
def test_ids_that_are_written_down_elsewhere_are_never_given_out_again(path: Path, table: Table) -> None:
    (made,) = rows(path, f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table.name}'")  # noqa: S608

    assert "PRIMARY KEY AUTOINCREMENT" in made["sql"]


def test_the_migrated_indexes_are_those_of_the_schema(path: Path, tmp_path: Path) -> None:
    built = tmp_path / "built.db"
    engine = create_engine(f"sqlite:///{built}")
    metadata.create_all(engine)
    engine.dispose()

    assert indexes(path) == indexes(built)


def indexes(file: Path) -> dict[str, str]:
    """Return how each index was made, conditions of partial ones included."""
    found = rows(file, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return {row["name"]: row["sql"] for row in found}


def test_revisions_follow_each_other_in_one_line() -> None:
    directory = ScriptDirectory.from_config(scripts())

    assert directory.get_heads() == [head()]
    assert tuple(reversed(REVISIONS)) == known()


def test_from_nothing_every_revision_is_run(tmp_path: Path) -> None:
    file = tmp_path / "microchequeo.db"

    migrate(file)

    assert schema_of(file) == REVISIONS[0]


@pytest.mark.parametrize("revision", REVISIONS)
def test_from_each_revision_no_row_is_lost(tmp_path: Path, ring: KeyRing, revision: str) -> None:
    file = tmp_path / "microchequeo.db"
    migrate(file, to=revision)
    filled = fill(file)

    prepare(file, ring)

    assert schema_of(file) == head()
    kept = [table for table in filled if table in metadata.tables]
    assert {table: len(rows(file, f"SELECT * FROM {table}")) for table in kept} == dict.fromkeys(kept, 1)  # noqa: S608
    assert file.with_name(f"{file.name}.before-{head()}").exists() == (revision != head())


THERAPIST = f"""INSERT INTO people (id, chat, chat_ref, language, register, form, zone) VALUES
        (1, x'00', x'00', 'es', 'usted', 'neutral', 'Europe/Madrid');
    INSERT INTO therapists (id, person_id, name, article, enrolled_at, digest_at) VALUES
        (1, 1, x'00', 'la', '{AT}', '{AT}');"""  # noqa: S608 - made up here


def carried_over(file: Path, since: str, rows_then: str, to: str) -> Path:
    """Make a database of a revision, put rows into it, and bring it to another revision."""
    migrate(file, to=since)
    with closing(sqlite3.connect(file)) as db:
        db.executescript(rows_then)
    migrate(file, to=to)
    return file


BEFORE_0007 = f"""
    WITH RECURSIVE number (n) AS (SELECT 1 UNION SELECT n + 1 FROM number WHERE n < 6)
    INSERT INTO people (id, chat, chat_ref, language, register, form, zone)
    SELECT n, x'00', CAST(n AS BLOB), 'es', 'usted', 'neutral', 'Europe/Madrid' FROM number;
    INSERT INTO therapists (id, person_id, name, article, enrolled_at, digest_at) VALUES
        (1, 1, x'00', 'la', '{AT}', '{AT}'), (2, 3, x'00', 'el', '{AT}', '{AT}');
    INSERT INTO patients (id, code, person_id, state, state_at) VALUES
        (1, 'P-07', 2, 'active', '{AT}'), (2, 'G-01', 2, 'active', '{AT}'), (3, 'P-08', NULL, 'left', '{AT}');
    INSERT INTO treatments VALUES (1, 1, 1, '{AT}'), (2, 2, 2, '{AT}'), (3, 3, 1, '{AT}');
    INSERT INTO contacts (person_id, role, name, article, since_at, ended_at) VALUES
        (1, 'second_contact', x'00', 'la', '{AT}', NULL), (2, 'second_contact', x'00', 'la', '{AT}', NULL),
        (3, 'second_contact', x'00', 'el', '{AT}', NULL), (4, 'second_contact', x'00', 'la', '{AT}', NULL),
        (5, 'second_contact', x'00', 'la', '{AT}', '{AT}'), (6, 'supervisor', x'00', 'la', '{AT}', NULL);
    INSERT INTO disclosures VALUES (7, 1, x'00', x'01', '{AT}'), (8, 3, x'00', x'02', '{AT}');
    INSERT INTO deletions (id, therapist_id, kind, before_at, delete_at) VALUES (9, 2, 'words', '{AT}', '{AT}');
"""  # noqa: S608 - made up here
"""Person 1 treats person 2 as P-07, person 3 the same one as G-01; 4 is the contact, 5 was one, 6 is a supervisor."""


def test_what_was_confided_before_gets_the_readers_it_had_and_plans_their_person(tmp_path: Path) -> None:
    file = carried_over(tmp_path / "microchequeo.db", "0006", BEFORE_0007, "0007")

    readers = [(row["disclosure_id"], row["person_id"]) for row in rows(file, "SELECT * FROM disclosure_contacts")]
    assert sorted(readers) == [(7, 4), (8, 2), (8, 3), (8, 4)]
    assert rows(file, "SELECT id, person_id, kind FROM deletions") == [{"id": 9, "person_id": 3, "kind": "words"}]


BEFORE_0009 = f"""
    {THERAPIST}
    INSERT INTO patients (id, code, state, state_at) VALUES
        (11, 'P-07', 'active', '{AT}'), (12, 'P-08', 'left', '{AT}');
    INSERT INTO treatments VALUES (21, 11, 1, '{AT}'), (22, 12, 1, '{AT}');
    INSERT INTO sessions VALUES (31, 22, '{AT}', '{AT}', 'planned', '{AT}');
    INSERT INTO check_ins (id, session_id, state, step, items, due_at) VALUES
        (41, 31, 'done', 'sense', 'understood,sense', '{AT}');
    INSERT INTO episodes (id, treatment_id, rule, state, previous_id, current_id, level_before, opened_at) VALUES
        (51, 21, 'drop', 'open', 41, 41, 18, '{AT}');
    INSERT INTO words VALUES (61, 11, NULL, 'message', x'00', x'00', '{AT}', NULL);
    INSERT INTO concerns (id, patient_id, words_id, opened_at) VALUES (71, 11, 61, '{AT}');
    INSERT INTO disclosures VALUES (81, 12, x'00', x'01', '{AT}');
    INSERT INTO audit (at, act, subject, subject_id) VALUES
        ('{AT}', 'a', 'patient', 12), ('{AT}', 'a', 'words', 61), ('{AT}', 'a', 'concern', 71),
        ('{AT}', 'a', 'disclosure', 81), ('{AT}', 'a', 'episode', 51), ('{AT}', 'a', 'session', 31),
        ('{AT}', 'a', 'no_session', 41), ('{AT}', 'a', 'words', 99), ('{AT}', 'a', 'therapist', 1);
"""  # noqa: S608 - made up here


def test_the_lines_of_the_audit_get_the_patient_they_are_about_and_the_audit_stays_closed(tmp_path: Path) -> None:
    file = carried_over(tmp_path / "microchequeo.db", "0007", BEFORE_0009, "0009")

    found = rows(file, "SELECT patient_id FROM audit ORDER BY id")
    assert [row["patient_id"] for row in found] == [12, 11, 11, 12, 11, 12, 12, None, None]
    for change in ("UPDATE audit SET patient_id = NULL", "DELETE FROM audit"):
        with raw(file) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)


def test_a_migration_that_would_orphan_rows_is_refused(path: Path) -> None:
    with raw(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute(f"INSERT INTO answers VALUES (99, 'sense', 5, '{AT}')")  # noqa: S608 - made up here

    with pytest.raises(StoreRefusedError, match="would leave 1 rows without their parent"):
        migrate(path)


BEFORE_0012 = f"""
    {THERAPIST}
    INSERT INTO patients (id, code, state, state_at) VALUES (11, 'P-07', 'active', '{AT}');
    INSERT INTO treatments VALUES (21, 11, 1, '{AT}');
    INSERT INTO series (id, treatment_id, first_on, at_wall, minutes, weekdays, every_weeks, zone, ended_at, noted_at)
        VALUES (41, 21, '2026-11-17', '17:00', 50, '1', 1, 'Europe/Madrid', '{AT}', '{AT}'),
        (42, 21, '2026-11-19', '17:00', 50, '3', 1, 'Europe/Madrid', NULL, '{AT}');
    INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at, series_id, occurs_on) VALUES
        (31, 21, '{AT}', '{AT}', 'planned', '{AT}', 41, '2026-11-17'),
        (32, 21, '{AT}', '{AT}', 'cancelled', '{AT}', 41, '2026-11-24'),
        (33, 21, '{AT}', '{AT}', 'cancelled', '{AT}', 42, '2026-11-19'),
        (34, 21, '{AT}', '{AT}', 'cancelled', '{AT}', NULL, NULL);
"""  # noqa: S608 - made up here
"""A series that has ended and one that goes on, each with a session that was cancelled, and one of no series."""


def test_what_was_cancelled_together_with_its_series_was_taken_back(tmp_path: Path) -> None:
    file = carried_over(tmp_path / "microchequeo.db", "0011", BEFORE_0012, "0012")

    assert rows(file, "SELECT id FROM sessions WHERE taken_back_at IS NOT NULL") == [{"id": 32}]


BEFORE_0014 = f"""
    {THERAPIST}
    INSERT INTO patients (id, code, state, state_at) VALUES
        (11, 'P-07', 'active', '{AT}'), (12, 'P-08', 'active', '{AT}');
    INSERT INTO treatments VALUES (21, 11, 1, '{AT}'), (22, 12, 1, '{AT}');
    INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at) VALUES
        (31, 21, '{AT}', '{AT}', 'planned', '{AT}');
    INSERT INTO check_ins (id, session_id, state, step, items, due_at) VALUES
        (41, 31, 'done', 'sense', 'understood,sense', '{AT}');
    INSERT INTO episodes (id, treatment_id, rule, state, previous_id, current_id, level_before, opened_at,
        acknowledged_at, closed_at) VALUES
        (51, 21, 'drop', 'repaired', 41, 41, 18, '{AT}', '{AT}', '{AT}'),
        (52, 21, 'drop', 'open', 41, 41, 18, '{AT}', '{AT}', NULL),
        (53, 22, 'drop', 'open', 41, 41, 18, '{AT}', NULL, NULL);
    DELETE FROM episodes WHERE id = 53;
    INSERT INTO episodes (id, treatment_id, rule, state, previous_id, current_id, level_before, opened_at,
        acknowledged_at) VALUES (50, 22, 'drop', 'talked', 41, 41, 18, '{AT}', '{AT}');
    INSERT INTO alerts (id, episode_id, previous_id, check_in_id, lost, raised_at) VALUES (61, 52, 41, 41, 6, '{AT}');
"""  # noqa: S608 - made up here


def test_what_was_raised_before_is_a_fall_and_what_was_seen_is_in_that_state(tmp_path: Path) -> None:
    file = carried_over(tmp_path / "microchequeo.db", "0013", BEFORE_0014, "0014")

    found = rows(file, "SELECT id, rule, family, state, talked_at IS NOT NULL AS talked FROM episodes ORDER BY id")
    assert [tuple(row.values()) for row in found] == [
        (50, "drop", "fall", "talked", 1),
        (51, "drop", "fall", "repaired", 0),
        (52, "drop", "fall", "seen", 0),
    ]
    assert [tuple(row.values()) for row in rows(file, "SELECT id, rule, family, lost, count FROM alerts")] == [
        (61, "drop", "fall", 6, 1)
    ]
    assert rows(file, "SELECT seq FROM sqlite_sequence WHERE name = 'episodes'") == [{"seq": 53}]


BEFORE_0016 = f"""
    {THERAPIST}
    INSERT INTO patients (id, code, state, state_at) VALUES (11, 'P-07', 'active', '{AT}');
    INSERT INTO treatments VALUES (21, 11, 1, '{AT}');
    INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at) VALUES
        (31, 21, '{AT}', '{AT}', 'planned', '{AT}'), (32, 21, '{AT}', '{AT}', 'planned', '{AT}');
    INSERT INTO check_ins (id, session_id, state, step, items, due_at) VALUES
        (41, 31, 'done', 'sense', 'understood,sense', '{AT}'),
        (42, 32, 'planned', 'understood', 'understood,sense', '{AT}');
"""  # noqa: S608 - made up here


def test_of_questions_from_before_only_those_still_to_come_know_when_they_are_planned(tmp_path: Path) -> None:
    file = carried_over(tmp_path / "microchequeo.db", "0013", BEFORE_0016, "0016")

    assert rows(file, "SELECT id, planned_at, sent_at, opened_at, corrected_at FROM check_ins") == [
        {"id": 41, "planned_at": None, "sent_at": None, "opened_at": None, "corrected_at": None},
        {"id": 42, "planned_at": AT, "sent_at": None, "opened_at": None, "corrected_at": None},
    ]


BEFORE_0021 = """
    INSERT INTO people (id, chat, chat_ref, language, register, form, zone) VALUES
        (1, x'00', x'01', 'es', 'usted', 'neutral', 'Europe/Madrid'),
        (2, x'00', x'02', 'es', 'usted', 'comprendida', 'America/Mexico_City'),
        (3, x'00', x'03', 'es', 'vos', 'comprendido', 'Europe/Madrid'),
        (4, x'00', x'04', 'en', 'usted', 'comprendido', 'Europe/London');
"""


def test_people_of_american_zones_and_who_is_called_vos_are_spoken_to_as_in_the_americas(tmp_path: Path) -> None:
    file = carried_over(tmp_path / "microchequeo.db", "0020", BEFORE_0021, "0021")

    assert [row["region"] for row in rows(file, "SELECT region FROM people ORDER BY id")] == [
        *("spain", "americas", "americas", "spain")
    ]


def fill(file: Path) -> list[str]:
    """Put one row into every table of whatever schema the file has; return the tables.  The proof is left to others."""
    engine = create_engine(f"sqlite:///{file}")
    found = MetaData()
    found.reflect(engine)
    tables = [table for table in found.sorted_tables if table.name not in {"alembic_version", "vault"}]
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        for table in tables:
            connection.execute(table.insert().values({column.name: example(column) for column in table.columns}))
    engine.dispose()
    return [table.name for table in tables]


POSSIBLE = {("invitations", "role"): "patient", ("check_ins", "items"): "understood,sense"}
"""Values that no later CHECK refuses."""


def example(column: Column[Any]) -> object:
    """Return a value that the column takes: the first of those its CHECK lists, else one of its type."""
    assert isinstance(column.table, Table)
    if (column.table.name, column.name) in POSSIBLE:
        return POSSIBLE[column.table.name, column.name]
    checks = [str(check.sqltext) for check in column.table.constraints if isinstance(check, CheckConstraint)]
    listed = [found[1] for check in checks if (found := re.match(rf"{column.name} IN \('(\w+)'", check))]
    if listed:
        return listed[0]
    if isinstance(column.type, Integer):
        return 1
    return b"0" if isinstance(column.type, LargeBinary) else AT[: getattr(column.type, "length", None)]

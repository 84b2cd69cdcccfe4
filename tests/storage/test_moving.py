"""A practice moves from a file to a server and back: every row as it is, all of them or none, and the old one stays."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.domain.model import WordsKind
from bot.domain.post import Source
from storage import marks
from storage.columns import KeyRing
from storage.contents import Destination, Moment
from storage.database import Database
from storage.engine import make_engine
from storage.locks import OwnedElsewhereError
from storage.migrating import migrate
from storage.moving import Moved, moved
from storage.places import FilePlace, Place, place_of
from storage.postgres.address import Address
from storage.postgres.place import ServerPlace
from tests.server import Server
from tests.storage.records import NOW, answer, furnish, new_ring, open_database, raw

pytestmark = pytest.mark.file

LEFT = "lo que quedó"


@pytest.fixture
async def source(path: Path, ring: KeyRing) -> FilePlace:
    """Return the file of a practice in which somebody answered and wrote, and of which the newest words are gone."""
    async with open_database(path, ring) as store, store.transaction() as tx:
        room = await furnish(tx)
        await answer(tx, room, 7, 8, 2)
        for number in (1, 2, 3):
            await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, LEFT, Source(200, number), NOW)
    with raw(path) as db:
        db.execute("DELETE FROM words WHERE id = 3")
        db.execute("INSERT INTO audit (at, act, subject, subject_id) VALUES ('2026', 'read', 'words', 1)")
    return FilePlace(path)


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    """Return the address of a database in which nothing is."""
    yield postgresql.make("target")
    postgresql.forget()


@pytest.fixture
def target(url: str) -> Place:
    return place_of(url)


def move(source: Place, target: Place, ring: KeyRing, *, dry_run: bool = False) -> Moved:
    return moved(source, target, ring, lambda *_: None, dry_run=dry_run)


def on_server(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(Address(url).conninfo(), autocommit=True) as db:
        cursor = db.execute(statement)
        return cursor.fetchall() if cursor.description else []


def dump(file: Path) -> list[str]:
    """Write out all rows, counters, indexes and guards of a file; tables are the same, written in another order."""
    with closing(sqlite3.connect(file)) as db:
        return sorted(line for line in db.iterdump() if not line.startswith("CREATE TABLE"))


def bytes_of(file: Path) -> list[tuple[str, str]]:
    return [(one.name, sha256(one.read_bytes()).hexdigest()) for one in (file, file.with_name(f"{file.name}-wal"))]


def test_what_moves_to_a_server_and_back_is_the_same_to_the_last_byte(
    source: FilePlace, target: Place, ring: KeyRing, path: Path, tmp_path: Path
) -> None:
    back = tmp_path / "elsewhere" / "back.db"

    there = move(source, target, ring)
    here = move(target, FilePlace(back), ring)

    assert dump(back) == dump(path)
    assert there == here
    assert there.rows == 14
    assert back.stat().st_mode & 0o777 == 0o600
    with target.moment() as left:
        assert marks.TABLE not in left.tables()


async def test_a_bot_can_use_it_and_gives_no_id_out_again(
    source: FilePlace, target: Place, ring: KeyRing, url: str
) -> None:
    move(source, target, ring)
    target.prepare(ring)

    async with Database(make_engine(url), ring, lambda: NOW) as store, store.transaction() as tx:
        room = await furnish(tx, "P-08", 201, 101)
        await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, LEFT, Source(201, 1), NOW)
    found = on_server(url, "SELECT id, body FROM words ORDER BY id")

    assert [number for number, _ in found] == [1, 2, 4]
    assert {ring.unseal(body) for _, body in found} == {LEFT}


def test_the_audit_refuses_changes_there_too(source: FilePlace, target: Place, ring: KeyRing, url: str) -> None:
    move(source, target, ring)

    for change in ("UPDATE audit SET act = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(psycopg.IntegrityError, match="append-only"):
            on_server(url, change)


def test_where_it_was_not_a_byte_changes_not_even_of_what_a_killed_bot_left_in_the_log(
    source: FilePlace, target: Place, ring: KeyRing, path: Path, tmp_path: Path
) -> None:
    del source
    left = tmp_path / "left" / path.name
    left.parent.mkdir()
    with raw(path) as db:  # what is in the log comes into the file when it is closed
        db.execute("INSERT INTO facts (name, value) VALUES ('only', 'in the log')")
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{left}{suffix}")
    before = bytes_of(left)

    move(FilePlace(left), target, ring)

    assert bytes_of(left) == before
    with target.moment() as there:
        assert there.one("SELECT value FROM facts WHERE name = 'only'") == "in the log"


def test_a_look_beforehand_counts_and_writes_nothing(source: FilePlace, target: Place, ring: KeyRing, url: str) -> None:
    looked = move(source, target, ring, dry_run=True)
    left = on_server(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")

    assert left == []
    assert move(source, target, ring) == looked


class Meddled:
    """A place where somebody changes something before it is read back."""

    def __init__(self, place: Place, meddle: Callable[[], object]) -> None:
        self._place = place
        self._meddle = meddle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)

    def __str__(self) -> str:
        return str(self._place)

    def moment(self) -> AbstractContextManager[Moment]:
        self._meddle()
        return self._place.moment()

    def destination(self) -> Destination:
        return self._place.destination()


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE answers SET score = 9 WHERE item = 'sense'", "answers"),
        ("INSERT INTO facts (name, value) VALUES ('secreto', 'secreto')", "facts"),
        ("SELECT nextval('patients_id_seq')", "patients"),
    ],
)
def test_what_differs_when_it_is_read_back_is_named_and_no_bot_starts_on_it(
    source: FilePlace, target: Place, ring: KeyRing, url: str, change: str, table: str
) -> None:
    meddled: Any = Meddled(target, lambda: on_server(url, change))

    with pytest.raises(StoreRefusedError, match=f": {table}. Let nobody else write") as refused:
        move(source, meddled, ring)

    assert "secreto" not in str(refused.value)
    with pytest.raises(StoreRefusedError, match="not all of it is there"):
        target.prepare(ring)
    assert move(source, target, ring).is_begun_anew
    target.prepare(ring)


def test_what_differs_in_a_file_is_named_as_well(
    source: FilePlace, target: Place, ring: KeyRing, tmp_path: Path
) -> None:
    move(source, target, ring)
    back = tmp_path / "back.db"

    def meddle() -> None:
        with raw(back) as db:
            db.execute("UPDATE answers SET score = 9 WHERE item = 'sense'")

    meddled: Any = Meddled(FilePlace(back), meddle)
    with pytest.raises(StoreRefusedError, match=r": answers\. Let nobody else write"):
        move(target, meddled, ring)

    for opens in (FilePlace(back).schema, lambda: FilePlace(back).prepare(ring)):
        with pytest.raises(StoreRefusedError, match="not all of it is there"):
            opens()
    assert move(target, FilePlace(back), ring).is_begun_anew


def test_a_server_that_is_started_again_meanwhile_ends_the_move_and_the_next_one_is_whole(
    source: FilePlace, target: Place, ring: KeyRing, postgresql: Server, path: Path
) -> None:
    with raw(path) as db:
        db.execute(
            "INSERT INTO facts (name, value) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
            " SELECT i + 1 FROM n LIMIT 1500) SELECT 'fact' || i, i FROM n"
        )
    said: list[tuple[str, int, int]] = []

    def watch(what: str, done: int, of: int) -> None:
        said.append((what, done, of))
        if len(said) == 1:
            postgresql.restart()

    with pytest.raises(StoreUnavailableError, match="cannot be used"):
        moved(source, target, ring, watch)
    again = moved(source, target, ring, watch)

    assert again.is_begun_anew
    assert said == [
        ("copying", 1000, 3028),
        ("copying", 1000, 3028),
        ("comparing", 2000, 3028),
        ("comparing", 3000, 3028),
    ]


def test_what_is_marked_is_no_source(source: FilePlace, target: Place, ring: KeyRing, tmp_path: Path) -> None:
    target.destination().mark(str(source))

    with pytest.raises(StoreRefusedError, match=f"It is whole at {source}"):
        move(target, FilePlace(tmp_path / "back.db"), ring)


@pytest.mark.parametrize("taken", ["source", "target"])
@pytest.mark.parametrize("held", ["in_use", "sole_owner"])
def test_a_practice_that_somebody_uses_is_not_moved_nor_moved_to(
    source: FilePlace, target: Place, ring: KeyRing, url: str, taken: str, held: str
) -> None:
    busy: Place = source if taken == "source" else target
    hold: Callable[[], AbstractContextManager[object]] = getattr(busy, held)

    with hold(), pytest.raises((StoreUnavailableError, OwnedElsewhereError), match="Stop"):
        move(source, target, ring)

    assert on_server(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_bot_that_starts_meanwhile_is_told_to_wait(source: FilePlace, target: Place, ring: KeyRing) -> None:
    told = []

    def watch() -> None:
        for place in (source, target):
            with pytest.raises(StoreUnavailableError, match="Try again when that is over") as refused, place.in_use():
                pass
            told.append(str(refused.value))

    meddled: Any = Meddled(target, watch)
    move(source, meddled, ring)

    assert ["moved" in one for one in told] == [True, True]


def test_a_database_that_holds_a_practice_is_left_as_it_is(
    source: FilePlace, target: ServerPlace, ring: KeyRing, url: str
) -> None:
    target.prepare(new_ring())
    before = on_server(url, "SELECT proof FROM vault")

    with pytest.raises(StoreRefusedError, match="not empty: it holds a practice"):
        move(source, target, ring)

    assert on_server(url, "SELECT proof FROM vault") == before


def test_a_database_that_holds_something_else_is_left_as_it_is(
    source: FilePlace, target: Place, ring: KeyRing, url: str
) -> None:
    on_server(url, "CREATE TABLE ledger (id INTEGER)")

    with pytest.raises(StoreRefusedError, match="tables of something else"):
        move(source, target, ring)

    assert on_server(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [("ledger",)]


def test_a_file_that_holds_a_practice_is_left_as_it_is(
    source: FilePlace, target: Place, ring: KeyRing, path: Path
) -> None:
    move(source, target, ring)
    before = dump(path)

    with pytest.raises(StoreRefusedError, match="not empty: it holds a practice"):
        move(target, source, ring)

    assert dump(path) == before


def test_a_file_that_is_none_of_sqlite_is_left_as_it_is(
    source: FilePlace, target: Place, ring: KeyRing, tmp_path: Path
) -> None:
    move(source, target, ring)
    letter = tmp_path / "letter.txt"
    letter.write_text("Querida Ana: " * 100)

    with pytest.raises(StoreRefusedError, match="not a sound database"):
        move(target, FilePlace(letter), ring)

    assert letter.read_text().startswith("Querida Ana")


def test_a_server_in_another_encoding_is_refused(source: FilePlace, postgresql: Server, ring: KeyRing) -> None:
    ascii_only = place_of(postgresql.make("ascii", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"))

    with pytest.raises(StoreRefusedError, match="ENCODING 'UTF8'"):
        move(source, ascii_only, ring)

    postgresql.forget()


def test_a_database_that_is_not_there_is_one_sentence(source: FilePlace, postgresql: Server, ring: KeyRing) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be used"):
        move(source, place_of(postgresql.url("nowhere")), ring)


def test_an_older_schema_is_not_moved(tmp_path: Path, target: Place, ring: KeyRing, url: str) -> None:
    older = tmp_path / "older.db"
    migrate(older, to="0020")

    with pytest.raises(StoreRefusedError, match=r"schema 0020 instead of \d+\): start the bot on it once"):
        move(FilePlace(older), target, ring)

    assert on_server(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_under_other_keys_nothing_is_moved(source: FilePlace, target: Place) -> None:
    with pytest.raises(StoreRefusedError, match="keys do not"):
        move(source, target, new_ring())


def test_where_no_practice_is_nothing_is_moved(tmp_path: Path, target: Place, ring: KeyRing) -> None:
    with pytest.raises(StoreUnavailableError, match="no practice"):
        move(FilePlace(tmp_path / "none.db"), target, ring)

    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("spoils", "says"),
    [
        ("UPDATE check_ins SET text_version = printf('%.61c', 'x')", "check_ins.text_version"),
        ("UPDATE facts SET value = 'a' || char(0) || 'b'", "facts.value"),
        ("UPDATE check_ins SET message_id = 'secreto'", "check_ins.message_id"),
        ("UPDATE words SET body = 'secreto' WHERE id = 1", "words.body"),
    ],
)
def test_what_only_sqlite_would_take_is_named_by_table_and_column(
    source: FilePlace, target: Place, ring: KeyRing, path: Path, spoils: str, says: str
) -> None:
    with raw(path) as db:
        db.execute("INSERT INTO facts (name, value) VALUES ('a', 'b')")
        db.execute(spoils)

    with pytest.raises(StoreRefusedError, match=f"cannot be moved as it is: {says} has values") as refused:
        move(source, target, ring)

    assert "secreto" not in str(refused.value)


def test_rows_without_their_parent_are_named_by_table(
    source: FilePlace, target: Place, ring: KeyRing, path: Path
) -> None:
    with raw(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("DELETE FROM people")

    with pytest.raises(StoreRefusedError, match="therapists has rows whose parent is missing"):
        move(source, target, ring)

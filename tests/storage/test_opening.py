"""Opening a file: made, recognised, migrated with a copy aside; or refused in one sentence and left as it was."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest
from cryptography.fernet import Fernet

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.keys import new_keys
from storage.columns import KeyRing
from storage.locks import sole_owner
from storage.migrations import head
from storage.opening import _copy_aside, check_soundness, prepare, schema_of, translated
from tests.storage.records import new_ring, open_database, raw, rows


def test_a_new_file_gets_the_present_schema_and_is_its_owners_alone(tmp_path: Path, ring: KeyRing) -> None:
    file = tmp_path / "data" / "microchequeo.db"

    prepare(file, ring)

    assert schema_of(file) == head()
    assert [S_IMODE(entry.stat().st_mode) for entry in (file, file.parent)] == [0o600, 0o700]


def test_an_empty_file_is_a_new_one(tmp_path: Path, ring: KeyRing) -> None:
    file = tmp_path / "microchequeo.db"
    file.touch(mode=0o644)

    prepare(file, ring)

    assert (schema_of(file), S_IMODE(file.stat().st_mode)) == (head(), 0o600)


def test_opening_again_changes_not_a_byte(path: Path, ring: KeyRing) -> None:
    before = path.read_bytes()

    prepare(path, ring)

    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


async def test_every_file_of_a_running_database_is_its_owners_alone(path: Path, ring: KeyRing) -> None:
    async with open_database(path, ring) as store, store.transaction() as tx:
        await tx.facts.keep("a", "b")
        modes = {entry.name: S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}

    assert modes == {path.name + suffix: 0o600 for suffix in ("", "-wal", "-shm")}


def test_two_programs_that_open_a_new_file_at_once_both_find_it_whole(tmp_path: Path, ring: KeyRing) -> None:
    file = tmp_path / "microchequeo.db"

    with ThreadPoolExecutor(4) as pool:
        for opening in [pool.submit(prepare, file, ring) for _ in range(4)]:
            opening.result()

    assert schema_of(file) == head()
    assert len(rows(file, "SELECT * FROM vault")) == 1


def test_a_newer_database_is_left_untouched(path: Path, ring: KeyRing) -> None:
    with raw(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()

    with pytest.raises(StoreRefusedError, match=r"newer version of Microchequeo \(schema 9999\)"):
        prepare(path, ring)

    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_no_database_is_left_untouched(tmp_path: Path, ring: KeyRing) -> None:
    file = tmp_path / "microchequeo.db"
    file.write_bytes(b"Querido diario: " * 1000)

    with pytest.raises(StoreRefusedError, match="not a sound database"):
        prepare(file, ring)

    assert file.read_bytes() == b"Querido diario: " * 1000


def test_a_damaged_page_is_noticed(path: Path, ring: KeyRing) -> None:
    with raw(path) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_check_ins_next_at'").fetchone()
    damaged = bytearray(path.read_bytes())
    damaged[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(damaged)

    with pytest.raises(StoreRefusedError, match=r"damaged|not a sound database"):
        prepare(path, ring)


def test_a_truncated_file_is_refused(path: Path, ring: KeyRing) -> None:
    path.write_bytes(path.read_bytes()[: 4096 * 3])

    with pytest.raises(StoreRefusedError, match=r"damaged|not a sound database"):
        prepare(path, ring)


@pytest.mark.parametrize("differs", ["seal", "index", "both"])
def test_other_keys_are_refused_and_nothing_is_changed(tmp_path: Path, differs: str) -> None:
    file, mine, other = tmp_path / "microchequeo.db", new_keys(), new_keys()
    prepare(file, KeyRing(mine.seal, mine.index))
    before = file.read_bytes()

    seal = mine.seal if differs == "index" else other.seal
    index = mine.index if differs == "seal" else other.index
    with pytest.raises(StoreRefusedError, match=r"keys"):
        prepare(file, KeyRing(seal, index))

    assert file.read_bytes() == before


def test_a_ring_with_a_newer_key_in_front_opens_the_same_file(tmp_path: Path) -> None:
    file, keys = tmp_path / "microchequeo.db", new_keys()
    prepare(file, KeyRing(keys.seal, keys.index))

    prepare(file, KeyRing([Fernet.generate_key().decode(), *keys.seal], keys.index))

    assert schema_of(file) == head()


def test_a_start_that_was_killed_before_it_left_its_proof_leaves_it_the_next_time(path: Path, ring: KeyRing) -> None:
    with raw(path) as db:
        db.execute("DELETE FROM vault")

    prepare(path, ring)

    with pytest.raises(StoreRefusedError):
        prepare(path, new_ring())


def test_a_locked_database_is_left_untouched(path: Path, ring: KeyRing) -> None:
    with raw(path) as stubborn:
        stubborn.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailableError, match="Another program is writing to it; it was left untouched"):
            prepare(path, ring)


@pytest.mark.parametrize("obstacle", ["folder in its place", "file in the folder's place", "link to nowhere"])
def test_a_place_where_no_file_can_be_is_one_sentence(tmp_path: Path, ring: KeyRing, obstacle: str) -> None:
    file = tmp_path / "data" / "microchequeo.db"
    match obstacle:
        case "folder in its place":
            file.mkdir(parents=True)
        case "file in the folder's place":
            file.parent.touch()
        case _:
            file.parent.mkdir()
            file.symlink_to(tmp_path / "nowhere" / "microchequeo.db")

    with pytest.raises(StoreUnavailableError, match=f"The database {file} cannot be used"):
        prepare(file, ring)


def test_what_is_going_to_be_migrated_is_copied_aside_for_its_owner_alone(path: Path) -> None:
    with raw(path) as db:
        db.execute("INSERT INTO facts VALUES ('before', 'the change')")

    _copy_aside(path, "0000")

    copy = path.with_name(f"{path.name}.before-{head()}")
    assert rows(copy, "SELECT name FROM facts") == [{"name": "before"}]
    assert S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_that_is_there_is_never_replaced_and_half_a_copy_is_no_copy(path: Path) -> None:
    copy = path.with_name(f"{path.name}.before-{head()}")
    partial = copy.with_name(f"{copy.name}.partial")
    partial.write_bytes(b"half")
    _copy_aside(path, "0000")
    with raw(path) as db:
        db.execute("INSERT INTO facts VALUES ('later', 'change')")
    _copy_aside(path, "0000")

    assert rows(copy, "SELECT * FROM facts") == []
    assert not partial.exists()


def test_a_new_file_needs_no_copy(tmp_path: Path, ring: KeyRing) -> None:
    prepare(tmp_path / "microchequeo.db", ring)

    assert [entry.name for entry in tmp_path.iterdir()] == ["microchequeo.db"]


def test_a_second_bot_on_the_same_file_is_told_so(path: Path) -> None:
    with (
        sole_owner(path),
        pytest.raises(StoreUnavailableError, match="Another Microchequeo is already running"),
        sole_owner(path),
    ):
        raise AssertionError("two owners")


def test_a_bot_that_has_stopped_leaves_the_file_to_the_next(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), sole_owner(path):
        _ = 1 / 0

    with sole_owner(path):
        assert path.with_name(f"{path.name}.lock").exists()


def test_a_start_looks_for_damage_only_so_long(path: Path) -> None:
    check_soundness(path, within=0.0)
    check_soundness(path, within=60.0)
    check_soundness(path)


def test_damage_that_is_come_to_in_time_stops_a_start(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 8 * 4096)

    with pytest.raises(StoreRefusedError), translated(path):
        check_soundness(path, within=60.0)

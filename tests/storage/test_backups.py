"""A backup is whole, private and sealed, or there is none; and what it holds comes back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from stat import S_IMODE

import pytest

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.keys import Keys, new_keys
from storage import backups
from storage.backups import BackupKeys, in_folder, keep_newest, made_at, make, unpack
from storage.columns import KeyRing
from storage.envelope import CHUNK
from storage.locks import one_backup
from storage.opening import prepare
from tests.storage.records import NOW, furnish, open_database, raw, rows
from tests.storage.test_secrecy import CANARIES, write_canaries

KEYS = new_keys()


def needed(keys: Keys = KEYS) -> BackupKeys:
    return BackupKeys(keys.seal, keys.index, keys.backup)


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing(KEYS.seal, KEYS.index)


@pytest.fixture
async def practice(tmp_path: Path, ring: KeyRing) -> Path:
    """Fill a database of several chunks, in a folder of its own."""
    file = tmp_path / "data" / "microchequeo.db"
    prepare(file, ring)
    async with open_database(file, ring) as store, store.transaction() as tx:
        await write_canaries(tx)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_what_was_backed_up_comes_back(practice: Path, folder: Path, tmp_path: Path) -> None:
    file = make(practice, folder, needed(), NOW)

    label = unpack(file, tmp_path / "again.db", KEYS.backup)

    assert (label.made_at, label.seal) == (NOW, KEYS.seal)
    for table in ("people", "words", "check_ins", "vault", "alembic_version"):
        assert rows(tmp_path / "again.db", f"SELECT * FROM {table}") == rows(practice, f"SELECT * FROM {table}")  # noqa: S608


def test_a_backup_is_named_for_its_instant_and_for_its_owner_alone(practice: Path, folder: Path) -> None:
    file = make(practice, folder, needed(), NOW)

    assert file.name == "microchequeo-20261117T160000Z.backup"
    assert made_at(file) == NOW
    assert [S_IMODE(path.stat().st_mode) for path in (folder, file)] == [0o700, 0o600]


def test_nothing_is_left_beside_the_backup_and_the_database(practice: Path, folder: Path) -> None:
    file = make(practice, folder, needed(), NOW)

    assert [*folder.iterdir()] == [file]
    assert {path.name for path in practice.parent.iterdir()} == {practice.name, f"{practice.name}.backup.lock"}


def test_a_backup_says_nothing_about_anybody(practice: Path, folder: Path) -> None:
    content = make(practice, folder, needed(), NOW).read_bytes()

    assert len(content) > 2 * CHUNK
    for telling in (*CANARIES, "P-07", "SQLite", "check_ins", "understood", *KEYS.seal):
        assert telling.encode() not in content


async def test_a_backup_is_of_one_instant_while_the_bot_writes(practice: Path, folder: Path, ring: KeyRing) -> None:
    async with open_database(practice, ring) as store:
        making = asyncio.ensure_future(asyncio.to_thread(make, practice, folder, needed(), NOW))  # noqa: TID251
        for number in range(1000, 1100, 2):
            async with store.transaction() as tx:  # two at a time, or none
                await furnish(tx, f"P-{number}", number, 100)
                await furnish(tx, f"P-{number + 1}", number + 1, 100)
            if making.done():
                break
        file = await making

    unpack(file, folder / "again.db", KEYS.backup)
    assert rows(folder / "again.db", "SELECT count(*) % 2 AS odd FROM patients WHERE code <> 'P-07'") == [{"odd": 0}]
    assert rows(folder / "again.db", "PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_what_a_kill_left_behind_is_removed_by_the_next_backup(practice: Path, folder: Path) -> None:
    folder.mkdir()
    practice.with_name(f"{practice.name}.copy").write_bytes(b"half a database")
    (folder / "microchequeo-20261116T160000Z.backup.partial").write_bytes(b"half a backup")

    file = make(practice, folder, needed(), NOW)

    assert [*folder.iterdir()] == [file]
    assert not practice.with_name(f"{practice.name}.copy").exists()


def test_two_at_once_do_not_get_into_each_others_way(practice: Path, folder: Path) -> None:
    with one_backup(practice), pytest.raises(StoreUnavailableError, match="being made just now"):
        make(practice, folder, needed(), NOW)

    assert not folder.exists()


def test_a_backup_that_is_no_longer_wanted_ends_soon_and_leaves_nothing(practice: Path, folder: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="broken off"):
        make(practice, folder, needed(), NOW, wanted=lambda: False)

    assert in_folder(folder) == []
    assert not practice.with_name(f"{practice.name}.copy").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(practice: Path, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("a file where the folder should be")

    with pytest.raises(StoreUnavailableError, match="backups cannot be written: Not a directory"):
        make(practice, tmp_path / "full" / "backups", needed(), NOW)


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="There is no database"):
        make(tmp_path / "nothing.db", folder, needed(), NOW)

    assert not (tmp_path / "nothing.db").exists()


@pytest.mark.parametrize("differs", ["seal", "index"])
def test_a_database_of_other_keys_is_not_backed_up_with_these(practice: Path, folder: Path, differs: str) -> None:
    other = new_keys()
    wrong = replace(KEYS, seal=other.seal) if differs == "seal" else replace(KEYS, index=other.index)

    with pytest.raises(StoreRefusedError, match="keys"):
        make(practice, folder, needed(wrong), NOW)

    assert in_folder(folder) == []


def test_a_damaged_database_is_not_taken_for_a_backup(practice: Path, folder: Path) -> None:
    with raw(practice) as db:
        db.execute("PRAGMA writable_schema=ON")
        db.execute("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'ix_words_patient_id'")

    with pytest.raises((StoreRefusedError, StoreUnavailableError)):
        make(practice, folder, needed(), NOW)

    assert in_folder(folder) == []


def test_only_the_newest_are_kept_and_nothing_else_is_touched(practice: Path, folder: Path) -> None:
    made = [make(practice, folder, needed(), NOW + timedelta(days=day)) for day in range(4)]
    (folder / "erasures.log").touch()
    (folder / "microchequeo-old.backup").touch()

    keep_newest(made[3], 2)

    assert in_folder(folder) == made[2:]
    assert {path.name for path in folder.iterdir()} - {path.name for path in made} == {
        "erasures.log",
        "microchequeo-old.backup",
    }


def test_a_clock_that_was_set_back_does_not_cost_the_backup_just_made(practice: Path, folder: Path) -> None:
    later = [make(practice, folder, needed(), NOW + timedelta(days=day)) for day in (1, 2)]
    made = make(practice, folder, needed(), NOW)

    keep_newest(made, 2)

    assert in_folder(folder) == [made, later[1]]


@pytest.mark.parametrize(("count", "left"), [(1, 1), (3, 3), (9, 3)])
def test_so_many_are_kept(practice: Path, folder: Path, count: int, left: int) -> None:
    made = [make(practice, folder, needed(), NOW + timedelta(days=day)) for day in range(3)]

    keep_newest(made[-1], count)

    assert in_folder(folder) == made[-left:]


def test_the_keys_that_backups_need_are_known_by_their_headers(practice: Path, folder: Path) -> None:
    newer = new_keys().backup[0]
    make(practice, folder, needed(), NOW)
    make(practice, folder, replace(needed(), backup=(newer, *KEYS.backup)), NOW + timedelta(days=1))
    (folder / "microchequeo-20200101T000000Z.backup").write_bytes(b"not ours")

    assert backups.keys_in_use(folder, [newer, *KEYS.backup, b"x" * 32]) == {newer, *KEYS.backup}


def test_a_changed_backup_is_refused_by_name(practice: Path, folder: Path, tmp_path: Path) -> None:
    file = make(practice, folder, needed(), NOW)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    with pytest.raises(StoreRefusedError, match=rf"{file.name} cannot be used\. It is damaged or incomplete"):
        unpack(file, tmp_path / "again.db", KEYS.backup)

"""New keys, backups and restoring, killed wherever it could hurt: nothing is lost, and the next try works."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.model import WordsKind
from bot.domain.post import Incoming, Source
from bot.keys import Keys, load_key_file
from storage.backups import in_folder, unpack
from storage.erasures import begin
from storage.migrating import migrate
from storage.migrations import head
from storage.opening import prepare, schema_of
from storage.resealing import BATCH, sealed_columns
from tests.commands import cut_off, done, run
from tests.faults.people import ring
from tests.faults.points import BACKUP, MIGRATION, PRUNING, RESTORING, ROTATION
from tests.process import BotProcess, housed, until
from tests.storage import test_migrations
from tests.storage.records import NOW, furnish, open_database, rows

BATCHES = 3 * BATCH + 50
"""Updates in the inbox that take several batches."""

WORDS = "palabras que nadie más dice"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Furnish a practice with a patient and updates in the inbox; nothing runs."""
    async with housed(tmp_path) as furnished:
        await fill(furnished)
        yield furnished


async def fill(bot: BotProcess) -> None:
    keys = ring(keys_of(bot))
    await asyncio.to_thread(prepare, bot.database, keys)
    async with open_database(bot.database, keys) as store, store.transaction() as tx:
        room = await furnish(tx)
        await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, WORDS, Source(200, 1), NOW)
    await receive(bot, 10)


async def receive(bot: BotProcess, updates: int) -> None:
    async with open_database(bot.database, ring(keys_of(bot))) as store, store.transaction() as tx:
        await tx.inbox.keep([Incoming(f"k{n}", n, f"carta {n}") for n in range(updates)], NOW)


def keys_of(bot: BotProcess) -> Keys:
    return load_key_file(bot.config.privacy.key_file)


def everything(database: Path, keys: Keys) -> list[str]:
    """Open every sealed value of a database that the keys let in."""
    prepare(database, ring(keys))
    opened = ring(keys)
    with closing(sqlite3.connect(database)) as db:
        return [
            opened.unseal(value)
            for column in sealed_columns()
            for (value,) in db.execute(f"SELECT {column.name} FROM {column.table} WHERE {column.name} IS NOT NULL")  # noqa: S608
        ]


def told(bot: BotProcess, *words: str) -> str:
    """Run a command that has to succeed; return what it says."""
    finished = done(*words, "--config", str(bot.config_file))
    assert (finished.code, finished.err) == (0, "")
    return finished.out


def refusal(bot: BotProcess, *words: str) -> tuple[int, str]:
    """Run a command that has to be refused in one sentence; return its exit code and the sentence."""
    finished = done(*words, "--config", str(bot.config_file))
    assert finished.out == ""
    [sentence] = finished.err.splitlines()
    return finished.code, sentence


def killed(bot: BotProcess, point: str, *words: str) -> None:
    cut_off(point, *words, "--config", str(bot.config_file))


async def test_new_keys_killed_at_every_turn_lose_nothing_and_are_complete_in_the_end(bot: BotProcess) -> None:
    await receive(bot, BATCHES)
    old = keys_of(bot)
    before = everything(bot.database, old)

    for name, point in ROTATION.items():
        killed(bot, point, "rotate-key")
        assert everything(bot.database, keys_of(bot)) == before, name
    told(bot, "rotate-key")

    new = keys_of(bot)
    assert len(new.seal) == 1
    assert set(new.seal).isdisjoint(old.seal)
    assert everything(bot.database, new) == before
    assert {file.name for file in bot.config.privacy.key_file.parent.glob("*.key*")} == {"microchequeo.key"}


async def test_the_bot_runs_between_a_cut_off_change_of_keys_and_its_end_and_is_left_in_peace(bot: BotProcess) -> None:
    killed(bot, "return:_write:2", "rotate-key")

    await bot.start()
    file = told(bot, "backup").removeprefix("wrote ").strip()
    refusals = [refusal(bot, *words) for words in (("rotate-key",), ("restore", file, "--force"))]
    assert await bot.stop() == 0

    for code, sentence in refusals:
        assert code == 69
        assert "Stop the bot first" in sentence
    assert "cut short is complete" in told(bot, "rotate-key")
    assert "is as it was" in told(bot, "restore", file, "--force")


async def test_a_backup_killed_at_any_turn_is_none_and_the_next_one_tidies_up(bot: BotProcess) -> None:
    folder = bot.folder / "data" / "backups"

    for name, point in BACKUP.items():
        killed(bot, point, "backup")
        assert in_folder(folder) == [], name
    for name, point in PRUNING.items():
        killed(bot, point, "backup")
        assert len(in_folder(folder)) == 1, name
    told(bot, "backup")

    *_, file = files = in_folder(folder)
    assert {entry.name for entry in folder.iterdir()} == {*(entry.name for entry in files), "erasures.log"}
    assert not (bot.folder / "data" / "microchequeo.db.copy").exists()
    unpack(file, bot.folder / "again.db", keys_of(bot).backup)
    assert everything(bot.folder / "again.db", keys_of(bot)) == everything(bot.database, keys_of(bot))


async def test_restoring_killed_at_any_turn_leaves_one_whole_database(bot: BotProcess) -> None:
    folder = bot.folder / "data" / "backups"
    told(bot, "backup")
    [file] = in_folder(folder)
    backed_up = everything(bot.database, keys_of(bot))
    told(bot, "rotate-key")
    with closing(sqlite3.connect(bot.database)) as db:
        db.execute("DELETE FROM words")
        db.commit()
    present = everything(bot.database, keys_of(bot))

    for name, point in RESTORING.items():
        killed(bot, point, "restore", str(file), "--force")
        expected = backed_up if name == "swapped" else present
        assert everything(bot.database, keys_of(bot)) == expected, name
    told(bot, "restore", str(file), "--force")

    assert everything(bot.database, keys_of(bot)) == backed_up
    assert not list(bot.database.parent.glob("*.restoring*"))


async def test_an_upgrade_killed_at_any_turn_loses_no_row(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        old = test_migrations.REVISIONS[4]  # the newest is the first
        migrate(bot.database, to=old)
        filled = test_migrations.fill(bot.database)
        copy = bot.database.with_name(f"microchequeo.db.before-{head()}")

        for name, point in MIGRATION.items():
            killed(bot, point, "run")
            migrated = name == "migration committed, no proof left"
            assert schema_of(bot.database) == (head() if migrated else old), name
            assert copy.exists() == (name != "migration due, nothing copied"), name
        prepare(bot.database, ring(keys_of(bot)))

        assert schema_of(copy) == old
        for file in (copy, bot.database):
            assert {table: len(rows(file, f"SELECT * FROM {table}")) for table in filled} == dict.fromkeys(filled, 1)  # noqa: S608


async def test_on_a_new_machine_backup_keys_and_list_are_enough(bot: BotProcess, tmp_path: Path) -> None:
    told(bot, "backup", "--to", str(tmp_path / "usb"))
    [file] = in_folder(tmp_path / "usb")
    begin(tmp_path / "usb" / "erasures.log")
    there = BotProcess(tmp_path / "there", bot.telegram)
    there.folder.mkdir()
    there.furnish()
    there.config.privacy.key_file.write_bytes(bot.config.privacy.key_file.read_bytes())

    told(there, "restore", str(file))

    assert WORDS in everything(there.database, keys_of(there))


@pytest.mark.parametrize("lost", ["gone", "another's", "garbled", "open to others"])
async def test_without_the_right_keys_nothing_starts_and_nothing_is_changed(bot: BotProcess, lost: str) -> None:
    key_file = bot.config.privacy.key_file
    match lost:
        case "gone":
            key_file.unlink()
        case "another's":
            key_file.unlink()
            bot.furnish()
        case "garbled":
            key_file.write_text("{")
        case _:
            key_file.chmod(0o644)
    before = bot.database.read_bytes()

    for words in (("run",), ("invite", "--therapist", "Dra. Ruiz"), ("backup",), ("rotate-key",)):
        code, sentence = refusal(bot, *words)
        assert code == (65 if lost == "another's" else 78), words
        assert "key" in sentence

    assert bot.database.read_bytes() == before
    assert key_file.exists() == (lost != "gone")


async def test_a_lost_key_file_is_not_made_anew(bot: BotProcess) -> None:
    bot.config.privacy.key_file.unlink()

    finished = done("init", "--yes", "--config", str(bot.config_file))

    assert finished.code == 78
    assert "put your copy of the key file back" in finished.err
    assert not bot.config.privacy.key_file.exists()


async def test_where_a_database_was_no_empty_one_takes_its_place(bot: BotProcess) -> None:
    file = told(bot, "backup").removeprefix("wrote ").strip()
    bot.database.unlink()

    for words in (("run",), ("invite", "--therapist", "Dra. Ruiz")):
        code, sentence = refusal(bot, *words)
        assert code == 65
        assert f"microchequeo restore {file}" in sentence

    assert not bot.database.exists()


async def test_a_systemd_credential_opens_the_practice(bot: BotProcess, tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    bot.config.privacy.key_file.rename(tmp_path / "credentials" / "microchequeo.key")
    words = ("check", "--config", str(bot.config_file))

    found = await run(*words, CREDENTIALS_DIRECTORY=str(tmp_path / "credentials"))

    assert found.code == 0, found.out
    assert "from the systemd credential microchequeo.key" in found.out


async def test_told_to_stop_during_the_daily_backup_it_still_ends_within_ten_seconds(bot: BotProcess) -> None:
    await receive(bot, BATCHES)
    with closing(sqlite3.connect(bot.database)) as db:
        db.execute("UPDATE inbox SET done_at = received_at, body = zeroblob(20000)")
        db.execute("INSERT INTO chores (name, next_at) VALUES ('backup', '2026-01-01T00:00:00.000000Z')")
        db.commit()
    await bot.start()
    copy = bot.database.with_name("microchequeo.db.copy")
    await until(lambda: copy.exists() or bool(in_folder(bot.folder / "data" / "backups")), "the backup is under way")

    assert await bot.stop() == 0
    assert not copy.exists()

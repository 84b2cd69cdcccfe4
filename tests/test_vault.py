"""Keys and copies as the person at the command line has them: new keys, backups, restoring, and every refusal."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import vault
from bot.clock import VirtualClock
from bot.config import Config, load
from bot.domain.errors import ConfigurationError, StoreRefusedError, StoreUnavailableError
from bot.domain.model import WordsKind
from bot.domain.post import Source
from bot.keys import CREDENTIAL, CREDENTIALS, VARIABLE, Keys, load_keys, new_keys, save_keys, write_keys
from storage.backups import in_folder
from storage.erasures import Erasure, append
from storage.locks import in_use, sole_owner, untouched
from storage.migrating import migrate
from storage.migrations import head
from storage.opening import prepare
from tests.storage.records import NOW, furnish, open_database, raw, rows

LATER = NOW + timedelta(hours=1)
WORDS = "me quedé pensando"


@dataclass
class Desk:
    """A practice at rest: one patient, one sentence of theirs."""

    folder: Path

    @property
    def config(self) -> Config:
        return load(self.folder / "config.toml")

    @property
    def keys(self) -> Keys:
        return load_keys(self.config)

    @property
    def database(self) -> Path:
        return self.config.database.path

    def write(self, settings: str = "") -> None:
        (self.folder / "config.toml").write_text(settings)

    async def says(self, code: str, chat: int, words: str) -> None:
        async with open_database(self.database, vault.ring(self.keys)) as store, store.transaction() as tx:
            room = await furnish(tx, code, chat)
            await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, words, Source(chat, 1), NOW)

    def words(self) -> list[str]:
        ring = vault.ring(self.keys)
        return [ring.unseal(row["body"]) for row in rows(self.database, "SELECT body FROM words ORDER BY id")]

    def rotate(self) -> str:
        return "\n".join(vault.rotate(self.config))

    def back_up(self, at: datetime = NOW, to: Path | None = None) -> Path:
        [said] = vault.backup(self.config, self.keys, to, at)
        return Path(said.removeprefix("wrote "))

    def restore(self, file: Path, *, force: bool = True, without_erasures: bool = False) -> str:
        options = {"force": force, "without_erasures": without_erasures}
        return "\n".join(vault.restore(self.config, self.keys, file, LATER, **options))

    def erase_again(self, *lists: Path) -> str:
        return "\n".join(vault.erase_again(self.config, self.keys, lists))

    def seen(self) -> dict[str, bytes]:
        """Return every file but locks, as it is now."""
        files = (file for file in self.folder.rglob("*") if file.is_file() and file.suffix != ".lock")
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in files}


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in (VARIABLE, CREDENTIALS):
        monkeypatch.delenv(name, raising=False)
    desk = Desk(tmp_path)
    desk.write()
    (tmp_path / "data").mkdir()
    write_keys(tmp_path / "data" / "microchequeo.key")
    prepare(desk.database, vault.ring(desk.keys))
    await desk.says("P-07", 200, WORDS)
    return desk


# New keys


def test_new_keys_read_everything_and_the_old_one_is_gone(desk: Desk) -> None:
    old = desk.keys

    desk.rotate()

    assert len(desk.keys.seal) == 1
    assert set(desk.keys.seal).isdisjoint(old.seal)
    assert desk.keys.index == old.index
    assert desk.words() == [WORDS]
    with pytest.raises(StoreRefusedError):
        prepare(desk.database, vault.ring(old))


def test_what_is_said_of_new_keys_shows_none_of_them(desk: Desk) -> None:
    old = desk.keys

    said = desk.rotate()

    assert "Keep a copy" in said
    assert [secret for secret in (*old.secrets(), *desk.keys.secrets()) if secret in said] == []


def test_a_rotation_that_was_cut_short_is_completed_with_the_same_new_key(desk: Desk) -> None:
    begun = desk.keys.with_newer()
    save_keys(desk.config.privacy.key_file, begun)

    said = desk.rotate()

    assert "cut short is complete" in said
    assert desk.keys.seal == begun.seal[:1]
    assert desk.words() == [WORDS]


def test_while_the_bot_runs_there_are_no_new_keys(desk: Desk) -> None:
    before = desk.seen()

    with in_use(desk.database), pytest.raises(StoreUnavailableError, match="Stop the bot first"):
        desk.rotate()

    assert desk.seen() == before


def test_while_keys_change_nobody_else_gets_in(desk: Desk) -> None:
    with untouched(desk.database), pytest.raises(StoreUnavailableError, match="getting new keys"):
        desk.back_up()


@pytest.mark.parametrize("place", [VARIABLE, CREDENTIALS])
def test_keys_from_elsewhere_are_left_to_their_owner(desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    key_file = desk.config.privacy.key_file
    if place == VARIABLE:
        monkeypatch.setenv(VARIABLE, key_file.read_text())
    else:
        (desk.folder / "credentials").mkdir()
        shutil.copy(key_file, desk.folder / "credentials" / CREDENTIAL)
        monkeypatch.setenv(CREDENTIALS, str(desk.folder / "credentials"))
    before = desk.seen()

    with pytest.raises(ConfigurationError, match=r"cannot be changed from here\. Write its content into"):
        desk.rotate()

    assert desk.seen() == before


def test_wrong_keys_change_nothing(desk: Desk) -> None:
    desk.config.privacy.key_file.unlink()
    write_keys(desk.config.privacy.key_file)
    before = desk.seen()

    with pytest.raises(StoreRefusedError, match="The keys do not open this database"):
        desk.rotate()

    assert desk.seen() == before


def test_without_a_database_the_keys_stay(desk: Desk) -> None:
    desk.database.unlink()
    before = desk.seen()

    with pytest.raises(StoreUnavailableError, match="There is no database"):
        desk.rotate()

    assert desk.seen() == before


def test_copies_from_before_an_update_are_named_because_the_new_key_does_not_open_them(desk: Desk) -> None:
    aside = Path(shutil.copy(desk.database, f"{desk.database}.before-0003"))

    assert f"{aside} can be opened only with your earlier copy" in desk.rotate()


def test_backups_of_before_can_be_restored_after_three_rotations(desk: Desk) -> None:
    file = desk.back_up()
    for _ in range(3):
        desk.rotate()

    desk.restore(file)

    assert desk.words() == [WORDS]
    assert len(desk.keys.seal) == 1


def test_backup_keys_go_when_no_backup_needs_them_any_more(desk: Desk) -> None:
    first = desk.keys.backup[0]
    file = desk.back_up()
    for _ in range(2):
        desk.rotate()
    assert first in desk.keys.backup

    file.unlink()
    desk.rotate()

    assert first not in desk.keys.backup


def test_backup_keys_stay_while_it_cannot_be_known_whether_a_backup_needs_them(desk: Desk) -> None:
    first, file = desk.keys.backup[0], desk.back_up()
    for _ in range(2):
        desk.rotate()
    file.unlink()
    file.mkdir()  # it is there, and cannot be read

    desk.rotate()

    assert first in desk.keys.backup


def test_backups_made_before_there_were_backup_keys_are_opened_by_any_copy_of_the_file(desk: Desk) -> None:
    key_file = desk.config.privacy.key_file
    found = json.loads(key_file.read_text())
    key_file.write_text(json.dumps({"seal": found["seal"], "index": found["index"]}))
    before = key_file.read_text()

    desk.restore(desk.back_up())

    assert desk.words() == [WORDS]
    assert key_file.read_text() == before


# Backups


def test_only_the_newest_backups_are_kept(desk: Desk) -> None:
    desk.write("[backup]\nkeep = 2")

    made = [desk.back_up(NOW + timedelta(days=day)) for day in range(3)]

    assert in_folder(desk.folder / "data" / "backups") == made[1:]


def test_fourteen_are_kept_unless_told_otherwise(desk: Desk) -> None:
    assert desk.config.backup.keep == 14


def test_a_folder_of_ones_own_is_not_tidied_up(desk: Desk) -> None:
    desk.write("[backup]\nkeep = 1")

    for day in range(2):
        desk.back_up(NOW + timedelta(days=day), to=desk.folder / "usb")

    assert len(in_folder(desk.folder / "usb")) == 2


def test_without_a_folder_one_has_to_be_named(desk: Desk) -> None:
    desk.write('[backup]\nfolder = ""')

    with pytest.raises(ConfigurationError, match="--to FOLDER"):
        desk.back_up()

    assert desk.back_up(to=desk.folder / "usb").exists()
    assert vault.daily_backup(desk.config, desk.keys, VirtualClock(NOW)) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (datetime(2026, 11, 17, 16, tzinfo=UTC), datetime(2026, 11, 18, 3, tzinfo=UTC)),
        (datetime(2026, 11, 18, 3, tzinfo=UTC), datetime(2026, 11, 19, 3, tzinfo=UTC)),
        (datetime(2026, 3, 28, 16, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC)),
    ],
)
def test_the_daily_backup_is_at_four_on_the_practices_clock(desk: Desk, after: datetime, expected: datetime) -> None:
    [chore] = vault.daily_backup(desk.config, desk.keys, VirtualClock(NOW))

    assert chore.next_at(after) == expected


# What `check` says


def test_backups_are_found_fine_before_the_first_and_after_it(desk: Desk) -> None:
    first = vault.inspect(desk.config, VirtualClock(NOW))
    desk.back_up()

    then = vault.inspect(desk.config, VirtualClock(LATER))

    assert (first.fine, then.fine) == (True, True)
    assert "none yet; one a day at 04:00" in first.says
    assert "1, the newest of 2026-11-17 16:00 UTC" in then.says


def test_a_newest_backup_of_long_ago_is_not_fine(desk: Desk) -> None:
    desk.back_up()

    found = vault.inspect(desk.config, VirtualClock(NOW + timedelta(days=9)))

    assert (found.fine, found.exit_code) == (False, 69)
    assert "9 days old" in found.says


def test_a_missing_list_of_erasures_is_not_fine(desk: Desk) -> None:
    desk.back_up()
    vault.erasure_log(desk.config).unlink()

    assert "erasures.log is missing" in vault.inspect(desk.config, VirtualClock(NOW)).says


def test_a_folder_that_cannot_be_written_is_not_fine(desk: Desk) -> None:
    (desk.folder / "data" / "backups").touch()

    found = vault.inspect(desk.config, VirtualClock(NOW))

    assert (found.fine, found.exit_code) == (False, 69)
    assert "backups cannot be written" in found.says


def test_no_backups_wanted_is_fine_but_said(desk: Desk) -> None:
    desk.write('[backup]\nfolder = ""')

    assert vault.inspect(desk.config, VirtualClock(NOW)).says == "none are made: [backup] folder is empty"


# Restoring


async def test_what_was_there_at_the_backup_is_there_again(desk: Desk) -> None:
    file = desk.back_up()
    await desk.says("P-08", 300, "later")

    said = desk.restore(file)

    assert desk.words() == [WORDS]
    assert "is as it was on 2026-11-17 at 16:00:00 UTC" in said


async def test_the_replaced_database_is_kept_whole(desk: Desk) -> None:
    file = desk.back_up()
    await desk.says("P-08", 300, "later")

    desk.restore(file)

    kept = desk.database.with_name("microchequeo.db.replaced-20261117T170000Z")
    assert rows(kept, "SELECT code FROM patients ORDER BY code") == [{"code": "P-07"}, {"code": "P-08"}]
    assert kept.stat().st_mode & 0o777 == 0o600


def test_nothing_else_is_left_beside_the_database(desk: Desk) -> None:
    desk.restore(desk.back_up())

    assert {name for name in desk.seen() if "replaced" not in name} == {
        *("config.toml", "data/microchequeo.key", "data/microchequeo.db", "data/backups/erasures.log"),
        "data/backups/microchequeo-20261117T160000Z.backup",
    }


def test_a_damaged_database_can_be_replaced(desk: Desk) -> None:
    file = desk.back_up()
    desk.database.write_bytes(b"Querido diario: " * 1000)

    desk.restore(file)

    assert desk.words() == [WORDS]
    kept = desk.database.with_name("microchequeo.db.replaced-20261117T170000Z")
    assert kept.read_bytes().startswith(b"Querido diario")


def test_a_lost_database_comes_back_without_force(desk: Desk) -> None:
    file = desk.back_up()
    desk.database.unlink()

    desk.restore(file, force=False)

    assert desk.words() == [WORDS]
    assert desk.database.stat().st_mode & 0o777 == 0o600


def test_an_older_backup_is_brought_to_the_present_schema(desk: Desk) -> None:
    desk.database.unlink()
    migrate(desk.database, to="0001")
    with raw(desk.database) as db:
        ring = vault.ring(desk.keys)
        db.execute("INSERT INTO vault VALUES (1, ?)", (ring.seal(ring.blind("proof", "proof").hex()),))
    file = desk.back_up()

    desk.restore(file)

    assert rows(desk.database, "SELECT version_num FROM alembic_version") == [{"version_num": head()}]


async def test_those_who_left_since_are_not_brought_back(desk: Desk) -> None:
    await desk.says("P-08", 300, "stays")
    file = desk.back_up()
    append(vault.erasure_log(desk.config), Erasure(LATER, 1, keep_scores=False))

    said = desk.restore(file)

    assert "they left after that: 1" in said
    assert desk.words() == ["stays"]
    assert rows(desk.database, "SELECT code FROM patients") == [{"code": "P-08"}]


async def test_who_has_a_row_id_that_somebody_had_before_is_not_erased(desk: Desk) -> None:
    append(vault.erasure_log(desk.config), Erasure(NOW - timedelta(days=1), 1, keep_scores=False))

    desk.restore(desk.back_up())

    assert desk.words() == [WORDS]


def test_an_erasure_that_was_being_done_during_the_backup_is_done_again(desk: Desk) -> None:
    append(vault.erasure_log(desk.config), Erasure(NOW - timedelta(seconds=1), 1, keep_scores=False))

    desk.restore(desk.back_up())

    assert desk.words() == []


def test_the_list_may_lie_beside_a_backup_that_comes_from_elsewhere(desk: Desk) -> None:
    usb = desk.folder / "usb"
    file = desk.back_up(to=usb)
    append(usb / "erasures.log", Erasure(LATER, 1, keep_scores=False))

    desk.restore(file)

    assert desk.words() == []


def test_a_list_that_was_lost_is_not_begun_anew_behind_ones_back(desk: Desk) -> None:
    desk.back_up()
    vault.erasure_log(desk.config).unlink()

    file = desk.back_up(LATER)

    assert not vault.erasure_log(desk.config).exists()
    with pytest.raises(StoreRefusedError, match=r"There is no erasures\.log"):
        desk.restore(file)


# Copies that were put back with other means


async def test_whoever_left_since_is_erased_from_a_copy_that_was_put_back_by_hand(desk: Desk) -> None:
    copy = shutil.copy(desk.database, desk.folder / "copy.db")
    await desk.says("P-08", 300, "later")
    append(vault.erasure_log(desk.config), Erasure(LATER, 1, keep_scores=False))
    shutil.move(copy, desk.database)

    said = desk.erase_again()

    assert said == "Erased again, because they had left: 1."
    assert rows(desk.database, "SELECT code FROM patients") == []
    assert desk.words() == []


async def test_lists_of_several_machines_are_brought_together(desk: Desk) -> None:
    await desk.says("P-08", 300, "stays no more")
    await desk.says("P-09", 400, "stays")
    other = desk.folder / "from the other machine.log"
    append(vault.erasure_log(desk.config), Erasure(LATER, 1, keep_scores=False))
    append(other, Erasure(LATER, 2, keep_scores=False))

    said = [desk.erase_again(other), desk.erase_again(other)]

    assert [line.rpartition(" ")[2] for line in said] == ["2.", "0."]
    assert desk.words() == ["stays"]


def test_a_list_from_elsewhere_is_enough(desk: Desk) -> None:
    other = desk.folder / "usb" / "erasures.log"
    append(other, Erasure(LATER, 1, keep_scores=False))

    desk.erase_again(other)

    assert desk.words() == []


def test_without_a_list_nobody_is_erased_and_it_is_said(desk: Desk) -> None:
    before = desk.seen()

    with pytest.raises(StoreRefusedError, match=r"There is no erasures\.log at .*name it with --list FILE"):
        desk.erase_again()

    assert desk.seen() == before


@pytest.mark.parametrize(("content", "sentence"), [("{}\n", "is damaged"), (None, "cannot be read")])
def test_a_list_that_is_not_whole_erases_nobody(desk: Desk, content: str | None, sentence: str) -> None:
    append(vault.erasure_log(desk.config), Erasure(LATER, 1, keep_scores=False))
    other = desk.folder / "other.log"
    if content is not None:
        other.write_text(content)
    before = desk.seen()

    with pytest.raises((StoreRefusedError, StoreUnavailableError), match=sentence):
        desk.erase_again(other)

    assert desk.seen() == before


def test_while_the_bot_runs_nobody_is_erased_again(desk: Desk) -> None:
    append(vault.erasure_log(desk.config), Erasure(LATER, 1, keep_scores=False))
    before = desk.seen()

    with in_use(desk.database), pytest.raises(StoreUnavailableError, match="Stop the bot first"):
        desk.erase_again()

    assert desk.seen() == before


def test_where_there_is_no_database_nobody_is_erased_again(desk: Desk) -> None:
    append(vault.erasure_log(desk.config), Erasure(LATER, 1, keep_scores=False))
    desk.database.unlink()

    with pytest.raises(StoreUnavailableError, match="There is no database"):
        desk.erase_again()


# Every refusal leaves everything as it was


def changed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)


SPOILED: dict[str, tuple[Callable[[Desk, Path], object], str]] = {
    "changed": (lambda _, file: changed(file), "damaged or incomplete"),
    "cut short": (lambda _, file: os.truncate(file, file.stat().st_size - 70_000), "damaged or incomplete"),
    "empty": (lambda _, file: os.truncate(file, 0), "no backup of Microchequeo"),
    "of another kind": (lambda _, file: file.write_bytes(b"SQLite format 3\x00" * 999), "no backup of Microchequeo"),
    "gone": (lambda _, file: file.unlink(), "There is no backup at"),
    "without the list": (
        lambda _, file: (file.parent / "erasures.log").unlink(),
        r"whoever left since .* would be back",
    ),
    "with a damaged list": (lambda _, file: (file.parent / "erasures.log").write_text("{}\n"), "is damaged"),
}


@pytest.mark.parametrize(("spoil", "sentence"), SPOILED.values(), ids=SPOILED)
def test_what_cannot_be_trusted_is_refused(desk: Desk, spoil: Callable[[Desk, Path], object], sentence: str) -> None:
    file = desk.back_up()
    spoil(desk, file)
    before = desk.seen()

    with pytest.raises((StoreRefusedError, StoreUnavailableError), match=sentence):
        desk.restore(file)

    assert desk.seen() == before


def test_without_the_list_it_goes_on_when_told_so(desk: Desk) -> None:
    file = desk.back_up()
    vault.erasure_log(desk.config).unlink()

    desk.restore(file, without_erasures=True)

    assert desk.words() == [WORDS]


def test_a_database_that_is_there_is_not_overwritten(desk: Desk) -> None:
    file = desk.back_up()
    before = desk.seen()

    with pytest.raises(StoreRefusedError, match="With --force the backup takes its place"):
        desk.restore(file, force=False)

    assert desk.seen() == before


def test_while_the_bot_runs_nothing_is_restored(desk: Desk) -> None:
    file = desk.back_up()

    with sole_owner(desk.database), pytest.raises(StoreUnavailableError, match="already running"):
        desk.restore(file)


def test_a_newer_backup_is_refused(desk: Desk) -> None:
    with raw(desk.database) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreRefusedError, match="newer version"):
        desk.back_up()


@pytest.mark.parametrize("differs", ["index", "backup"])
def test_a_backup_of_other_keys_is_refused(desk: Desk, differs: str) -> None:
    file, other = desk.back_up(), new_keys()
    wrong = replace(desk.keys, index=other.index) if differs == "index" else replace(desk.keys, backup=other.backup)
    before = desk.seen()

    with pytest.raises(StoreRefusedError, match="keys"):
        vault.restore(desk.config, wrong, file, LATER, force=True, without_erasures=False)

    assert desk.seen() == before

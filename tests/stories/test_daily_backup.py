"""Every night an encrypted copy is put aside, and nobody notices; the morning it is needed, nothing is missing.

A laptop is stolen on Wednesday: what had been answered by the night before is back on the new one.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import vault
from bot.config import load
from storage import erasures
from storage.backups import in_folder
from tests.practice import WITH_BACKUPS, Practice, labels, opened
from tests.stories.test_leaving import NOTHING_KEPT, leaves

pytestmark = pytest.mark.file

NIGHT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
"""Wednesday 18 November, 4:00 in Madrid."""


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with opened(tmp_path, settings=WITH_BACKUPS) as running:
        yield running


def backups(practice: Practice) -> list[str]:
    return [file.name for file in in_folder(practice.folder / "data" / "backups")]


async def test_every_night_at_four_there_is_one_more(practice: Practice) -> None:
    await practice.go_to(NIGHT - timedelta(seconds=1))
    assert backups(practice) == []

    await practice.go_to(NIGHT)
    await practice.pass_time(timedelta(hours=23))
    assert backups(practice) == ["microchequeo-20261118T030000Z.backup"]
    await practice.pass_time(timedelta(hours=1))

    assert backups(practice) == ["microchequeo-20261118T030000Z.backup", "microchequeo-20261119T030000Z.backup"]


async def test_after_two_weeks_the_oldest_goes_when_a_new_one_is_there(practice: Practice) -> None:
    for day in range(16):
        await practice.go_to(NIGHT + timedelta(days=day))

    assert len(backups(practice)) == 14
    assert backups(practice)[0] == "microchequeo-20261120T030000Z.backup"


async def test_a_folder_that_cannot_be_written_is_said_and_the_backup_made_up_for(practice: Practice) -> None:
    obstacle = practice.folder / "data" / "backups"
    obstacle.write_text("a file where the folder should be")

    await practice.go_to(NIGHT)
    warned = await practice.bot.health.warnings()
    assert "backups" in warned["backup"]
    assert await practice.bot.health.reasons() == {}
    obstacle.unlink()
    await practice.pass_time(timedelta(minutes=5))

    assert backups(practice) == ["microchequeo-20261118T030500Z.backup"]
    assert await practice.bot.health.warnings() == {}


async def test_a_failed_night_removes_no_older_backup(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[backup]\nkeep = 1\n") as practice:
        await practice.go_to(NIGHT)
        [kept] = backups(practice)
        copy = practice.database.with_name("microchequeo.db.copy")
        copy.mkdir()  # where the private copy would be written

        await practice.pass_time(timedelta(days=1))

        assert "backup" in await practice.bot.health.warnings()
        assert backups(practice) == [kept]


async def test_with_no_folder_no_backup_is_made(tmp_path: Path) -> None:
    async with opened(tmp_path, settings='[backup]\nfolder = ""\n') as practice:
        await practice.go_to(NIGHT)

        assert backups(practice) == []
        assert await practice.bot.health.warnings() == {}


async def test_answers_arrive_during_a_backup_and_every_earlier_one_is_in_it_except_of_who_left(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    async with opened(here, settings=f'[backup]\nfolder = ""\n{NOTHING_KEPT}') as practice:
        ruiz = await practice.therapist()
        people = [await practice.patient(ruiz, f"P-{number:02}", 200 + number) for number in range(1, 5)]
        for number in range(1, 5):
            await practice.says(ruiz, f"/sesion P-{number:02} ahora")
        await practice.pass_time(timedelta(minutes=15))
        acknowledged = set()
        files = []
        for label in ("9", "8", "3"):
            before = set(await practice.scores())
            async with asyncio.TaskGroup() as group:
                copying = group.create_task(asyncio.to_thread(backed_up, practice, there / f"before-{label}"))
                for phone in people:
                    group.create_task(phone.tap(label))
            await practice.settle()
            acknowledged = set(await practice.scores())
            assert len(acknowledged) == len(before) + len(people)
            files.append((copying.result(), before))

        [gone] = await practice.rows(CHECK_INS_OF_P01)
        theirs = {score for score in acknowledged if score[0] == gone["id"]}
        await leaves(practice, people[0])
        for number, (file, before) in enumerate(files):
            shutil.copy(here / "data" / erasures.FILE, file.parent)
            again = await restored(practice, file, tmp_path / f"again-{number}", without_erasures=False)
            found = set(await again.scores())
            assert before - theirs <= found <= acknowledged - theirs
            assert [row["code"] for row in await again.rows("SELECT code FROM patients")] == ["P-02", "P-03", "P-04"]
            assert len(await again.rows("SELECT id FROM people")) == 4
            assert await again.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


CHECK_INS_OF_P01 = """
    SELECT check_ins.id FROM check_ins
    JOIN sessions ON sessions.id = session_id
    JOIN treatments ON treatments.id = treatment_id
    JOIN patients ON patients.id = patient_id WHERE code = 'P-01'
"""


def backed_up(practice: Practice, folder: Path) -> Path:
    [said] = vault.backup(load(practice.folder / "config.toml"), practice.keys, folder, practice.clock.now())
    return Path(said.removeprefix("wrote "))


def _restored(practice: Practice, file: Path, folder: Path, *, without_erasures: bool) -> None:
    folder.mkdir()
    shutil.copy(practice.folder / "config.toml", folder)
    config, at = load(folder / "config.toml"), practice.clock.now()
    vault.restore(config, practice.keys, file, at, force=False, without_erasures=without_erasures)


async def restored(practice: Practice, file: Path, folder: Path, *, without_erasures: bool = True) -> Practice:
    """Restore a backup in another folder, as on another machine; nothing runs there yet."""
    await asyncio.to_thread(_restored, practice, file, folder, without_erasures=without_erasures)
    return Practice(folder, practice.clock, practice.telegram, practice.keys, practice.settings)


async def test_on_another_machine_everything_goes_on_where_the_night_left_it(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    async with opened(here, settings=WITH_BACKUPS) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)
        await practice.taps(ana, "9", "8")
        await practice.go_to(NIGHT)
        [file] = in_folder(here / "data" / "backups")
        await practice.stop()

        again = await restored(practice, file, there)
        await again.start()
        await again.settle()
        await again.taps(ana, "2")
        await again.says(ana, "me ayudó")
        scores, words = await again.scores(), await again.words()
        await again.stop()

    assert [score for _, _, score in scores] == [9, 8, 2]
    assert words == [("reflection", "me ayudó")]
    assert "Corregir" in labels(ana)

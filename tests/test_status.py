"""`microchequeo status`: one screen, beside a running bot and without one, in codes at most."""

import asyncio
import io
import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosqlite
import pytest
from rich.console import Console

from bot import cli_status
from bot.clock import SystemClock
from bot.config import load
from bot.domain.alarms import Alarm
from bot.domain.figures import Coming
from bot.domain.model import Role
from tests.practice import Practice, opened
from tests.process import housed, until
from tests.stories.test_figures import free_address

ROOM = "[operator]\nleast_free = 1\n"


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    settings = f'[health]\nlisten = "{free_address()}"\n{ROOM}[backup]\nfolder = "copies"\n'
    async with opened(tmp_path, settings=settings) as running:
        yield running


async def screen(practice: Practice) -> tuple[int, str]:
    """Return the exit code and what stands on a terminal of 80 columns."""
    out = io.StringIO()
    config = load(practice.folder / "config.toml")
    code = await asyncio.to_thread(cli_status.show, config, practice.keys, Console(file=out, width=80))
    return code, out.getvalue()


def unbroken(text: str) -> str:
    return " ".join(text.split())


async def test_a_practice_that_is_well_and_what_falls_due_next(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.enrolled(Role.OPERATOR, 120, "Iker")
    await practice.session_ends(ruiz, ask=False)

    code, text = await screen(practice)

    assert code == 0, text
    assert re.search(r"✓ +bot +running", text)
    assert re.search(r"✓ +Telegram +last looked", text)
    assert re.search(r"✓ +waiting +no messages, no updates", text)
    assert "Next (Europe/Madrid)" in text
    assert re.search(r"Tue 17 Nov 17:15 +question to P-07", text)
    assert re.search(r"Wed 18 Nov 04:00 +backup", text)
    assert re.search(r"Sun 22 Nov 19:00 +a weekly digest", text)
    assert all(len(line) <= 80 for line in text.splitlines())


async def test_nobody_to_tell_and_words_that_nobody_has_seen_are_said_without_names(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morir")

    code, text = await screen(practice)

    assert code == 0, "it works, and somebody should look"
    assert "nobody hears when something breaks: microchequeo invite --operator NAME" in unbroken(text)
    assert "urgent words without contact: 1; not seen since Tue 17 Nov 17:00" in unbroken(text)
    assert "urgent words of P-07: told again or passed on" in unbroken(text)
    assert not re.search("Ruiz|morir|Iker", text)


async def test_an_alarm_that_lasts_is_said_and_ends_with_69(practice: Practice) -> None:
    await practice.settle()
    async with aiosqlite.connect(practice.database) as db:
        await db.execute(
            "INSERT INTO alarms (kind, since_at, told_at) "
            "SELECT 'disk', next_at, next_at FROM chores WHERE name = 'backup'"
        )
        await db.commit()

    code, text = await screen(practice)

    assert code == 69
    assert "little space is left, since Wed 18 Nov 04:00 (docs/alarms.md)" in unbroken(text)


async def test_a_bot_that_cannot_be_asked_is_still_seen_to_run(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=ROOM) as practice:
        code, text = await screen(practice)

        assert code == 0
        assert "running; how its parts are cannot be asked: [health] listen is empty" in unbroken(text)


async def test_the_answer_of_another_bot_on_that_port_is_not_believed(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with opened(tmp_path / "other", settings=practice.settings) as other:
        code, text = await screen(other)

    assert code == 0
    assert "cannot be asked: [health] listen another program answers at" in unbroken(text)


async def test_a_bot_that_waits_for_its_first_word_says_so_and_is_not_well_after_five_minutes(tmp_path: Path) -> None:
    """No network at the start: its own alarms begin only once it knows who it is at Telegram."""
    settings = f'\n[health]\nlisten = "{free_address()}"\n{ROOM}'
    async with housed(tmp_path, settings=settings) as bot, bot.telegram.outage():
        await bot.spawn()
        await until(lambda: "trying again" in bot.said, "it waits")
        early = await bot.command("status")
        lock, ago = f"{bot.database}.lock", SystemClock().now().timestamp() - 301
        os.utime(lock, (ago, ago))
        late = await bot.command("status")
        bot.kill()

    assert (early.code, late.code) == (0, 69)
    assert "it still waits for its first word from Telegram, and nobody is answered" in unbroken(early.out)
    assert "running for 5 min, and nothing answers at" in unbroken(late.out)


async def test_before_the_first_start_while_it_runs_and_after_it_stopped(tmp_path: Path) -> None:
    async with housed(tmp_path, settings=f'\n[health]\nlisten = "{free_address()}"\n{ROOM}') as bot:
        before = await bot.command("status")
        await bot.start()
        during = await bot.command("status")
        await bot.stop()
        after = await bot.command("status")

    assert (before.code, during.code, after.code) == (69, 0, 69), during.out
    assert "does not exist yet" in unbroken(before.out)
    assert "stopped; nobody is asked and nobody is answered" in unbroken(after.out)
    assert "Next (Europe/Madrid)" in after.out
    assert before.err == during.err == after.err == ""


@pytest.mark.parametrize("kind", Alarm)
def test_every_alarm_has_words(kind: Alarm) -> None:
    assert cli_status.ALARMS[kind]


@pytest.mark.parametrize("kind", Coming)
def test_everything_that_comes_has_words(kind: Coming) -> None:
    assert cli_status.COMING[kind]


def test_a_span_is_said_shortly() -> None:
    assert cli_status._ago(timedelta(seconds=7)) == "7 s"
    assert cli_status._ago(timedelta(minutes=7)) == "7 min"
    assert cli_status._ago(datetime(2026, 1, 1, tzinfo=UTC) - datetime(2026, 1, 2, tzinfo=UTC)) == "0 s"

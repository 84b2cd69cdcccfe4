"""Two bots by mistake: on one database, or on two machines with one token.  One works, the other says that it waits."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.trouble import TroubleKind
from bot.keys import load_keys, write_keys
from bot.vault import ring
from handlers.rivals import ALONE_AFTER
from storage.locks import sole_owner
from storage.opening import prepare
from tests.faults.people import Said, calendar, code, enrol
from tests.practice import Practice, opened, said
from tests.process import START_WITHIN, BotProcess, housed, until

STANDS_BY = "another Microchequeo runs on this database; standing by"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    async with housed(tmp_path) as furnished:
        yield furnished


def beside(bot: BotProcess) -> BotProcess:
    """Return another process for the same folder; what both say is in one file."""
    return BotProcess(bot.folder, bot.telegram, bot.settings)


def opened_files(bot: BotProcess) -> set[str]:
    """Return what lies open before a process, by name."""
    folder = Path(f"/proc/{bot.pid}/fd")
    return {file.readlink().name for file in folder.iterdir() if file.is_symlink()}


async def test_a_second_process_on_a_database_stands_by_and_takes_over_when_the_first_dies(bot: BotProcess) -> None:
    _, [ana] = await enrol(bot, 1)
    await bot.start()
    async with calendar(bot, Said()) as book:
        await book.note(code(1))
    await ana.wait_for(lambda message: "10" in message.labels())
    second = beside(bot)
    try:
        await second.spawn()
        await until(lambda: STANDS_BY in bot.said, "the second says that it stands by")
        await ana.tap("7")
        await ana.wait_for(lambda message: "2 de 3" in message.text)
        assert not any(name.startswith("microchequeo.db") for name in opened_files(second))

        bot.kill()
        await until(lambda: "taking over" in bot.said, "the second takes over")
        await ana.tap("8")
        await ana.wait_for(lambda message: "3 de 3" in message.text, timeout=START_WITHIN)

        assert bot.said.count(STANDS_BY) == 1
        assert [call for call in bot.telegram.calls if call.status == 409] == []
        assert await second.stop() == 0
    finally:
        second.kill()


async def test_standing_by_it_ends_at_once_when_told_to_and_opens_with_the_keys_of_the_day(bot: BotProcess) -> None:
    """The keys were changed while two stood by, and one of them was no longer wanted."""
    key_file = bot.config.privacy.key_file
    unwanted = beside(bot)
    try:
        with sole_owner(bot.database):
            await bot.spawn()
            await unwanted.spawn()
            await until(lambda: bot.said.count(STANDS_BY) == 2, "both stand by")
            assert await unwanted.stop() == 0

            key_file.unlink()
            write_keys(key_file)
            prepare(bot.database, ring(load_keys(bot.config)))
        await bot.telegram.polled(START_WITHIN)

        assert await bot.stop() == 0
    finally:
        unwanted.kill()


async def test_of_two_machines_with_one_token_the_newcomer_sends_nothing_and_takes_over_once_it_is_alone(
    tmp_path: Path,
) -> None:
    """A practice moved to another machine, and the bot on the old one was never stopped: its database is a copy."""
    for name in ("old", "new"):
        (tmp_path / name / "data").mkdir(parents=True)
    async with opened(tmp_path / "old") as old:
        ruiz = await old.therapist()
        ana = await old.patient(ruiz)
        await old.says(ruiz, "/sesion P-07 hoy 17:30 50m")
        await asyncio.sleep(ALONE_AFTER)
        await old.says(ruiz, "/pacientes")
        new = Practice(tmp_path / "new", old.clock, old.telegram, keys=old.keys)
        with closing(sqlite3.connect(old.database)) as db:
            db.execute("VACUUM INTO ?", (str(new.database),))

        await new.start()
        try:
            await until(lambda: trouble(new) is TroubleKind.ANOTHER_POLLER, "the newcomer notices")
            await old.pass_time(timedelta(hours=2))
            await new.bot.settled()
            await old.taps(ana, "7", "8")
            await new.bot.settled()
            await old.pass_time(timedelta(hours=21))
            await new.bot.settled()

            assert [score for _, _, score in await old.scores()] == [7, 8]
            assert sum("de 3" in text for text in said(ana)) == 1
            assert await new.scores() == []
            assert "poller" in await new.bot.health.warnings()
            await old.stop()
            answers = len(said(ruiz))
            await ruiz.send("/pacientes")
            await until(lambda: len(said(ruiz)) > answers, "it takes over")
            assert trouble(new) is None
        finally:
            await new.stop()


def trouble(practice: Practice) -> TroubleKind | None:
    found = practice.bot.intake.trouble
    return found.kind if found else None

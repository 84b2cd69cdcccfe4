"""A real process behind a webhook, killed before an update is kept, or after that and before Telegram hears of it."""

import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.commands import Begun, begin
from tests.practice import by_webhook, lay_out
from tests.process import START_WITHIN, STOP_WITHIN, BotProcess, housed, until


@asynccontextmanager
async def living(bot: BotProcess, mode: str, *, point: str = "") -> AsyncIterator[Begun]:
    """Let the process live until the context ends, or until it comes to the point."""
    told = times_told(bot)
    words = ("run", "--config", str(bot.config_file))
    process = begin(*words, out=Path(os.devnull), err=bot.folder / "said", point=point, folder=bot.folder, **ways(mode))
    try:
        await until(lambda: times_told(bot) > told, "Telegram is told of the webhook", START_WITHIN)
        yield process
    finally:
        process.kill()
        await process.ended()


def times_told(bot: BotProcess) -> int:
    """Count how often Telegram was told of the webhook."""
    return sum(call.method == "setWebhook" for call in bot.telegram.calls)


def ways(mode: str) -> dict[str, str]:
    """Write the settings of the section as variables."""
    pairs = (line.split(" = ") for line in mode.splitlines())
    return {f"MICROCHEQUEO_TELEGRAM__{name.upper()}": value.strip('"') for name, value in pairs}


@pytest.mark.parametrize(
    ("point", "kept"), [("call:Intake._store_all:1", 0), ("call:Intake._press:1", 1)], ids=["before", "after"]
)
async def test_an_update_is_answered_once_whenever_the_process_dies(tmp_path: Path, point: str, kept: int) -> None:
    mode = by_webhook()
    async with housed(tmp_path) as bot:
        lay_out(bot.database)
        eva = bot.telegram.phone(300, "Eva")
        async with living(bot, mode, point=point) as process:
            await eva.send("/ayuda")
            assert await process.ended() == -signal.SIGKILL
        assert (bot.telegram.pending_updates(), inbox(bot)) == (1, kept)

        async with living(bot, mode) as process:
            await bot.telegram.drained(START_WITHIN)
            await eva.wait_for(lambda message: "024" in message.text, timeout=START_WITHIN)
            process.send(signal.SIGTERM)
            await until(lambda: process.code == 0, "it stops", STOP_WITHIN)

        assert inbox(bot) == 1
        assert sum("024" in message.text for message in eva.messages) == 1


def inbox(bot: BotProcess) -> int:
    """Count what was kept."""
    with closing(sqlite3.connect(bot.database)) as database:
        return int(database.execute("SELECT count(*) FROM inbox").fetchone()[0])

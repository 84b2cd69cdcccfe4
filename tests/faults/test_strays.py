"""Tests that are killed leave nobody behind who takes what later tests send: ports come round again."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.demo.server import LocalTelegram
from tests.commands import OURS
from tests.practice import lay_out
from tests.process import START_WITHIN, BotProcess, housed

BEGINS: Final = """
import sys, time
from pathlib import Path
from typing import Final
from tests.commands import begin
begin("run", "--config", sys.argv[1], out=Path("/dev/null"), err=Path("/dev/null"))
time.sleep(600)
"""


async def test_a_command_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        lay_out(bot.database)
        tests = await asyncio.create_subprocess_exec(*(sys.executable, "-c", BEGINS, str(bot.config_file)), cwd=OURS)
        await bot.telegram.polled(START_WITHIN)

        tests.kill()
        await tests.wait()

        await bot.telegram.unpolled()


async def test_a_bot_that_is_left_over_gets_nothing_from_the_telegram_that_has_its_port_now(tmp_path: Path) -> None:
    async with LocalTelegram(now=SystemClock().now) as telegram:
        bot = BotProcess(tmp_path, telegram)
        bot.furnish()
        await bot.start()
    try:
        async with LocalTelegram(now=SystemClock().now, port=int(telegram.url.rpartition(":")[2])) as another:
            refused = asyncio.Event()
            another.on_call(lambda call: refused.set() if call.status == 401 else None)
            await another.phone(200, "P-07").start()
            async with asyncio.timeout(START_WITHIN):
                await refused.wait()

            assert another.pending_updates() == 1
    finally:
        bot.kill()

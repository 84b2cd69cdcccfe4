"""A server that is gone for good: another one followed it and takes its place, and the bot goes on there by itself."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bot.demo.phone import Phone
from tests.engines import served_by
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.replicas import beside_each_other
from tests.process import START_WITHIN, BotProcess, housed
from tests.server import MASTER, Server, followed, programs

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")

SCORES = "SELECT score FROM answers ORDER BY score"


def names_both(bot: BotProcess, first: Server, second: Server) -> None:
    """Let the settings name two servers in place of one."""
    written = bot.config_file.read_text("utf-8")
    both = f"{first.folder},{second.folder}&connect_timeout=2"
    bot.config_file.write_text(written.replace(str(first.folder), both), "utf-8")


async def answers(ana: Phone, label: str, following: str) -> None:
    await ana.tap(label)
    await ana.wait_for(lambda message: following in message.text, timeout=START_WITHIN)


async def test_when_a_server_is_gone_the_bot_goes_on_at_the_one_that_followed_it(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    found = programs()
    assert found is not None
    with followed(found) as (first, second), served_by(first):
        async with housed(tmp_path) as bot:
            _, [ana] = await enrol(bot, 1)
            names_both(bot, first, second)
            name = bot.config.database.url.partition("?")[0].rpartition("/")[2]
            async with beside_each_other(bot, 2) as replicas:
                async with calendar(bot, Said()) as book:
                    await book.note(code(1))
                await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
                await answers(ana, "7", "2 de 3")

                await asyncio.to_thread(first.stop)
                gone_at = time.monotonic()
                await asyncio.to_thread(second.promote)
                promoted_at = time.monotonic()
                await answers(ana, "8", "3 de 3")
                measured(
                    f"the next question came {time.monotonic() - gone_at:.1f} s after the first server was gone, "
                    f"{time.monotonic() - promoted_at:.1f} s after the other had taken over"
                )

                assert any(replica.lives for replica in replicas)
        with psycopg.connect(host=str(second.folder), user=MASTER, dbname=name) as db:
            kept = db.execute(SCORES).fetchall()
        first.start()
        first.confirm_with("")

    assert kept == [(7,), (8,)]

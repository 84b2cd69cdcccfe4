"""A server that stands still refuses nobody and answers nobody: the bot waits, sends nothing, and can be stopped."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.checks import UNAVAILABLE
from bot.ownership import CERTAIN_FOR
from handlers.first_aid import PATIENCE
from storage.postgres.numbers import IN_USE, OWNER
from tests.engines import POSTGRESQL, rows
from tests.faults.people import enrol
from tests.faults.replicas import beside_each_other
from tests.practice import Practice
from tests.process import STOP_WITHIN, BotProcess, housed, until
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

A_WHILE = 10.0
HELD = """
SELECT count(*) AS number FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE datname = current_database() AND granted AND (classid::bigint, objid::bigint, objsubid) = ({number}, 2)
"""


@pytest.fixture
async def bot(tmp_path: Path, engine: str) -> AsyncIterator[BotProcess]:
    assert engine == POSTGRESQL
    async with housed(tmp_path) as furnished:
        yield furnished


async def test_while_it_stands_still_nothing_is_sent_and_afterwards_the_bot_goes_on_by_itself(
    practice: Practice, postgresql: Server
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    delivery = practice.bot.delivery

    with postgresql.frozen():
        await until(lambda: not delivery.is_ours(), "it is not certain any more", CERTAIN_FOR + A_WHILE)
        await ana.tap("7")
        await ana.send("/ayuda")
        await ana.wait_for(lambda message: "024" in message.text, PATIENCE + A_WHILE)
        assert "1 de 3" in ana.messages[-3].text
    await until(delivery.is_ours, "it is certain again", A_WHILE)
    await ana.wait_for(lambda message: "2 de 3" in message.text, A_WHILE)
    await practice.settle()

    assert rows(practice.database, "SELECT item, score FROM answers") == [{"item": "understood", "score": 7}]


async def test_whoever_is_told_to_stop_meanwhile_stops(
    bot: BotProcess, postgresql: Server, measured: Callable[[str], None]
) -> None:
    _, [ana] = await enrol(bot, 1)
    async with beside_each_other(bot, 2) as replicas:
        with postgresql.frozen():
            await ana.send("/ayuda")
            await ana.wait_for(lambda message: "024" in message.text, PATIENCE + A_WHILE)  # nothing is kept, all wait
            took = []
            for replica in replicas:
                began = time.monotonic()
                assert await replica.stop() == 0
                took.append(time.monotonic() - began)
    measured(f"the owner ended {took[0]:.1f} s after SIGTERM, who stood by {took[1]:.1f} s; promised {STOP_WITHIN:.0f}")


async def test_after_a_start_of_the_server_nobody_takes_what_a_running_bot_uses(
    bot: BotProcess, postgresql: Server
) -> None:
    await enrol(bot, 1)

    async with beside_each_other(bot, 1):
        before = held(bot, IN_USE)
        await asyncio.to_thread(postgresql.restart)
        await until(lambda: held(bot, OWNER) == 1 and held(bot, IN_USE) == before, "it holds again what it held")
        refused = await bot.command("rotate-key")

    assert before >= 1
    assert (refused.code, "Microchequeo is at work on" in refused.err) == (UNAVAILABLE, True)


def held(bot: BotProcess, number: str) -> int:
    """Count who holds a lock."""
    [found] = rows(bot.database, HELD.format(number=number))
    return int(found["number"])

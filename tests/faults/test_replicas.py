"""Three real processes on one database of a server: one works, and when it dies another does, within seconds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import psycopg
import pytest

from bot.checks import UNAVAILABLE
from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.ownership import DEPOSED
from storage.postgres import reigns
from storage.postgres.address import Address
from storage.postgres.numbers import OWNER
from tests.engines import POSTGRESQL, rows, url_of
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.replicas import beside_each_other, leaders, taken_over
from tests.faults.stopping import SILENT
from tests.process import START_WITHIN, BotProcess, housed, until
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

PATIENTS = 3
PROMISED = 15.0
"""Seconds within which another process is at work; on a machine that does nothing else: the tests wait for longer."""

SCORES = "SELECT item, score FROM answers ORDER BY check_in_id, item"


@pytest.fixture
async def bot(tmp_path: Path, engine: str) -> AsyncIterator[BotProcess]:
    assert engine == POSTGRESQL
    async with housed(tmp_path) as furnished:
        yield furnished


async def answered(ana: Phone, label: str, following: str) -> None:
    """Tap a number and wait for the question that comes next."""
    await ana.tap(label)
    await ana.wait_for(lambda message: following in message.text, timeout=START_WITHIN)


async def test_when_the_one_that_works_is_killed_another_goes_on_and_nothing_is_lost_or_sent_twice(
    bot: BotProcess, measured: Callable[[str], None]
) -> None:
    _, patients = await enrol(bot, PATIENTS)
    before = [len(ana.messages) for ana in patients]
    async with beside_each_other(bot, 3) as replicas:
        async with calendar(bot, Said()) as book:
            for number in range(1, PATIENTS + 1):
                await book.note(code(number))
        for ana in patients:
            await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)

        took = []
        for label, following in (("7", "2 de 3"), ("8", "3 de 3")):
            for ana in patients:
                await answered(ana, label, following)
            took.append(await taken_over(replicas, START_WITHIN))
        for ana in patients:
            await ana.tap("2")
            await ana.wait_for(lambda message: "Listo" in message.labels(), timeout=START_WITHIN)

        assert len(leaders(replicas)) == 1
        assert [row["score"] for row in rows(bot.database, SCORES)] == [2, 8, 7] * PATIENTS
        assert [len(ana.messages) for ana in patients] == [number + 1 for number in before]
        assert [call for call in bot.telegram.calls if call.status == 409] == []
        measured(f"another was at work {took[0]:.1f} and {took[1]:.1f} s after SIGKILL; promised {PROMISED:.0f}")
        assert await leaders(replicas)[0].stop() == 0


CUTS: Final = f"""
SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted
AND (classid::bigint, objid::bigint, objsubid) = ({OWNER}, 2)
"""  # noqa: S608 - our own numbers


async def test_an_owner_whose_connection_breaks_sends_nothing_once_another_has_begun(bot: BotProcess) -> None:
    """The line to the server was cut, and before it was back another process had the database."""
    _, [ana] = await enrol(bot, 1)
    address = Address(url_of(bot.database))
    async with beside_each_other(bot, 1) as [owner]:
        with psycopg.connect(address.conninfo(), autocommit=True) as other:
            other.execute(CUTS)
            other.execute(f"SELECT pg_advisory_lock({OWNER})")
            reigns.begun(address)
            async with calendar(bot, Said()) as book:
                await book.note(code(1))

            assert await asyncio.wait_for(owner.process.ended(), START_WITHIN) == UNAVAILABLE
            assert DEPOSED in owner.said
            assert not any("de 3" in message.text for message in ana.messages)
            [row] = rows(
                bot.database, "SELECT count(*) AS number FROM outbox WHERE sent_at IS NULL AND kind = 'question'"
            )
            assert row["number"] == 0  # not even made: it is the next owner's to do


async def test_after_the_server_was_started_again_the_same_one_goes_on_and_asks_once(
    bot: BotProcess, postgresql: Server
) -> None:
    _, [ana] = await enrol(bot, 1)
    async with beside_each_other(bot, 3) as replicas:
        await asyncio.to_thread(postgresql.restart)
        async with calendar(bot, Said()) as book:
            await book.note(code(1))
        await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
        await answered(ana, "7", "2 de 3")

        assert sum("de 3" in message.text for message in ana.messages) == 1
        assert [replica.leads for replica in replicas] == [True, False, False]
        assert all(replica.stands_by for replica in replicas[1:])


async def test_who_lost_the_database_ends_as_one_that_failed_also_when_it_cannot_finish(bot: BotProcess) -> None:
    """A service manager starts again what failed, not what ended in order."""
    await enrol(bot, 1)
    bot.telegram.fault = lambda method, _: Fault.hang(SILENT) if method == "sendMessage" else None
    address = Address(url_of(bot.database))
    async with beside_each_other(bot, 1) as [owner]:
        async with calendar(bot, Said()) as book:
            await book.note(code(1))
        sent = len(bot.telegram.calls)
        await until(lambda: any(call.method == "sendMessage" for call in list(bot.telegram.calls)[sent:]), "it sends")
        with psycopg.connect(address.conninfo(), autocommit=True) as other:
            other.execute(CUTS)
            other.execute(f"SELECT pg_advisory_lock({OWNER})")
            reigns.begun(address)

            assert await asyncio.wait_for(owner.process.ended(), START_WITHIN) == UNAVAILABLE

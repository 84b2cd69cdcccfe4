"""A process that stands by says how it is where a monitor asks, and the same address answers when it is the owner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from bot.demo.phone import Phone
from bot.health import BESIDE, OWNER, TAKES_OVER
from bot.standing_by import OTHER_SCHEMA, WORKS
from storage.migrations import head
from tests.commands import run
from tests.engines import POSTGRESQL, raw
from tests.faults.monitor import Monitor
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.replicas import Replica, beside_each_other, spawned, ways
from tests.process import START_WITHIN, BotProcess, free_address, housed, until
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

KEYS: Final = {"status", "reasons", "oldest_unsent", "oldest_unacknowledged", "polled_at", "ticked_at", "instance"}


@dataclass
class Pair:
    """An owner and another, each with an address for its health."""

    bot: BotProcess
    replicas: list[Replica]
    around: list[dict[str, str]]
    monitors: list[Monitor]
    patients: list[Phone]


@asynccontextmanager
async def pair(folder: Path, *, by_webhook: bool, number: int = 2, shared: bool = False) -> AsyncIterator[Pair]:
    """Start so many of two processes; `shared`: with one address for both."""
    brought, *asked = [free_address() for _ in range(4)]
    watched = asked[:1] * 2 if shared else asked[:2]
    around = [{"MICROCHEQUEO_HEALTH__LISTEN": one} for one in watched]
    if by_webhook:
        around = [
            one | ways(f"http://{brought}/telegram", to) for one, to in zip(around, (asked[2], brought), strict=True)
        ]
    async with housed(folder) as bot:
        _, patients = await enrol(bot, 1)
        async with beside_each_other(bot, number, around) as replicas:
            both = Pair(bot, replicas, around, [Monitor(address) for address in watched], patients)
            for monitor in both.monitors[:number]:
                await monitor.listened()
            yield both


async def test_the_screen_says_of_whoever_it_asks_that_it_stands_by(tmp_path: Path) -> None:
    async with pair(tmp_path, by_webhook=False) as both:
        words = ("status", "--config", str(both.bot.config_file))
        screens = [(await run(*words, folder=both.bot.folder, **one)).out for one in both.around]

        assert ["stands by" in screen for screen in screens] == [False, True]
        assert ["scheduler" in screen for screen in screens] == [True, False]


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_who_stands_by_answers_and_goes_on_answering_as_the_owner(tmp_path: Path, *, by_webhook: bool) -> None:
    async with pair(tmp_path, by_webhook=by_webhook) as both:
        [owner, other], [of_owner, of_other] = both.replicas, both.monitors
        if by_webhook:
            await until(lambda: WORKS in other.said, "it works", START_WITHIN)
        status, body = await of_other.healthz()
        assert (status, body["reasons"], body["role"], body.get("warnings")) == (200, {}, BESIDE, None)
        assert set(body) - {"role"} == KEYS
        assert (await of_owner.healthz())[1]["role"] == OWNER
        assert await of_owner.figure("owner") == 1
        assert await of_other.figure("owner") == 0

        async with asyncio.TaskGroup() as group:
            watching = group.create_task(of_other.watches())
            owner.kill()
            await until(lambda: other.leads, "it works", START_WITHIN)
            await of_other.comes_to(200, OWNER)
            watching.cancel()
        assert {status for status, _ in of_other.heard} == {200}
        roles = [role for _, role in of_other.heard]
        assert roles == sorted(roles, key=[BESIDE, TAKES_OVER, OWNER].index)
        assert await of_other.figure("owner") == 1


async def test_what_a_process_beside_the_owner_counts_can_be_read_and_is_counted_on(tmp_path: Path) -> None:
    async with pair(tmp_path, by_webhook=True) as both:
        [ana], [owner, other], [_, monitor] = both.patients, both.replicas, both.monitors
        await until(lambda: WORKS in other.said, "it works", START_WITHIN)
        async with calendar(both.bot, Said()) as book:
            await book.note(code(1))
        await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
        await ana.tap("7")
        await ana.wait_for(lambda message: "2 de 3" in message.text, timeout=START_WITHIN)

        assert await monitor.figure("answers_total") == 1
        assert await monitor.figure("update_wait_seconds_count") == 1
        assert await monitor.figure("open_episodes") is None
        owner.kill()
        await monitor.comes_to(200, OWNER)
        assert await monitor.figure("answers_total") == 1
        assert await monitor.figure("open_episodes") == 0


async def test_where_an_address_is_given_to_two_the_owner_answers_whoever_it_is(tmp_path: Path) -> None:
    async with pair(tmp_path, by_webhook=False, shared=True) as both:
        [owner, other], monitor = both.replicas, both.monitors[0]
        await until(lambda: "nobody can ask" in other.said, "the address is taken", START_WITHIN)
        await monitor.comes_to(200, OWNER)

        owner.kill()
        await until(lambda: other.leads, "it works", START_WITHIN)
        await monitor.comes_to(200, OWNER)


async def test_who_works_beside_the_owner_is_unwell_while_the_database_is_away(
    tmp_path: Path, postgresql: Server
) -> None:
    async with pair(tmp_path, by_webhook=True) as both:
        [_, other], [_, monitor] = both.replicas, both.monitors
        await until(lambda: WORKS in other.said, "it works", START_WITHIN)
        with postgresql.stopped():
            body = await monitor.comes_to(503, BESIDE, warns=True)
            assert set(body["reasons"]) == {"database"}
        await monitor.comes_to(200, BESIDE)


async def test_who_waits_for_an_owner_of_another_version_is_well_and_says_why_it_waits(tmp_path: Path) -> None:
    async with pair(tmp_path, by_webhook=True, number=1) as both:
        revisions = "UPDATE alembic_version SET version_num = '{}'"
        with raw(both.bot.database) as db:
            db.execute(revisions.format("0021"))
        both.replicas.append(spawned(both.bot, 1, **both.around[1]))
        monitor, other = both.monitors[1], both.replicas[1]
        await monitor.listened()
        body = await monitor.comes_to(200, BESIDE, warns=True)
        assert body["warnings"] == {"poller": OTHER_SCHEMA}

        with raw(both.bot.database) as db:
            db.execute(revisions.format(head()))
        await until(lambda: WORKS in other.said, "it works", START_WITHIN)
        await monitor.comes_to(200, BESIDE)

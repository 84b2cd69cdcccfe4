"""Three real processes behind a balancer: each takes what Telegram brings and works it, whichever is killed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.checks import DATA_ERROR
from bot.demo.phone import Phone
from bot.standing_by import WORKS
from handlers.webhook import SECRET
from storage.migrations import head
from tests.engines import POSTGRESQL, raw, rows
from tests.faults.nginx import Nginx, balancing, needs_nginx
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.replicas import Replica, beside_each_other, spawned, taken_over, ways
from tests.process import START_WITHIN, BotProcess, free_address, housed, until
from tests.server import Server

pytestmark = [pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True), needs_nginx]

PATIENTS = 3
UNDONE = "SELECT count(*) AS number FROM inbox WHERE done_at IS NULL"


@dataclass
class Clinic:
    """Processes behind a balancer, and patients who were asked."""

    bot: BotProcess
    balancer: Nginx
    addresses: list[str]
    replicas: list[Replica]
    patients: list[Phone]

    def kept_by(self, number: int) -> int:
        """Count what one of the processes has taken."""
        return self.balancer.answered[self.addresses[number], 200]


@asynccontextmanager
async def clinic(folder: Path) -> AsyncIterator[Clinic]:
    """Open a practice whose patients have been asked the first question, and whose processes all take updates."""
    async with housed(folder) as bot:
        _, patients = await enrol(bot, PATIENTS)
        addresses = [free_address() for _ in range(3)]
        async with balancing(folder / "nginx", addresses) as balancer, AsyncExitStack() as stack:
            around = [ways(balancer.url, address) for address in addresses]
            replicas = await stack.enter_async_context(beside_each_other(bot, 3, around))
            await until(lambda: all(WORKS in one.said for one in replicas[1:]), "the others keep", START_WITHIN)
            async with calendar(bot, Said()) as book:
                for number in range(1, PATIENTS + 1):
                    await book.note(code(number))
            for ana in patients:
                await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
            yield Clinic(bot, balancer, addresses, replicas, patients)


async def answered(ana: Phone, label: str, following: str) -> None:
    """Tap a number and wait for what comes next."""
    await ana.tap(label)
    await ana.wait_for(lambda message: following in message.text, timeout=START_WITHIN)


async def test_each_works_the_updates_it_takes_and_when_the_owner_is_killed_another_is(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    async with clinic(tmp_path) as practice:
        assert await guessed(practice.addresses[1]) == 404
        before = [len(ana.messages) for ana in practice.patients]
        for ana in practice.patients:
            await answered(ana, "7", "2 de 3")
        assert all(practice.kept_by(number) for number in range(3))

        async with asyncio.TaskGroup() as group:
            taking_over = group.create_task(taken_over(practice.replicas, START_WITHIN))
            for ana in practice.patients:
                await ana.tap("8")  # kept by those who stand by, while nobody works
            await practice.bot.telegram.drained(START_WITHIN)
        measured(f"another was at work on what had been kept {taking_over.result():.1f} s after SIGKILL")
        for ana in practice.patients:
            await ana.wait_for(lambda message: "3 de 3" in message.text, timeout=START_WITHIN)
            await ana.tap("2")
            await ana.wait_for(lambda message: "Listo" in message.labels(), timeout=START_WITHIN)

        assert [row["score"] for row in scores(practice)] == [2, 8, 7] * PATIENTS
        assert [len(ana.messages) for ana in practice.patients] == before
        assert set(practice.balancer.statuses) == {200}
        await until(lambda: rows(practice.bot.database, UNDONE) == [{"number": 0}], "all is worked")


async def guessed(address: str) -> int:
    """Bring an update with a secret that is none; return the status of the answer."""
    async with aiohttp.ClientSession() as stranger:
        update = {"update_id": 77, "message": {}}
        async with stranger.post(f"http://{address}/telegram", json=update, headers={SECRET: "guessed"}) as answer:
            return answer.status


def scores(practice: Clinic) -> list[dict[str, int]]:
    """Return every answer, by check-in and item."""
    return rows(practice.bot.database, "SELECT score FROM answers ORDER BY check_in_id, item")


async def test_while_the_server_is_away_telegram_hears_so_and_brings_it_again(
    tmp_path: Path, postgresql: Server
) -> None:
    async with clinic(tmp_path) as practice:
        [ana, *_] = practice.patients
        before = practice.balancer.answered.total()
        with postgresql.stopped():
            await ana.tap("7")
            await until(lambda: practice.balancer.answered.total() >= before + 3, "each was asked", START_WITHIN)
        await ana.wait_for(lambda message: "2 de 3" in message.text, timeout=START_WITHIN)

        answers = practice.balancer.answered
        assert all(answers[address, 503] for address in practice.addresses)
        assert [row["score"] for row in scores(practice)] == [7]


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Return what lets the database be of a newer schema, until the test is over."""
    file = tmp_path / "data" / "microchequeo.db"

    def says(revision: str) -> None:
        with raw(file) as db:
            db.execute(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - our own words

    yield lambda: says("9999")
    says(head())


async def test_a_process_whose_schema_is_older_than_the_database_refuses_to_keep_anything(
    tmp_path: Path, newer: Callable[[], None]
) -> None:
    url, addresses = "http://127.0.0.1/telegram", [free_address() for _ in range(3)]
    around = [ways(url, address) for address in addresses]
    async with housed(tmp_path) as bot, beside_each_other(bot, 2, around) as [_, keeping]:
        await until(lambda: WORKS in keeping.said, "it keeps", START_WITHIN)
        newer()
        later = spawned(bot, 2, **around[2])

        for older in (keeping, later):
            assert await asyncio.wait_for(older.process.ended(), START_WITHIN) == DATA_ERROR
            assert "newer version" in older.said
        assert WORKS not in later.said

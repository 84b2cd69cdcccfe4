"""What the service manager hears of a process that stands by: that it is ready, that it lives, and when it works."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from bot import health
from bot.demo.faults import Fault
from bot.ownership import STANDS_BY, TAKES_OVER
from bot.standing_by import WORKS
from bot.watchdog import FED_TIMES
from storage.postgres.address import Address
from storage.postgres.migrating import BEGINS_AT, migrate
from storage.postgres.numbers import OWNER
from tests.engines import POSTGRESQL
from tests.faults.monitor import Monitor
from tests.faults.people import enrol
from tests.faults.replicas import Replica, beside_each_other, spawned, ways
from tests.listener import Listener, listening
from tests.process import START_WITHIN, BotProcess, free_address, housed, until
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

WATCHED: Final = 4.0
"""Seconds in which the service manager wants to hear that it lives; that of `deploy/` waits for five minutes.

Less than a poll of whoever works: it is not for them.
"""

READY: Final = "READY=1\nSTATUS={}"


def heard_by(ear: Listener) -> dict[str, str]:
    """Write as variables who watches a process."""
    return {"NOTIFY_SOCKET": ear.address, "WATCHDOG_USEC": str(int(WATCHED * 1_000_000))}


@asynccontextmanager
async def managed(folder: Path, *, by_webhook: bool) -> AsyncIterator[tuple[BotProcess, list[Replica], Listener]]:
    """Let two processes run, the second under a service manager."""
    addresses = [free_address() for _ in range(2)]
    around = [ways(f"http://{addresses[1]}/telegram", one) if by_webhook else {} for one in addresses]
    with listening(str(folder / "notify")) as ear:
        around[1] |= heard_by(ear)
        async with housed(folder) as bot:
            await enrol(bot, 1)
            async with beside_each_other(bot, 2, around) as replicas:
                yield bot, replicas, ear


@contextmanager
def doing(url: str, sql: str) -> Iterator["psycopg.Connection[Any]"]:
    """Keep somebody at something on a server while the context is open; yield who does it."""
    with psycopg.connect(Address(url).conninfo(), autocommit=True) as somebody:
        somebody.execute(sql)
        yield somebody


async def is_fed(ear: Listener) -> None:
    """Wait until the watchdog has been fed as often as in its time twice over.  TimeoutError: it was not in time."""
    began = ear.fed()
    for times in range(2 * FED_TIMES):
        await until(partial(_is_fed, ear, began + times), "it is fed", WATCHED)


def _is_fed(ear: Listener, times: int) -> bool:
    return ear.fed() > times


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_who_stands_by_is_ready_and_lives_takes_over_and_stops(tmp_path: Path, *, by_webhook: bool) -> None:
    async with managed(tmp_path, by_webhook=by_webhook) as (bot, [owner, other], ear):
        await ear.hears(READY.format(STANDS_BY))
        if by_webhook:
            await ear.hears(f"STATUS={WORKS}")
        await is_fed(ear)

        bot.telegram.fault = lambda method, _: Fault.server_error() if method.lower() == "getme" else None
        owner.kill()
        await ear.hears(f"STATUS={TAKES_OVER}", START_WITHIN)
        await is_fed(ear)
        assert not other.leads

        bot.telegram.fault = None
        await ear.hears(READY.format("at work"), START_WITHIN)
        assert await other.stop() == 0
        assert ear.heard()[-1].startswith("STOPPING=1")


async def test_who_takes_over_is_fed_and_well_for_as_long_as_the_schema_takes(
    tmp_path: Path, postgresql: Server
) -> None:
    """The owner of the version before is gone, and a dump reads what the update is to alter."""
    url, monitor = postgresql.make("older"), Monitor(free_address())
    migrate(Address(url), to=BEGINS_AT)
    around = ways("http://127.0.0.1/telegram", free_address())
    around |= {"MICROCHEQUEO_DATABASE__URL": url, "MICROCHEQUEO_HEALTH__LISTEN": monitor.address}
    with listening(str(tmp_path / "notify")) as ear, ExitStack() as stack:
        async with housed(tmp_path) as bot:
            dump = stack.enter_context(doing(url, "BEGIN; SELECT FROM outbox"))
            with doing(url, f"SELECT pg_advisory_lock({OWNER})"):
                one = spawned(bot, 0, **around, **heard_by(ear))
                stack.callback(one.kill)
                await ear.hears(READY.format(STANDS_BY))
                await monitor.listened()
            await ear.hears(f"STATUS={TAKES_OVER}", START_WITHIN)
            await is_fed(ear)
            await monitor.comes_to(200, health.TAKES_OVER)
            assert not one.leads

            dump.execute("ROLLBACK")
            await ear.hears(READY.format("at work"), START_WITHIN)
            await monitor.comes_to(200, health.OWNER)
            assert await one.stop() == 0


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_who_stands_by_says_that_it_stops_and_ends_in_order(tmp_path: Path, *, by_webhook: bool) -> None:
    async with managed(tmp_path, by_webhook=by_webhook) as (_, [owner, other], ear):
        if by_webhook:
            await until(lambda: WORKS in other.said, "it works", START_WITHIN)

        assert await other.stop() == 0
        assert ear.heard()[-1].startswith("STOPPING=1")
        assert owner.leads

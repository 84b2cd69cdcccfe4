"""One process hears at once what another has kept, and again after the line was cut."""

import asyncio
import time
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from storage.places import Heard
from storage.postgres.address import Address
from storage.postgres.news import news
from tests.engines import POSTGRESQL, url_of

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

AT_ONCE = 10.0
FOR_LONG = 60.0
SHORTLY = 0.05
CUTS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE 'LISTEN%'
"""


async def seconds_until_heard(heard: Heard, store: Database) -> float:
    """Announce something; return how long it takes until it is heard."""
    await heard(SHORTLY)  # the line is open
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        group.create_task(waited(heard))
        async with store.transaction() as tx:
            await tx.inbox.announce()
    return time.monotonic() - began


async def waited(heard: Heard) -> None:
    """Wait for news, longer than any test may take."""
    await heard(FOR_LONG)


async def test_what_was_announced_is_heard_at_once_and_again_after_the_line_was_cut(
    store: Database, path: Path
) -> None:
    address = Address(url_of(path))
    async with news(address) as heard:
        assert await seconds_until_heard(heard, store) < AT_ONCE
        with psycopg.connect(address.conninfo(), autocommit=True) as db:
            assert db.execute(CUTS).rowcount == 1
        await heard(SHORTLY)  # notices
        assert await seconds_until_heard(heard, store) < AT_ONCE

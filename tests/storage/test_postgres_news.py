"""One process hears at once what another has kept, and again after the line was cut."""

import asyncio
import time
from pathlib import Path

import psycopg
import pytest

from storage.places import News
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


async def seconds_until_heard(one: News, other: News) -> float:
    """Tell something; return how long it takes until the other hears of it."""
    await one.heard(SHORTLY)  # the line is open
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        hearing = group.create_task(one.heard(FOR_LONG))
        other.tell("inbox")
    assert hearing.result() == {"inbox"}
    return time.monotonic() - began


async def test_what_was_told_is_heard_at_once_and_again_after_every_line_was_cut(path: Path) -> None:
    address = Address(url_of(path))
    async with news(address, 1) as one, news(address, 2) as other:
        assert await seconds_until_heard(one, other) < AT_ONCE
        with psycopg.connect(address.conninfo(), autocommit=True) as db:
            assert db.execute(CUTS).rowcount == 1
        await one.heard(SHORTLY)  # notices
        assert await seconds_until_heard(one, other) < AT_ONCE


async def test_nobody_hears_what_they_told_themselves(path: Path) -> None:
    address = Address(url_of(path))
    async with news(address, 1) as one, news(address, 2) as other:
        await one.heard(SHORTLY)
        await other.heard(SHORTLY)
        one.tell("due")
        assert await other.heard(FOR_LONG) == {"due"}
        assert not await one.heard(SHORTLY)

"""The schema is brought up to date beside others who use it: they hardly wait, and no limit set for them ends it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from bot.domain.errors import StoreUnavailableError
from storage.columns import KeyRing
from storage.migrations import head
from storage.places import place_of
from storage.postgres.address import Address
from storage.postgres.migrating import BEGINS_AT, WAITS_FOR, migrate
from tests.engines import POSTGRESQL
from tests.process import until
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

READS = "SELECT count(*) FROM outbox"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def old(postgresql: Server) -> str:
    """Make a database of an earlier schema, for which somebody has set limits; return its address."""
    url = postgresql.make("old")
    migrate(Address(url), to=BEGINS_AT)
    with Address(url).connected() as db:
        db.execute("ALTER DATABASE old SET lock_timeout = '200ms'")
        db.execute("ALTER DATABASE old SET statement_timeout = '200ms'")
    return url


@contextmanager
def reading(url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Use a table of it, as pg_dump does for as long as it takes; yield who does."""
    with psycopg.connect(Address(url).conninfo(), application_name="pg_dump", autocommit=True) as db:
        db.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        db.execute(f"BEGIN; {READS}")
        yield db
        db.execute("ROLLBACK")


async def waiting(url: str, number: int) -> None:
    with Address(url).connected() as db:
        await until(lambda: db.execute(WAITING).fetchone() == (number,), f"{number} wait for a lock")


def reads_behind(url: str) -> None:
    """Read what somebody waits to alter; psycopg.errors.LockNotAvailable where it takes longer than they may wait."""
    with Address(url).connected() as db:
        db.execute(f"SET statement_timeout = 0; SET lock_timeout = '{WAITS_FOR + 1}s'")
        db.execute(READS)


async def test_it_lets_others_through_and_tries_until_nobody_is_in_the_way(old: str, ring: KeyRing) -> None:
    async with asyncio.TaskGroup() as group:
        with reading(old):
            prepared = group.create_task(asyncio.to_thread(place_of(old).prepare, ring))
            await waiting(old, 1)
            await asyncio.to_thread(reads_behind, old)
            await waiting(old, 0)
            assert not prepared.done()

    assert place_of(old).schema() == head()


def test_who_is_in_the_way_for_too_long_is_named_and_nothing_is_changed(old: str) -> None:
    with reading(old) as db:
        with pytest.raises(StoreUnavailableError) as refused:
            migrate(Address(old), within=0)
        process = db.info.backend_pid

    assert f"pg_dump (process {process} of the server) uses outbox. Nothing was changed." in str(refused.value)
    assert place_of(old).schema() == BEGINS_AT

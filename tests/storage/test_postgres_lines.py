"""Whoever speaks to a server hears in time that nobody answers, and is not impatient with one that works."""

import asyncio
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.domain.errors import StoreUnavailableError
from storage.database import Database
from storage.locks import OwnedElsewhereError
from storage.postgres import lines
from storage.postgres.address import Address
from storage.postgres.locks import Ownership
from tests import engines
from tests.engines import POSTGRESQL, rows, url_of
from tests.server import Server
from tests.storage.records import furnish

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

A_WHILE = 10.0


async def written(store: Database) -> None:
    async with store.transaction() as tx:
        await furnish(tx)


async def test_a_server_that_stands_still_is_away_and_is_there_again_afterwards(
    store: Database, path: Path, postgresql: Server
) -> None:
    await store.dues()
    with postgresql.frozen(), pytest.raises(StoreUnavailableError, match="does not answer"):
        await asyncio.wait_for(written(store), lines.DOUBTS_AFTER + lines.PROBES_FOR + A_WHILE)
    await written(store)

    assert len(rows(path, "SELECT * FROM people")) == 2


async def test_a_statement_that_takes_long_is_waited_for_as_long_as_the_server_answers_others(store: Database) -> None:
    async with store.reading() as tx:
        slow = text(f"SELECT pg_sleep({lines.DOUBTS_AFTER + 1}), 'done'")
        assert (await tx.facts._session.execute(slow)).scalar_one_or_none() is not None


async def test_what_nobody_waits_for_any_more_is_given_up_and_the_connection_serves_again(store: Database) -> None:
    async def sleeps() -> None:
        async with store.reading() as tx:
            await tx.facts._session.execute(text("SELECT pg_sleep(20)"))

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sleeps(), 0.5)
    await written(store)

    assert time.monotonic() - began < A_WHILE


def test_on_a_line_for_looks_nobody_waits_for_long(path: Path, postgresql: Server) -> None:
    line = lines.opened(Address(url_of(path)))

    with postgresql.frozen(), pytest.raises(lines.SilentError):
        line.execute("SELECT 1")

    assert line.closed


def test_an_owner_that_gave_up_its_line_is_not_taken_for_another(path: Path, postgresql: Server) -> None:
    """Its former session lives on at the server, which has not noticed yet, and still has the lock."""
    with engines.place(path).sole_owner() as held:
        assert held is not None
        with postgresql.frozen(), pytest.raises(StoreUnavailableError):
            held()
        assert held()


def test_another_session_that_was_given_the_number_of_ours_is_left_alone(path: Path) -> None:
    """The server counts its sessions by processes of its machine, whose numbers come again."""
    address = Address(url_of(path))
    mine, other = Ownership(address), Ownership(address)
    mine.take()
    mine.let_go()
    theirs = other.take()
    assert mine._session is not None
    mine._session = (theirs.info.backend_pid, mine._session[1])

    with pytest.raises(OwnedElsewhereError):
        mine.take()

    assert other.is_held()
    assert not theirs.closed
    other.let_go()


def test_a_server_that_works_at_something_else_has_not_lost_its_lock(path: Path) -> None:
    """A look that waits for a table is answered by the server itself, and the lock stays where it is."""
    place = engines.place(path)
    with place.sole_owner() as held:
        assert held is not None
        place.reign()
        with psycopg.connect(Address(url_of(path)).conninfo(), autocommit=True) as other:
            other.execute("BEGIN; LOCK TABLE facts")
            with pytest.raises(StoreUnavailableError, match="statement timeout"):
                held()
            assert engines.place(path).held_since() is not None
            other.execute("ROLLBACK")
        assert held()

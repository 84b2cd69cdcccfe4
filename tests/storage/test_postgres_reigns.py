"""Whoever has lost a database to another owner writes nothing there any more, whatever it still believes."""

from pathlib import Path

import psycopg
import pytest

from bot.domain.errors import StoreUnavailableError
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from storage.locks import OwnedElsewhereError
from storage.postgres.address import Address
from storage.postgres.locks import Ownership, sole_owner
from storage.speaking import Seat
from tests.engines import POSTGRESQL, url_of
from tests.storage.records import NOW, rows

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

FACTS = "SELECT name, value FROM facts WHERE name <> 'reign' ORDER BY name"


@pytest.fixture
def address(path: Path) -> Address:
    return Address(url_of(path))


def cut(address: Address) -> None:
    """Cut every connection but our own, as a restart of the server does."""
    with psycopg.connect(address.conninfo(), autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def kept(store: Database, name: str) -> None:
    async with store.transaction() as tx:
        await tx.facts.keep(name, "yes")


async def test_an_owner_writes_until_the_next_one_begins_and_nothing_from_then_on(
    path: Path, ring: KeyRing, address: Address
) -> None:
    with sole_owner(address) as first:
        async with Database(make_engine(url_of(path), Seat(reign=first.begin())), ring, lambda: NOW) as store:
            await kept(store, "before")
            cut(address)
            with sole_owner(address) as second:
                await kept(store, "in between")
                second.begin()
                with pytest.raises(StoreUnavailableError, match="another Microchequeo has taken over"):
                    await kept(store, "after")
                with pytest.raises(StoreUnavailableError, match="another Microchequeo has taken over"):
                    await kept(store, "again")
                async with store.reading() as tx:
                    assert await tx.facts.recall("before") == "yes"

    assert rows(path, FACTS) == [{"name": "before", "value": "yes"}, {"name": "in between", "value": "yes"}]


async def test_whoever_takes_a_lost_lock_again_goes_on_unless_there_was_another_owner_since(address: Address) -> None:
    first = Ownership(address)
    first.take()
    first.begin()
    cut(address)

    assert first.is_held()
    cut(address)
    with sole_owner(address) as second:
        with pytest.raises(OwnedElsewhereError):
            first.is_held()
        second.begin()
    with pytest.raises(OwnedElsewhereError, match="since"):
        first.is_held()
    first.let_go()


async def test_every_owner_has_another_number(address: Address) -> None:
    with sole_owner(address) as first:
        begun = [first.begin()]
    with sole_owner(address) as second:
        begun.append(second.begin())
        cut(address)
    with sole_owner(address) as third:
        begun.append(third.begin())

    assert begun == [1, 2, 3]

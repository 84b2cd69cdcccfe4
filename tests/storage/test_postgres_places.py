"""Opening a database on a server, whose it is, and what is said of it: as of a file, by other means."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import StoreCollidedError, StoreDamagedError, StoreRefusedError, StoreUnavailableError
from storage.columns import KeyRing
from storage.database import Database
from storage.locks import OwnedElsewhereError
from storage.places import Held, Place, place_of
from storage.postgres import driver
from storage.postgres.address import Address
from storage.postgres.dialect import PREPARED
from storage.postgres.locks import STEADY_AFTER
from tests import engines
from tests.engines import POSTGRESQL, raw, rows
from tests.faults.hindrances import set_to
from tests.server import Server
from tests.storage.records import NOW, furnish, new_ring, open_database

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

SECRET = "s3cr3t"


@pytest.fixture
def place(path: Path) -> Place:
    return engines.place(path)


def refusal_of(opening: Callable[[], object]) -> str:
    with pytest.raises(StoreRefusedError) as refused:
        opening()
    return str(refused.value)


# Opening


def test_a_database_is_there_once_it_was_prepared(postgresql: Server, ring: KeyRing) -> None:
    fresh = place_of(postgresql.make("fresh"))
    before = fresh.is_there()

    fresh.prepare(ring)
    fresh.prepare(ring)

    assert (before, fresh.is_there(), fresh.schema()) == (False, True, "0022")


def test_other_keys_are_refused(place: Place, ring: KeyRing) -> None:
    place.prepare(ring)

    assert "do not open this database" in refusal_of(lambda: place.prepare(new_ring()))
    assert "do not open this database" in refusal_of(lambda: place.check_keys(new_ring()))


def test_a_newer_schema_is_refused_and_left_as_it_was(place: Place, path: Path, ring: KeyRing) -> None:
    with raw(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer version" in refusal_of(lambda: place.prepare(ring))
    assert rows(path, "SELECT version_num FROM alembic_version") == [{"version_num": "9999"}]
    with raw(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '0022'")


def test_tables_of_something_else_are_left_alone(postgresql: Server, ring: KeyRing) -> None:
    url = postgresql.make("taken")
    with Address(url).connected() as db:
        db.execute("CREATE TABLE mine (id int)")

    assert "tables of something else" in refusal_of(lambda: place_of(url).prepare(ring))


def test_an_encoding_that_cannot_hold_every_word_is_refused(postgresql: Server, ring: KeyRing) -> None:
    url = postgresql.make("narrow", "ENCODING 'LATIN1'")

    assert "ENCODING 'UTF8'" in refusal_of(lambda: place_of(url).prepare(ring))


def test_a_server_that_only_follows_another_is_one_that_cannot_be_used(postgresql: Server, ring: KeyRing) -> None:
    url = postgresql.make("follows")
    with Address(url).connected() as db:
        db.execute("ALTER DATABASE follows SET default_transaction_read_only = on")

    with pytest.raises(StoreUnavailableError, match="read-only transaction"):
        place_of(url).prepare(ring)


# Whose it is


def test_one_process_owns_it_and_its_end_frees_it(place: Place) -> None:
    with place.sole_owner():
        since = place.held_since()
        with pytest.raises(OwnedElsewhereError), place.sole_owner():
            pass

    assert since is not None
    assert place.held_since() is None
    with place.sole_owner():
        pass


def test_who_uses_it_keeps_away_who_wants_it_for_itself(place: Place) -> None:
    with place.in_use(), place.in_use(), pytest.raises(StoreUnavailableError, match="at work"), place.untouched():
        pass
    with place.untouched(), pytest.raises(StoreUnavailableError, match="new keys"), place.in_use():
        pass


def held_by(place: Place, server: Server) -> tuple[bool, bool]:
    """Say whether an owner has it, before and after every connection was cut."""
    with place.sole_owner() as held:
        assert held is not None
        before = held()
        server.restart()
        return before, held()


def test_an_owner_whose_connection_was_cut_holds_it_again(place: Place, postgresql: Server) -> None:
    assert held_by(place, postgresql) == (True, True)


def test_an_owner_that_was_too_slow_hears_of_the_other(place: Place, path: Path, postgresql: Server) -> None:
    def asks(held: Held | None) -> bool:
        assert held is not None
        return held()

    with place.sole_owner() as mine:
        postgresql.restart()
        with engines.place(path).sole_owner(), pytest.raises(OwnedElsewhereError):
            asks(mine)
        assert asks(mine)


STEADY = f"SELECT pg_sleep_until(pg_postmaster_start_time() + interval '{STEADY_AFTER + 0.1} s')"


def test_who_stood_by_leaves_it_to_the_one_before_for_a_while_after_a_start_of_the_server(
    place: Place, path: Path, postgresql: Server
) -> None:
    postgresql.restart()
    with pytest.raises(OwnedElsewhereError), place.sole_owner(heir=True):
        pass
    rows(path, STEADY)
    with place.sole_owner(heir=True) as held:
        assert held is not None
        assert held()


# What goes wrong


async def test_a_statement_that_takes_too_long_is_a_database_that_is_away(store: Database) -> None:
    async def sleeps() -> None:
        async with store.transaction() as tx:
            await tx.facts._session.execute(text("SET LOCAL statement_timeout = '10ms'"))
            await tx.facts._session.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(StoreUnavailableError, match="statement timeout"):
        await sleeps()
    async with store.transaction() as tx:
        await furnish(tx)


async def limits(store: Database) -> tuple[str, ...]:
    """Return how long a statement may wait for a lock, and how long it may run."""
    async with store.reading() as tx:
        asked = await tx.facts._session.execute(
            text("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        )
        return tuple(asked.one())


async def test_limits_are_ours_unless_somebody_has_set_them_for_this_database(store: Database, path: Path) -> None:
    ours = await limits(store)
    with set_to(path, lock_timeout="700ms"):
        theirs = await limits(store)

    assert (ours, theirs) == (("5s", "30s"), ("700ms", "30s"))


async def test_who_has_waited_for_its_turn_sees_what_the_other_wrote_however_the_server_is_set(
    store: Database, path: Path, ring: KeyRing
) -> None:
    async def adds_one(adding: Database) -> None:
        async with adding.transaction() as tx:
            await tx.facts.keep("sum", str(int(await tx.facts.recall("sum") or "0") + 1))

    with set_to(path, default_transaction_isolation="serializable"):
        async with open_database(path, ring) as other:
            await asyncio.gather(*(adds_one(adding) for _ in range(5) for adding in (store, other)))

    assert rows(path, "SELECT value FROM facts WHERE name = 'sum'") == [{"value": "10"}]


async def test_a_transaction_that_is_cut_halfway_leaves_nothing_and_the_next_one_works(
    store: Database, path: Path, postgresql: Server
) -> None:
    async def cut() -> None:
        async with store.transaction() as tx:
            await furnish(tx)
            postgresql.restart()
            await tx.facts.keep("after", "the cut")

    with pytest.raises(StoreUnavailableError):
        await cut()
    assert rows(path, "SELECT * FROM people") == []

    async with store.transaction() as tx:
        await furnish(tx)
    assert len(rows(path, "SELECT * FROM people")) == 2


async def test_what_was_idle_while_the_server_was_started_again_is_asked_all_the_same(
    store: Database, postgresql: Server
) -> None:
    async with store.transaction() as tx, store.reading() as view, store.glancing() as look:
        await furnish(tx)
        await view.facts.recall("x")
        await look.facts.recall("x")

    postgresql.restart()

    assert len(await store.dues()) == 1
    async with store.reading() as view, store.glancing() as look:
        assert (await view.facts.recall("x"), await look.facts.recall("x")) == (None, None)
        assert await look.chores.due(NOW) == []


async def test_an_error_that_was_swallowed_is_not_taken_for_a_commit(store: Database, path: Path) -> None:
    async def goes_on() -> None:
        async with store.transaction() as tx:
            await tx.facts.keep("before", "kept?")
            with pytest.raises(DBAPIError):
                await tx.facts._session.execute(text("SELECT 1 / 0"))

    with pytest.raises(StoreUnavailableError, match="before its end"):
        await goes_on()

    assert rows(path, "SELECT * FROM facts") == []


@pytest.mark.parametrize(
    ("raised", "meant"),
    [
        (psycopg.errors.DataCorrupted("invalid page in block 3"), StoreDamagedError),
        (psycopg.errors.ReadOnlySqlTransaction("read-only"), StoreUnavailableError),
        (psycopg.errors.SerializationFailure("could not serialize"), StoreCollidedError),
        (psycopg.errors.DeadlockDetected("deadlock detected"), StoreCollidedError),
        (psycopg.errors.LockNotAvailable("lock timeout"), StoreUnavailableError),
        (psycopg.errors.DiskFull("no space left"), StoreUnavailableError),
        (psycopg.errors.UniqueViolation("duplicate"), type(None)),
        (psycopg.errors.UndefinedTable("no such table"), type(None)),
    ],
)
def test_what_the_server_says_means_what_it_means_of_a_file(raised: psycopg.Error, meant: type) -> None:
    error = DBAPIError.instance(None, None, raised, psycopg.Error, hide_parameters=True, dialect=PREPARED)

    assert isinstance(error, DBAPIError)
    assert type(driver.module().trouble(error)) is meant


# What is shown


def test_the_password_is_shown_nowhere(postgresql: Server) -> None:
    url = postgresql.url("nowhere").replace("practice@", f"practice:{SECRET}@")
    place = place_of(url)

    with pytest.raises(StoreUnavailableError) as away:
        place.schema()

    assert 'database "nowhere" does not exist' in str(away.value)
    assert SECRET not in f"{place} {place!r} {Address(url)!r} {away.value!r} {away.value.__cause__!r}"


def test_a_file_needs_nothing_of_this(tmp_path: Path) -> None:
    """With a file in the settings neither psycopg nor SQLAlchemy's PostgreSQL is ever loaded."""
    program = (
        "import sys; from bot import app, errands, vault, wiring; from storage.places import place_of; "
        "from storage.engine import make_engine; "
        f"place_of('sqlite+aiosqlite:///{tmp_path}/x.db'); make_engine('sqlite+aiosqlite:///{tmp_path}/x.db'); "
        "print([name for name in sys.modules if 'psycopg' in name or 'postgres' in name])"
    )

    command = [sys.executable, "-c", program]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words

    assert said.strip() == "[]"

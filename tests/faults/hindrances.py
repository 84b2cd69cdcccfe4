"""What a server does to those who use it: it refuses, gives up, lets wait.  Each for as long as a context is open."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from storage.postgres.address import Address
from tests.engines import url_of
from tests.process import until

_WAITS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""
_RAISES: Final = """
CREATE SEQUENCE tries;
CREATE FUNCTION raises() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF nextval('tries') <= {times} THEN RAISE EXCEPTION 'not now' USING ERRCODE = '{code}'; END IF;
RETURN NEW; END $$;
CREATE TRIGGER raises BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION raises();
"""
_RAISES_NO_MORE: Final = "DROP TRIGGER raises ON {table}; DROP FUNCTION raises; DROP SEQUENCE tries"
_OURS: Final = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'microchequeo'
"""
_CUTS: Final = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'microchequeo'
"""


def somebody(database: Path) -> "psycopg.Connection[Any]":
    """Connect as somebody else would, with the same rights."""
    return psycopg.connect(Address(url_of(database)).conninfo(), autocommit=True, application_name="somebody")


@contextmanager
def raising(database: Path, table: str, code: str, times: int) -> Iterator[None]:
    """Let the server refuse the first rows that come into a table."""
    with somebody(database) as db:
        db.execute(_RAISES.format(table=table, code=code, times=times))
        try:
            yield
        finally:
            db.execute(_RAISES_NO_MORE.format(table=table))


@contextmanager
def set_to(database: Path, **settings: str) -> Iterator[None]:
    """Set something for the database, for those who connect from now on; whoever is connected has to anew."""
    with somebody(database) as db:
        name = db.info.dbname
        for setting, value in settings.items():
            db.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
        db.execute(_CUTS)
        try:
            yield
        finally:
            db.execute(f"ALTER DATABASE {name} RESET ALL")


@contextmanager
def locked(database: Path, table: str) -> Iterator["psycopg.Connection[Any]"]:
    """Hold a table as whoever alters it does; yield who holds it."""
    with somebody(database) as db:
        db.execute(f"BEGIN; LOCK TABLE {table}")
        yield db
        db.execute("ROLLBACK")


async def waiting(database: Path, number: int) -> None:
    """Return when so many wait for a lock.  TimeoutError."""
    await _come_to(database, lambda found: found >= number, f"{number} wait for a lock")


async def given_up(database: Path) -> None:
    """Return when nobody waits for a lock any more.  TimeoutError."""
    await _come_to(database, lambda found: found == 0, "nobody waits for a lock")


async def _come_to(database: Path, holds: Callable[[int], bool], what: str) -> None:
    with somebody(database) as db:
        await until(lambda: holds(db.execute(_WAITS).fetchall()[0][0]), what)


@contextmanager
def full(database: Path) -> Iterator[None]:
    """Take every connection that the server has to give, those of the bot among them: it gets none any more."""
    with ExitStack() as stack:
        while stack.enter_context(_every(database)).execute(_OURS).fetchall()[0][0]:
            pass
        yield


@contextmanager
def _every(database: Path) -> Iterator["psycopg.Connection[Any]"]:
    """Take what there is, cut the bot off, and take what that leaves; yield one of them."""
    with ExitStack() as stack:
        first = stack.enter_context(somebody(database))
        while _taken(stack, database):
            pass
        first.execute(_CUTS)
        while _taken(stack, database):
            pass
        yield first


def _taken(stack: ExitStack, database: Path) -> bool:
    try:
        stack.enter_context(somebody(database))
    except psycopg.OperationalError:
        return False
    return True

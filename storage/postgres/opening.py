"""Opening a database on a server safely: whose schema, whose keys.

Order of events: 1. can it be reached? 2. is its schema ours or older? 3. do the keys open it? 4. migrate, in one
transaction.  Until 4 nothing is written.  No copy is put aside before 4, and what the server keeps is not looked
through: both are its own tools' work (docs/postgresql.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from bot.domain.errors import StoreRefusedError
from storage import marks
from storage.columns import KeyRing
from storage.migrations import head, known
from storage.opening import is_of, proof_of
from storage.postgres.address import Address
from storage.postgres.limits import waiting_for_locks
from storage.postgres.numbers import OPENING

OLDEST: Final = 140_000
"""Of the servers, PostgreSQL 14."""

OTHERS_TAKE: Final = 60
"""Seconds that another program has for opening the same database."""


def prepare(address: Address, ring: KeyRing) -> None:
    """Bring the database to the present schema, or refuse it untouched.

    Raises StoreUnavailableError (away, no right to it) and StoreRefusedError (newer, other keys, not ours).
    """
    with address.translated(), _one_at_a_time(address) as db:
        revision = _revision(db, address)
        _refuse_newer(address, revision)
        if revision is not None:
            _check_keys(db, address, ring)
        else:
            expect_room(db, address)
        if revision != head():
            from storage.postgres.migrating import migrate  # noqa: PLC0415 - Alembic: only where something is migrated

            migrate(address)
        leaves = "INSERT INTO vault (id, proof) VALUES (1, %s) ON CONFLICT DO NOTHING"
        db.execute(leaves, (ring.seal(proof_of(ring)),))


def schema_of(address: Address) -> str | None:
    """Return the revision of a database, None while it is empty; StoreRefusedError if it is newer."""
    with address.translated(), address.connected() as db:
        revision = _revision(db, address)
    _refuse_newer(address, revision)
    return revision


def check_keys(address: Address, ring: KeyRing) -> None:
    """Compare the keys with the proof that is in the database.  Raises StoreRefusedError."""
    with address.translated(), address.connected() as db:
        _check_keys(db, address, ring)


def _check_keys(db: "psycopg.Connection[Any]", address: Address, ring: KeyRing) -> None:
    row = db.execute("SELECT proof FROM vault").fetchone()
    if row is not None and not is_of(ring, row[0]):
        raise StoreRefusedError(f"The keys do not belong to {address}. Nothing was changed.")


@contextmanager
def _one_at_a_time(address: Address) -> "Iterator[psycopg.Connection[Any]]":
    """Let programs that open a database at once do it one after the other."""
    with address.connected() as db:
        db.execute(waiting_for_locks(OTHERS_TAKE))
        db.execute(f"SELECT pg_advisory_lock({OPENING})")
        yield db


def _revision(db: "psycopg.Connection[Any]", address: Address) -> str | None:
    tables = f"SELECT to_regclass('alembic_version'), to_regclass('{marks.TABLE}')"
    ((is_ours, is_marked),) = db.execute(tables).fetchall()
    if is_marked:
        raise marks.refusal(address, db.execute(marks.READS).fetchall()[0][0])
    if not is_ours:
        return None
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _refuse_newer(address: Address, revision: str | None) -> None:
    if revision is not None and revision not in known():
        raise StoreRefusedError(
            f"The database {address} was written by a newer version of Microchequeo (schema {revision}). "
            "It was left untouched: install that version, or restore an older backup."
        )


def expect_room(db: "psycopg.Connection[Any]", address: Address) -> None:
    """Refuse what a practice cannot begin in: other tables, another encoding, a server that is too old."""
    ((count,),) = db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    if count:
        raise StoreRefusedError(
            f"{address} holds tables of something else. Nothing was done: make a database of its own."
        )
    encoding = db.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreRefusedError(f"{address} is in {encoding}. Nothing was done: make it anew with ENCODING 'UTF8'.")
    if db.info.server_version < OLDEST:
        raise StoreRefusedError(
            f"{address} is on PostgreSQL {db.info.server_version // 10_000}; 14 or newer is needed."
        )

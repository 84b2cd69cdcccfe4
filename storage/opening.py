"""Opening a database file safely: whose schema, whose keys, is it sound.

Order of events: 1. can it be opened and written? 2. is its schema ours or older? 3. do the keys open it?
4. copy it aside, 5. migrate, 6. quick_check.  Until 4 nothing is written.  A file that was not migrated is looked
through for a fifth of a second and no longer: a start must not take minutes, and every backup looks through all of it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer
from typing import Final

from sqlalchemy.exc import DBAPIError

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from storage import marks
from storage.columns import KeyRing
from storage.locks import one_at_a_time
from storage.migrations import head, known

LOOKS_FOR: Final = 0.2
"""Seconds that a start may spend on looking for damage; a practice of twenty years needs half of it."""

_PROOF: Final = "proof"


def prepare(path: Path, ring: KeyRing) -> None:
    """Bring the file to the present schema, or refuse it untouched.

    Raises StoreUnavailableError (locked, read-only, no folder) and StoreRefusedError (newer, other keys, damaged).
    """
    with translated(path), one_at_a_time(path.parent):
        revision = schema_of(path)
        if revision is not None:
            check_keys(path, ring)
        migrated = revision != head()
        if migrated:
            from storage.migrating import migrate  # noqa: PLC0415 - Alembic: only where something is migrated

            _copy_aside(path, revision)
            migrate(path)
        _leave_proof(path, ring)
        check_soundness(path, within=None if migrated else LOOKS_FOR)


def schema_of(path: Path) -> str | None:
    """Return the revision of a file, None when it does not exist or is empty; StoreRefusedError if it is newer."""
    with translated(path):
        revision = _revision(path)
    if revision is not None and revision not in known():
        raise StoreRefusedError(
            f"The database {path} was written by a newer version of Microchequeo (schema {revision}). "
            "It was left untouched: install that version, or restore an older backup."
        )
    return revision


def connect(path: Path) -> sqlite3.Connection:
    """Open the file with SQLite's own driver; each statement is its own transaction."""
    return sqlite3.connect(path, timeout=5, isolation_level=None)


def _revision(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(connect(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if marks.TABLE in tables:
            raise marks.refusal(path, db.execute(marks.READS).fetchone()[0])
        if "alembic_version" not in tables:
            return None
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def check_keys(path: Path, ring: KeyRing) -> None:
    """Compare the keys with the proof that is in the file.  Raises StoreRefusedError."""
    with closing(connect(path)) as db:
        row = db.execute("SELECT proof FROM vault").fetchone()
    if row is not None and not is_of(ring, row[0]):
        raise StoreRefusedError(f"The keys do not belong to {path}. Nothing was changed.")


def _leave_proof(path: Path, ring: KeyRing) -> None:
    """Leave what a later opening compares its keys with; what is there already stays."""
    with closing(connect(path)) as db:
        db.execute("INSERT OR IGNORE INTO vault (id, proof) VALUES (1, ?)", (ring.seal(proof_of(ring)),))


def proof_of(ring: KeyRing) -> str:
    """Return what only these keys say: under another index key nobody would be found, and no update known."""
    return ring.blind(_PROOF, _PROOF).hex()


def is_of(ring: KeyRing, sealed_proof: bytes) -> bool:
    """Say whether a database's proof was left under this index key.  StoreRefusedError if no key opens it."""
    return ring.unseal(sealed_proof) == proof_of(ring)


def _copy_aside(path: Path, revision: str | None) -> None:
    """Copy what is going to be migrated; a copy that was cut short by a kill is begun again."""
    copy = path.with_name(f"{path.name}.before-{head()}")
    if revision is None or copy.exists():
        return
    partial = copy.with_name(f"{copy.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect(path)) as db:
        db.execute("VACUUM INTO ?", (str(partial),))
    partial.replace(copy)


def check_soundness(path: Path, within: float | None = None) -> None:
    """Let SQLite look through the file, for `within` seconds at most if given.  Raises StoreRefusedError."""
    with closing(connect(path)) as db, _interrupted(db, within):
        verdict = "ok"
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreRefusedError(f"The database {path} is damaged ({verdict}). Restore the last backup.")


@contextmanager
def _interrupted(db: sqlite3.Connection, within: float | None) -> Iterator[None]:
    """Break off what SQLite is doing after so many seconds; what it had not come to is taken to be right."""
    timer = Timer(within or 0, db.interrupt)
    if within is not None:
        timer.start()
    try:
        yield
    except sqlite3.OperationalError as error:
        if within is None or str(error) != "interrupted":
            raise
    finally:
        timer.cancel()
        if within is not None:
            timer.join()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the file into StoreUnavailableError or StoreRefusedError."""
    try:
        yield
    except (sqlite3.DatabaseError, DBAPIError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        if "not a database" in reason or "malformed" in reason:
            raise StoreRefusedError(f"{path} is not a sound database ({reason}). It was left untouched.") from error
        raise StoreUnavailableError(f"The database {path} cannot be used: {reason}. {_remedy(reason)}") from error
    except OSError as error:
        raise StoreUnavailableError(f"The database {path} cannot be used: {error.strerror}.") from error


def _remedy(reason: str) -> str:
    if "locked" in reason:
        return "Another program is writing to it; it was left untouched."
    if "readonly" in reason:
        return "Give the user that runs Microchequeo the right to write the file and its folder."
    return "Check that the folder exists, has room, and belongs to the user that runs Microchequeo."

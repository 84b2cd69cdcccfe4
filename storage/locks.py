"""Who may use a database file, and for what: locks beside it, freed by the death of whoever held them.

The running bot and every command that writes hold `in_use`, which many can; what must have the file for itself
(new keys, another content) holds `untouched`, and nobody else gets in.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.errors import StoreUnavailableError


class OwnedElsewhereError(StoreUnavailableError):
    """Another process owns the database."""


@contextmanager
def sole_owner(path: Path) -> Iterator[None]:
    """Hold the database for this process; death frees it.  OwnedElsewhereError if another process holds it."""
    refusal = f"Another Microchequeo is already running on {path}. Stop it first; two would ask everybody twice."
    with _held(path, "lock", fcntl.LOCK_EX, refusal, OwnedElsewhereError):
        with suppress(OSError):
            os.utime(f"{path}.lock")
        yield


@contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Keep keys and content from being exchanged meanwhile.  StoreUnavailableError while that is going on."""
    refusal = (
        f"{path} is getting new keys, or is being restored or moved; nothing was done. Try again when that is over."
    )
    with _held(path, "use.lock", fcntl.LOCK_SH, refusal):
        yield


@contextmanager
def untouched(path: Path) -> Iterator[None]:
    """Keep everybody else away from the database.  StoreUnavailableError if somebody uses it."""
    refusal = f"Microchequeo is at work on {path}; nothing was done. Stop the bot first, and start it again afterwards."
    with _held(path, "use.lock", fcntl.LOCK_EX, refusal):
        yield


@contextmanager
def one_backup(path: Path) -> Iterator[None]:
    """Be the only one that copies the database.  StoreUnavailableError if another process does."""
    refusal = f"A backup of {path} is being made just now; wait until it is done."
    with _held(path, "backup.lock", fcntl.LOCK_EX, refusal):
        yield


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let programs that open a database at once do it one after the other.

    Trap: SQLite does not wait where two of them turn a new file to WAL, whatever its busy timeout.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _held(
    path: Path, name: str, how: int, refusal: str, refused: type[StoreUnavailableError] = StoreUnavailableError
) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(f"{path}.{name}", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreUnavailableError(f"The database {path} cannot be used: {error.strerror}.") from None
    try:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refused(refusal) from None
        yield
    finally:
        os.close(lock)


def held_since(path: Path) -> datetime | None:
    """Return since when a running bot holds the database; None: none does.  A look takes nothing away from anybody."""
    try:
        lock = os.open(f"{path}.lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return datetime.fromtimestamp(os.fstat(lock).st_mtime, UTC)
    finally:
        os.close(lock)
    return None

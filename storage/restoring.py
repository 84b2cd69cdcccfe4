"""Put the database of a backup in its place.

Order of events: 1. it is unpacked beside its place; 2. its schema is known, the keys open it, it is sound; 3. it is
migrated; 4. those who left since are erased; 5. it is sealed under the newest key; 6. the present database gets a
second name; 7. one renaming puts the new one in its place.  Until 7 the present database is the one in use.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Final

from bot.domain.errors import StoreRefusedError
from storage.backups import STAMP, BackupKeys, unpack
from storage.columns import KeyRing
from storage.erasures import Erasure
from storage.files import settle
from storage.leavers import is_later
from storage.opening import check_keys, check_soundness, connect, schema_of, translated
from storage.places import FilePlace
from storage.resealing import reseal

_SIDES: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """The instant of the backup, how many who left were erased again, and the new name of the former database."""

    made_at: datetime
    erased: int
    kept: Path | None


def restored(file: Path, database: Path, keys: BackupKeys, left: Sequence[Erasure], at: datetime) -> Restored:
    """Put the database of a backup in its place; the former one, if any, is kept under another name (`at`).

    Nobody else may use the database.  Raises StoreRefusedError (changed, cut short, newer, other keys) and
    StoreUnavailableError (no room); then the present database is as it was.
    """
    database = database.resolve()
    with _beside(database) as fresh, translated(fresh):
        label = unpack(file, fresh, keys.backup)
        ring = KeyRing([*keys.seal, *(key for key in label.seal if key not in keys.seal)], keys.index)
        if schema_of(fresh) is None:
            raise StoreRefusedError(f"{file} holds no database of Microchequeo. Nothing was done.")
        check_keys(fresh, ring)
        check_soundness(fresh)
        from storage.migrating import migrate  # noqa: PLC0415 - Alembic: only where something is migrated

        migrate(fresh)
        erased = FilePlace(fresh).erase_again([erasure for erasure in left if is_later(erasure, label.made_at)])
        reseal(fresh, ring)
        return Restored(label.made_at, erased, _exchange(fresh, database, at))


@contextmanager
def _beside(database: Path) -> Iterator[Path]:
    """Give the name of a file beside the database, of which nothing is left afterwards (nor from a kill before)."""
    fresh = database.with_name(f"{database.name}.restoring")
    _remove(fresh)
    try:
        yield fresh
    finally:
        _remove(fresh)


def _remove(path: Path) -> None:
    for side in ("", *_SIDES):
        Path(f"{path}{side}").unlink(missing_ok=True)


def _exchange(fresh: Path, database: Path, at: datetime) -> Path | None:
    kept = _second_name(database, at) if database.exists() else None
    for side in _SIDES:  # a log that stays behind would be played into the new file
        Path(f"{database}{side}").unlink(missing_ok=True)
    settle(fresh)
    fresh.replace(database)
    settle(database.parent)
    return kept


def _second_name(database: Path, at: datetime) -> Path:
    """Give the database, and what of it is still in its log, another name as well; it may well be damaged."""
    with suppress(sqlite3.DatabaseError), closing(connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = _free_name(database.with_name(f"{database.name}.replaced-{at.strftime(STAMP)}"))
    for side in ("", "-wal"):
        if Path(f"{database}{side}").exists():
            os.link(f"{database}{side}", f"{kept}{side}")
    settle(database.parent)
    return kept


def _free_name(wanted: Path) -> Path:
    """Return the name, or the first with a number after it that nothing has yet."""
    names = (wanted.with_name(f"{wanted.name}.{number}") for number in count(2))
    return next(name for name in chain([wanted], names) if not name.exists())

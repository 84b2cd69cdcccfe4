"""Encrypted copies of the whole database, made while it is in use.

Order of events: 1. a copy of one instant, beside the database and as private as it (it never enters the backup folder
in the open); 2. the copy is looked through; 3. it is sealed into `….backup.partial`; 4. that is read back and compared;
5. it gets its name.  Whatever a kill leaves behind is removed by the next backup.

A backup carries, inside the seal, the sealing keys of its day: with the backup key alone it can always be read
(decision 0011).
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.domain.errors import MicrochequeoError, StoreRefusedError, StoreUnavailableError
from storage.columns import KeyRing
from storage.envelope import key_name, name_of, seal, unseal
from storage.files import create, pieces, settle
from storage.locks import one_backup
from storage.opening import check_keys, check_soundness, connect, schema_of, translated

STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"microchequeo-(\d{8}T\d{6}Z)\.backup", re.ASCII)
_LENGTH: Final = 4
"""Bytes that say how long the label is."""

_STEPS: Final = 10_000
"""Steps of SQLite's machine between two looks at whether to go on."""

Wanted = Callable[[], bool]
"""Says whether the backup is still wanted."""


@dataclass(frozen=True, slots=True, repr=False)
class Label:
    """What a backup says of itself, under its seal: when it was made, and with which keys its fields were sealed."""

    made_at: datetime
    seal: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class BackupKeys:
    """What a backup needs: the sealing keys and the index key of the database, and the backup keys, newest first."""

    seal: Sequence[str]
    index: bytes
    backup: Sequence[bytes]


def make(database: Path, folder: Path, keys: BackupKeys, at: datetime, wanted: Wanted = lambda: True) -> Path:
    """Back up a database that may be in use; return the file.

    Raises StoreUnavailableError (no room, no such folder, another backup under way, no longer wanted) and
    StoreRefusedError (damaged, other keys); then no backup was added.
    """
    target = folder / f"microchequeo-{at.astimezone(UTC).strftime(STAMP)}.backup"
    label, ring = Label(at, tuple(keys.seal)), KeyRing(keys.seal, keys.index)
    with translated(database), one_backup(database), _copied(database, ring, wanted) as copy, _writing_to(folder):
        _seal(copy, target, label, keys.backup[0], wanted)
    return target


def unpack(file: Path, into: Path, keys: Sequence[bytes]) -> Label:
    """Write the database of a backup to the new file `into`, readable by its owner alone; return the label.

    Raises StoreRefusedError (changed, cut short, other keys) and StoreUnavailableError (cannot be read or written).
    """
    try:
        with file.open("rb") as sealed, create(into) as copy:
            label, parts = _labelled(unseal(sealed, keys))
            copy.writelines(parts)
    except StoreRefusedError as error:
        raise StoreRefusedError(f"{file} cannot be used. {error}") from None
    except OSError as error:
        raise StoreUnavailableError(f"{error.filename or file} cannot be used: {error.strerror}.") from None
    return label


def in_folder(folder: Path) -> Sequence[Path]:
    """Return the backups in a folder, oldest first; none if there is no such folder."""
    return sorted(file for file in folder.glob("microchequeo-*.backup") if _NAME.fullmatch(file.name))


def made_at(file: Path) -> datetime:
    """Return the instant in a backup's name."""
    return datetime.strptime(file.name, f"microchequeo-{STAMP}.backup").replace(tzinfo=UTC)


def keep_newest(file: Path, count: int) -> None:
    """Keep the backup just made, whatever the clock said, and the newest of the others in its folder: `count` in all.

    Raises StoreUnavailableError.
    """
    others = [other for other in in_folder(file.parent) if other != file]
    with _writing_to(file.parent):
        for other in others[: max(0, len(others) + 1 - count)]:
            other.unlink(missing_ok=True)


def keys_in_use(folder: Path, keys: Iterable[bytes]) -> set[bytes]:
    """Return those of the keys with which a backup in the folder was made."""
    named = set()
    for path in in_folder(folder):
        with path.open("rb") as file:
            try:
                named.add(key_name(file))
            except MicrochequeoError:
                continue  # it can be read with no key at all
    return {key for key in keys if name_of(key) in named}


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise StoreUnavailableError(f"{error.filename or folder} cannot be written: {error.strerror}.") from None


@contextmanager
def _copied(database: Path, ring: KeyRing, wanted: Wanted) -> Iterator[Path]:
    """Copy the database as it is at one instant, private and looked through; the copy goes with the context."""
    if schema_of(database) is None:
        raise StoreUnavailableError(f"There is no database at {database} yet; nothing was backed up.")
    copy = database.with_name(f"{database.name}.copy")
    copy.unlink(missing_ok=True)
    try:
        create(copy).close()
        with closing(connect(database)) as db:
            db.set_progress_handler(lambda: not wanted(), _STEPS)
            db.execute("VACUUM INTO ?", (str(copy),))
        check_keys(copy, ring)
        check_soundness(copy)
        yield copy
    except sqlite3.OperationalError:
        _go_on(wanted)
        raise
    finally:
        copy.unlink(missing_ok=True)


def _seal(copy: Path, target: Path, label: Label, key: bytes, wanted: Wanted) -> None:
    partial = target.with_name(f"{target.name}.partial")
    for left in target.parent.glob("microchequeo-*.backup.partial"):
        left.unlink()
    with copy.open("rb") as plain, create(partial) as sealed:
        seal(_with_label(label, _while(wanted, pieces(plain))), sealed, key)
    settle(partial)
    _compare(copy, partial, key, wanted)
    partial.replace(target)
    settle(target.parent)


def _compare(copy: Path, partial: Path, key: bytes, wanted: Wanted) -> None:
    with copy.open("rb") as plain, partial.open("rb") as sealed:
        _, parts = _labelled(unseal(sealed, [key]))
        if _digest(_while(wanted, parts)) != _digest(pieces(plain)):
            raise StoreUnavailableError(f"{partial} could not be read back as it was written; no backup was added.")


def _while(wanted: Wanted, parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        _go_on(wanted)
        yield part


def _go_on(wanted: Wanted) -> None:
    if not wanted():
        raise StoreUnavailableError("The backup was broken off; no backup was added.")


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def _with_label(label: Label, parts: Iterator[bytes]) -> Iterator[bytes]:
    text = json.dumps({"made_at": label.made_at.isoformat(), "seal": label.seal}).encode()
    yield len(text).to_bytes(_LENGTH, "big") + text
    yield from parts


def _labelled(chunks: Iterator[bytes]) -> tuple[Label, Iterator[bytes]]:
    """Take the label, which is within the first chunk, off a stream."""
    first = next(chunks)
    end = _LENGTH + int.from_bytes(first[:_LENGTH], "big")
    found = json.loads(first[_LENGTH:end])
    label = Label(datetime.fromisoformat(found["made_at"]), tuple(found["seal"]))

    def rest() -> Iterator[bytes]:
        yield first[end:]
        yield from chunks

    return label, rest()

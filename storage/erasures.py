"""Who asked to be forgotten, by row ids alone: a file beside the backups, so that no restored backup brings them back.

An erasure is written here, and safe on the disk, before it is done in the database.  A line that a kill cut short
belongs to an erasure that was never done: it is passed over, and the next line takes its place.  Whoever writes holds
the file meanwhile: several may leave at once, some of them on paper, from another process.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from storage.files import settle

FILE: Final = "erasures.log"


@dataclass(frozen=True, slots=True)
class Erasure:
    """A patient who left; `keep_scores` if the practice had to keep the pseudonymous scores."""

    at: datetime
    patient_id: int
    keep_scores: bool


def begin(path: Path) -> None:
    """Make an empty file if there is none: the list of nobody.  Raises StoreUnavailableError."""
    _add(path, "")


def append(path: Path, erasure: Erasure) -> None:
    """Write one line and wait until it would survive a power cut.  StoreUnavailableError; then nothing was written."""
    at = erasure.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    line = {"at": at, "patient_id": erasure.patient_id, "keep_scores": erasure.keep_scores}
    _add(path, json.dumps(line) + "\n")


def read(path: Path) -> Sequence[Erasure]:
    """Return the erasures in order.  Raises StoreRefusedError for a damaged file, StoreUnavailableError for none."""
    try:
        *lines, _ = path.read_bytes().split(b"\n")
        return [_parsed(line) for line in lines]
    except (ValueError, KeyError, TypeError):
        raise StoreRefusedError(f"{path} is damaged: not every line is one that Microchequeo wrote.") from None
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be read: {error.strerror}.") from None


def _add(path: Path, line: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = file.read().rpartition(b"\n")
            file.seek(len(whole[0]) + len(whole[1]))
            file.truncate()
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
        settle(path.parent)
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be written: {error.strerror}.") from None


def _parsed(line: bytes) -> Erasure:
    found = json.loads(line)
    at, patient_id, keep_scores = datetime.fromisoformat(found["at"]), found["patient_id"], found["keep_scores"]
    if at.tzinfo is None or type(patient_id) is not int or type(keep_scores) is not bool:
        raise ValueError(line)
    return Erasure(at, patient_id, keep_scores)

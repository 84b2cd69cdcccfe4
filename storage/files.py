"""Files that nobody but their owner can read, and names that survive a power cut."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PIECE = 64 * 1024


def create(path: Path) -> BinaryIO:
    """Open a new file for writing that nobody but its owner can ever read.  FileExistsError if it is there."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Read a file to its end, 64 KiB at a time."""
    while piece := file.read(PIECE):
        yield piece


def settle(path: Path) -> None:
    """Wait until a file's content, or a folder's names, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Emptying the database's write-ahead log, in which deleted content stands until then."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

PATIENCE: Final = 0.2
"""Seconds to wait for readers; a writer waits meanwhile, so they are few."""


async def emptied(path: Path) -> bool:
    """Fold the log into the database and empty it; False while somebody still reads or writes what stands in it."""
    return await asyncio.to_thread(_emptied, path)


def _emptied(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
        try:
            busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False
    return not busy

"""How much space is left where the bot writes; looked at beside the event loop, as a lost share may never answer."""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.config import Config
from bot.services.ports_alarms import Space

PATIENCE: Final = 2.0
"""Seconds that a look may take; one that takes longer is left to end by itself, and no other begins meanwhile."""

COPIES: Final = 2
"""There should be room for a backup and for the copy that an update puts aside."""


def folders_of(config: Config) -> "Folders":
    """Return the folders that the settings name."""
    database = config.database
    file = database.path if database.is_file else None
    return Folders(file, database.folder, config.backup.folder, config.operator.least_free_bytes)


class Folders:
    """Implements `bot.services.ports_alarms.Disks` for the folders of the database and of its backups.

    A database on a server has no file; how much room it has is for the server's own alarms.
    """

    def __init__(self, database: Path | None, data: Path, backups: Path | None, least: int) -> None:
        self._database = database
        self._folders = {"data": data} | ({"backup": backups} if backups else {})
        self._least = least
        self._looking: asyncio.Future[Space] | None = None
        self._seen = Space({}, least)

    async def look(self) -> Space:
        """Look, or say what was seen last while a look is under way."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().run_in_executor(None, self._look)
        done, _ = await asyncio.wait([self._looking], timeout=PATIENCE)
        if done:
            self._seen, self._looking = self._looking.result(), None
        return self._seen

    def _look(self) -> Space:
        return Space(self._free(), max(self._least, COPIES * _size(self._database)) if self._least else 0)

    def _free(self) -> Mapping[str, int]:
        found = {name: _free(folder) for name, folder in self._folders.items()}
        return {name: free for name, free in found.items() if free is not None}


def _free(folder: Path) -> int | None:
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        return shutil.disk_usage(there).free
    except OSError:
        return None


def _size(file: Path | None) -> int:
    try:
        return file.stat().st_size if file else 0
    except OSError:
        return 0

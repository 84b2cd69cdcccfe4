"""What is done with keys and copies: new keys, backups, restoring.  Needs no Telegram; `bot.app` only starts it daily.

Each verb returns the sentences that the person at the command line is told.
"""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.config import Config
from bot.domain import timing
from bot.domain.errors import ConfigurationError, StoreUnavailableError
from bot.keys import Keys, carried_keys, load_key_file, save_keys
from bot.services.chores import Chore
from storage import backups
from storage.backups import BackupKeys
from storage.columns import KeyRing
from storage.locks import in_use, sole_owner, untouched
from storage.opening import prepare
from storage.resealing import reseal

BACKUP: Final = "backup"


def rotate(config: Config) -> list[str]:
    """Give the practice new keys: 1. in front of the key file, 2. every field sealed anew, 3. the old ones removed.

    Killed at any point, the next call goes on from there.  Raises ConfigurationError, StoreRefusedError and
    StoreUnavailableError.
    """
    carried = carried_keys()
    if carried is not None:
        raise ConfigurationError(
            f"The keys come from {carried.place}, which cannot be changed from here. Write its content into "
            f"{config.privacy.key_file} (chmod 600), stop the bot, run this again without it, and put the new content "
            "of that file back in its place."
        )
    database = config.database.path
    with untouched(database), sole_owner(database):
        keys = load_key_file(config.privacy.key_file)
        if not database.exists():
            raise StoreUnavailableError(f"There is no database at {database} yet; its keys stay as they are.")
        prepare(database, ring(keys))
        return _rotate(config, keys)


def _rotate(config: Config, keys: Keys) -> list[str]:
    path, began_before = config.privacy.key_file, len(keys.seal) > 1
    if not began_before:
        keys = keys.with_newer()
        save_keys(path, keys)
    count = reseal(config.database.path, ring(keys))
    save_keys(path, keys.without_older(_still_read(config, keys)))
    first = "The change of keys that was cut short is complete" if began_before else "The keys are new"
    said = [
        f"{first}: {count} fields were sealed anew, and the old key was removed from {path}.",
        f"Keep a copy of {path} in a safe place. Your earlier copy opens only the backups made until now.",
    ]
    return said + [
        f"{copy} can be opened only with your earlier copy; delete it if you can." for copy in _asides(config)
    ]


def backup(config: Config, keys: Keys, to: Path | None, at: datetime) -> list[str]:
    """Back up the database, the bot running or not; only the configured folder has its oldest backups removed.

    Raises ConfigurationError, StoreRefusedError and StoreUnavailableError.
    """
    folder = to or config.backup.folder
    if folder is None:
        raise ConfigurationError("[backup] folder is empty; name a folder: microchequeo backup --to FOLDER")
    with in_use(config.database.path):
        return [f"wrote {_backed_up(config, keys, folder, at, lambda: True)}"]


def daily_backup(config: Config, keys: Keys, clock: Clock) -> list[Chore]:
    """Return the chore of the daily backup; none if the settings want none."""
    folder, hour, zone = config.backup.folder, config.backup.hour, config.practice.timezone
    if folder is None:
        return []

    async def work() -> None:
        unwanted = threading.Event()
        try:
            await asyncio.to_thread(_backed_up, config, keys, folder, clock.now(), wanted=lambda: not unwanted.is_set())
        finally:
            unwanted.set()  # a thread cannot be cancelled; it looks at this

    return [Chore(BACKUP, lambda after: timing.next_daily(after, hour, zone), work)]


def _backed_up(config: Config, keys: Keys, folder: Path, at: datetime, wanted: Callable[[], bool]) -> Path:
    """Make a backup, then remove the oldest: never the other way round."""
    needed = BackupKeys(keys.seal, keys.index, keys.backup)
    file = backups.make(config.database.path, folder, needed, at, wanted)
    if folder == config.backup.folder:
        backups.keep_newest(folder, config.backup.keep)
    return file


def _still_read(config: Config, keys: Keys) -> set[bytes]:
    """Return the backup keys that a backup needs; all of them when the folder cannot be looked at."""
    folder = config.backup.folder
    return backups.keys_in_use(folder, keys.backup) if folder and folder.is_dir() else set(keys.backup)


def _asides(config: Config) -> list[Path]:
    """Return the copies of the database that were put aside before an update or by `restore`."""
    database = config.database.path
    return sorted(path for kind in ("before", "replaced") for path in database.parent.glob(f"{database.name}.{kind}-*"))


def ring(keys: Keys) -> KeyRing:
    """Return the keys as the store wants them."""
    return KeyRing(keys.seal, keys.index)

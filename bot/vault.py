"""What is done with keys and copies: new keys, backups, restoring.  Needs no Telegram; `bot.app` only starts it daily.

What a command does returns the sentences that the person who gave it is told.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.checks import UNAVAILABLE, Finding
from bot.clock import Clock
from bot.config import Config
from bot.domain import timing
from bot.domain.errors import ConfigurationError, StoreRefusedError, StoreUnavailableError
from bot.keys import Keys, carried_keys, load_key_file, save_keys
from bot.services.chores import Chore
from storage import backups, erasures
from storage.backups import BackupKeys
from storage.columns import KeyRing
from storage.erasures import Erasure
from storage.locks import in_use, sole_owner, untouched
from storage.places import place_of
from storage.restoring import restored

BACKUP: Final = "backup"
BACKUPS: Final = "backups"
OF_A_SERVER: Final = "made with PostgreSQL's own tools, not by Microchequeo (docs/postgresql.md)"
TOO_OLD: Final = timedelta(days=2)


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
    place = place_of(config.database.url)
    with place.untouched(), place.sole_owner():
        keys = load_key_file(config.privacy.key_file)
        if not place.is_there():
            raise StoreUnavailableError(f"There is no database at {place} yet; its keys stay as they are.")
        place.prepare(ring(keys))
        return _rotate(config, keys)


def _expect_file(config: Config, instead: str) -> None:
    """Refuse what is done with a file.  ConfigurationError, naming PostgreSQL's own tool."""
    if not config.database.is_file:
        raise ConfigurationError(
            f"The database is on a server: its backups are {OF_A_SERVER}: {instead}. Nothing was done."
        )


def _rotate(config: Config, keys: Keys) -> list[str]:
    path, began_before = config.privacy.key_file, len(keys.seal) > 1
    if not began_before:
        keys = keys.with_newer()
        save_keys(path, keys)
    count = place_of(config.database.url).reseal(ring(keys))
    save_keys(path, keys.without_older(_still_read(config, keys)))
    first = "The change of keys that was cut short is complete" if began_before else "The keys are new"
    said = [
        f"{first} (fields sealed anew: {count}); the old one is no longer in {path}.",
        f"Keep a copy of {path} in a safe place. Your earlier copy opens only the backups made until now.",
    ]
    return said + [
        f"{copy} can be opened only with your earlier copy; delete it if you can." for copy in _asides(config)
    ]


def backup(config: Config, keys: Keys, to: Path | None, at: datetime) -> list[str]:
    """Back up the database, the bot running or not; only the configured folder has its oldest backups removed.

    Raises ConfigurationError, StoreRefusedError and StoreUnavailableError.
    """
    _expect_file(config, "pg_dump")
    folder = to or config.backup.folder
    if folder is None:
        raise ConfigurationError("[backup] folder is empty; name a folder: microchequeo backup --to FOLDER")
    with in_use(config.database.path):
        return [f"wrote {_backed_up(config, keys, folder, at, lambda: True)}"]


def restore(config: Config, keys: Keys, file: Path, at: datetime, *, force: bool, without_erasures: bool) -> list[str]:
    """Put the database of a backup in its place, up to date, under the newest key, without the people who left since.

    Raises ConfigurationError, StoreRefusedError and StoreUnavailableError; then everything is as it was.
    """
    _expect_file(config, "pg_restore")
    database = config.database.path
    with untouched(database), sole_owner(database):
        if not file.is_file():
            raise StoreUnavailableError(f"There is no backup at {file}; nothing was done.")
        if database.exists() and not force:
            raise StoreRefusedError(
                f"There is a database at {database}; nothing was done. "
                "With --force the backup takes its place, and the present one is kept beside it."
            )
        left = [] if without_erasures else _left_since(config, file)
        found = restored(file, database, _needed(keys), left, at)
    said = [f"{database} is as it was on {found.made_at:%Y-%m-%d at %H:%M:%S} UTC; what came later is not in it."]
    if found.erased:
        said.append(f"Erased again, because they left after that: {found.erased}.")
    if found.kept:
        said.append(
            f"The database that was there is kept as {found.kept}; delete it once you have seen that all is well."
        )
    return said


def _left_since(config: Config, file: Path) -> list[Erasure]:
    lists = _lists(config, file.absolute().parent)
    if not lists:
        raise StoreRefusedError(
            f"There is no {erasures.FILE} beside {file} nor at {erasure_log(config)}: whoever left since that backup "
            "would be back. Put the file there; only if nobody has left, add --without-erasures. Nothing was done."
        )
    return _written_in(lists)


def erase_again(config: Config, keys: Keys, named: Sequence[Path]) -> list[str]:
    """Erase whoever left since the copy was made that now stands in the database's place; nobody is told.

    `named`: lists of erasures beside those that are where this practice has them, as of other machines.  Raises
    StoreRefusedError and StoreUnavailableError; then nobody was erased.
    """
    place = place_of(config.database.url)
    with place.untouched(), place.sole_owner():
        lists = [*_lists(config), *named]
        if not lists:
            raise StoreRefusedError(
                f"There is no {erasures.FILE} at {erasure_log(config)}. If somebody has left, it is elsewhere: name it "
                "with --list FILE. Nothing was done."
            )
        left = _written_in(lists)
        if not place.is_there():
            raise StoreUnavailableError(f"There is no database at {place} yet; nothing was done.")
        place.prepare(ring(keys))
        return [f"Erased again, because they had left: {place.erase_again(left)}."]


def _lists(config: Config, *elsewhere: Path) -> list[Path]:
    """Return every list of erasures that is in the folders of this practice, or in these."""
    folders = dict.fromkeys((erasure_log(config).parent, config.database.folder, *elsewhere))
    return [path for folder in folders if (path := folder / erasures.FILE).exists()]


def _written_in(lists: Sequence[Path]) -> list[Erasure]:
    return [erasure for path in lists for erasure in erasures.read(path)]


def inspect(config: Config, clock: Clock) -> Finding:
    """Look at the backups and their folder, changing nothing."""
    folder = config.backup.folder
    if not config.database.is_file:
        return Finding(BACKUPS, fine=True, says=OF_A_SERVER)
    if folder is None:
        return Finding(BACKUPS, fine=True, says="none are made: [backup] folder is empty")
    made = backups.in_folder(folder)
    obstacle = _obstacle(folder) or (_trouble(config, made[-1], clock.now()) if made else "")
    if obstacle:
        return Finding(BACKUPS, fine=False, says=obstacle, exit_code=UNAVAILABLE)
    newest = f"{len(made)}, the newest of {backups.made_at(made[-1]):%Y-%m-%d %H:%M} UTC" if made else "none yet"
    return Finding(BACKUPS, fine=True, says=f"{folder} ({newest}; one a day at {config.backup.hour:02}:00)")


def _obstacle(folder: Path) -> str:
    """Say why no backup could be written to the folder, which is made where it can be; nothing if one could."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ""
    return f"{folder} cannot be written; give the user that runs Microchequeo the right to, or name another folder"


def _trouble(config: Config, newest: Path, now: datetime) -> str:
    age = now - backups.made_at(newest)
    if age > TOO_OLD:
        return f"the newest in {newest.parent} is {age.days} days old; the bot makes one every day while it runs"
    if not erasure_log(config).exists():
        return f"{erasure_log(config)} is missing; put it back: without it `restore` does not know who left since"
    return ""


def erasure_log(config: Config) -> Path:
    """Return the file in which an erasure is written down before it is done: beside the backups."""
    return (config.backup.folder or config.database.folder) / erasures.FILE


class ErasureList:
    """Implements `bot.services.ports.ErasureLog`."""

    def __init__(self, config: Config) -> None:
        self._path = erasure_log(config)

    def note(self, patient_id: int, at: datetime, *, keep_scores: bool) -> None:
        """Write one line."""
        erasures.append(self._path, Erasure(at, patient_id, keep_scores))


def expect_database(config: Config) -> None:
    """Refuse to begin anew where there are backups of what was there before: they would go, one a day.

    Raises StoreRefusedError.
    """
    if not config.database.is_file:
        return
    database, folder = config.database.path, config.backup.folder
    if folder is not None and not database.exists() and (made := backups.in_folder(folder)):
        raise StoreRefusedError(
            f"There is no database at {database}, but there are backups of one. Run: microchequeo restore {made[-1]} "
            f"(or put {folder} somewhere else, to begin anew). Nothing was done."
        )


def daily_backup(config: Config, keys: Keys, clock: Clock) -> list[Chore]:
    """Return the chore of the daily backup; none if the settings want none."""
    folder, hour, zone = config.backup.folder, config.backup.hour, config.practice.timezone
    if folder is None or not config.database.is_file:
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
    if not backups.in_folder(erasure_log(config).parent):
        erasures.begin(erasure_log(config))
    file = backups.make(config.database.path, folder, _needed(keys), at, wanted)
    if folder == config.backup.folder:
        backups.keep_newest(file, config.backup.keep)
    return file


def _needed(keys: Keys) -> BackupKeys:
    return BackupKeys(keys.seal, keys.index, keys.backup)


def _still_read(config: Config, keys: Keys) -> set[bytes]:
    """Return the backup keys that a backup needs; all of them when the folder cannot be looked at."""
    folder = config.backup.folder
    if folder is None or not folder.is_dir():
        return set(keys.backup)
    try:
        return backups.keys_in_use(folder, keys.backup)
    except OSError:
        return set(keys.backup)


def _asides(config: Config) -> list[Path]:
    """Return the copies of the database that were put aside before an update or by `restore`."""
    if not config.database.is_file:
        return []
    database = config.database.path
    return sorted(path for kind in ("before", "replaced") for path in database.parent.glob(f"{database.name}.{kind}-*"))


def ring(keys: Keys) -> KeyRing:
    """Return the keys as the store wants them."""
    return KeyRing(keys.seal, keys.index)

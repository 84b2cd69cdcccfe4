"""What is done to move a practice to a database of the other kind; needs no Telegram.

Returns the sentences that the person who gave the command is told.
"""

from pathlib import Path

from bot.config import Config, Database
from bot.domain.errors import ConfigurationError
from bot.keys import Keys
from bot.vault import erasure_log, ring
from storage.moving import Moved, Watch, moved
from storage.places import place_of


def move(config: Config, keys: Keys, to: Database, watch: Watch, *, dry_run: bool) -> list[str]:
    """Copy the practice of the settings to an empty database, and leave the settings as they are.

    Raises ConfigurationError (both of one kind), StoreUnavailableError and StoreRefusedError.
    """
    here = config.database
    _expect_another_kind(here, to)
    found = moved(place_of(here.url), place_of(to.url), ring(keys), watch, dry_run=dry_run)
    said = [f"A move to {to.name} that was cut short is begun anew."] if found.is_begun_anew else []
    if dry_run:
        return [*said, f"{_counted(found)} would go from {here.name} to {to.name}. Nothing was written."]
    return [
        *said,
        f"{_counted(found)} were copied to {to.name} and read back: the same as at {here.name}.",
        *_what_is_next(config, to),
    ]


def cut_short(config: Config, to: Database) -> str:
    """Say what is left after Ctrl-C."""
    return (
        f"Stopped before the end. {config.database.name} is as it was. If the copy to {to.name} had begun, no bot "
        "starts on it until all of it is there. Run this again: it begins anew."
    )


def _expect_another_kind(here: Database, to: Database) -> None:
    """Refuse what is done better by other tools.  ConfigurationError."""
    if here.url == to.url:
        raise ConfigurationError(f"The practice is at {to.name} already. Nothing was done.")
    if here.is_file == to.is_file:
        other = "`microchequeo backup` and `restore`" if here.is_file else "pg_dump and pg_restore"
        raise ConfigurationError(
            f"{here.name} and {to.name} are databases of one kind: copy with {other}. Nothing was done."
        )


def _counted(found: Moved) -> str:
    return f"{found.rows} rows of {found.tables} tables"


def _what_is_next(config: Config, to: Database) -> list[str]:
    here = config.database
    before, after = (erasure_log(config.model_copy(update={"database": database})) for database in (here, to))
    return [
        "",
        "Write this into the settings, then start the bot:",
        "",
        "[database]",
        f'url = "{to.shown}"',
        "",
        *(["In place of … comes the password, which is not shown here; best in ~/.pgpass."] if to.secrets() else []),
        f"The keys stay where they are ({config.privacy.key_file}).",
        _of_the_list(before, after),
        *([_of_the_backups(config)] if here.is_file and config.backup.folder else []),
        f"Once you have seen that all is well, delete {here.name}: whoever leaves from now on is still in it.",
    ]


def _of_the_list(before: Path, after: Path) -> str:
    if before == after:
        return f"The list of erasures stays where it is ({before})."
    return f"Copy the list of erasures, if there is one, from {before} to {after}: it is looked for there from now on."


def _of_the_backups(config: Config) -> str:
    """Say that what a bot does with backups of a file, no bot does on a server."""
    return (
        f"From now on nobody makes or deletes backups in {config.backup.folder}: delete those that are there within "
        f"{config.backup.keep} days, and let PostgreSQL's own tools make new ones (docs/postgresql.md)."
    )

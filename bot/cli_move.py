"""`microchequeo move-database`: a practice from a file to a server, or back; on a terminal, a bar shows how far."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from bot.config import Database, load
from bot.config_values import SQLITE
from bot.domain.server_urls import POSTGRES
from bot.keys import load_keys

CONFIG_FILE: Final = Path("config.toml")
TO: Final = "--to"
INTERRUPTED: Final = 130
"""The exit code of what Ctrl-C has ended, as shells have it."""


def move_database(
    to: Annotated[
        str,
        typer.Option(TO, help=f'An empty database ("{POSTGRES}…"), or the path of a new file.', metavar="URL|FILE"),
    ],
    config: Annotated[Path, typer.Option("--config", help="The settings.", metavar="FILE")] = CONFIG_FILE,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look only whether it can be done.")] = False,
) -> None:
    """Copy the practice to another database, from a file to a server or back; the bot must be stopped.

    All is read back and compared; what was there is left as it is.  Cut short, run it again (docs/postgresql.md).
    """
    settings = load(config)
    keys = load_keys(settings)
    target = _named(to).written_in(config.absolute().parent)
    from bot import moving  # noqa: PLC0415 - the heavy part

    try:
        with _bar() as watch:
            said = moving.move(settings, keys, target, watch, dry_run=dry_run)
    except KeyboardInterrupt:
        typer.echo(moving.cut_short(settings, target), err=True)
        raise typer.Exit(INTERRUPTED) from None
    for sentence in said:
        typer.echo(sentence)


def _named(to: str) -> Database:
    """Read what a person wrote: what the settings take, or the path of a file."""
    url = to if "://" in to or not to.strip() else f"{SQLITE}{Path(to).expanduser().absolute()}"
    try:
        return Database(url=url)
    except ValidationError as error:
        reason = "; ".join(str(one.get("ctx", {}).get("error", one["msg"])) for one in error.errors())
        remedy = Database.model_fields["url"].description
        raise typer.BadParameter(f"{reason}; {remedy}", param_hint=TO) from None


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far it is on standard error; nothing where that is no terminal."""
    from rich.console import Console  # noqa: PLC0415 - no other command shows one
    from rich.progress import Progress  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("looking", total=None)
        yield lambda what, done, of: progress.update(task, description=what, completed=done, total=of)

"""`microchequeo parked`: what was put aside after five tries, and trying it again.  It never shows what that says."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.config import Config, load
from bot.domain.post import Aside
from bot.keys import load_keys

CONFIG_FILE: Final = Path("config.toml")
ALL: Final = "all"
NOTHING: Final = "Nothing is put aside."


def parked(
    config: Annotated[Path, typer.Option("--config", help="The settings.", metavar="FILE")] = CONFIG_FILE,
    retry: Annotated[
        str | None, typer.Option(help="Try this one again (its number), or all.", metavar="NUMBER|all")
    ] = None,
) -> None:
    """Say what was put aside after five tries, or have it tried again, the bot running or not (docs/alarms.md)."""
    settings = load(config)
    keys = load_keys(settings)
    from bot import aside  # noqa: PLC0415 - the heavy part

    if retry is None:
        _show(settings, asyncio.run(aside.listed(settings, keys)))
        return
    number = retry.strip().lower()
    done, left = asyncio.run(aside.retried(settings, keys, None if number == ALL else number))
    if not (done or left) and number != ALL:
        raise typer.BadParameter(f"nothing that is put aside has the number {number}", param_hint="--retry")
    for sentence in _said(done, left):
        typer.echo(sentence)


def _show(config: Config, found: Sequence[Aside]) -> None:
    if not found:
        typer.echo(NOTHING)
        return
    from bot import cli_findings  # noqa: PLC0415 - no other command shows these

    cli_findings.show_aside(found, config.practice.timezone)


def _said(done: Sequence[Aside], left: Sequence[Aside]) -> Iterator[str]:
    if done:
        numbers = ", ".join(one.number for one in done)
        yield f"tried again: {numbers}; within seconds, if the bot runs. Look again in ten minutes."
    if left:
        yield f"cannot be tried again, nothing of it is kept: {', '.join(one.number for one in left)}"
    if not (done or left):
        yield NOTHING

"""Trying it without token or settings: `microchequeo demo` in a browser, `demo --auto` in the terminal."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

PORT = 8080

SAID = "Microchequeo: {address}   (Ctrl-C para terminar · Ctrl-C to end)"


def demo(
    port: Annotated[int, typer.Option(help="Where the page is served, on this machine only.", min=0, max=65535)] = PORT,
    config: Annotated[Path | None, typer.Option("--config", hidden=True)] = None,  # noqa: ARG001
    *,
    auto: Annotated[bool, typer.Option("--auto", help="Play six weeks in the terminal, and end.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try both sides of the bot in a browser, without token or settings; nothing leaves this machine."""
    if auto:
        from bot.demo import script  # noqa: PLC0415

        asyncio.run(script.play(Console()))
        return
    from bot.demo.web import opening  # noqa: PLC0415

    asyncio.run(opening.play(lambda address: typer.echo(SAID.format(address=address)), port, browser=browser))

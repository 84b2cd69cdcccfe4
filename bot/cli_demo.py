"""Trying it without token or settings: `demo` in a browser, `demo --auto` in the terminal; `local-api` for any bot."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from bot.demo.alone import Alone

PORT: Final = 8080
API_PORT: Final = 8081

SAID: Final = "Microchequeo: {address}   (Ctrl-C para terminar · Ctrl-C to end)"

Port = Annotated[int, typer.Option(help="Where the page is served, on this machine only.", min=0, max=65535)]


def demo(
    port: Port = PORT,
    config: Annotated[Path | None, typer.Option("--config", hidden=True)] = None,  # noqa: ARG001
    *,
    auto: Annotated[
        bool, typer.Option("--auto", help="Play six weeks in the terminal and end; so does a demo without terminal.")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try both sides of the bot in a browser, without token or settings; nothing leaves this machine."""
    if auto or (browser and not sys.stdout.isatty()):
        from bot.demo import script  # noqa: PLC0415

        asyncio.run(script.play())
        return
    from bot.demo.web import opening  # noqa: PLC0415

    asyncio.run(opening.play(lambda address: typer.echo(SAID.format(address=address)), port, browser=browser))


def local_api(
    port: Annotated[int, typer.Option(help="Where the bot finds its Telegram.", min=0, max=65535)] = API_PORT,
    phones: Annotated[int, typer.Option(help="Where people's phones are.", min=0, max=65535)] = API_PORT + 1,
    *,
    limits: Annotated[bool, typer.Option("--limits", help="Refuse what comes too fast, as Telegram does.")] = False,
) -> None:
    """Run the local Bot API server by itself, to try any bot against it (docs/local-bot-api.md)."""
    from bot.demo import alone  # noqa: PLC0415

    asyncio.run(alone.run(_say, port, phones, limits=limits))


def _say(alone: "Alone") -> None:
    telegram = alone.telegram
    places = {"phones": alone.phones, "faults": alone.faults, "clock": alone.clock}
    for name, value in ({"api_url": telegram.url, "token": telegram.token} | places).items():
        typer.echo(f"{name}: {value}")

"""`microchequeo demo`: the theatre and its page, until Ctrl-C."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

from bot.demo.ending import told_to_end
from bot.demo.guard import listening
from bot.demo.web.site import Site
from bot.demo.web.theatre import Theatre, opened

PORT: Final = 8080


async def play(say: Callable[[str], None], port: int = PORT, *, browser: bool = True) -> None:
    """Serve the page until told to stop; `say` hears where it is.  Raises AddressTakenError."""
    async with AsyncExitStack() as stack:
        theatre = Theatre()
        address = await listening(stack, Site(theatre).application(), port)
        await stack.enter_async_context(opened(theatre))
        say(address)
        if browser and has_screen():
            await asyncio.to_thread(webbrowser.open, address)
        await told_to_end()


def has_screen() -> bool:
    """Say whether a browser has a window to open: on a terminal alone, one would take the terminal."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

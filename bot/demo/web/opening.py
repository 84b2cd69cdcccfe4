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
from bot.demo.web.actions import Tell
from bot.demo.web.site import Site
from bot.demo.web.theatre import FIRST, Theatre, opened
from bot.demo.web.words import spoken

PORT: Final = 8080
OPTION: Final = "--port (with make: make demo PORT=…)"
SPOKEN: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal says its language."""


async def play(say: Callable[[str], None], port: int = PORT, *, browser: bool = True) -> None:
    """Serve the page until told to stop; `say` hears where it is.  Raises AddressTakenError."""
    told = told_to_end()
    async with AsyncExitStack() as stack:
        theatre = Theatre(first_story())
        address = await listening(stack, Site(theatre).application(), port, OPTION)
        await stack.enter_async_context(opened(theatre))
        say(address)
        if browser and has_screen():
            await asyncio.to_thread(webbrowser.open, address)
        await told.wait()


def first_story() -> Tell:
    """Return the story with which it begins: the practice speaks the language of the terminal, where it knows it."""
    wanted = next(filter(None, map(os.environ.get, SPOKEN)), "")
    return FIRST.model_copy(update={"language": spoken(wanted)})


def has_screen() -> bool:
    """Say whether a browser has a window to open: on a terminal alone, one would take the terminal."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

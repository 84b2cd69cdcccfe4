"""`microchequeo demo`: the theatre and its page, until Ctrl-C."""

import asyncio
import signal
import webbrowser
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

from bot.demo.web.site import served
from bot.demo.web.theatre import opened

PORT: Final = 8080


async def play(say: Callable[[str], None], port: int = PORT, *, browser: bool = True) -> None:
    """Serve the page until told to stop; `say` hears where it is.  Raises AddressTakenError."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        theatre = await stack.enter_async_context(opened())
        address = await served(stack, theatre, port)
        say(address)
        if browser:
            await asyncio.to_thread(webbrowser.open, address)
        await stop.wait()

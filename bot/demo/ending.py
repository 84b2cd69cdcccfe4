"""Until when something runs that a person started in a terminal."""

import asyncio
import signal


async def told_to_end() -> None:
    """Wait for Ctrl-C or SIGTERM; whatever is open is then closed in order."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()

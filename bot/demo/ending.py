"""Until when something runs that a person started in a terminal."""

import asyncio
import signal


def told_to_end() -> asyncio.Event:
    """Give what Ctrl-C and SIGTERM will set from now on; whatever is open is then closed in order.

    Trap: a signal that comes while its handler is being exchanged is lost.  Whoever says that they run listens before.
    """
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    return told

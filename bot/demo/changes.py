"""Waiting for the local world to change: no polling, no sleeping for luck."""

import asyncio
from collections.abc import Callable


class Signal:
    """Wakes everybody who waits for a condition, each time something changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def changed(self) -> None:
        """Let every waiter look again."""
        for event in self._waiting:
            event.set()

    async def until(self, holds: Callable[[], bool], seconds: float | None) -> bool:
        """Wait until `holds()`; False when `seconds` passed before. None waits for ever."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    woken.clear()
                    await woken.wait()
        except TimeoutError:
            return holds()
        finally:
            self._waiting.discard(woken)
        return True

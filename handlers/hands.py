"""How many chats are worked at the same time, and who need not wait: somebody in danger is worked beside all others."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Hands(Generic[Key]):
    """So many hands, first come first served; `is_pressing` says who gets one though none is free."""

    def __init__(self, number: int, is_pressing: Callable[[Key], bool]) -> None:
        self._free = number
        self._is_pressing = is_pressing
        self._waiting: dict[Key, asyncio.Event] = {}

    @asynccontextmanager
    async def hand(self, key: Key) -> AsyncIterator[None]:
        """Hold a hand; a key waits at one place at a time."""
        await self._take(key)
        try:
            yield
        finally:
            self._free += 1
            self._serve()

    def hurry(self, key: Key) -> None:
        """Let somebody who is waiting wait no longer."""
        given = self._waiting.pop(key, None)
        if given is not None:
            self._free -= 1
            given.set()

    async def _take(self, key: Key) -> None:
        if (self._free > 0 and not self._waiting) or self._is_pressing(key):
            self._free -= 1
            return
        given = self._waiting[key] = asyncio.Event()
        try:
            await given.wait()
        except asyncio.CancelledError:
            if self._waiting.pop(key, None) is None:  # it was given, and nobody is there to take it
                self._free += 1
                self._serve()
            raise

    def _serve(self) -> None:
        while self._free > 0 and self._waiting:
            self.hurry(next(iter(self._waiting)))

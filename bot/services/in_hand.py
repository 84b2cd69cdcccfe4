"""What services have in hand beside the tick: one task for each key, until it is done."""

import asyncio
from collections.abc import Coroutine, Hashable
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

Key = TypeVar("Key", bound=Hashable)


class InHand(Generic[Key]):
    """A service whose work goes on while the tick goes on; leaving the context waits for what is in hand."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._in_hand: dict[Key, asyncio.Task[None]] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self.ended = 0
        """How much of what was taken in hand is over."""

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._group.__aexit__(kind, error, trace)

    @property
    def busy(self) -> bool:
        """Say whether anything is in hand."""
        return bool(self._in_hand)

    async def idle(self) -> None:
        """Wait until nothing is in hand."""
        await self._idle.wait()

    def _begin(self, key: Key, work: Coroutine[Any, Any, None]) -> None:
        """Take something in hand; `work` says `_done` when it no longer is."""
        self._idle.clear()
        self._in_hand[key] = self._group.create_task(work)

    def _done(self, key: Key) -> None:
        """Let it go."""
        del self._in_hand[key]
        self.ended += 1
        if not self._in_hand:
            self._idle.set()

    def _cancel(self) -> None:
        """Cut off what is in hand."""
        for task in self._in_hand.values():
            task.cancel()

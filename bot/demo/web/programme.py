"""What browsers hear: the newest of everything when they come, then each change, in order."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final

Key = tuple[str, int]

CALLS_KEPT: Final = 200
"""So many of the last calls a browser that comes later is told."""

BEHIND: Final = 2000
"""A browser that has so many events before it is let go; it comes back by itself and begins anew."""


class Programme:
    """The events of the stage; `Last-Event-ID` is not needed, since whoever comes back is told everything."""

    def __init__(self) -> None:
        self._newest: dict[Key, str] = {}
        self._calls: deque[str] = deque(maxlen=CALLS_KEPT)
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._number = self._call = 0
        self._is_over = False

    def state(self, kind: str, value: dict[str, Any], number: int = 0) -> None:
        """Tell how something stands now, if that is news; `number` tells several of a kind apart."""
        text = json.dumps(value)
        if self._newest.get((kind, number)) != text:
            self._newest[kind, number] = text
            self._tell(self._event(kind, text))

    def call(self, value: dict[str, Any]) -> None:
        """Tell of a call the bot made; each gets a number."""
        self._call += 1
        event = self._event("call", json.dumps({"number": self._call} | value))
        self._calls.append(event)
        self._tell(event)

    def passing(self, kind: str, value: dict[str, Any]) -> None:
        """Tell of something that is over as soon as it was seen."""
        self._tell(self._event(kind, json.dumps(value)))

    def begin_anew(self) -> None:
        """Forget what was, before another story is told."""
        self._newest.clear()
        self._calls.clear()

    def close(self) -> None:
        """End everybody's events, for good."""
        self._is_over = True
        for listener in self._listeners:
            _end(listener)
        self._listeners.clear()

    async def heard(self, heartbeat: float) -> AsyncIterator[str]:
        """Yield the events as they are written to a browser; a comment when none came for so many seconds."""
        mine: asyncio.Queue[str | None] = asyncio.Queue()
        for (kind, _), text in self._newest.items():
            mine.put_nowait(self._event(kind, text))
        for event in self._calls:
            mine.put_nowait(event)
        if self._is_over:
            mine.put_nowait(None)
        self._listeners.add(mine)
        try:
            while (event_ := await _next(mine, heartbeat)) is not None:
                yield event_
        finally:
            self._listeners.discard(mine)

    def _tell(self, event: str) -> None:
        for listener in list(self._listeners):
            if listener.qsize() > BEHIND:
                self._listeners.discard(listener)
                _end(listener)
            else:
                listener.put_nowait(event)

    def _event(self, kind: str, text: str) -> str:
        self._number += 1
        return f"id: {self._number}\nevent: {kind}\ndata: {text}\n\n"


def _end(listener: "asyncio.Queue[str | None]") -> None:
    while not listener.empty():
        listener.get_nowait()
    listener.put_nowait(None)


async def _next(events: "asyncio.Queue[str | None]", heartbeat: float) -> str | None:
    try:
        async with asyncio.timeout(heartbeat):
            return await events.get()
    except TimeoutError:
        return ": here\n\n"

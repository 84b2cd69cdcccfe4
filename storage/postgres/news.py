"""What one process tells the others over the server: that there is something for them to see to (LISTEN, NOTIFY).

Nothing depends on it: a line that is down is opened again, and whoever listens looks now and then in any case.  It is
told apart from what it is about: a transaction that notifies waits for every other one that does.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import psycopg

from storage.postgres.address import Address

CHANNEL: Final = "microchequeo"

SILENT_FOR: Final = 2.0
"""Seconds after which a line on which nothing comes, not even the end of the wait, is given up."""

_TELL: Final = f"SELECT pg_notify('{CHANNEL}', %s)"


@asynccontextmanager
async def news(address: Address, worker: int) -> AsyncIterator["ServerNews"]:
    """Yield what hears and tells; `worker`: the number of this process, which does not hear itself."""
    one = ServerNews(address, worker)
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(one.go_on_telling())
        try:
            yield one
        finally:
            telling.cancel()
            await one.close()


class ServerNews:
    """Implements `storage.places.News`."""

    def __init__(self, address: Address, worker: int) -> None:
        self._worker = str(worker)
        self._hearing, self._telling = _Line(address), _Line(address)
        self._untold: set[str] = set()
        self._anything = asyncio.Event()

    def tell(self, what: str) -> None:
        """Tell the others, soon; what is told several times before that is told once."""
        self._untold.add(what)
        self._anything.set()

    async def go_on_telling(self) -> None:
        """Tell what is to be told, until cancelled."""
        while True:
            await self._anything.wait()
            self._anything.clear()
            untold, self._untold = self._untold, set()
            with suppress(psycopg.Error, OSError):
                for what in sorted(untold):
                    await (await self._telling.opened()).execute(_TELL, (f"{what} {self._worker}",))

    async def heard(self, seconds: float) -> Collection[str]:
        """Return what was told, or nothing after so many seconds."""
        try:
            async with asyncio.timeout(seconds + SILENT_FOR):
                line = await self._hearing.opened(f"LISTEN {CHANNEL}")
                told = [one.payload async for one in line.notifies(timeout=seconds, stop_after=1)]
        except (psycopg.Error, OSError):
            await self._hearing.close()
            await asyncio.sleep(seconds)
            return ()
        return {what for what, _, who in (one.partition(" ") for one in told) if who != self._worker}

    async def close(self) -> None:
        """Hang up."""
        await self._hearing.close()
        await self._telling.close()


class _Line:
    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def opened(self, *first: str) -> "psycopg.AsyncConnection[Any]":
        """Return the connection; where it was lost, a new one, on which `first` was said."""
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(self._address.conninfo(), autocommit=True)
            for words in first:
                await self._connection.execute(words)
        return self._connection

    async def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.close()
        self._connection = None

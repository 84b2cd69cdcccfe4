"""What one process tells another over the server: that there is something new in the inbox (LISTEN, NOTIFY).

Nothing depends on it: a line that is down is opened again, and whoever listens looks now and then in any case.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from storage.dialects import CHANNEL
from storage.places import Heard
from storage.postgres.address import Address


@asynccontextmanager
async def news(address: Address) -> AsyncIterator[Heard]:
    """Yield what waits for news, for some seconds at most."""
    line = _Line(address)
    try:
        yield line.heard
    finally:
        await line.close()


class _Line:
    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def heard(self, seconds: float) -> None:
        """Return when there is news, or after so many seconds."""
        try:
            line = self._connection or await self._opened()
            async for _ in line.notifies(timeout=seconds, stop_after=1):
                pass
        except (psycopg.Error, OSError):
            await self.close()
            await asyncio.sleep(seconds)

    async def _opened(self) -> "psycopg.AsyncConnection[Any]":
        line = await psycopg.AsyncConnection.connect(self._address.conninfo(), autocommit=True)
        self._connection = line
        await line.execute(f"LISTEN {CHANNEL}")
        return line

    async def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.close()
        self._connection = None

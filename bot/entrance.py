"""A small web server of this program: what whoever knocks can take of it is limited, in time, number and size.

Trap: aiohttp itself waits for ever for the first line of a request, and for as many clients as come.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web

LONGEST_LINE: Final = 4096
"""Bytes of the first line of a request, and of a header."""

MOST_HEADERS: Final = 64
LINGERS: Final = 1.0
"""Seconds for the rest of a body that nobody reads."""


@dataclass(frozen=True, slots=True)
class Limits:
    """So many `connections` at once, each for one request, which is over `within` seconds of its connecting."""

    connections: int = 64
    within: float = 60.0


USUAL: Final = Limits()


class _Refused(asyncio.Protocol):
    """Somebody for whom there is no room."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Close at once."""
        if isinstance(transport, asyncio.Transport):
            transport.abort()


@asynccontextmanager
async def opened(
    application: web.Application, host: str, port: int, limits: Limits, finish_within: float
) -> AsyncIterator[None]:
    """Serve while the context is open; what was accepted is then finished.  Raises OSError for an address in use."""
    application.on_response_prepare.append(_plain)
    runner = web.AppRunner(
        application,
        access_log=None,
        shutdown_timeout=finish_within,
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_LINE,
        max_headers=MOST_HEADERS,
        lingering_time=LINGERS,
    )
    await runner.setup()
    server = runner.server
    if server is None:
        raise RuntimeError("what was set up is there")
    try:
        listening = await asyncio.get_running_loop().create_server(
            lambda: server() if len(server.connections) < limits.connections else _Refused(), host, port
        )
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(_look_after(server, limits.within))
            try:
                yield
            finally:
                listening.close()
                looking.cancel()
    finally:
        await runner.cleanup()


async def _look_after(server: web.Server, within: float) -> None:
    """Cut whatever has lasted for too long, up to a quarter later."""
    known: dict[web.RequestHandler, float] = {}
    while True:
        now = time.monotonic()
        known = {one: known.get(one, now) for one in server.connections}
        for one, since in known.items():
            if now - since >= within and one.transport is not None:
                one.transport.abort()
        await asyncio.sleep(within / 4)


async def _plain(_: web.Request, response: web.StreamResponse) -> None:
    """Close after each answer, and say nothing of which program answers, and of which version."""
    response.force_close()
    response.headers["Connection"] = "close"
    response.headers.pop("Server", None)

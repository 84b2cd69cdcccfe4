"""A load balancer as a clinic has one: each request goes to the next process, and to another where one is gone."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
from aiohttp import web


class Balancer:
    """Passes requests on; counts what each process answered, as (address, status)."""

    def __init__(self, address: str, behind: Sequence[str]) -> None:
        self.url = f"http://{address}/telegram"
        self.answered: Counter[tuple[str, int]] = Counter()
        self._address = address
        self._behind = list(behind)
        self._session: aiohttp.ClientSession

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen while the context is open."""
        application = web.Application()
        application.router.add_post("/telegram", self._pass_on)
        runner = web.AppRunner(application)
        await runner.setup()
        host, _, port = self._address.rpartition(":")
        async with aiohttp.ClientSession() as self._session:
            await web.TCPSite(runner, host, int(port)).start()
            try:
                yield
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        self._behind.append(self._behind.pop(0))
        for address in list(self._behind):
            try:
                status = await self._asked(address, body, request)
            except (aiohttp.ClientError, OSError):
                continue
            self.answered[address, status] += 1
            return web.Response(status=status)
        return web.Response(status=502)

    async def _asked(self, address: str, body: bytes, request: web.Request) -> int:
        url, data = f"http://{address}/telegram", BytesIO(body)
        async with self._session.post(url, data=data, headers=request.headers) as response:
            return response.status

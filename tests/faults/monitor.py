"""A monitor: it asks a process how it is, as whoever watches a machine does."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from tests.process import START_WITHIN

ASKED_EVERY: Final = 0.05


@dataclass
class Monitor:
    """Asks one process how it is."""

    address: str
    heard: list[tuple[int, str]] = field(default_factory=list)
    """What it heard each time while it watched: the status, and what the process is."""

    async def healthz(self) -> tuple[int, dict[str, Any]]:
        """Ask once.  `aiohttp.ClientError` where nobody answers."""
        status, text = await self._page("/healthz")
        return status, json.loads(text)

    async def listened(self) -> None:
        """Wait until somebody answers for the first time."""
        async with asyncio.timeout(START_WITHIN):
            while True:
                with suppress(aiohttp.ClientConnectorError):
                    await self.healthz()
                    return
                await asyncio.sleep(ASKED_EVERY)

    async def figure(self, name: str) -> float | None:
        """Return a figure that has no labels; None: it is not there."""
        _, text = await self._page("/metrics")
        found = [line.split()[1] for line in text.splitlines() if line.split()[0] == f"microchequeo_{name}"]
        return float(found[0]) if found else None

    async def watches(self) -> None:
        """Ask again and again until cancelled."""
        while True:
            status, body = await self.healthz()
            self.heard.append((status, body["role"]))
            await asyncio.sleep(ASKED_EVERY)

    async def comes_to(self, status: int, role: str, *, warns: bool = False) -> dict[str, Any]:
        """Ask until it is so; return the answer."""
        async with asyncio.timeout(START_WITHIN):
            while True:
                found, body = await self.healthz()
                if (found, body["role"], "warnings" in body) == (status, role, warns):
                    return body
                await asyncio.sleep(ASKED_EVERY)

    async def _page(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as web, web.get(f"http://{self.address}{path}") as answer:
            return answer.status, await answer.text()

"""A browser with the demo's page open: it hears the events and does what a visitor does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp

from bot.demo.guard import listening
from bot.demo.web import actions
from bot.demo.web.cast import THERAPIST
from bot.demo.web.site import Site
from bot.demo.web.theatre import FIRST, Theatre, opened
from tests import commands

WITHIN = 60.0
LOADED = commands.LOADED
"""The bot's processes are forked from one that has it loaded, for the other tests as well."""


class Browser:
    """What one page knows, newest state by kind and number."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._http = http
        self.address = address
        self.known: dict[tuple[str, int], dict[str, Any]] = {}
        self.passed: list[tuple[str, dict[str, Any]]] = []
        self._news = asyncio.Condition()

    async def listen(self) -> None:
        async with self._http.get(f"{self.address}/events", timeout=aiohttp.ClientTimeout(total=None)) as response:
            kind = ""
            async for raw in response.content:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    await self._hear(kind, json.loads(value))

    async def _hear(self, kind: str, value: dict[str, Any]) -> None:
        async with self._news:
            if kind in {"world", "chat", "inside"}:
                self.known[kind, value.get("id", 0) if kind == "chat" else 0] = value
            else:
                self.passed.append((kind, value))
            self._news.notify_all()

    async def until(self, holds: Callable[["Browser"], Any]) -> None:
        """Wait until the page shows something.  TimeoutError with what it shows."""
        try:
            async with asyncio.timeout(WITHIN), self._news:
                await self._news.wait_for(lambda: ("world", 0) in self.known and bool(holds(self)))
        except TimeoutError:
            raise TimeoutError(json.dumps(self.world, indent=1)) from None

    @property
    def world(self) -> dict[str, Any]:
        return self.known["world", 0]

    def messages(self, chat: int) -> list[dict[str, Any]]:
        return list(self.known.get(("chat", chat), {"messages": []})["messages"])

    def reads(self, chat: int, words: str) -> bool:
        return any(words in message["text"] for message in self.messages(chat))

    def button(self, chat: int, label: str) -> dict[str, Any]:
        """Return the tap on the newest button with that label."""
        found = [
            {"act": "tap", "chat": chat, "message": message["id"], "data": button["data"]}
            for message in self.messages(chat)
            for row in message["keyboard"]
            for button in row
            if button["label"] == label
        ]
        return found[-1]

    async def do(self, act: str, **what: Any) -> tuple[int, dict[str, Any]]:
        return await self.post(json.dumps({"act": act} | what))

    async def post(self, body: str | bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        own = {"Origin": self.address, "X-Demo": "1", "Content-Type": "application/json", "Accept-Language": "es"}
        async with self._http.post(f"{self.address}/do", data=body, headers=own | headers) as response:
            return response.status, await response.json()

    async def tap(self, chat: int, label: str) -> None:
        status, said = await self.do(**self.button(chat, label))
        assert status == 200, said


@asynccontextmanager
async def browsing(address: str) -> AsyncIterator[Browser]:
    """Open the page in one more browser."""
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        browser = Browser(http, address)
        listening_ = group.create_task(browser.listen())
        yield browser
        listening_.cancel()


@asynccontextmanager
async def visited(first: actions.Tell = FIRST) -> AsyncIterator[tuple[Theatre, Browser]]:
    """Open the theatre and wait in a browser until the first story lets the visitor act."""
    async with AsyncExitStack() as stack:
        theatre = Theatre(first)
        address = await listening(stack, Site(theatre).application(), 0)
        await stack.enter_async_context(opened(theatre))
        browser = await stack.enter_async_context(browsing(address))
        async with asyncio.timeout(2 * WITHIN):
            await theatre.ready()
        await browser.until(lambda page: page.world["playing"] is None and page.reads(THERAPIST, "https://t.me/"))
        yield theatre, browser

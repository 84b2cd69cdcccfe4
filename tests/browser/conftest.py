"""One demo and one browser for all tests here; each test is a visitor with a window of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage

from tests.browser import demo
from tests.browser.visitor import WIDE, Visitor

LOCALES = {"es": "es-ES", "en": "en-GB"}
Scheme = Literal["light", "dark"]
Motion = Literal["reduce", "no-preference"]
Coming = Callable[..., Awaitable[Visitor]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and say why, where no Chromium is installed."""
    if demo.CHROMIUM is not None:
        return
    here = Path(__file__).parent
    for item in (one for one in items if here in one.path.parents):
        item.add_marker(pytest.mark.skip(reason="Chromium is not installed (Debian: apt-get install chromium)."))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address() -> AsyncIterator[str]:
    """Where the demo is."""
    async with demo.running() as where:
        yield where


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with demo.chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def comes(address: str, browser: Browser) -> AsyncIterator[Coming]:
    """Let visitors come, in a language and with a window of a size; the test fails when a console complained."""
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def visit(
            language: str = "es",
            size: tuple[int, int] = WIDE,
            scheme: Scheme = "light",
            motion: Motion = "no-preference",
        ) -> Visitor:
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale=LOCALES[language],
                color_scheme=scheme,
                reduced_motion=motion,
            )
            stack.push_async_callback(context.close)
            visitor = Visitor(await context.new_page(), f"{language}-{size[0]}")
            visitor.page.on("console", lambda said: _note(visitor, said))
            visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
            await visitor.page.goto(address)
            visitors.append(visitor)
            return visitor

        yield visit
        assert [one.complaints for one in visitors if one.complaints] == []


def _note(visitor: Visitor, said: ConsoleMessage) -> None:
    if said.type in {"error", "warning"}:
        visitor.complaints.append(said.text)

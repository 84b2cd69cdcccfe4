"""The demo as a visitor starts it: `microchequeo demo`, a process of its own, and a Chromium to look at it."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ADDRESS: Final = re.compile(rb"http://127\.0\.0\.1:\d+")
START_WITHIN: Final = 60


@asynccontextmanager
async def running() -> AsyncIterator[str]:
    """Start the demo on a free port and give its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(START_WITHIN):
            address = await _address(process)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        if found := ADDRESS.search(line):
            return found.group().decode()
    raise AssertionError("The demo ended before it said where it is.")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the system's Chromium; nothing is downloaded."""
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*sandbox, "--disable-gpu"])
        try:
            yield browser
        finally:
            await browser.close()

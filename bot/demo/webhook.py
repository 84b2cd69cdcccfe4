"""Delivery of updates to a webhook on this machine: in order, each until it was taken."""

import asyncio

import aiohttp

from bot.demo.backend import Backend
from bot.demo.settings import webhook_url

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds of real time between two attempts; doubled after each."""
PATIENCE = aiohttp.ClientTimeout(total=10)


async def deliver(backend: Backend) -> None:
    """Post each update until the answer is 2xx; runs until cancelled."""
    pause = FIRST_PAUSE
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        while True:
            await backend.updates.signal.until(lambda: bool(webhook_url(backend)) and len(backend.updates) > 0, None)
            if await _post_first(backend, session):
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)


async def _post_first(backend: Backend, session: aiohttp.ClientSession) -> bool:
    [update] = backend.updates.head(1)
    secret = backend.settings["webhook_secret"]
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    try:
        async with session.post(webhook_url(backend), json=update, headers=headers) as response:
            problem = "" if response.ok else f"Wrong response from the webhook: {response.status} {response.reason}"
    except (aiohttp.ClientError, TimeoutError):
        problem = "Connection failed"
    backend.settings["webhook_error"] = _error(backend, problem) if problem else {}
    backend.updates.signal.changed()
    if not problem and backend.updates.head(1) == [update]:
        backend.updates.drop()
    return not problem


def _error(backend: Backend, problem: str) -> dict[str, int | str]:
    return {"last_error_date": int(backend.now().timestamp()), "last_error_message": problem}

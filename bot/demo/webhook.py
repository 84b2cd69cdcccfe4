"""Delivery of updates to a webhook on this machine: in order, each until it was taken, and what may go wrong."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import BytesIO

import aiohttp

from bot.demo.backend import Backend
from bot.demo.faults import Fault, Kind
from bot.demo.params import Params
from bot.demo.settings import webhook_url
from bot.demo.state import Json

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds of real time between two attempts; doubled after each."""
PATIENCE = aiohttp.ClientTimeout(total=10)
DELIVERY = "delivery"
"""What a fault is asked for when an update is brought to a webhook; that is no method of the Bot API."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Brings updates; `fault_of` says what goes wrong with each attempt."""

    backend: Backend
    fault_of: Callable[[str, Params], Fault | None]

    async def run(self) -> None:
        """Post each update until the answer is 2xx; runs until cancelled."""
        pause = FIRST_PAUSE
        updates = self.backend.updates
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            while True:
                await updates.signal.until(lambda: bool(webhook_url(self.backend)) and len(updates) > 0, None)
                if await self._post_first(session):
                    pause = FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    async def _post_first(self, session: aiohttp.ClientSession) -> bool:
        backend = self.backend
        [update] = backend.updates.head(1)
        problem = await self._problem(session, update, self.fault_of(DELIVERY, Params(update)))
        backend.settings["webhook_error"] = _error(backend, problem) if problem else {}
        backend.updates.signal.changed()
        if not problem and backend.updates.head(1) == [update]:
            backend.updates.drop()
        return not problem

    async def _problem(self, session: aiohttp.ClientSession, update: Json, fault: Fault | None) -> str:
        """Post an update; return what went wrong, as getWebhookInfo says it."""
        secret = self.backend.settings["webhook_secret"]
        headers = {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})
        body = _body(json.dumps(update).encode(), fault)
        try:
            async with session.post(webhook_url(self.backend), data=body, headers=headers) as response:
                if fault and fault.kind is Kind.LOSE_REPLY:
                    return "Read timeout expired"
                return "" if response.ok else f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, OSError, TimeoutError):
            return "Connection failed"


def _body(raw: bytes, fault: Fault | None) -> BytesIO | AsyncIterator[bytes]:
    return _in_halves(raw, fault) if fault and fault.kind in {Kind.HANG, Kind.TEAR} else BytesIO(raw)


async def _in_halves(raw: bytes, fault: Fault) -> AsyncIterator[bytes]:
    """Send half of it, wait, and send the rest, or tear."""
    yield raw[: len(raw) // 2]
    await asyncio.sleep(fault.seconds)
    if fault.kind is Kind.TEAR:
        raise ConnectionResetError
    yield raw[len(raw) // 2 :]


def _error(backend: Backend, problem: str) -> dict[str, int | str]:
    return {"last_error_date": int(backend.now().timestamp()), "last_error_message": problem}

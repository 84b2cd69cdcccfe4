"""Delivery of updates to a webhook on this machine, each until it was taken, and what may go wrong.

Those of one chat are brought in order, several chats' beside each other: as many as `max_connections` of setWebhook.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection
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
FAR_ENOUGH = 1000
"""Updates among which one is looked for whose chat is free."""

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
        updates, chats = self.backend.updates, set[int]()
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, asyncio.TaskGroup() as group:
            while True:
                await updates.signal.until(lambda: self._next(chats) is not None, None)
                update = self._next(chats)
                if update is not None:
                    chats.add(chat_of(update))
                    group.create_task(self._bring(session, update, chats))

    def _next(self, chats: Collection[int]) -> Json | None:
        """Return the oldest update whose chat no other is under way to, if there is one and room for it."""
        if not webhook_url(self.backend) or len(chats) >= self.backend.settings["webhook_connections"]:
            return None
        return next((update for update in self.backend.updates.head(FAR_ENOUGH) if chat_of(update) not in chats), None)

    async def _bring(self, session: aiohttp.ClientSession, update: Json, chats: set[int]) -> None:
        """Post one update until it was taken, or is not to be brought any more; then its chat has the next."""
        pause = FIRST_PAUSE
        while webhook_url(self.backend) and self.backend.updates.waits(update):
            if await self._post(session, update):
                self.backend.updates.drop(update)
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        chats.remove(chat_of(update))
        self.backend.updates.signal.changed()

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> bool:
        problem = await self._problem(session, update, self.fault_of(DELIVERY, Params(update)))
        self.backend.settings["webhook_error"] = _error(self.backend, problem) if problem else {}
        self.backend.updates.signal.changed()
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


def chat_of(update: Json) -> int:
    """Return the chat that an update is about; 0 if it is about none."""
    match update:
        case {"callback_query": {"from": {"id": int(chat)}}}:
            return int(chat)
        case (
            {"message": {"chat": {"id": int(chat)}}}
            | {"edited_message": {"chat": {"id": int(chat)}}}
            | {"my_chat_member": {"chat": {"id": int(chat)}}}
        ):
            return int(chat)
    return 0


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

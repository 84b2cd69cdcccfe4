"""What one chat that writes without pause costs the others: how long they wait for a reply, before and meanwhile."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from bot.demo.phone import Phone
from handlers.pacing import Pace
from tests.practice import Practice, opened

FLOOD = 100_000
OTHERS, REPLIES = 16, 12
"""Chats that go on as ever, and how often each asks, before the flood and in it (fewer than would be too many)."""

PACE = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0, replied_to=2 * REPLIES + 2)


async def waits(folder: Path) -> tuple[list[float], list[float], int]:
    """Return the seconds that others wait without and with the flood, and how many of its updates had come by then."""
    async with opened(folder, pace=PACE) as practice:
        flooder = practice.telegram.phone(9_000, "Sin pausa")
        others = [practice.telegram.phone(9_100 + number, "Otra") for number in range(OTHERS)]
        before = await _all_ask(others)
        async with asyncio.TaskGroup() as group:
            flooding = group.create_task(_flood(practice, flooder))
            await practice.telegram.drained(60)
            meanwhile = await _all_ask(others)
            flooding.cancel()
        (come,) = await practice.rows("SELECT count(*) AS number FROM inbox")
        return before, meanwhile, int(come["number"])


async def _flood(practice: Practice, phone: Phone) -> None:
    """Send the next hundred as soon as the bot has taken those before."""
    for number in range(FLOOD):
        await phone.send(f"hola {number}")
        while practice.telegram.pending_updates() >= 100:  # noqa: ASYNC110 - the queue has no such event
            await asyncio.sleep(0.001)


async def _all_ask(others: Sequence[Phone]) -> list[float]:
    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(_ask(phone)) for phone in others]
    return [wait for task in asking for wait in task.result()]


async def _ask(phone: Phone) -> list[float]:
    """Ask for help again and again; the answer is there when a newer message is."""
    found = []
    for _ in range(REPLIES):
        began = time.perf_counter()
        asked = await phone.send("/ayuda")
        await phone.wait_for(lambda message: message.message_id > asked.message_id, timeout=120)  # noqa: B023
        found.append(time.perf_counter() - began)
    return found


def worst(waited: Sequence[float]) -> float:
    """Return the 99th percentile in milliseconds."""
    return quantiles(waited, n=100)[-1] * 1e3

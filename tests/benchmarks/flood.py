"""What one chat that writes without pause costs the others: how long they wait for a reply, before and meanwhile."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from bot.demo.phone import Phone
from handlers.pacing import Pace
from tests.benchmarks.findings import Findings
from tests.practice import opened

FLOOD = 100_000
OTHERS, REPLIES = 16, 12
"""Chats that go on as ever, and how often each asks, before the flood and in it (fewer than would be too many)."""

PACE = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0, replied_to=2 * REPLIES + 2)


async def measured(folder: Path) -> Findings:
    """Compare how long the others wait in the flood with how long before it."""
    before, meanwhile, left = await waits(folder)
    said = (
        f"With {left:,} of one chat's {FLOOD:,} updates still to be worked, a reply to the others takes "
        f"{worst(meanwhile):.0f} ms (99 %), {worst(meanwhile) / worst(before):.2f} × as long as before."
    )
    return Findings(said, {"still_to_be_worked": left, "before_s": before, "meanwhile_s": meanwhile})


async def waits(folder: Path, flood: int = FLOOD) -> tuple[list[float], list[float], int]:
    """Return the seconds that others wait before the flood and in it, and how much of it was still to be worked then.

    The others ask once the bot has taken the whole flood from Telegram, whose queue nobody can overtake.
    """
    async with opened(folder, pace=PACE) as practice:
        flooder = practice.telegram.phone(9_000, "Sin pausa")
        others = [practice.telegram.phone(9_100 + number, "Otra") for number in range(OTHERS)]
        before = await _all_ask(others)
        for number in range(flood):
            await flooder.send(f"hola {number}")
        await practice.telegram.drained(3600)
        meanwhile = await _all_ask(others)
        (left,) = await practice.rows("SELECT count(*) AS number FROM inbox WHERE done_at IS NULL")
        return before, meanwhile, int(left["number"])


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
    return quantiles(waited, n=100, method="inclusive")[-1] * 1e3

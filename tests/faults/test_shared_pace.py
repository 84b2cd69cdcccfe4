"""Three processes send what one bot may: everybody is asked at once, and answers by way of whichever process."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from bot.demo.phone import Phone
from bot.demo.server import Call
from bot.domain.turns import Pace
from bot.standing_by import WORKS
from tests.benchmarks.bulk import most_within
from tests.engines import POSTGRESQL, rows
from tests.faults.nginx import balancing, needs_nginx
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.replicas import beside_each_other, ways
from tests.process import START_WITHIN, free_address, housed, until

pytestmark = [pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True), needs_nginx]

PATIENTS: Final = 60
LABELS: Final = ("7", "8", "2")
SENDING: Final = {"sendMessage", "editMessageText", "editMessageReplyMarkup"}
FELT: Final = 1.05
"""A second as Telegram may see it (`bot.domain.turns.SECOND`)."""

LATE: Final = 4
"""Messages that a busy machine may bring to Telegram in the second after the one in which they left."""


async def test_what_three_processes_send_together_is_what_one_may(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    async with housed(tmp_path) as bot, AsyncExitStack() as stack:
        _, patients = await enrol(bot, PATIENTS)
        addresses = [free_address() for _ in range(3)]
        nginx = await stack.enter_async_context(balancing(tmp_path / "nginx", addresses))
        around = [ways(nginx.url, address) for address in addresses]
        replicas = await stack.enter_async_context(beside_each_other(bot, 3, around))
        await until(lambda: all(WORKS in one.said for one in replicas[1:]), "all work", START_WITHIN)
        calls: list[Call] = []
        bot.telegram.on_call(calls.append)
        began = time.monotonic()
        async with calendar(bot, Said()) as book:
            for number in range(1, PATIENTS + 1):
                await book.note(code(number))
        waits = [wait for waited in await asyncio.gather(*map(answer, patients)) for wait in waited]
        took = time.monotonic() - began

        pace, sent = Pace(), [call.at.timestamp() for call in calls if call.method in SENDING]
        assert most_within(sent, FELT) <= pace.overall + pace.burst + LATE
        assert [row["score"] for row in rows(bot.database, SCORES)] == [2, 8, 7] * PATIENTS
        assert all(nginx.answered[address, 200] >= PATIENTS / 3 for address in addresses)
        measured(
            f"{len(sent)} messages and edits of {PATIENTS} people in {took:.0f} s, {most_within(sent, FELT)} in a "
            f"second at the most; a tap waited {sorted(waits)[len(waits) // 2]:.1f} s, the longest {max(waits):.1f} s"
        )


SCORES: Final = "SELECT item, score FROM answers ORDER BY check_in_id, item"


async def answer(ana: Phone) -> list[float]:
    """Wait to be asked, and answer all three; return the seconds until each tap showed."""
    shown = await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
    waits = []
    for label in LABELS:
        edits, began = shown.edits, time.monotonic()
        await ana.tap(label, message=shown)
        await ana.wait_for(lambda message: message is shown and message.edits > edits, timeout=START_WITHIN)  # noqa: B023
        waits.append(time.monotonic() - began)
    return waits

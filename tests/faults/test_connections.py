"""How many connections a process keeps open at a server, counted there while everybody asks at once: docs/scale.md."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from bot.demo.phone import Phone
from bot.standing_by import WORKS
from storage.session import CONNECTIONS
from tests.engines import POSTGRESQL, url_of
from tests.faults.hindrances import locked, somebody, waiting
from tests.faults.people import enrol
from tests.faults.replicas import beside_each_other, ways
from tests.process import START_WITHIN, BotProcess, free_address, housed, until

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

OWNER, OTHER = "owner", "other"
AN_OWNER: Final = 9
WHOEVER_WORKS_BESIDE_IT: Final = 8
FOR_A_MOMENT: Final = 2
"""How many more whoever stands by opens when it looks, each second, whether the owner is gone."""

NEVER_SAID: Final = 1
"""The connection on which the others are told something is opened when there is something to tell."""

SEVERAL_LOOKS: Final = 3.5
"""Seconds; at five, whoever waits for a table gives up."""

THEIRS: Final = """
SELECT application_name FROM pg_stat_activity
WHERE datname = current_database() AND application_name IN ('owner', 'other')
"""


def most_open(database: Path) -> Counter[str]:
    """Look for a while; return the most connections that each process had open at a time."""
    found: Counter[str] = Counter()
    looks_until = time.monotonic() + SEVERAL_LOOKS
    with somebody(database) as db:
        while time.monotonic() < looks_until:
            found |= Counter(name for (name,) in db.execute(THEIRS))
    return found


async def most_open_while_all_ask(bot: BotProcess, phones: Sequence[Phone]) -> Counter[str]:
    """Count while nobody who asks gets an answer, so that everything that there is for their work is at work."""
    with locked(bot.database, "people"):
        for phone in phones:
            await phone.send("/ayuda")
        await waiting(bot.database, CONNECTIONS)
        return await asyncio.to_thread(most_open, bot.database)


def known(bot: BotProcess, name: str) -> dict[str, str]:
    """Let a process tell the server who it is."""
    return {"MICROCHEQUEO_DATABASE__URL": f"{url_of(bot.database)}&application_name={name}"}


@pytest.mark.parametrize("busy", [OWNER, OTHER])
async def test_by_webhook_each_keeps_no_more_than_the_document_says(
    tmp_path: Path, measured: Callable[[str], None], busy: str
) -> None:
    """Telegram brings everything to one of the two."""
    addresses = {OWNER: free_address(), OTHER: free_address()}
    around = [ways(f"http://{addresses[busy]}/telegram", address) for address in addresses.values()]
    async with housed(tmp_path) as bot:
        _, phones = await enrol(bot, CONNECTIONS + 2)
        named = [way | known(bot, name) for way, name in zip(around, addresses, strict=True)]
        async with beside_each_other(bot, 2, named) as [_, other]:
            await until(lambda: WORKS in other.said, "it works", START_WITHIN)
            found = await most_open_while_all_ask(bot, phones)
    measured(f"everybody asks the {busy}, by webhook: the owner kept {found[OWNER]}, the other up to {found[OTHER]}")

    assert found[OWNER] <= AN_OWNER
    assert found[OTHER] <= WHOEVER_WORKS_BESIDE_IT + FOR_A_MOMENT
    assert found[busy] >= {OWNER: AN_OWNER, OTHER: WHOEVER_WORKS_BESIDE_IT}[busy] - NEVER_SAID


async def test_by_polling_who_stands_by_keeps_none(tmp_path: Path, measured: Callable[[str], None]) -> None:
    async with housed(tmp_path) as bot:
        _, phones = await enrol(bot, CONNECTIONS + 2)
        async with beside_each_other(bot, 2, [known(bot, OWNER), known(bot, OTHER)]):
            idle = await asyncio.to_thread(most_open, bot.database)
            found = await most_open_while_all_ask(bot, phones)
    measured(
        f"everybody asks, by polling: the owner kept {found[OWNER]}, {idle[OWNER]} before, "
        f"who stood by up to {found[OTHER]}"
    )

    assert AN_OWNER - NEVER_SAID <= found[OWNER] <= AN_OWNER
    assert idle[OWNER] < found[OWNER]
    assert 1 <= found[OTHER] <= FOR_A_MOMENT

"""A process of its own that takes what is to leave and marks it sent: one of several on one database."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.domain.model import Urgency
from storage.database import Database
from storage.engine import make_engine
from storage.postgres.address import Address
from storage.postgres.workers import living
from storage.speaking import Seat
from tests.storage.records import NOW, new_ring

AT_ONCE: Final = 7


def run(url: str, file: Path, *, dies: bool) -> None:
    """Take what is due, a few at a time, until there is nothing more; write each id down before it is marked sent.

    What `dies` does so with the first few in hand.  What the messages say is sealed with keys that it has not.
    """
    asyncio.run(_claim(url, file, dies=dies))


async def _claim(url: str, file: Path, *, dies: bool) -> None:
    with living(Address(url)) as life, file.open("a", buffering=1) as taken:
        async with Database(make_engine(url, Seat(life.number)), new_ring(), lambda: NOW, life.number) as store:
            while True:
                async with store.taking() as tx:
                    due = await tx.outbox.due(NOW + timedelta(hours=1), {Urgency.BULK: AT_ONCE})
                taken.writelines(f"{row.id}\n" for row in due)
                if dies:
                    await asyncio.Event().wait()
                if not due:
                    return
                async with store.transaction() as tx:
                    for row in due:
                        await tx.outbox.mark_sent(row.id, NOW, None)

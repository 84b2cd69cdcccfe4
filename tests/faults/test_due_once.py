"""Three processes, and the owner dies as digests and chores fall due: one digest for each therapist, each chore once.

A chore that was under way at the kill is begun again, which does no harm: what
is due at a point is one of the two, and the point is before any chore is through.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.clock import SystemClock
from bot.demo.phone import Phone
from tests.engines import POSTGRESQL, raw
from tests.faults.people import THERAPIST, within
from tests.faults.points import CHORES_DUE, DIGESTS_DUE
from tests.faults.replicas import Replica, leaders, spawned, ways
from tests.faults.services import KILLED
from tests.faults.witness import Witness
from tests.process import START_WITHIN, BotProcess, free_address, housed, until

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

THERAPISTS: Final = 3
PROCESSES: Final = 3
SOON: Final = timedelta(seconds=2)
JUST_BEFORE: Final = 0.3
"""Seconds before the instant at which the owner is killed: no time for another to be at work."""

DIGESTS_ARE_DUE: Final = "UPDATE therapists SET digest_at = :at"
CHORES_ARE_DUE: Final = "UPDATE chores SET next_at = :at WHERE next_at IS NOT NULL"
CHORES: Final = {"agenda", "retention", "checkpoint"}


@dataclass
class Three:
    """The processes, the first of which was the owner; therapists who wait for their week."""

    bot: BotProcess
    replicas: list[Replica]
    therapists: list[Phone]

    def falls_due(self, at: datetime, *what: str) -> None:
        """Let every digest, or every chore, or both be due at an instant."""
        says = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        with raw(self.bot.database) as db:
            for statement in what:
                db.execute(statement, {"at": says})

    @property
    def digests(self) -> list[int]:
        """Count what each therapist got."""
        return [sum("Semana" in message.text for message in phone.messages) for phone in self.therapists]

    @property
    def done(self) -> Counter[str]:
        """Count the chores that any process has done."""
        lines = [json.loads(line) for one in self.replicas for line in one.said.splitlines() if line.startswith("{")]
        return Counter(line["chore"] for line in lines if line["event"] == "chore done")


@asynccontextmanager
async def three(folder: Path, *, point: str = "") -> AsyncIterator[Three]:
    """Open a practice of several therapists; the owner kills itself at the point if given."""
    addresses = [free_address() for _ in range(PROCESSES)]
    around = [ways(f"http://{addresses[0]}/telegram", address) for address in addresses]
    async with housed(folder) as bot:
        async with within(bot) as practice:
            therapists = [await practice.therapist(THERAPIST + number) for number in range(THERAPISTS)]
        replicas = [spawned(bot, 0, point=point, **around[0])]
        try:
            await until(lambda: replicas[0].leads, "the first is at work", START_WITHIN)
            replicas += [spawned(bot, number, **around[number]) for number in range(1, PROCESSES)]
            await until(lambda: all(one.stands_by for one in replicas[1:]), "the others stand by", START_WITHIN)
            yield Three(bot, replicas, therapists)
        finally:
            for replica in replicas:
                replica.kill()
            for replica in replicas:
                await replica.process.ended()


async def all_is_done_by_one(those: Three, *, digests: int, chores: int) -> None:
    """Wait until another process is through with everything; nothing was done or sent twice."""
    witness = Witness(those.bot)
    expected = [digests] * THERAPISTS, dict.fromkeys(CHORES, chores) if chores else {}
    assert await asyncio.wait_for(those.replicas[0].process.ended(), START_WITHIN) == KILLED
    await until(lambda: bool(leaders(those.replicas)), "another takes over", START_WITHIN)
    new = leaders(those.replicas)
    await until(lambda: all(one == digests for one in those.digests), "the digests are there", START_WITHIN)
    await until(lambda: len(those.done) == len(expected[1]), "the chores are done", START_WITHIN)
    await until(lambda: witness.waiting() == 0, "nothing waits", START_WITHIN)

    assert (those.digests, those.done) == expected
    assert witness.rows("SELECT count(*) FROM outbox WHERE kind = 'weekly_digest'") == [(digests * THERAPISTS,)]
    assert leaders(those.replicas) == new
    assert len(new) == 1


async def test_an_owner_that_dies_just_before_the_hour_leaves_it_to_the_next(tmp_path: Path) -> None:
    async with three(tmp_path) as those:
        at = SystemClock().now() + SOON
        those.falls_due(at, DIGESTS_ARE_DUE, CHORES_ARE_DUE)
        await asyncio.sleep((at - SystemClock().now()).total_seconds() - JUST_BEFORE)
        assert (those.digests, those.done) == ([0] * THERAPISTS, {})
        those.replicas[0].kill()

        await all_is_done_by_one(those, digests=1, chores=1)


@pytest.mark.parametrize("where", DIGESTS_DUE.values(), ids=DIGESTS_DUE)
async def test_of_an_owner_that_dies_over_digests_each_therapist_gets_one(tmp_path: Path, where: str) -> None:
    async with three(tmp_path, point=where) as those:
        those.falls_due(SystemClock().now(), DIGESTS_ARE_DUE)

        await all_is_done_by_one(those, digests=1, chores=0)


@pytest.mark.parametrize("where", CHORES_DUE.values(), ids=CHORES_DUE)
async def test_of_an_owner_that_dies_over_chores_each_is_done_once(tmp_path: Path, where: str) -> None:
    async with three(tmp_path, point=where) as those:
        those.falls_due(SystemClock().now(), CHORES_ARE_DUE)

        await all_is_done_by_one(those, digests=0, chores=1)

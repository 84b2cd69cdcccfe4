"""What the bot does for itself: at its hour, beside everything else, again when it failed, and never twice at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import VirtualClock
from bot.domain.errors import StoreUnavailableError
from bot.domain.post import Due
from bot.services.chores import FIRST_WAIT, LONGEST_WAIT, Chore, Chores
from storage.database import Database
from storage.opening import prepare
from tests.storage.records import NOW, new_ring, open_database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Sweeping:
    """A chore of every hour that can be told to fail, or to take its time."""

    failures: list[Exception] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0
    cannot_be_noted: bool = False

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def chore(self) -> Chore:
        return Chore("sweep", self.next_at, self.work)

    def next_at(self, after: datetime) -> datetime:
        if self.cannot_be_noted:
            raise StoreUnavailableError("The disk is full.")
        return after + HOUR

    async def work(self) -> None:
        self.begun += 1
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    file, ring = tmp_path / "microchequeo.db", new_ring()
    prepare(file, ring)
    async with open_database(file, ring) as database:
        yield database


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def sweeping() -> Sweeping:
    return Sweeping()


@asynccontextmanager
async def at_home(store: Database, clock: VirtualClock, *sweepings: Sweeping) -> AsyncIterator[Chores]:
    async with Chores(store, clock, [sweeping.chore for sweeping in sweepings]) as chores:
        yield chores


@pytest.fixture
async def chores(store: Database, clock: VirtualClock, sweeping: Sweeping) -> AsyncIterator[Chores]:
    async with at_home(store, clock, sweeping) as running:
        yield running


async def one_look(chores: Chores) -> int:
    begun = await chores.run_due()
    await chores.idle()
    return begun


async def failing(store: Database) -> dict[str, str]:
    async with store.reading() as tx:
        return dict(await tx.chores.failing())


async def test_a_new_chore_waits_for_its_first_time(chores: Chores, store: Database, sweeping: Sweeping) -> None:
    assert await store.dues() == {Due.CHORE: NOW + HOUR}
    assert await one_look(chores) == 0
    assert sweeping.begun == 0


async def test_a_chore_is_done_at_its_time_and_then_planned_again(
    chores: Chores, store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    clock.advance(HOUR)

    assert await one_look(chores) == 1
    assert sweeping.begun == 1
    assert await store.dues() == {Due.CHORE: NOW + 2 * HOUR}


async def test_what_was_missed_while_the_bot_was_away_is_done_once(
    store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    async with at_home(store, clock, sweeping):
        pass
    clock.advance(7 * DAY)

    async with at_home(store, clock, sweeping) as chores:
        await one_look(chores)
        await one_look(chores)

    assert sweeping.begun == 1


async def test_a_start_in_between_changes_nothing(store: Database, clock: VirtualClock, sweeping: Sweeping) -> None:
    async with at_home(store, clock, sweeping):
        pass
    clock.advance(HOUR / 2)

    async with at_home(store, clock, sweeping):
        assert await store.dues() == {Due.CHORE: NOW + HOUR}


async def test_a_chore_under_way_is_not_begun_again_and_holds_nobody_up(
    chores: Chores, clock: VirtualClock, sweeping: Sweeping
) -> None:
    clock.advance(HOUR)
    sweeping.gate.clear()

    assert await chores.run_due() == 1
    assert chores.busy
    assert await chores.run_due() == 0
    sweeping.gate.set()
    await chores.idle()

    assert (sweeping.begun, chores.busy) == (1, False)


async def test_who_waits_for_the_next_time_is_told_when_it_is_known(
    chores: Chores, clock: VirtualClock, sweeping: Sweeping
) -> None:
    told: list[int] = []
    chores.one_done = lambda: told.append(sweeping.begun)
    clock.advance(HOUR)

    await one_look(chores)

    assert told == [1]


async def test_a_failure_stands_in_the_row_until_it_is_done(
    chores: Chores, store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    clock.advance(HOUR)
    sweeping.failures = [StoreUnavailableError("The folder is full.")]

    await one_look(chores)
    assert await failing(store) == {"sweep": "The folder is full."}
    clock.advance(FIRST_WAIT)
    await one_look(chores)

    assert await failing(store) == {}
    assert sweeping.begun == 2


async def test_what_cannot_be_noted_is_not_done_again_and_again(
    chores: Chores, clock: VirtualClock, sweeping: Sweeping
) -> None:
    """The disk is full: a backup after the other would be made, each as large as the database."""
    clock.advance(HOUR)
    sweeping.cannot_be_noted = True

    for _ in range(3):
        await one_look(chores)
    assert sweeping.begun == 1
    sweeping.cannot_be_noted = False
    clock.advance(FIRST_WAIT)
    await one_look(chores)

    assert sweeping.begun == 2


async def test_a_fault_of_the_program_is_named_by_its_kind_alone(
    chores: Chores, store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    clock.advance(HOUR)
    sweeping.failures = [ValueError("palabras de alguien")]

    with capture_logs() as said:
        await one_look(chores)

    assert await failing(store) == {"sweep": "ValueError"}
    assert said == [{"event": "a chore failed", "log_level": "error", "chore": "sweep", "error": "ValueError"}]


async def test_it_is_tried_again_ever_more_patiently(
    chores: Chores, store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    clock.advance(HOUR)
    sweeping.failures = [StoreUnavailableError("full")] * 9
    waits: list[timedelta] = []

    for _ in range(9):
        await one_look(chores)
        again_at = (await store.dues())[Due.CHORE]
        waits.append(again_at - clock.now())
        clock.move_to(again_at)

    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT


async def test_a_chore_cut_off_by_the_end_is_begun_again_with_the_next_start(
    store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    async with at_home(store, clock, sweeping) as chores:
        clock.advance(HOUR)
        sweeping.gate.clear()
        await chores.run_due()
        await asyncio.sleep(0)
    sweeping.gate.set()

    async with at_home(store, clock, sweeping) as chores:
        await one_look(chores)

    assert sweeping.begun == 2


async def test_a_chore_that_is_no_longer_wanted_rests(store: Database, clock: VirtualClock, sweeping: Sweeping) -> None:
    async with at_home(store, clock, sweeping) as chores:
        clock.advance(HOUR)
        sweeping.failures = [StoreUnavailableError("full")]
        await one_look(chores)

    async with at_home(store, clock):
        assert await store.dues() == {}
        assert await failing(store) == {}


async def test_one_chore_that_fails_does_not_keep_the_others(
    store: Database, clock: VirtualClock, sweeping: Sweeping
) -> None:
    async def works() -> None:
        done.append(clock.now())

    done: list[datetime] = []
    other = Chore("dust", lambda after: after + HOUR, works)
    sweeping.failures = [ValueError()]

    async with Chores(store, clock, [sweeping.chore, other]) as chores:
        clock.advance(HOUR)
        assert await one_look(chores) == 2

    assert done == [clock.now()]

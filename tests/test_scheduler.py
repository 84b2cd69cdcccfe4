"""The tick comes when it is wanted, one at a time, whatever the last one ran into."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import IDLE_LOOK, SystemClock, VirtualClock
from bot.domain.errors import StoreUnavailableError
from bot.scheduler import BREATH, JOB, Scheduler

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
SOON = 0.8 * IDLE_LOOK.total_seconds()
"""Seconds: sooner than the look that comes anyway."""


class Ticks:
    """A tick that says when it begins and, if it is told to, waits to be let go."""

    def __init__(self, next_due: datetime | None = None, *, held: bool = False) -> None:
        self.begun: asyncio.Queue[int] = asyncio.Queue()
        self.release = asyncio.Event()
        self.count = self.at_once = self.most_at_once = 0
        self.error: Exception | None = None
        self._next_due = next_due
        if not held:
            self.release.set()

    async def __call__(self) -> datetime | None:
        self.count += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.put_nowait(self.count)
        try:
            await self.release.wait()
        finally:
            self.at_once -= 1
        if self.error is not None:
            raise self.error
        return self._next_due

    async def next(self) -> int:
        """Wait for the next tick to begin; fail if it is only the one that comes anyway."""
        async with asyncio.timeout(SOON):
            return await self.begun.get()


def planned_at(scheduler: Scheduler) -> datetime:
    job = scheduler._jobs.get_job(JOB)
    assert job is not None
    next_run: datetime = job.next_run_time
    return next_run


async def test_the_first_look_is_at_the_start() -> None:
    ticks = Ticks()

    async with Scheduler(VirtualClock(NOON), ticks):
        assert await ticks.next() == 1


async def test_a_nudge_looks_at_once() -> None:
    ticks = Ticks()
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await ticks.next()

        scheduler.nudge()

        assert await ticks.next() == 2


async def test_nudges_in_a_row_are_all_heard() -> None:
    ticks = Ticks()
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        for number in range(1, 20):
            assert await ticks.next() == number
            scheduler.nudge()


async def test_a_nudge_during_a_look_brings_another_one() -> None:
    ticks = Ticks(held=True)
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await ticks.next()

        scheduler.nudge()
        ticks.release.set()

        assert await ticks.next() == 2


async def test_a_nudge_before_the_start_or_after_the_end_does_nothing() -> None:
    ticks = Ticks()
    scheduler = Scheduler(VirtualClock(NOON), ticks)
    scheduler.nudge()
    async with scheduler:
        await ticks.next()
    scheduler.nudge()

    assert ticks.count == 1


def test_the_next_look_is_when_the_next_row_is_due() -> None:
    at = SystemClock().now() + timedelta(seconds=3)

    assert Scheduler(SystemClock(), Ticks())._next_look(at) == at


@pytest.mark.parametrize("next_due", [None, datetime(2999, 1, 1, tzinfo=UTC)])
def test_a_look_comes_every_five_seconds_whatever_is_due(next_due: datetime | None) -> None:
    before = SystemClock().now()

    at = Scheduler(SystemClock(), Ticks())._next_look(next_due)

    assert before + IDLE_LOOK <= at <= SystemClock().now() + IDLE_LOOK


def test_a_row_that_cannot_move_leaves_time_to_breathe() -> None:
    before = SystemClock().now()

    at = Scheduler(SystemClock(), Ticks())._next_look(datetime(2020, 1, 1, tzinfo=UTC))

    assert before + BREATH <= at <= SystemClock().now() + BREATH


async def test_a_look_that_is_an_hour_late_still_comes() -> None:
    ticks = Ticks()
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await ticks.next()
        await scheduler.look()
        await ticks.next()

        scheduler._plan(SystemClock().now() - timedelta(hours=1))

        assert await ticks.next() == 3


async def test_a_clock_that_is_set_back_an_hour_keeps_no_look_waiting_for_an_hour() -> None:
    """To a clock that was set back, what was planned for in five seconds is planned for in an hour."""
    ticks = Ticks()
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await ticks.next()
        await scheduler.look()
        await ticks.next()

        scheduler._jobs.modify_job(JOB, next_run_time=SystemClock().now() + timedelta(hours=1))
        async with asyncio.timeout(2 * IDLE_LOOK.total_seconds() + 5):
            assert await ticks.begun.get() == 3


@pytest.mark.parametrize("error", [StoreUnavailableError("The database is away."), KeyError("unforeseen")])
async def test_a_tick_that_failed_is_not_the_last(error: Exception) -> None:
    ticks = Ticks()
    ticks.error = error
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await ticks.next()
        await scheduler.look()

        assert planned_at(scheduler) <= SystemClock().now() + IDLE_LOOK


async def test_two_looks_never_overlap() -> None:
    ticks = Ticks()
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await asyncio.gather(*(scheduler.look() for _ in range(5)))

    assert ticks.count >= 5
    assert ticks.most_at_once == 1


async def test_stopping_waits_for_the_look_that_is_under_way() -> None:
    ticks = Ticks(held=True)
    scheduler = Scheduler(VirtualClock(NOON), ticks)
    async with asyncio.TaskGroup() as group:
        async with scheduler:
            await ticks.next()
            group.create_task(after_a_while(ticks.release.set))

        assert (ticks.at_once, scheduler.last_tick_at) == (0, NOON)


async def after_a_while(act: Callable[[], object]) -> None:
    """Act once everything else that can run has run."""
    for _ in range(10):
        await asyncio.sleep(0)
    act()


async def test_the_last_look_is_known_for_health() -> None:
    clock = VirtualClock(NOON)
    scheduler = Scheduler(clock, Ticks())
    assert scheduler.last_tick_at is None

    async with scheduler:
        clock.advance(timedelta(hours=1))
        await scheduler.look()

    assert scheduler.last_tick_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize("turns", range(8))
async def test_told_to_stop_just_when_a_look_comes_it_ends_without_a_fault(
    turns: int, caplog: pytest.LogCaptureFixture
) -> None:
    ticks = Ticks()
    async with Scheduler(VirtualClock(NOON), ticks) as scheduler:
        await ticks.next()
        scheduler.nudge()
        for _ in range(turns):
            await asyncio.sleep(0)

    begun = ticks.count
    await asyncio.sleep(0)

    assert caplog.records == []
    assert (ticks.count, ticks.at_once) == (begun, 0)


async def test_a_look_that_does_not_end_is_cut_off_without_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    ticks, closing = Ticks(held=True), asyncio.Event()

    async def life() -> None:
        async with Scheduler(VirtualClock(NOON), ticks):
            await ticks.next()
            closing.set()

    async with asyncio.TaskGroup() as group:
        living = group.create_task(life())
        await closing.wait()
        await after_a_while(living.cancel)
    await after_a_while(lambda: None)

    assert living.cancelled()
    assert caplog.records == []
    assert ticks.at_once == 0

"""Wakes the tick at the earliest due row, at the latest every five seconds.  Holds no other state.

Traps: APScheduler drops a job that is more than a second late (`misfire_grace_time`) or that falls due while its last
run has not quite ended (`max_instances`).  Both are switched off: a look that is dropped would be the last one.  And
it waits until the machine's clock says that it is time: one that is set back an hour would bring an hour without looks.
And what it has begun when it is shut down it cancels, with a traceback in the log: it is shut down when all has ended,
and a look that is cut off, because it takes longer than anybody may take to stop, ends as if it were through.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_SUBMITTED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.clock import IDLE_LOOK, Clock, SystemClock
from bot.domain.errors import MicrochequeoError

JOB: Final = "tick"
BREATH: Final = timedelta(milliseconds=200)
"""The least time between two looks, so that a row that cannot move does not spin."""

FARTHEST: Final = IDLE_LOOK + timedelta(seconds=1)
"""No look is planned farther ahead than this."""

PATIENT: Final = {"misfire_grace_time": None, "coalesce": True, "max_instances": 100}
"""Never drop a look: not for being late, nor for being planned while the one before is about to end."""

log = structlog.get_logger()

Tick = Callable[[], Awaitable[datetime | None]]
"""Do what is due and return when the next row falls due."""


class Scheduler:
    """Runs one tick at a time."""

    def __init__(self, clock: Clock, tick: Tick) -> None:
        self._clock = clock
        self._machine = SystemClock()
        self._tick = tick
        self._one_at_a_time = asyncio.Lock()
        self._jobs = AsyncIOScheduler(timezone=UTC, job_defaults=PATIENT)
        self._jobs.add_listener(self._count, EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._begun = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = self._nudged = self._wanted_soon = False
        self._watch: asyncio.TimerHandle | None = None
        self.last_tick_at: datetime | None = None

    async def __aenter__(self) -> Self:
        self._jobs.start()
        self._open = True
        self._plan(self._machine.now())
        self._watch_the_clock()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._open = False
        self._jobs.remove_all_jobs()
        try:
            await self._idle.wait()
            async with self._one_at_a_time:
                pass
        finally:
            self._jobs.shutdown(wait=False)

    def nudge(self) -> None:
        """Look at once (or once more, right after the look that is under way): a sooner row was written."""
        self._nudged = True
        if self._open and not self._one_at_a_time.locked():
            self._plan(self._machine.now())

    def soon(self) -> None:
        """Look within a breath: many small things that become possible are looked at together."""
        self._wanted_soon = True
        if self._open and not self._one_at_a_time.locked():
            self._plan(self._machine.now() + BREATH)

    def turned(self) -> None:
        """Note that a look moves on, however long it takes."""
        self.last_tick_at = self._clock.now()

    async def look(self) -> None:
        """Do everything that is due now and return when it is done."""
        async with self._one_at_a_time:
            self._nudged = self._wanted_soon = False
            next_due = await self._guarded_tick()
            self.turned()
        if self._open:
            self._plan(self._machine.now() if self._nudged else self._next_look(next_due))

    async def _look_if_open(self) -> None:
        """Look, unless the scheduler was told to stop before this look came to begin."""
        if self._open:
            with contextlib.suppress(asyncio.CancelledError):  # nobody waits for it: APScheduler began it
                await self.look()

    def _count(self, event: JobEvent) -> None:
        """Note how many looks APScheduler has begun that have not ended."""
        self._begun += 1 if event.code == EVENT_JOB_SUBMITTED else -1
        if self._begun:
            self._idle.clear()
        else:
            self._idle.set()

    async def _guarded_tick(self) -> datetime | None:
        """Tick; whatever happens, the next look comes."""
        try:
            return await self._tick()
        except MicrochequeoError as error:
            log.warning("a tick could not finish", why=str(error))
        except Exception as fault:  # noqa: BLE001 - the last resort of the tick: it must not be the last tick
            log.error("a tick failed", error=type(fault).__name__)
        return None

    def _next_look(self, next_due: datetime | None) -> datetime:
        now = self._machine.now()
        wanted = self._clock.wall(next_due) if next_due is not None else now + IDLE_LOOK
        return now + BREATH if self._wanted_soon else min(max(wanted, now + BREATH), now + IDLE_LOOK)

    def _watch_the_clock(self) -> None:
        """Every few seconds of its own time: plan anew a look that was lost sight of when the clock was set back."""
        job = self._jobs.get_job(JOB)
        if job is not None and job.next_run_time is not None and job.next_run_time > self._machine.now() + FARTHEST:
            log.warning("the machine's clock was set back")
            self._plan(self._machine.now())
        self._watch = asyncio.get_running_loop().call_later(IDLE_LOOK.total_seconds(), self._watch_the_clock)

    def _plan(self, at: datetime) -> None:
        job = self._jobs.get_job(JOB)
        if job is not None and job.next_run_time is not None and job.next_run_time <= at:
            return
        self._jobs.add_job(self._look_if_open, DateTrigger(at), id=JOB, replace_existing=True)

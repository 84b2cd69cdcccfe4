"""How a process is that stands by: it looks whether the owner is gone and, by webhook, works what it is brought."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.health import BESIDE, POLL_LATE, TAKES_OVER, Pulse, age, figures, said, unreadable, waiting_since, warned
from bot.metrics import Metrics
from bot.services.ports import Store
from bot.services.ports_alarms import Line

INSTANTS: Final = ("oldest_unsent", "oldest_unacknowledged", "polled_at", "ticked_at")
LOOK_LATE: Final = 120.0
"""Seconds: it looks every second, and a server that does not answer is given up after a fraction of this."""


@dataclass(frozen=True, slots=True)
class Work:
    """What it has in hand: the database, and the line on which it is brought updates, as `pulse` counts it."""

    store: Store
    line: Line
    pulse: Pulse


class HealthBeside:
    """Answers until the process is the owner.  `looks`: what changes with each look.

    While it takes over there is no reason to start it again: to bring a schema up to date, or to find Telegram, may
    take any time, and the database may be held meanwhile.
    """

    def __init__(self, clock: Clock, metrics: Metrics, instance: str, looks: Callable[[], object]) -> None:
        self._clock = clock
        self._metrics = metrics
        self._instance = instance
        self._looks: Pulse | None = Pulse(looks)
        self._one_at_a_time = asyncio.Lock()
        self._work: Work | None = None
        self.not_working: str | None = None
        """Why it works nothing though Telegram may bring it something."""

    def begins(self, store: Store, line: Line) -> None:
        """Note that it works what it is brought."""
        self._work, self.not_working = Work(store, line, Pulse(lambda: line.turned_at)), None

    def takes_over(self) -> None:
        """Look at nothing more."""
        self._looks = self._work = self.not_working = None

    async def reasons(self) -> dict[str, str]:
        """Return what a new start can mend, by part; empty when there is nothing."""
        found = {}
        if self._looks is not None and self._looks.still_for() > LOOK_LATE:
            found["owner"] = "no look lately whether it is gone"
        if self._work is None:
            return found
        if self._work.pulse.still_for() > POLL_LATE:
            found["poller"] = "nobody looks at what was kept"
        return found | await unreadable(self._work.store)

    def warnings(self) -> dict[str, str]:
        """Return what a person should look at, by part."""
        if self._work is not None:
            return warned(self._work.line)
        return {"poller": self.not_working} if self.not_working is not None else {}

    async def healthz(self) -> web.Response:
        """Answer as the owner does; what it knows nothing of is null."""
        async with self._one_at_a_time:
            found, work = await self.reasons(), self._work
            instants: dict[str, datetime | None] = dict.fromkeys(INSTANTS)
            if work is not None:
                instants |= await waiting_since(work.store, self._clock.now())
                instants["polled_at"] = work.line.well_at
            who = {"instance": self._instance, "role": BESIDE if self._looks is not None else TAKES_OVER}
            return said(found, self.warnings(), instants, who)

    async def metrics(self) -> web.Response:
        """Answer with what this process counts and is; what the rows say is the owner's to tell."""
        async with self._one_at_a_time:
            found, warnings, metrics = await self.reasons(), self.warnings(), self._metrics
            metrics.owner.set(0)
            if self._work is not None or self.not_working is not None:
                metrics.up.labels("poller").set("poller" not in {**found, **warnings})
            if self._work is not None:
                metrics.up.labels("database").set("database" not in found)
                metrics.poll_age.set(age(self._work.line.well_at, self._clock.now()))
        return figures(metrics.text(of_all=False))

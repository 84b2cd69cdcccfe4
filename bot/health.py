"""How the bot is: `GET /healthz` for a watchdog, `GET /metrics` for Prometheus.  Never about a patient.

A *reason* (503) is what a new start can mend: a part that stands still, a database that cannot be read any more.  All
else is a *warning* beside it: a bot that starts again every minute answers nobody, not even `/ayuda`.  So is a damaged
part of the database: only a restore mends it, and a start may refuse the file that still answers most people.
"""

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.domain import guesses
from bot.domain.alarms import UNSENT_FOR, Vitals, is_low
from bot.domain.errors import MicrochequeoError
from bot.entrance import Limits, opened
from bot.metrics import Metrics
from bot.services.alarms import Alarms
from bot.services.ports import Store
from bot.services.ports_alarms import Line

TICK_LATE: Final = 30.0
POLL_LATE: Final = 120.0
"""Seconds: the scheduler looks every five, a round of fetching takes forty at most, and a pause thirty."""

LIMITS: Final = Limits(within=30.0)
FINISH_WITHIN: Final = 3.0
"""Seconds: what is asked while the bot stops may not hold it up."""

DAMAGED: Final = "a part of it cannot be used since {}; what needs it is not done: restore the last backup"

PARTS: Final = ("poller", "scheduler", "database")

log = structlog.get_logger()


class Pulse:
    """How long something has not moved, on the clock that neither jumps nor runs while the machine is suspended."""

    def __init__(self, moved_at: Callable[[], datetime | None], now: Callable[[], float] = time.monotonic) -> None:
        self._moved_at = moved_at
        self._now = now
        self._seen, self._since = moved_at(), now()

    def still_for(self) -> float:
        """Return for how many seconds nothing was seen to move, counted from one look to the next."""
        seen = self._moved_at()
        if seen != self._seen:
            self._seen, self._since = seen, self._now()
        return self._now() - self._since


@dataclass(frozen=True, slots=True)
class Parts:
    """What is looked at: the line to Telegram, when the scheduler looked last, the alarms; `instance` says whose it is.

    The name of the database stands for the practice, as a hash: two bots on one machine must not be taken for one.
    """

    line: Line
    ticked_at: Callable[[], datetime | None]
    alarms: Alarms
    instance: str


def instance_of(database: str) -> str:
    """Return the short name under which the bot of a database answers."""
    return hashlib.sha256(database.encode()).hexdigest()[:12]


class Health:
    """Looks at the poller, the scheduler, the database and what waits."""

    def __init__(self, store: Store, clock: Clock, parts: Parts, metrics: Metrics) -> None:
        self._store = store
        self._clock = clock
        self._parts = parts
        self._metrics = metrics
        self._one_at_a_time = asyncio.Lock()
        """However many ask, they take no more than one of the connections that people's answers need."""
        self._poller = Pulse(lambda: parts.line.turned_at)
        self._scheduler = Pulse(parts.ticked_at)

    async def reasons(self) -> dict[str, str]:
        """Return what a new start can mend, by part; empty when there is nothing."""
        found: dict[str, str] = {}
        if self._poller.still_for() > POLL_LATE:
            found["poller"] = "fetching stands still"
        if self._scheduler.still_for() > TICK_LATE:
            found["scheduler"] = "no tick lately"
        try:
            async with self._store.reading() as tx:
                await tx.facts.recall("health")
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a database, this is where it is said
            found["database"] = _says(error)
        return found

    async def warnings(self) -> dict[str, str]:
        """Return what a person should look at, by part or chore.  The bot goes on without it."""
        trouble = self._parts.line.trouble
        found = {"poller": trouble.says} if trouble is not None else {}
        if self._parts.line.stuck:
            found["intake"] = f"chats that cannot be worked, tried again every minute: {self._parts.line.stuck}"
        if (hindrance := self._parts.alarms.hindrance) is not None:
            found["database"] = DAMAGED.format(hindrance.since.isoformat(timespec="seconds"))
        space = self._parts.alarms.space
        low = {name: free for name, free in space.free.items() if is_low(free, space.least, was_low=False)}
        if low:
            found["disk"] = "; ".join(f"{name}: {free // 10**6} MB are free" for name, free in low.items())
        with contextlib.suppress(Exception):  # said already, among the reasons
            found |= _waiting_too_long(await self._store.vitals(self._clock.now()))
            async with self._store.reading() as tx:
                found |= await tx.chores.failing()
        return found

    async def healthz(self, _: web.Request) -> web.Response:
        """Answer 200, or 503 with the reasons; warnings, if there are any, come with either."""
        async with self._one_at_a_time:
            found, warnings, instants = await self.reasons(), await self.warnings(), await self._instants()
        body: dict[str, Any] = {"status": "unwell" if found else "ok", "reasons": found}
        text = json.dumps(body | ({"warnings": warnings} if warnings else {}) | instants)
        return web.Response(status=503 if found else 200, text=text, content_type="application/json")

    async def _instants(self) -> dict[str, str | None]:
        """Return since when what waits longest waits, and when the parts moved last; None: never, or nothing."""
        vitals = Vitals()
        with contextlib.suppress(Exception):  # said already, among the reasons
            vitals = await self._store.vitals(self._clock.now())
        instants = {
            "oldest_unsent": vitals.unsent_at,
            "oldest_unacknowledged": vitals.unacknowledged_at,
            "polled_at": self._parts.line.well_at,
            "ticked_at": self._parts.ticked_at(),
        }
        said = {name: at.isoformat() if at else None for name, at in instants.items()}
        return {**said, "instance": self._parts.instance}

    # Metrics

    async def metrics(self, _: web.Request) -> web.Response:
        """Answer in Prometheus' text format: what happened since the start, what waits, whether the parts are well.

        While the database is away, what waits is what it was; which is said.
        """
        async with self._one_at_a_time:
            await self._gauge(await self.reasons())
        return web.Response(body=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4"})

    async def _gauge(self, found: Mapping[str, str]) -> None:
        metrics, now, line = self._metrics, self._clock.now(), self._parts.line
        for part in PARTS:
            metrics.up.labels(part).set(part not in found and (part != "poller" or line.trouble is None))
        metrics.tick_age.set(_age(self._parts.ticked_at(), now))
        metrics.poll_age.set(_age(line.well_at, now))
        for folder, free in self._parts.alarms.space.free.items():
            metrics.free.labels(folder).set(free)
        if "database" in found:
            return
        try:
            await self._gauge_rows(now)
        except Exception as error:  # noqa: BLE001 - it went away between two questions
            log.warning("figures wait for the database", why=_says(error))
            metrics.up.labels("database").set(0)

    async def _gauge_rows(self, now: datetime) -> None:
        metrics, vitals, figures = self._metrics, await self._store.vitals(now), await self._store.figures()
        metrics.set_waiting(dict(await self._store.waiting()), dict(figures.waiting))
        metrics.set_alarms({row.alarm for row in await self._parts.alarms.lasting()})
        ages = {"unsent": vitals.unsent_at, "urgent_words": vitals.words_at, "alert": vitals.alert_at}
        for what, at in ages.items():
            metrics.oldest.labels(what).set(_age(at, now))
        metrics.episodes.set(figures.episodes)
        metrics.concerns.set(figures.concerns)
        metrics.tick_lag.set(_age(min((await self._store.dues()).values(), default=None), now))
        async with self._store.reading() as tx:
            metrics.failing_chores.set(len(await tx.chores.failing()))
            metrics.wrong_links.set(await tx.people.wrong_links(now - guesses.WITHIN))


def _waiting_too_long(vitals: Vitals) -> dict[str, str]:
    found = {}
    if vitals.unsent:
        minutes = int(UNSENT_FOR.total_seconds() // 60)
        found["unsent"] = f"{vitals.unsent} alerts or urgent messages have waited for more than {minutes} minutes"
    if vitals.parked:
        found["parked"] = f"put aside after five tries within a day: {vitals.parked}"
    return found


def _says(error: Exception) -> str:
    """Name what is wrong with the database: of what is not our own the kind alone, since its text may hold rows."""
    return str(error) if isinstance(error, MicrochequeoError) else f"The database fails ({type(error).__name__})."


def _age(at: datetime | None, now: datetime) -> float:
    """Return the seconds since then; 0 for nothing, and for what lies ahead."""
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0


@asynccontextmanager
async def listening(listen: str, health: Health, limits: Limits = LIMITS) -> AsyncIterator[None]:
    """Serve health on `host:port` while the context is open; an address that cannot be had is said, once."""
    host, _, port = listen.rpartition(":")
    application = web.Application()
    application.add_routes([web.get("/healthz", health.healthz), web.get("/metrics", health.metrics)])
    entrance = opened(application, host.strip("[]") or "127.0.0.1", int(port), limits, FINISH_WITHIN)
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(entrance)
        except OSError as error:
            log.warning("nobody can ask /healthz here; the bot goes on without it", listen=listen, why=error.strerror)
        yield

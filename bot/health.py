"""How the bot is: `GET /healthz` for a watchdog, `GET /metrics` for Prometheus.  Never about a patient.

Here the owner of a database answers; of whoever stands by: `bot.health_beside`.  Where they are asked: `bot.inquiries`.

A *reason* (503) is what a new start can mend: a part that stands still, a database that cannot be read any more.  All
else is a *warning* beside it: a bot that starts again every minute answers nobody, not even `/ayuda`.  So is a damaged
part of the database: only a restore mends it, and a start may refuse the file that still answers most people.
"""

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.domain import guesses
from bot.domain.alarms import UNSENT_FOR, Vitals, is_low
from bot.domain.errors import MicrochequeoError
from bot.metrics import Metrics
from bot.services.alarms import Alarms
from bot.services.ports import Store
from bot.services.ports_alarms import Line

TICK_LATE: Final = 30.0
POLL_LATE: Final = 120.0
"""Seconds: the scheduler looks every five, a round of fetching takes forty at most, and a pause thirty."""

OWNER: Final = "owner"
BESIDE: Final = "stands by"
TAKES_OVER: Final = "takes over"
"""What a process is, in its own words."""

DAMAGED: Final = "a part of it cannot be used since {}; what needs it is not done: restore the last backup"

PARTS: Final = ("poller", "scheduler", "database")

log = structlog.get_logger()


class Pulse:
    """How long something has not moved, on the clock that neither jumps nor runs while the machine is suspended."""

    def __init__(self, moved: Callable[[], object], now: Callable[[], float] = time.monotonic) -> None:
        self._moved = moved
        self._now = now
        self._seen, self._since = moved(), now()

    def still_for(self) -> float:
        """Return for how many seconds nothing was seen to move, counted from one look to the next."""
        seen = self._moved()
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
        return found | await unreadable(self._store)

    async def warnings(self) -> dict[str, str]:
        """Return what a person should look at, by part or chore.  The bot goes on without it."""
        found = warned(self._parts.line)
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

    async def healthz(self) -> web.Response:
        """Answer 200, or 503 with the reasons; warnings, if there are any, come with either."""
        async with self._one_at_a_time:
            found, warnings = await self.reasons(), await self.warnings()
            oldest = await waiting_since(self._store, self._clock.now())
        moved = {"polled_at": self._parts.line.well_at, "ticked_at": self._parts.ticked_at()}
        return said(found, warnings, oldest | moved, {"instance": self._parts.instance, "role": OWNER})

    # Metrics

    async def metrics(self) -> web.Response:
        """Answer in Prometheus' text format: what happened since the start, what waits, whether the parts are well.

        While the database is away, what waits is what it was; which is said.
        """
        async with self._one_at_a_time:
            await self._gauge(await self.reasons())
        return figures(self._metrics.text())

    async def _gauge(self, found: Mapping[str, str]) -> None:
        metrics, now, line = self._metrics, self._clock.now(), self._parts.line
        for part in PARTS:
            metrics.up.labels(part).set(part not in found and (part != "poller" or line.trouble is None))
        metrics.owner.set(1)
        metrics.tick_age.set(age(self._parts.ticked_at(), now))
        metrics.poll_age.set(age(line.well_at, now))
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
        metrics, vitals, rows = self._metrics, await self._store.vitals(now), await self._store.figures()
        metrics.set_waiting(dict(await self._store.waiting()), dict(rows.waiting))
        metrics.set_alarms({row.alarm for row in await self._parts.alarms.lasting()})
        ages = {"unsent": vitals.unsent_at, "urgent_words": vitals.words_at, "alert": vitals.alert_at}
        for what, at in ages.items():
            metrics.oldest.labels(what).set(age(at, now))
        metrics.episodes.set(rows.episodes)
        metrics.concerns.set(rows.concerns)
        metrics.tick_lag.set(age(min((await self._store.dues()).values(), default=None), now))
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


def warned(line: Line) -> dict[str, str]:
    """Return what is wrong with a line without its standing still."""
    found = {"poller": line.trouble.says} if line.trouble is not None else {}
    if line.stuck:
        found["intake"] = f"chats that cannot be worked, tried again every minute: {line.stuck}"
    return found


async def unreadable(store: Store) -> dict[str, str]:
    """Return why a database cannot be read, as a reason; empty when it can."""
    try:
        async with store.reading() as tx:
            await tx.facts.recall("health")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a database, this is where it is said
        return {"database": _says(error)}
    return {}


async def waiting_since(store: Store, now: datetime) -> dict[str, datetime | None]:
    """Return since when what waits longest waits; None: nothing does, or nobody can say."""
    vitals = Vitals()
    with contextlib.suppress(Exception):  # said already, among the reasons
        vitals = await store.vitals(now)
    return {"oldest_unsent": vitals.unsent_at, "oldest_unacknowledged": vitals.unacknowledged_at}


def said(
    found: Mapping[str, str],
    warnings: Mapping[str, str],
    instants: Mapping[str, datetime | None],
    who: dict[str, str],
) -> web.Response:
    """Return the answer to `/healthz`: 503 if there are reasons (`found`)."""
    body: dict[str, Any] = {"status": "unwell" if found else "ok", "reasons": found}
    body |= {"warnings": warnings} if warnings else {}
    body |= {name: at.isoformat() if at else None for name, at in instants.items()}
    return web.Response(status=503 if found else 200, text=json.dumps(body | who), content_type="application/json")


def figures(text: bytes) -> web.Response:
    """Return the answer to `/metrics`."""
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4"})


def _says(error: Exception) -> str:
    """Name what is wrong with the database: of what is not our own the kind alone, since its text may hold rows."""
    return str(error) if isinstance(error, MicrochequeoError) else f"The database fails ({type(error).__name__})."


def age(at: datetime | None, now: datetime) -> float:
    """Return the seconds since then; 0 for nothing, and for what lies ahead."""
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0

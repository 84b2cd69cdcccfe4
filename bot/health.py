"""How the bot is: `GET /healthz` for a watchdog, `GET /metrics` for Prometheus.  Never about a patient."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.domain import guesses
from bot.domain.errors import MicrochequeoError
from bot.domain.trouble import Trouble
from bot.services.ports import Store

TICK_LATE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at the poller, the scheduler and the database."""

    store: Store
    clock: Clock
    last_tick_at: Callable[[], datetime | None]
    trouble: Callable[[], Trouble | None]

    async def reasons(self) -> dict[str, str]:
        """Return what is wrong, by part; empty when all is well."""
        found: dict[str, str] = {}
        trouble = self.trouble()
        if trouble is not None:
            found["poller"] = trouble.says
        last = self.last_tick_at()
        if last is None or self.clock.now() - last > TICK_LATE:
            found["scheduler"] = "no tick lately"
        try:
            async with self.store.reading() as tx:
                await tx.facts.recall("health")
        except MicrochequeoError as error:
            found["database"] = str(error)
        return found

    async def warnings(self) -> dict[str, str]:
        """Return what went wrong the last time the bot did something for itself, by chore.

        The bot goes on without it: no reason for a watchdog to start it anew, but for a person to look.
        """
        try:
            async with self.store.reading() as tx:
                return dict(await tx.chores.failing())
        except MicrochequeoError:
            return {}  # said already, among the reasons

    async def healthz(self, _: web.Request) -> web.Response:
        """Answer 200, or 503 with the reasons; warnings, if there are any, come with either."""
        found, warnings = await self.reasons(), await self.warnings()
        body = {"status": "unwell" if found else "ok", "reasons": found} | ({"warnings": warnings} if warnings else {})
        return web.Response(status=503 if found else 200, text=json.dumps(body), content_type="application/json")

    async def metrics(self, _: web.Request) -> web.Response:
        """Answer in Prometheus' text format: what waits, and whether the parts are well."""
        found = await self.reasons()
        lines = [
            f'microchequeo_up{{part="{part}"}} {int(part not in found)}' for part in ("poller", "scheduler", "database")
        ]
        if "database" not in found:
            waiting = await self.store.waiting()
            lines += [f'microchequeo_waiting{{box="{box}"}} {count}' for box, count in sorted(waiting.items())]
            lines.append(f"microchequeo_failing_chores {len(await self.warnings())}")
            lines.append(f"microchequeo_wrong_links {await self._wrong_links()}")
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain")

    async def _wrong_links(self) -> int:
        """Count the wrong links that were noted within the hour; the count stops at the limit of the practice."""
        async with self.store.reading() as tx:
            return await tx.people.wrong_links(self.clock.now() - guesses.WITHIN)


@asynccontextmanager
async def listening(listen: str, health: Health) -> AsyncIterator[None]:
    """Serve health on `host:port` while the context is open."""
    host, _, port = listen.rpartition(":")
    application = web.Application()
    application.add_routes([web.get("/healthz", health.healthz), web.get("/metrics", health.metrics)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        yield
    finally:
        await runner.cleanup()

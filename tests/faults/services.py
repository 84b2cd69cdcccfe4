"""Processes as a service manager keeps them, and the weather they live in: a server that restarts, and SIGKILL.

Processes are killed at any time and at two instants that hurt: the owner as a message arrives at Telegram or has been
answered there, another as Telegram brings an update, which may be on its way to it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Final

import psycopg

from bot.checks import UNAVAILABLE
from bot.demo.faults import Fault
from bot.demo.server import Call
from bot.demo.state import Json
from bot.demo.webhook import DELIVERY
from tests.engines import rows
from tests.faults.killing import Moment
from tests.faults.replicas import Replica, leaders, spawned
from tests.process import START_WITHIN, BotProcess, until
from tests.server import Server

RESTARTED_AFTER: Final = 1.0
"""Seconds after which the service manager starts again what has ended; that of `deploy/` waits for five."""

LONGEST_AWAY: Final = 2.0
"""Seconds for which a restart takes the server away, beside what it needs itself."""

COMES_WITHIN: Final = 8.0
"""Seconds after which a process is killed whose instant does not come: about as long as nobody may be sending."""

MOST_CALLS: Final = 12
NEARLY: Final = 0.02
"""Seconds within which an update reaches a process after Telegram has begun to bring it."""

KILLED: Final = -9
EXPECTED: Final = {KILLED, UNAVAILABLE}
"""How processes end here; after the second the service manager starts them again, too."""

NOTED: Final = "SELECT message_id FROM outbox WHERE message_id IS NOT NULL"


class Ledger:
    """What left for Telegram, and what of it nobody had noted yet when a process ended or the server went away.

    Whoever sends next waits longer than it takes to look.
    """

    def __init__(self, bot: BotProcess) -> None:
        self._bot = bot
        self.sent: dict[int, str] = {}
        self.lasts: set[int] = set()
        bot.telegram.on_call(self._hears)

    def _hears(self, call: Call) -> None:
        if call.method.lower() == "sendmessage" and call.status == 200:
            self.sent[int(call.response["result"]["message_id"])] = (
                f"to {call.params['chat_id']}: {str(call.params['text'])[:50]!r}"
            )

    async def look(self) -> None:
        """Remember what may leave once more; wait for the server if it is away."""
        while True:
            try:
                known = {row["message_id"] for row in await asyncio.to_thread(rows, self._bot.database, NOTED)}
            except psycopg.OperationalError:
                await asyncio.sleep(RESTARTED_AFTER / 10)
            else:
                self.lasts |= self.sent.keys() - known
                return


class Service:
    """One process that is started again after its end, whatever the reason."""

    def __init__(self, start: Callable[[], Replica], ended: Callable[[], Awaitable[None]]) -> None:
        self._start = start
        self._ended = ended
        self.replica = start()
        self.codes: Counter[int] = Counter()

    async def run(self) -> None:
        """Look after it until cancelled."""
        while True:
            self.codes[await self.replica.process.ended()] += 1
            await asyncio.sleep(RESTARTED_AFTER)
            await self._ended()
            self.replica = self._start()


@dataclass
class Services:
    """All of them."""

    each: Sequence[Service]
    ledger: Ledger

    @property
    def replicas(self) -> list[Replica]:
        return [service.replica for service in self.each]

    @property
    def others(self) -> list[Replica]:
        """Return who stands by the one that works."""
        return [replica for replica in self.replicas if replica.stands_by]

    @property
    def codes(self) -> Counter[int]:
        """Count with which exit codes processes ended."""
        return sum((service.codes for service in self.each), Counter())

    @property
    def all_are_there(self) -> bool:
        """Say whether one works and the others stand by."""
        replicas = self.replicas
        return len(leaders(replicas)) == 1 and all(one.leads or one.stands_by for one in replicas)


@asynccontextmanager
async def services(bot: BotProcess, environments: Sequence[dict[str, str]]) -> AsyncIterator[Services]:
    """Keep so many processes running while the context is open; whatever still lives is killed."""
    ledger, lives = Ledger(bot), count()

    def starting(environment: dict[str, str]) -> Callable[[], Replica]:
        return lambda: spawned(bot, next(lives), **environment)

    kept = Services([Service(starting(environment), ledger.look) for environment in environments], ledger)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(service.run()) for service in kept.each]
        try:
            await until(lambda: kept.all_are_there, "one works, the others stand by", START_WITHIN)
            yield kept
        finally:
            for task in tasks:
                task.cancel()
            for replica in kept.replicas:
                replica.kill()
    for replica in kept.replicas:
        await replica.process.ended()


@dataclass(frozen=True)
class Climate:
    """Seconds from one event to the next, and how many there are; None: as many as come until it is over."""

    between_restarts: tuple[float, float] = (5.0, 40.0)
    between_kills: tuple[float, float] = (10.0, 40.0)
    restarts: int | None = None
    kills: int | None = None


@dataclass
class Weather:
    """What befalls the processes and the server until it is `over`."""

    bot: BotProcess
    server: Server
    services: Services
    rng: random.Random
    climate: Climate
    over: asyncio.Event = field(default_factory=asyncio.Event)
    restarts: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    _moment: Moment | None = None
    _strikes: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.bot.telegram.fault = self._arrives
        self.bot.telegram.on_call(lambda call: self._passes(call.method, answered=True))

    @property
    def has_come(self) -> bool:
        """Say whether as much has happened as is to happen."""
        wanted = self.climate
        return self.restarts >= (wanted.restarts or 0) and self.kills.total() >= (wanted.kills or 0)

    async def blow(self) -> None:
        """Let it storm until it is over, and everybody come back after it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._restarts())
            group.create_task(self._kills())
        await until(lambda: self.services.all_are_there, "everybody is back", START_WITHIN)

    async def _restarts(self) -> None:
        while not await self._is_over(self.climate.between_restarts):
            await asyncio.to_thread(self.server.stop)
            await self._is_over((0.0, LONGEST_AWAY))
            await asyncio.to_thread(self.server.start)
            self.restarts += 1
            await self.services.ledger.look()
            if self.restarts == self.climate.restarts:
                return

    async def _kills(self) -> None:
        ways = cycle((self._the_owner_as_it_sends, self._another_as_it_is_brought_something, self._any_at_any_time))
        while self.kills.total() != self.climate.kills and not await self._is_over(self.climate.between_kills):
            await next(ways)()

    async def _is_over(self, between: tuple[float, float]) -> bool:
        """Wait for a random time, or until it is over; say which."""
        try:
            async with asyncio.timeout(self.rng.uniform(*between)):
                await self.over.wait()
        except TimeoutError:
            return False
        return True

    async def _the_owner_as_it_sends(self) -> None:
        moment = Moment("sendmessage", self.rng.random() < 0.5, self.rng.randint(1, MOST_CALLS))
        came = await self._come(moment, lambda: self._strike(leaders(self.services.replicas)))
        self.kills["the owner as it sends" if came else "none"] += 1

    async def _another_as_it_is_brought_something(self) -> None:
        moment = Moment(DELIVERY, answered=False, countdown=self.rng.randint(1, MOST_CALLS))
        loop, soon = asyncio.get_running_loop(), self.rng.uniform(0.0, NEARLY)
        came = await self._come(moment, lambda: loop.call_later(soon, self._strike, self.services.others))
        self.kills["another as it is brought something" if came else "none"] += 1

    async def _any_at_any_time(self) -> None:
        self._strike(self.services.replicas)
        self.kills["any of them at any time"] += 1

    async def _come(self, moment: Moment, strikes: Callable[[], object]) -> bool:
        """Let an instant have its consequence, once somebody is at work; say whether it came."""
        try:
            await until(lambda: bool(leaders(self.services.replicas)), "somebody is at work", COMES_WITHIN)
            self._moment, self._strikes = moment, strikes
            await until(lambda: moment.come, "the instant comes", COMES_WITHIN)
        except TimeoutError:
            return False
        finally:
            self._moment = None
        return True

    def _strike(self, among: Sequence[Replica]) -> None:
        if living := [replica for replica in among if replica.lives]:
            self.rng.choice(living).kill()

    def _arrives(self, method: str, _: Json) -> Fault | None:
        self._passes(method, answered=False)
        return None

    def _passes(self, method: str, *, answered: bool) -> None:
        if self._moment is not None and self._moment.passes(method, answered=answered):
            self._strikes()

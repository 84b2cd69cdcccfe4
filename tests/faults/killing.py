"""When the process is killed: at a random instant of its life, at a random call, or at a point that has a name."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bot.demo.faults import Fault
from bot.demo.server import Call
from bot.demo.state import Json
from tests.faults.points import Points
from tests.process import BotProcess

ANY = "any"
"""Stands for every method."""

LONGEST_LIFE = 1.5
"""Seconds after which a process is killed that does not come to its point."""

LONGEST_TALK = 5.0
"""Seconds after which a process is killed that does not make as many calls as it was to live."""

MOST_CALLS = 60
"""A life that is counted in calls is long enough to get on with things, however slow the machine is."""

THERE = 30.0
"""Seconds within which a point comes whose cause was given."""

FIRST = "1 de 3"
"""What stands in a question that nobody asked for."""

UNAIMED = 0.4
"""The part of all lives that ends at any time or at any call: the others end at a named point."""


@dataclass
class Moment:
    """The instant to come: the `countdown`-th call of a method, as it arrives or once it was answered."""

    method: str
    answered: bool
    countdown: int
    come: bool = False

    def passes(self, method: str, *, answered: bool) -> bool:
        """Count a call; True when this is the one."""
        if self.come or answered is not self.answered or self.method not in {ANY, method.lower()}:
            return False
        self.countdown -= 1
        self.come = self.countdown <= 0
        return self.come


def moment(where: str) -> Moment | None:
    """Return the moment that a point means if it is a call of the Bot API; None for a function of ours."""
    kind, method, countdown = where.split(":")
    return Moment(method, kind == "answered", int(countdown)) if kind in {"arrived", "answered"} else None


@dataclass(frozen=True, slots=True)
class Left:
    """A message that a chat got."""

    message_id: int
    is_unasked: bool


def on_their_way(left: Sequence[Left]) -> set[int]:
    """Return which of a chat's last two messages may have been on their way when the process died.

    The last; the one before too if one of the two answers a person and the other is the question of a new check-in,
    which nobody asked for: these leave beside each other (`docs/decisions/0036-one-pacer-for-what-leaves.md`).
    """
    beside = len(left) == 2 and left[0].is_unasked is not left[1].is_unasked
    return {one.message_id for one in (left if beside else list(left)[-1:])}


class Killer:
    """Kills one process again and again; `lasts` remembers what may have been on its way at the end of each life.

    `kinds` counts how lives ended, `hits` at which named points they did.
    """

    def __init__(self, bot: BotProcess, rng: random.Random, points: Points) -> None:
        self._bot = bot
        self._rng = rng
        self._points = points
        self._bag: list[str] = []
        self._moment: Moment | None = None
        self._left: defaultdict[int, deque[Left]] = defaultdict(partial(deque, maxlen=2))
        self.lasts: set[int] = set()
        self.sent: dict[int, str] = {}
        """Every message, and in which life it came to which chat."""
        self._life = 0
        self.kinds: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        bot.telegram.fault = self._arrives
        bot.telegram.on_call(self._is_answered)

    def _arrives(self, method: str, _: Json) -> Fault | None:
        if self._moment is not None and self._moment.passes(method, answered=False):
            self._ends()
        return None

    def _ends(self) -> None:
        """End the process, now that its moment has come."""
        self._bot.kill()

    def _is_answered(self, call: Call) -> None:
        if call.method.lower() == "getme":  # the first words of a new life
            self.lasts |= {message_id for left in self._left.values() for message_id in on_their_way(left)}
            self._left.clear()
            self._life += 1
        if call.method.lower() == "sendmessage" and call.status == 200:  # a picture belongs to the text before it
            message_id = int(call.response["result"]["message_id"])
            self._left[int(call.params["chat_id"])].append(Left(message_id, FIRST in str(call.params["text"])))
            self.sent[message_id] = f"life {self._life}, to {call.params['chat_id']}: {str(call.params['text'])[:50]!r}"
        if self._moment is not None and self._moment.passes(call.method, answered=True):
            self._ends()

    @property
    def not_come(self) -> Sequence[str]:
        """Return the points at which it did not die yet."""
        return [name for name in self._points if not self.hits[name]]

    async def live_and_die(self) -> None:
        """Let the process live once."""
        chance = self._rng.random()
        if chance < UNAIMED / 6:
            await self._while_starting()
        elif chance < UNAIMED / 3:
            await self._at_any_time()
        elif chance < UNAIMED:
            await self._at_a_call()
        else:
            await self._at_a_point()
        await self._bot.killed()

    async def _while_starting(self) -> None:
        self.kinds["starting"] += 1
        await self._bot.spawn()
        await asyncio.sleep(self._rng.uniform(0.05, 0.6))

    async def _at_any_time(self) -> None:
        self.kinds["any time"] += 1
        await self._bot.start()
        await asyncio.sleep(self._rng.uniform(0.0, LONGEST_LIFE))

    async def _at_a_call(self) -> None:
        kind = self._rng.choice(("arrived", "answered"))
        came = await self._dies(f"{kind}:{ANY}:{self._rng.randint(1, MOST_CALLS)}", LONGEST_TALK)
        self.kinds["any call" if came else "any time"] += 1

    async def _at_a_point(self) -> None:
        """Aim at one point after the other; one that does not come has its turn again before the others."""
        self._bag = self._bag or self._rng.sample(list(self._points), len(self._points))
        name = self._bag.pop()
        if await self._dies(self._points[name]):
            self.hits[name] += 1
            self.kinds["named point"] += 1
        else:
            self._bag.insert(self._rng.randint(0, len(self._bag)), name)
            self.kinds["any time"] += 1

    async def _dies(self, where: str, within: float = LONGEST_LIFE) -> bool:
        """Let the process live until it comes to a point; False if that does not come soon."""
        self._moment = moment(where)
        await self._bot.start(point="" if self._moment else where)
        return await self._gone(within)

    async def dies(self, where: str, cause: Callable[[], Awaitable[object]]) -> bool:
        """Start the process, give the cause for which it comes to a point, and wait until it died there."""
        is_moment = moment(where) is not None
        await self._bot.start(point="" if is_moment else where)
        self._moment = moment(where)
        await cause()
        came = await self._gone(THERE)
        await self._bot.killed()
        return came

    async def _gone(self, within: float) -> bool:
        """Wait until the process has died of itself or at its moment; False when it lives on."""
        try:
            with suppress(TimeoutError):
                await self._bot.gone(within)
        finally:
            self._moment = None
        return not self._bot.running

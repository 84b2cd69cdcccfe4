"""When the process is killed: at a random instant of its life, or exactly between a call and its answer."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from bot.demo.faults import Fault
from bot.demo.server import Call
from bot.demo.state import Json
from tests.process import BotProcess

METHODS = ("sendmessage", "sendmessage", "editmessagetext", "answercallbackquery", "getupdates")
LONGEST_LIFE = 1.5
"""Seconds after which a process is killed whose moment does not come."""


@dataclass
class Moment:
    """The instant to come: the `countdown`-th call of a method, as it arrives or once it was answered."""

    method: str
    answered: bool
    countdown: int
    come: asyncio.Event = field(default_factory=asyncio.Event)

    def passes(self, method: str, *, answered: bool) -> bool:
        """Count a call; True when this is the one."""
        if self.come.is_set() or answered is not self.answered or method.lower() != self.method:
            return False
        self.countdown -= 1
        if self.countdown <= 0:
            self.come.set()
        return self.come.is_set()


class Killer:
    """Kills one process again and again; `lasts` remembers the last message that each chat got in each life."""

    def __init__(self, bot: BotProcess, rng: random.Random) -> None:
        self._bot = bot
        self._rng = rng
        self._moment: Moment | None = None
        self._last: dict[int, int] = {}
        self.lasts: set[int] = set()
        self.sent: list[int] = []
        self.kinds: Counter[str] = Counter()
        bot.telegram.fault = self._arrives
        bot.telegram.on_call(self._is_answered)

    def _arrives(self, method: str, _: Json) -> Fault | None:
        if self._moment is not None and self._moment.passes(method, answered=False):
            self._bot.kill()
        return None

    def _is_answered(self, call: Call) -> None:
        if call.method.lower() == "getme":  # the first words of a new life
            self.lasts |= set(self._last.values())
            self._last.clear()
        if call.method.lower() in {"sendmessage", "sendphoto"} and call.status == 200:
            message_id = int(call.response["result"]["message_id"])
            self._last[int(call.params["chat_id"])] = message_id
            self.sent.append(message_id)
        if self._moment is not None and self._moment.passes(call.method, answered=True):
            self._bot.kill()

    async def live_and_die(self) -> None:
        """Let the process live once."""
        chance = self._rng.random()
        if chance < 0.1:
            await self._while_starting()
        elif chance < 0.5:
            await self._at_any_time()
        else:
            await self._at_a_call()
        await self._bot.killed()

    async def _while_starting(self) -> None:
        self.kinds["starting"] += 1
        await self._bot.spawn()
        await asyncio.sleep(self._rng.uniform(0.1, 1.5))

    async def _at_any_time(self) -> None:
        self.kinds["any time"] += 1
        await self._bot.start()
        await asyncio.sleep(self._rng.uniform(0.0, LONGEST_LIFE))

    async def _at_a_call(self) -> None:
        method, answered = self._rng.choice(METHODS), self._rng.random() < 0.5
        self.aim(Moment(method, answered, self._rng.randint(1, 3)))
        await self._bot.start()
        came = await self.hit(LONGEST_LIFE)
        self.kinds[f"{method} {'answered' if answered else 'arrived'}" if came else "any time"] += 1

    def aim(self, moment: Moment) -> None:
        """Kill at this moment."""
        self._moment = moment

    async def hit(self, within: float) -> bool:
        """Wait for the moment; False when it did not come."""
        moment = self._moment
        assert moment is not None
        try:
            await asyncio.wait_for(moment.come.wait(), within)
        except TimeoutError:
            return False
        finally:
            self._moment = None
        return True

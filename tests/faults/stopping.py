"""When the process is told to stop, as an operator or the service manager does: at any instant of its life."""

import asyncio
import random
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from bot.demo.faults import Fault
from bot.demo.state import Json
from tests.faults.killing import ANY, LONGEST_TALK, MOST_CALLS, Killer, moment
from tests.process import BotProcess, until

SILENT: Final = 30.0
"""Seconds for which Telegram says nothing any more: longer than a bot that is told to stop may take."""

ENDS_WITHIN: Final = 15.0
"""Seconds: eight for what is in hand, and the rest for a busy machine."""

CUT_SHORT: Final = frozenset({"Telegram silent", "database held"})
"""Where what is in hand cannot be finished: nobody says that it has arrived, or that cannot be written down."""

HANDLED: Final = 1 << (signal.SIGTERM - 1)


def hears(pid: int) -> bool:
    """Say whether a process has come to itself: before that, the system ends it when it is told to stop."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(int(caught, 16) & HANDLED)


class Stopper(Killer):
    """Stops one process again and again, and notes how long each end took."""

    def __init__(self, bot: BotProcess, rng: random.Random) -> None:
        super().__init__(bot, rng, {})
        self._is_silent = False
        self._held = ExitStack()
        self.took: list[float] = []
        self.ways: Sequence[tuple[str, Callable[[], Awaitable[None]]]] = (
            ("starting", self._while_loading),
            ("any time", self._some_time),
            ("any call", self._some_call),
            ("told twice", self._twice),
            ("Telegram silent", self._in_silence),
            ("database held", self._while_held),
        )

    async def live_and_stop(self, number: int) -> None:
        """Let the process live once; AssertionError if it does not end well by itself."""
        kind, lives = self.ways[number % len(self.ways)]
        self.kinds[kind] += 1
        await lives()
        began = asyncio.get_running_loop().time()
        self._bot.ask_to_stop()
        if kind == "told twice":
            await asyncio.sleep(self._rng.uniform(0.0, 0.3))
            self._bot.ask_to_stop()
        code = await self._bot.ended(ENDS_WITHIN)
        self.took.append(asyncio.get_running_loop().time() - began)
        self._is_silent = False
        self._held.close()
        assert code == 0, f"{kind}: ended with {code}\n{self._bot.said}"
        if kind not in CUT_SHORT:
            self._left.clear()  # nothing is an excuse for sending it again
        await self._bot.telegram.unpolled()

    async def _while_loading(self) -> None:
        await self._bot.spawn()
        await until(lambda: hears(self._bot.pid), "the process hears what it is told")
        await asyncio.sleep(self._rng.uniform(0.0, 0.6))

    async def _some_time(self) -> None:
        await self._bot.start()
        await asyncio.sleep(self._rng.uniform(0.0, 1.5))

    async def _some_call(self) -> None:
        self._moment = moment(f"{self._rng.choice(('arrived', 'answered'))}:{ANY}:{self._rng.randint(1, MOST_CALLS)}")
        come = self._come = asyncio.Event()
        await self._bot.start()
        try:
            async with asyncio.timeout(LONGEST_TALK):
                await come.wait()
        except TimeoutError:
            self._moment = None

    async def _twice(self) -> None:
        await self._some_time()

    async def _in_silence(self) -> None:
        await self._some_time()
        self._is_silent = True
        await asyncio.sleep(self._rng.uniform(0.0, 0.5))

    async def _while_held(self) -> None:
        """Let another program write into the database, and go on doing so: whatever the bot writes then waits."""
        await self._some_time()
        other = self._held.enter_context(closing(sqlite3.connect(self._bot.database, check_same_thread=False)))
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")  # whoever holds it may need this loop to let go
        await asyncio.sleep(self._rng.uniform(0.0, 0.5))

    def _ends(self) -> None:
        self._come.set()

    def _arrives(self, method: str, params: Json) -> Fault | None:
        return Fault.stall(SILENT) if self._is_silent else super()._arrives(method, params)

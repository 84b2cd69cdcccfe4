"""The bot's process as the demo sees it: started, asked, killed, started again on the same files."""

import asyncio
import multiprocessing
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from multiprocessing import resource_tracker
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Final

from bot.demo.web.lines import Lines, Message
from bot.demo.web.part import Part
from bot.domain.errors import MicrochequeoError

ACTOR: Final = "bot.demo.web.actor"
"""Loaded once, in a process from which each of the bot's is forked: a new start takes a fraction of a second."""

START_WITHIN: Final = 60.0
STOP_WITHIN: Final = 8.0


class BotGoneError(MicrochequeoError):
    """The bot's process does not answer: it was killed, or is not started yet."""


class State(StrEnum):
    """How it is with the process."""

    STARTING = "starting"
    RUNNING = "running"
    KILLED = "killed"


class BotProcess:
    """One bot over its lives; `changed` is called when its state is another."""

    def __init__(self, part: Part, changed: Callable[[], None]) -> None:
        self._part = part
        self._changed = changed
        self._process: BaseProcess | None = None
        self._line: Lines | None = None
        self._open: dict[int, asyncio.Future[Message]] = {}
        self._number = 0
        self._ready = asyncio.Event()
        self._gone = asyncio.Event()
        self.state = State.KILLED
        self.lives = 0

    @property
    def pid(self) -> int | None:
        """The number of the process; None before the first."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the process and wait until it works.  Raises BotGoneError if it ends instead."""
        self._become(State.STARTING)
        self._ready.clear()
        self._gone.clear()
        mine, its = socket.socketpair()
        with its:
            self._line = await Lines.over(mine)
            await _to_its_end(self._begin, its)
        self.lives += 1

    def _begin(self, its: socket.socket) -> None:
        """Start a process.  The module that has the bot is named, not imported: it is loaded there alone.

        Ctrl-C in the terminal is for the demo alone, which then ends the others.  Trap: starting the process that
        looks after leftovers lets the signal through again.
        """
        resource_tracker.ensure_running()
        heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process = _context().Process(target=_enter, args=(its, self._part), daemon=True)
            process.start()
            self._process = process
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)

    async def works(self) -> None:
        """Wait until it has come up.  Raises BotGoneError if it has ended instead, or does not come up."""
        try:
            async with asyncio.timeout(START_WITHIN):
                await self._ready.wait()
        except TimeoutError:
            raise BotGoneError("The bot did not start.") from None
        if self._gone.is_set():
            raise BotGoneError("The bot ended while it started.")

    async def listen(self) -> None:
        """Take the answers of the process that was started last, until it is gone."""
        line = self._line
        if line is None:
            return
        while (message := await line.read()) is not None:
            self._take(message)
        line.close()
        self._gone.set()
        self._ready.set()
        for waiting in self._open.values():
            waiting.cancel()
        self._become(State.KILLED)

    def _take(self, message: Message) -> None:
        if "ready" in message:
            self._become(State.RUNNING)
            self._ready.set()
            return
        waiting = self._open.get(message["number"])
        if waiting and not waiting.done():
            waiting.set_result(message)

    async def ask(self, what: str, **about: Any) -> Message:
        """Ask the bot something.  Raises BotGoneError."""
        if self.state is not State.RUNNING or self._line is None:
            raise BotGoneError("The bot is not running.")
        self._number += 1
        number, answered = self._number, asyncio.get_running_loop().create_future()
        self._open[number] = answered
        try:
            await self._line.write({"ask": what, "number": number} | about)
            answer: Message = await _unless_gone(answered)
        finally:
            del self._open[number]
        if "error" in answer:
            raise BotGoneError(answer["error"])
        return answer

    async def kill(self) -> None:
        """Kill it as `kill -9` does, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.join)

    async def stop(self) -> None:
        """Let it end in order; kill it if it does not."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            await asyncio.to_thread(self._process.join, STOP_WITHIN)
            await self.kill()

    def _become(self, state: State) -> None:
        self.state = state
        self._changed()


async def _unless_gone(answered: "asyncio.Future[Message]") -> Message:
    """Wait for an answer; one that is called off means that nobody is there to give it."""
    await asyncio.wait([answered])
    if answered.cancelled():
        raise BotGoneError("The bot is gone.")
    return answered.result()


@asynccontextmanager
async def alive(part: Part, changed: Callable[[], None]) -> AsyncIterator[BotProcess]:
    """Give a process that is not started yet; whatever runs at the end is stopped."""
    process = BotProcess(part, changed)
    try:
        yield process
    finally:
        await process.stop()


async def _to_its_end(work: Callable[[socket.socket], None], end: socket.socket) -> None:
    """Do it in a thread, and wait until it is done also when called off: what it began is then known, and ended."""
    doing = asyncio.get_running_loop().run_in_executor(None, work, end)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


def _enter(end: socket.socket, part: Part) -> None:
    actor: Any = __import__(ACTOR, fromlist=["act"])
    actor.act(end, part)


def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([ACTOR])
    return context

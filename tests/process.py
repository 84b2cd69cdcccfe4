"""The bot as an operator runs it: a process of its own, killed and started again beside a Telegram that outlives it."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.clock import SystemClock
from bot.config import Config, load
from bot.demo.server import LocalTelegram
from bot.keys import write_keys
from tests.commands import LOOK_EVERY, Begun, Finished, begin, run
from tests.practice import in_spain, named, placed

NO_WAITING = """
[check_in]
delay = "0s"
quiet_from = "00:00"
quiet_until = "00:00"
reminder_after = "0s"

[alliance]
grace = "1s"

[therapist]
quiet_from = "00:00"
quiet_until = "00:00"
"""
"""Settings for real time: asked at once, at any hour, judged a second after the last touch."""

START_WITHIN = 60.0
STOP_WITHIN = 10.0


@dataclass
class BotProcess:
    """`microchequeo run` in a folder of its own.  What it says on standard error is kept in `said`, over all lives."""

    folder: Path
    telegram: LocalTelegram
    settings: str = NO_WAITING
    process: Begun | None = None
    lives: int = 0

    @property
    def config_file(self) -> Path:
        return self.folder / "config.toml"

    @property
    def config(self) -> Config:
        return load(self.config_file)

    @property
    def database(self) -> Path:
        return self.folder / "data" / "microchequeo.db"

    @property
    def said(self) -> str:
        return self._errors.read_text("utf-8", "replace") if self._errors.exists() else ""

    @property
    def _errors(self) -> Path:
        return self.folder / "stderr.txt"

    @property
    def pid(self) -> int:
        """The number of the running process."""
        pid = self._process.process.pid
        assert pid is not None
        return pid

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.code is None

    def furnish(self) -> None:
        """Write the settings and, once, the keys."""
        (self.folder / "data").mkdir(mode=0o700, exist_ok=True)
        telegram = f'[telegram]\ntoken = "{self.telegram.token}"\napi_url = "{self.telegram.url}"\n'
        place = named(self.database)
        health = "" if "[health]" in self.settings else '[health]\nlisten = ""\n'
        self.config_file.write_text(telegram + place + health + in_spain(self.settings), "utf-8")
        with contextlib.suppress(FileExistsError):
            write_keys(self.folder / "data" / "microchequeo.key")

    async def spawn(self, *options: str, point: str = "") -> None:
        """Start the process, perhaps with more options; it is not ready yet, and kills itself at the point if given."""
        placed(self.database)
        words = ("run", "--config", str(self.config_file), *options)
        self.process = begin(*words, out=Path(os.devnull), err=self._errors, point=point, folder=self.folder)
        self.lives += 1

    async def start(self, *options: str, point: str = "") -> None:
        """Start the process and wait until it asks for updates.  RuntimeError with its own words if it ends instead."""
        await self.spawn(*options, point=point)
        await self.ready()

    async def ready(self) -> None:
        """Wait until the process asks for updates, or was killed before."""
        async with asyncio.TaskGroup() as group:
            polled = group.create_task(self.telegram.polled(START_WITHIN))
            ended = group.create_task(self._process.ended())
            await asyncio.wait([polled, ended], return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            if not polled.done():
                polled.cancel()
        if polled.cancelled() and self._process.code != -signal.SIGKILL:
            raise RuntimeError(f"The bot ended with {self._process.code}:\n{self.said}")

    def kill(self) -> None:
        """Send SIGKILL to the process and whatever it started."""
        if self.running:
            self._process.kill()

    async def killed(self) -> None:
        """Kill it and wait until it is gone, also for Telegram."""
        self.kill()
        await self._process.ended()
        await self.telegram.unpolled()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self._process.send(signal.SIGTERM)

    async def gone(self, within: float) -> int:
        """Wait until the process has ended, for whatever reason; return the exit code.  TimeoutError."""
        return await asyncio.wait_for(self._process.ended(), within)

    async def ended(self, within: float) -> int:
        """Return the exit code.  TimeoutError with what the process said."""
        try:
            return await self.gone(within)
        except TimeoutError:
            raise TimeoutError(f"The bot was still there after {within} s:\n{self.said}") from None

    async def stop(self) -> int:
        """Stop it as an operator does; return the exit code."""
        self.ask_to_stop()
        return await self.ended(STOP_WITHIN)

    @property
    def _process(self) -> Begun:
        if self.process is None:
            raise RuntimeError("the bot was not started")
        return self.process

    async def command(self, *words: str) -> Finished:
        """Run another command of the program on the same folder."""
        return await run(*words, "--config", str(self.config_file), folder=self.folder)


def free_address() -> str:
    """Return a host and port of this machine where nobody listens."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


async def until(holds: Callable[[], bool], what: str, within: float = 30) -> None:
    """Look again and again until something holds.  TimeoutError that names it."""
    try:
        async with asyncio.timeout(within):
            while not holds():  # noqa: ASYNC110 - what another process writes into a file sends no event
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError:
        raise TimeoutError(f"Not within {within} s: {what}.") from None


def who_has_open(folder: Path) -> list[int]:
    """Return the processes that have a database below a folder open."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            files = [file.path for file in process.open_files()]
            if any(file.startswith(str(folder)) and file.endswith(".db") for file in files):
                found.add(process.pid)
    return sorted(found)


@asynccontextmanager
async def housed(folder: Path, *, settings: str = "") -> AsyncIterator[BotProcess]:
    """Furnish a folder for a process that is not started yet, beside a Telegram; whatever still runs is killed."""
    async with LocalTelegram(now=SystemClock().now) as telegram:
        bot = BotProcess(folder, telegram, NO_WAITING + settings)
        bot.furnish()
        try:
            yield bot
        finally:
            if bot.running:
                await bot.killed()

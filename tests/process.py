"""The bot as an operator runs it: a process of its own, killed and started again beside a Telegram that outlives it."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Config, load
from bot.demo.server import LocalTelegram
from bot.keys import write_keys
from tests.practice import in_spain

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
LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass
class BotProcess:
    """`microchequeo run` in a folder of its own.  What it says on standard error is kept in `said`, over all lives."""

    folder: Path
    telegram: LocalTelegram
    settings: str = NO_WAITING
    process: Process | None = None
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
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def furnish(self) -> None:
        """Write the settings and, once, the keys."""
        (self.folder / "data").mkdir(mode=0o700, exist_ok=True)
        telegram = f'[telegram]\ntoken = "{self.telegram.token}"\napi_url = "{self.telegram.url}"\n'
        self.config_file.write_text(telegram + in_spain(self.settings), "utf-8")
        with contextlib.suppress(FileExistsError):
            write_keys(self.folder / "data" / "microchequeo.key")

    async def spawn(self, *options: str) -> None:
        """Start the process, perhaps with more options; it is not ready yet."""
        with self._errors.open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(self.config_file), *options),
                cwd=self.folder,
                env=_environment(),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        self.lives += 1

    async def start(self, *options: str) -> None:
        """Start the process and wait until it asks for updates.  RuntimeError with its own words if it ends instead."""
        await self.spawn(*options)
        await self.ready()

    async def ready(self) -> None:
        """Wait until the process asks for updates, or was killed before."""
        async with asyncio.TaskGroup() as group:
            polled = group.create_task(self.telegram.polled(START_WITHIN))
            ended = group.create_task(self._process.wait())
            await asyncio.wait([polled, ended], return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            if not polled.done():
                polled.cancel()
        if polled.cancelled() and self._process.returncode != -signal.SIGKILL:
            raise RuntimeError(f"The bot ended with {self._process.returncode}:\n{self.said}")

    def kill(self) -> None:
        """Send SIGKILL to the process and whatever it started."""
        if not self.running:
            return
        with contextlib.suppress(ProcessLookupError):  # it may be gone already
            os.killpg(self._process.pid, signal.SIGKILL)

    async def killed(self) -> None:
        """Kill it and wait until it is gone, also for Telegram."""
        self.kill()
        await self._process.wait()
        await self.telegram.unpolled()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    async def ended(self, within: float) -> int:
        """Return the exit code.  TimeoutError with what the process said."""
        try:
            return await asyncio.wait_for(self._process.wait(), within)
        except TimeoutError:
            raise TimeoutError(f"The bot was still there after {within} s:\n{self.said}") from None

    async def stop(self) -> int:
        """Stop it as an operator does; return the exit code."""
        self.ask_to_stop()
        return await self.ended(STOP_WITHIN)

    @property
    def _process(self) -> Process:
        if self.process is None:
            raise RuntimeError("the bot was not started")
        return self.process

    async def command(self, *words: str) -> Finished:
        """Run another command of the program on the same folder."""
        return await command(self.folder, *words, "--config", str(self.config_file))


async def command(folder: Path, *words: str, **environment: str) -> Finished:
    """Run one command of the program to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env=_environment() | {"NO_COLOR": "1", "COLUMNS": "300"} | environment,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), START_WITHIN)
    return Finished(process.returncode or 0, out.decode(), err.decode())


async def until(holds: Callable[[], bool], what: str, within: float = 30) -> None:
    """Look again and again until something holds.  TimeoutError that names it."""
    try:
        async with asyncio.timeout(within):
            while not holds():  # noqa: ASYNC110 - what another process writes into a file sends no event
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError:
        raise TimeoutError(f"Not within {within} s: {what}.") from None


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MICROCHEQUEO_")}


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

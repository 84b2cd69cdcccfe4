"""Weather, on real processes: the disk is full or cannot be written, the machine sleeps, a certificate has expired.

What a person sees meanwhile, and what comes right by itself.  Clocks and networks: `test_weather.py`.
"""

import asyncio
import json
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp

from bot.checks import UNAVAILABLE
from bot.clock import IDLE_LOOK
from tests.certificates import HERE, Authority, door
from tests.faults.people import Said, calendar, code, enrol
from tests.practice import lay_out
from tests.process import BotProcess, free_address, housed

EXPIRED = "server cannot be verified: certificate has expired; look at this machine's clock"
WITHOUT_THE_RIGHTS_OF_ROOT = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
    if os.geteuid() == 0
    else ()
)


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[tuple[BotProcess, aiohttp.ClientSession]]:
    """Run a bot of two patients; the first is being asked.  Its health can be asked for, too."""
    address = free_address()
    async with (
        housed(folder, settings=f'\n[health]\nlisten = "{address}"\n') as bot,
        aiohttp.ClientSession(f"http://{address}") as http,
    ):
        await enrol(bot, 2)
        await bot.start()
        async with calendar(bot, Said()) as book:
            await book.note(code(1))
        await bot.telegram.phone(201, "").wait_for(lambda message: "10" in message.labels())
        yield bot, http


@contextmanager
def no_room(bot: BotProcess) -> Iterator[None]:
    """Let the bot write to no file any more, the log included: the kernel refuses every byte.

    To SQLite that is what a full disk is, and one that the kernel has made read-only after an error.
    """
    pid = bot.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def stored(bot: BotProcess) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(bot.database)) as db:
        return db.execute("SELECT item, score FROM answers ORDER BY rowid").fetchall()


@asynccontextmanager
async def apart(bot: BotProcess, *before: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot in a program of its own, perhaps by another program and with more in its environment."""
    process = await asyncio.create_subprocess_exec(
        *(*before, sys.executable, "-m", "bot", "run", "--config", str(bot.config_file)),
        env=os.environ | environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said_by(process: asyncio.subprocess.Process) -> AsyncIterator[str]:
    assert process.stderr is not None
    async for line in process.stderr:
        yield line.decode()


async def until_reasons(http: aiohttp.ClientSession, holds: Callable[[dict[str, str]], bool]) -> None:
    """Ask for health until it is as wanted.  TimeoutError if it does not come to that."""
    async with asyncio.timeout(60):
        while not holds(await reasons(http)):  # noqa: ASYNC110 - health sends no event
            await asyncio.sleep(0.2)


async def reasons(http: aiohttp.ClientSession) -> dict[str, str]:
    """Return everything that is not well, whether a new start could mend it or not."""
    async with http.get("/healthz") as response:
        found = json.loads(await response.text())
        return {**found["reasons"], **found.get("warnings", {})}


async def test_with_the_disk_full_help_still_comes_and_what_was_tapped_counts_once_there_is_room(
    tmp_path: Path,
) -> None:
    async with asked(tmp_path) as (bot, http):
        ana, berta = bot.telegram.phone(201, ""), bot.telegram.phone(202, "")

        with no_room(bot):
            await ana.tap("7")
            await berta.send("/ayuda")
            await berta.wait_for(lambda message: "024" in message.text, timeout=30)
            async with calendar(bot, Said()) as book:
                await book.note(code(2))
            assert await reasons(http) == {"poller": "the database is away; nothing is confirmed"}
            assert stored(bot) == []
        await ana.wait_for(lambda message: "2 de 3" in message.text, timeout=40)
        await berta.wait_for(lambda message: "1 de 3" in message.text, timeout=40)

        assert await reasons(http) == {}
        assert stored(bot) == [("understood", 7)]
        assert [sum("de 3" in message.text for message in phone.messages) for phone in (ana, berta)] == [1, 1]
        assert await bot.stop() == 0


async def test_a_file_that_cannot_be_written_is_said_left_alone_and_taken_up_once_it_can(tmp_path: Path) -> None:
    """As root, too: the process is started without the right to pass over a file's mode."""
    async with housed(tmp_path) as bot:
        lay_out(bot.database)
        bot.database.chmod(0o400)
        before = bot.database.read_bytes()

        async with apart(bot, *WITHOUT_THE_RIGHTS_OF_ROOT) as refused:
            _, said = await refused.communicate()
        assert (refused.returncode, bot.database.read_bytes()) == (UNAVAILABLE, before)
        assert said.decode().count("\n") == 1
        assert "Give the user that runs Microchequeo the right to write the file and its folder." in said.decode()

        bot.database.chmod(0o600)
        await bot.start()
        assert await bot.stop() == 0


async def test_stopped_in_the_middle_and_woken_up_it_does_each_thing_once(tmp_path: Path) -> None:
    """A lid that is closed and opened: to the process no time has passed, for everybody else it has."""
    async with asked(tmp_path) as (bot, http):
        ana, berta = bot.telegram.phone(201, ""), bot.telegram.phone(202, "")

        os.kill(bot.pid, signal.SIGSTOP)
        await ana.tap("7")
        await ana.send("8")
        await berta.send("/ayuda")
        await asyncio.sleep(IDLE_LOOK.total_seconds())
        os.kill(bot.pid, signal.SIGCONT)
        await ana.wait_for(lambda message: "3 de 3" in message.text, timeout=30)
        await berta.wait_for(lambda message: "024" in message.text, timeout=30)

        assert stored(bot) == [("understood", 7), ("sense", 8)]
        assert await reasons(http) == {}
        assert await bot.stop() == 0


async def test_an_expired_certificate_is_said_and_waited_out_at_the_start_and_later(tmp_path: Path) -> None:
    authority, address = Authority(tmp_path), free_address()
    expired, good = authority.context(-timedelta(days=1)), authority.context(timedelta(days=1))
    async with (
        housed(tmp_path, settings=f'\n[health]\nlisten = "{address}"\n') as bot,
        aiohttp.ClientSession(f"http://{address}") as http,
    ):
        inside = int(bot.telegram.url.rpartition(":")[2])
        async with AsyncExitStack() as life:
            async with door(inside, expired) as port:
                bot.telegram.url = f"https://{HERE}:{port}"
                bot.furnish()
                process = await life.enter_async_context(apart(bot, SSL_CERT_FILE=str(authority.file)))
                lines = said_by(process)
                assert EXPIRED in await anext(lines)
                assert EXPIRED in await anext(lines), "it tries again"
            async with door(inside, good, port):
                await bot.telegram.polled(timeout=30)
            async with door(inside, expired, port):
                await until_reasons(http, lambda found: EXPIRED in found.get("poller", ""))
            async with door(inside, good, port):
                await until_reasons(http, lambda found: found == {})
                ana = bot.telegram.phone(7, "Ana")
                await ana.send("/ayuda")
                await ana.wait_for(lambda message: "024" in message.text)
                process.terminate()
                assert await process.wait() == 0

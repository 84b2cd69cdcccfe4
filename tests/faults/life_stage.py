"""The stage of the state machine: a whole practice driven from outside its event loop, whose bot can be killed.

Killing: the bytes of the database files as they are at that moment are all that the next bot gets, and whatever the
dead one still says or writes goes nowhere: its token is void and its files are no longer those of the practice.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.clock import VirtualClock
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.demo.state import Message
from bot.domain.post import Due
from handlers.actions import ScoreTap
from handlers.keyboards import decode
from storage.columns import KeyRing
from tests.practice import Practice

REPLY_LOST: Final = timedelta(seconds=11)
"""After so long the bot shows again what a lost reply would have shown."""


class Errands:
    """Runs coroutines one after the other in one task of a loop that stands still in between."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._waiting: asyncio.Queue[tuple[Coroutine[Any, Any, Any], asyncio.Future[Any]] | None] = asyncio.Queue()
        self._serving = self._runner.get_loop().create_task(self._serve())

    def run(self, errand: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(self._done(errand))

    def close(self) -> None:
        self._waiting.put_nowait(None)
        self._runner.get_loop().run_until_complete(self._serving)
        self._runner.close()

    async def _done(self, errand: Coroutine[Any, Any, Any]) -> Any:
        done = asyncio.get_running_loop().create_future()
        await self._waiting.put((errand, done))
        return await done

    async def _serve(self) -> None:
        while (waiting := await self._waiting.get()) is not None:
            errand, done = waiting
            try:
                done.set_result(await errand)
            except Exception as error:  # noqa: BLE001 - it is raised where the errand was given
                done.set_exception(error)


@dataclass
class Mortal(Practice):
    """A practice whose bot can die at any moment."""

    lives: int = 1

    async def dies(self, turns: int, meanwhile: Callable[[], Awaitable[Any]]) -> None:
        """Let the bot die so many turns of the loop after `meanwhile` has begun, and live again."""
        async with asyncio.TaskGroup() as group:
            doing = group.create_task(_alone(meanwhile))
            for _ in range(turns):
                await asyncio.sleep(0)
            await self._is_killed(doing)

    async def _is_killed(self, doing: "asyncio.Task[None]") -> None:
        grave = self.database.parent
        self.lives += 1
        self.folder = self.folder.with_name(f"life-{self.lives}")
        copied(grave, self.database.parent)
        self.telegram.token = f"{self.telegram.token.partition(':')[0]}:{self.lives:035d}"
        doing.cancel()
        await asyncio.wait([doing])
        dead, self._stack, self._bot = self._stack, AsyncExitStack(), None
        await dead.aclose()
        await self.start()


async def _alone(meanwhile: Callable[[], Awaitable[Any]]) -> None:
    await meanwhile()


def copied(files: Path, to: Path) -> None:
    """Copy a database with its log as they are on the disk; a page that was written meanwhile: once more."""
    to.mkdir(parents=True)
    while True:
        before = {one.name: one.read_bytes() for one in sorted(files.glob("microchequeo.db*")) if _is_kept(one)}
        if (files / "microchequeo.db").read_bytes() == before["microchequeo.db"]:
            break
    for name, content in before.items():
        (to / name).write_bytes(content)
        (to / name).chmod(0o600)


def _is_kept(file: Path) -> bool:
    return file.suffix in {".db", ".db-wal"}


@dataclass
class Witness:
    """What anybody can see who looks at the phones and into the database."""

    practice: Mortal
    seen: dict[int, set[int]] = field(default_factory=dict)

    def news(self, phone: Phone) -> list[Message]:
        """Return the bot's messages that were not looked at before."""
        known = self.seen.setdefault(phone.chat_id, set())
        new = [one for one in phone.messages if one.from_bot and one.message_id not in known]
        known.update(one.message_id for one in new)
        return new

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        db = sqlite3.connect(f"file:{self.practice.database}?mode=ro", uri=True)
        try:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]
        finally:
            db.close()

    def words(self) -> list[tuple[str, str]]:
        ring = KeyRing(self.practice.keys.seal, self.practice.keys.index)
        sql = "SELECT code, body FROM words JOIN patients ON patients.id = patient_id ORDER BY words.id"
        return [(row["code"], ring.unseal(row["body"])) for row in self.rows(sql)]


def buttons(message: Message) -> Iterator[tuple[str, Any]]:
    """Yield what the buttons of a message say and mean."""
    for row in message.keyboard:
        for button in row:
            yield button.label, decode(button.data or "")


def about(message: Message) -> int | None:
    """Return the check-in that a message asks about."""
    found = {action.check_in for _, action in buttons(message) if hasattr(action, "check_in")}
    return int(found.pop()) if found else None


def keyboards_of_scores(phone: Phone) -> list[Message]:
    """Return the messages with numbers to tap."""
    return [one for one in phone.messages if any(isinstance(action, ScoreTap) for _, action in buttons(one))]


async def next_due(practice: Mortal, after: datetime) -> datetime | None:
    """Return when the bot has something to do next, its own housekeeping left aside."""
    dues = await practice.bot.store.dues()
    return min((at for due, at in dues.items() if due is not Due.CHORE and at > after), default=None)


async def opened(folder: Path, start: datetime, settings: str) -> tuple[Mortal, AsyncExitStack]:
    """Open a mortal practice; leave the stack to close it."""
    clock, home = VirtualClock(start), folder / "life-1"
    home.mkdir(parents=True)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(LocalTelegram(now=clock.now))
        practice = Mortal(home, clock, telegram, settings=settings)
        await practice.start()
        stack.push_async_callback(practice.stop)
        return practice, stack.pop_all()

"""A practice that can be watched: the real bot against the local Telegram, people with phones, and a clock to move.

It does what people do and lets time pass; what they do and when is in story.py.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.app import Running, started
from bot.clock import VirtualClock
from bot.config import Backup, Config, Database, Health, Practice, Privacy, Telegram
from bot.config_values import SQLITE
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.domain.errors import MicrochequeoError
from bot.keys import new_keys
from handlers.pacing import UNLIMITED

TAP, TYPE = timedelta(seconds=6), timedelta(seconds=25)
"""How long a tap and a typed message take a person."""

PATIENCE: Final = 30
"""Seconds of real time that the bot may take for what is due at one moment."""

RECENT: Final = 4
"""So many of the messages that came or changed last are in view on a phone."""


class StageError(MicrochequeoError):
    """Somebody did not find on their phone what the story says is there."""


@dataclass(slots=True)
class Stage:
    """The running practice; `scores` are the numbers that people gave, `watch` is called whenever it has settled."""

    telegram: LocalTelegram
    clock: VirtualClock
    bot: Running
    scores: list[int] = field(default_factory=list)
    watch: Callable[[], None] = lambda: None

    async def says(self, phone: Phone, words: str) -> None:
        """Let a person type something."""
        self.clock.advance(TYPE)
        await phone.send(words)
        await self._settle()

    async def taps(self, phone: Phone, *labels: str) -> None:
        """Let a person tap buttons one after the other.  Raises StageError when one is not there."""
        for label in labels:
            self.clock.advance(TAP)
            try:
                await phone.tap(label)
            except LookupError:
                raise self._missing(phone, f"a button «{label}»") from None
            await self._settle()

    async def answers(self, phone: Phone, *scores: int) -> None:
        """Let a patient tap the three numbers."""
        self.scores += scores
        await self.taps(phone, *map(str, scores))

    async def types(self, phone: Phone, *scores: int) -> None:
        """Let a patient type the three numbers."""
        self.scores += scores
        for score in scores:
            await self.says(phone, str(score))

    def sees(self, phone: Phone, *fragments: str) -> None:
        """Make sure that a person has this in view.  Raises StageError."""
        newest = sorted(phone.messages, key=lambda message: message.edited_at or message.date)
        view = "\n".join(message.text for message in newest[-RECENT:])
        for fragment in fragments:
            if fragment not in view:
                raise self._missing(phone, f"«{fragment}»")

    async def until(self, instant: datetime) -> None:
        """Let time pass; whatever falls due on the way happens at its own time."""
        while (dues := await self.bot.store.dues()) and self.clock.now() < (due := min(dues.values())) < instant:
            self.clock.move_to(due)
            await self._settle()
        self.clock.move_to(instant)
        await self._settle()

    async def _settle(self) -> None:
        """Let the bot do everything that is due now.  Raises StageError when it does not come to rest."""
        try:
            async with asyncio.timeout(PATIENCE):
                for _ in range(2):
                    await self.telegram.drained(PATIENCE)
                    await self.bot.settled()
        except TimeoutError:
            raise StageError(f"The demo stopped: the bot was still busy after {PATIENCE} s.") from None
        self.watch()

    def _missing(self, phone: Phone, what: str) -> StageError:
        newest = "\n".join(phone.transcript().splitlines()[-12:])
        return StageError(
            f"The demo stopped at {self.clock.now():%Y-%m-%d %H:%M} UTC: {phone.first_name} should have {what} "
            f"in view, but the chat ends like this:\n{newest}"
        )


@asynccontextmanager
async def opened(start: datetime) -> AsyncIterator[Stage]:
    """Start the bot on a new database with new keys, in a folder that disappears afterwards."""
    clock = VirtualClock(start)
    with tempfile.TemporaryDirectory(prefix="microchequeo-demo-") as folder:
        async with (
            LocalTelegram(now=clock.now) as telegram,
            started(_settings(telegram, Path(folder)), new_keys(), clock, UNLIMITED) as bot,
        ):
            await telegram.polled()
            yield Stage(telegram, clock, bot)


def _settings(telegram: LocalTelegram, folder: Path) -> Config:
    (folder / "data").mkdir()
    return Config(
        telegram=Telegram(token=telegram.token, api_url=telegram.url),
        database=Database(url=f"{SQLITE}{folder}/data/microchequeo.db"),
        practice=Practice(country="ES"),
        privacy=Privacy(key_file=folder / "data" / "microchequeo.key"),
        backup=Backup(folder=None),
        health=Health(listen=""),
    )

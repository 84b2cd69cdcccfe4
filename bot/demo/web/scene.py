"""One story's world: Telegram, the bot's process, their clock, a folder, people; it goes when another story begins."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from bot.demo.acting import Acting
from bot.demo.server import LocalTelegram
from bot.demo.state import Json
from bot.demo.web.bot_process import BotProcess, State, alive
from bot.demo.web.cast import Cast
from bot.demo.web.part import Part
from bot.demo.web.shared_clock import SharedClock
from bot.demo.web.tally import Tally
from bot.demo.web.weather import Weather
from bot.domain.model import Language
from bot.keys import write_keys

NUMBERS: Final = count(1)
"""Each scene has its own."""


@dataclass(frozen=True, slots=True)
class Playing:
    """How far a story has come."""

    label: str
    step: int
    of: int


@dataclass(slots=True)
class Scene(Acting):
    """The world the visitor sees; `inside` is what the bot said of its rows when it was asked last."""

    bot: BotProcess
    cast: Cast
    weather: Weather
    group: asyncio.TaskGroup
    folder: Path
    language: Language
    story: str
    number: int = field(default_factory=lambda: next(NUMBERS))
    tally: Tally = field(default_factory=Tally)
    playing: Playing | None = None
    stopped: bool = False
    """Whether the story did not come to its end."""
    inside: Json = field(default_factory=dict)
    _due: datetime | None = None

    async def start_bot(self) -> None:
        """Start the bot (again, on the same files) and wait until it works.  Raises BotGoneError."""
        await self.bot.start()
        self.group.create_task(self.bot.listen())
        await self.bot.works()

    async def at_rest(self) -> None:
        """Let the bot do everything it has and everything that is due now.  Raises BotGoneError."""
        due = (await self.bot.ask("settle"))["due"]
        self._due = datetime.fromisoformat(due) if due else None

    async def next_due(self) -> datetime | None:
        """Return when the next row falls due, as the bot said when it last came to rest."""
        return self._due

    @property
    def can_rest(self) -> bool:
        """Whether the bot can come to rest: it is there, and so is everything it needs."""
        return self.bot.state is State.RUNNING and self.weather.is_fair


@asynccontextmanager
async def set_up(
    story: str, language: Language, begins_at: datetime, changed: Callable[[], None]
) -> AsyncIterator[Scene]:
    """Put up a world with nobody in it; the bot is not started.  Everything is gone when the context is left.

    `changed` is called when the bot or the weather is another.
    """
    with tempfile.TemporaryDirectory(prefix="microchequeo-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with SharedClock(folder / "clock") as clock:
            clock.move_to(begins_at)
            async with LocalTelegram(now=clock.now) as telegram:
                part = Part(telegram.token, telegram.url, folder, language)
                write_keys(part.settings().privacy.key_file)
                async with alive(part, changed) as bot, asyncio.TaskGroup() as group:
                    weather = Weather(telegram, group, changed)
                    cast = Cast(telegram, str(language))
                    yield Scene(telegram, clock, bot, cast, weather, group, folder, language, story)
                    await weather.lift()
                    await bot.stop()

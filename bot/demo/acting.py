"""What people do in front of the bot, and how time passes: the same whether the bot runs in this process or another.

Who does what, and when, is in story.py and web/stories.py.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.domain.errors import MicrochequeoError

TAP, TYPE = timedelta(seconds=6), timedelta(seconds=25)
"""How long a tap and a typed message take a person."""

PATIENCE: Final = 30
"""Seconds of real time that the bot may take for what is due at one moment."""

RECENT: Final = 4
"""So many of the messages that came or changed last are in view on a phone."""


class StageError(MicrochequeoError):
    """Somebody did not find on their phone what the story says is there."""


class MovableClock(Protocol):
    """A clock that can be moved ahead."""

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""

    def move_to(self, instant: datetime) -> None:
        """Jump to `instant`."""

    def advance(self, span: timedelta) -> None:
        """Jump ahead by `span`."""


@dataclass(slots=True)
class Acting(ABC):
    """People at work; `scores` are the numbers that they gave, `watch` is called whenever the bot has come to rest."""

    telegram: LocalTelegram
    clock: MovableClock
    scores: list[int] = field(default_factory=list, kw_only=True)
    watch: Callable[[], None] = field(default=lambda: None, kw_only=True)

    @abstractmethod
    async def at_rest(self) -> None:
        """Let the bot do everything it has and everything that is due now."""

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """Return when the next row falls due."""

    async def says(self, phone: Phone, words: str) -> None:
        """Let a person type something."""
        self.clock.advance(TYPE)
        await phone.send(words)
        await self.settle()

    async def taps(self, phone: Phone, *labels: str) -> None:
        """Let a person tap buttons one after the other.  Raises StageError when one is not there."""
        for label in labels:
            self.clock.advance(TAP)
            try:
                await phone.tap(label)
            except LookupError:
                raise self._missing(phone, f"a button «{label}»") from None
            await self.settle()

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
        while (due := await self.next_due()) and self.clock.now() < due < instant:
            self.clock.move_to(due)
            await self.settle()
        self.clock.move_to(instant)
        await self.settle()

    async def settle(self) -> None:
        """Let the bot do everything that is due now.  Raises StageError when it does not come to rest."""
        try:
            async with asyncio.timeout(PATIENCE):
                for _ in range(2):
                    await self.telegram.drained(PATIENCE)
                    await self.at_rest()
        except TimeoutError:
            raise StageError(f"The demo stopped: the bot was still busy after {PATIENCE} s.") from None
        self.watch()

    def _missing(self, phone: Phone, what: str) -> StageError:
        newest = "\n".join(phone.transcript().splitlines()[-12:])
        return StageError(
            f"The demo stopped at {self.clock.now():%Y-%m-%d %H:%M} UTC: {phone.first_name} should have {what} "
            f"in view, but the chat ends like this:\n{newest}"
        )

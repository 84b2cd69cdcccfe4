"""How fast messages leave: about one a second to a chat, below thirty a second in all, people who just tapped first.

Monotonic time only.  An answer 429 holds the chat for exactly as long as Telegram says.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bot.domain.model import Urgency

IDLE_AT_MOST: Final = 1000
"""Chats remembered before those that have been quiet are forgotten."""

_HAIR: Final = 1e-9
"""What rounding may leave of a token or a second."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Rates in messages a second; `chat_burst` may leave at once to a chat that was quiet.

    `replied_to` is how many updates of one chat are replied to in a minute (`handlers.flood`).
    """

    overall: float = 28.0
    chat: float = 1.0
    chat_burst: int = 3
    kept_for_replies: float = 4.0
    replied_to: int = 20


UNLIMITED: Final = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0, replied_to=1_000_000)
"""For a server that sets no limits (tests, demo)."""


@dataclass(slots=True)
class _Bucket:
    """Tokens that grow with time."""

    rate: float
    size: float
    level: float
    at: float
    closed_until: float = float("-inf")

    def wait(self, now: float, need: float = 1.0) -> float:
        """Return the seconds until `need` tokens are there; 0 when they are."""
        self._grow(now)
        wait = max((need - self.level) / self.rate, self.closed_until - now)
        return wait if wait > _HAIR else 0.0

    def take(self, now: float) -> None:
        """Take one token."""
        self._grow(now)
        self.level -= 1

    def _grow(self, now: float) -> None:
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now


@dataclass(slots=True)
class _Chat:
    """One chat: its tokens, a lane that keeps its messages in order, and how many turns are waiting or under way."""

    bucket: _Bucket
    lane: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: int = 0


class ChatHeldError(Exception):
    """Telegram holds this chat for longer than the caller would wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the chat is held")
        self.seconds = seconds


class Pacer:
    """Gives leave to send, most urgent first.  `now` (monotonic seconds) and `sleep` are the machine's own."""

    def __init__(
        self,
        pace: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace or Pace()
        self._now = now
        self._sleep = sleep
        self._overall = _Bucket(self._pace.overall, self._pace.overall, self._pace.overall, now())
        self._chats: dict[int, _Chat] = {}
        self._queue: set[tuple[int, int]] = set()
        self._numbers = count()
        self._tidy_from = IDLE_AT_MOST

    @asynccontextmanager
    async def turn(self, chat_id: int, urgency: Urgency, patience: float = math.inf) -> AsyncIterator[None]:
        """Wait for this chat's turn and for room overall.

        Raises ChatHeldError when the chat is, or comes to be, held for more than `patience` seconds.
        """
        chat = self._chat(chat_id)
        chat.turns += 1
        try:
            self._refuse_held(chat_id, patience)
            async with chat.lane:
                self._refuse_held(chat_id, patience)
                await self._wait_for(chat)
                await self._wait_overall(urgency)
                chat.bucket.take(self._now())
                yield
        finally:
            chat.turns -= 1
            self._forget_idle()

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to this chat for `seconds`."""
        self._chat(chat_id).bucket.closed_until = self._now() + seconds

    def held(self, chat_id: int) -> float:
        """Return for how many seconds more nothing may be sent to this chat; 0 when it is not held."""
        chat = self._chats.get(chat_id)
        return max(0.0, chat.bucket.closed_until - self._now()) if chat else 0.0

    def _refuse_held(self, chat_id: int, patience: float) -> None:
        held = self.held(chat_id)
        if held > patience:
            raise ChatHeldError(held)

    def __len__(self) -> int:
        """Count the chats it remembers."""
        return len(self._chats)

    async def _wait_for(self, chat: _Chat) -> None:
        while wait := chat.bucket.wait(self._now()):
            await self._sleep(wait)

    async def _wait_overall(self, urgency: Urgency) -> None:
        ticket = (int(urgency), next(self._numbers))
        need = 1.0 if urgency is Urgency.REPLY else 1.0 + self._pace.kept_for_replies
        self._queue.add(ticket)
        try:
            while (wait := self._overall.wait(self._now(), need)) or min(self._queue) != ticket:
                await self._sleep(max(wait, 1 / self._pace.overall))
            self._overall.take(self._now())
        finally:
            self._queue.discard(ticket)

    def _chat(self, chat_id: int) -> _Chat:
        if chat_id not in self._chats:
            size = float(self._pace.chat_burst)
            self._chats[chat_id] = _Chat(_Bucket(self._pace.chat, size, size, self._now()))
        return self._chats[chat_id]

    def _forget_idle(self) -> None:
        """Keep no bucket that is full again: memory follows the chats that are being written to."""
        if len(self._chats) <= self._tidy_from:
            return
        now = self._now()
        busy = {id_: chat for id_, chat in self._chats.items() if chat.turns or chat.bucket.wait(now, chat.bucket.size)}
        self._chats = busy
        self._tidy_from = max(IDLE_AT_MOST, 2 * len(busy))

"""How fast messages leave: about one a second to a chat, below thirty a second in all, people who just tapped first.

Monotonic time only.  An answer 429 holds the chat (or everything) for exactly as long as Telegram says.
"""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bot.domain.model import Urgency


@dataclass(frozen=True, slots=True)
class Pace:
    """Rates in messages a second; `chat_burst` may leave at once to a chat that was quiet."""

    overall: float = 28.0
    chat: float = 1.0
    chat_burst: int = 3
    kept_for_replies: float = 4.0


UNLIMITED: Final = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0)
"""For a server that sets no limits (tests, demo)."""


@dataclass(slots=True)
class _Bucket:
    """Tokens that grow with time."""

    rate: float
    size: float
    level: float
    at: float
    closed_until: float = 0.0

    def wait(self, now: float, need: float = 1.0) -> float:
        """Return the seconds until `need` tokens are there."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        short = max(0.0, (need - self.level) / self.rate)
        return max(short, self.closed_until - now)


@dataclass(slots=True)
class Pacer:
    """Gives leave to send, most urgent first."""

    pace: Pace = field(default_factory=Pace)
    _overall: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _lanes: dict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _queue: list[tuple[int, int]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @asynccontextmanager
    async def turn(self, chat_id: int, urgency: Urgency) -> AsyncIterator[None]:
        """Wait for this chat's turn and for room overall."""
        async with self._lanes[chat_id]:
            await self._wait_for_chat(chat_id)
            await self._wait_overall(urgency)
            yield
        self._forget_idle()

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to this chat for `seconds`."""
        self._chat(chat_id).closed_until = _now() + seconds

    def hold_all(self, seconds: float) -> None:
        """Send nothing at all for `seconds`."""
        self._whole().closed_until = _now() + seconds

    async def _wait_for_chat(self, chat_id: int) -> None:
        bucket = self._chat(chat_id)
        while True:
            wait = bucket.wait(_now())
            if wait <= 0:
                break
            await asyncio.sleep(wait)
        bucket.level -= 1

    async def _wait_overall(self, urgency: Urgency) -> None:
        ticket = (int(urgency), next(self._numbers))
        heapq.heappush(self._queue, ticket)
        bucket = self._whole()
        need = 1.0 if urgency is Urgency.REPLY else 1.0 + self.pace.kept_for_replies
        try:
            while True:
                wait = bucket.wait(_now(), need)
                if wait <= 0 and self._queue[0] == ticket:
                    break
                await asyncio.sleep(max(wait, 1 / self.pace.overall))
            bucket.level -= 1
        finally:
            self._queue.remove(ticket)
            heapq.heapify(self._queue)

    def _chat(self, chat_id: int) -> _Bucket:
        size = float(self.pace.chat_burst)
        return self._chats.setdefault(chat_id, _Bucket(self.pace.chat, size, size, _now()))

    def _whole(self) -> _Bucket:
        if self._overall is None:
            size = self.pace.overall
            self._overall = _Bucket(self.pace.overall, size, size, _now())
        return self._overall

    def _forget_idle(self) -> None:
        """Keep no bucket that is full again: memory follows the chats that are being written to."""
        if len(self._chats) > 1000:  # noqa: PLR2004 - a size at which tidying is worth its time
            now = _now()
            full = [
                chat_id
                for chat_id, bucket in self._chats.items()
                if bucket.wait(now, bucket.size) <= 0 and not self._lanes[chat_id].locked()
            ]
            for chat_id in full:
                del self._chats[chat_id]
                del self._lanes[chat_id]


def _now() -> float:
    return asyncio.get_running_loop().time()

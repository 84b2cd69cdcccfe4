"""How fast messages leave: about one a second to a chat, below thirty a second in all, people who just tapped first.

Whoever wants to send waits for a turn.  A turn is given when nothing is under way to the chat, the chat has a token,
all together have one, and no pause holds either; to the most urgent first, then to whoever has waited longest.

Monotonic time only.  An answer 429 closes the chat for exactly as long as Telegram says.  It does not say whether it
means the chat or everybody: it means everybody when several chats are told to wait until the same instant
(`docs/decisions/0036-one-pacer-for-what-leaves.md`).
"""

import asyncio
import heapq
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Protocol

from bot.domain.model import Urgency

IDLE_AT_MOST: Final = 1000
"""Chats remembered before those that have been quiet are forgotten."""

REFUSED_TOGETHER: Final = 3
"""So many chats that are told to wait until the same instant were not too fast each for itself."""

SAME_INSTANT: Final = 1.5
"""Seconds between which two pauses end at the same instant: Telegram counts whole seconds."""

WAITED_OUT: Final = 60.0
"""Seconds: a pause of everything that is no longer than this is waited out by whatever is no reply."""

SECOND: Final = 1.05
"""A second as Telegram may see it: what left a little later than another may arrive a little less later."""

_HAIR: Final = 1e-9
"""What rounding may leave of a token or a second."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Rates in messages a second; `burst` and `chat_burst` may leave at once, in all and to a chat, after a silence.

    In no `SECOND` leave more than `overall + burst` messages (34), in no minute more than `60 × overall + burst`.
    `kept_for_replies` of the burst are left alone by what is sent to many; the rest makes good what a busy machine
    wakes too late.  `replied_to` is how many updates of one chat are replied to in a minute (`handlers.flood`).
    """

    overall: float = 29.7
    burst: float = 5.0
    chat: float = 1.0
    chat_burst: int = 3
    kept_for_replies: float = 2.0
    replied_to: int = 20


UNLIMITED: Final = Pace(overall=1e6, burst=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0, replied_to=1_000_000)
"""For a server that sets no limits (tests, demo)."""


class Timer(Protocol):
    """A call to come, which can be taken back."""

    def cancel(self) -> None:
        """Take it back."""


@dataclass(slots=True)
class _Bucket:
    """Tokens that grow with time."""

    rate: float
    size: float
    level: float
    at: float
    closed_until: float = -math.inf

    def wait(self, now: float, need: float = 1.0) -> float:
        """Return the seconds until `need` tokens are there and nothing is closed; 0 when it is so."""
        self._grow(now)
        wait = max((need - self.level) / self.rate, self.closed_until - now)
        return wait if wait > _HAIR else 0.0

    def take(self, now: float) -> None:
        """Take one token."""
        self._grow(now)
        self.level -= 1

    def give_back(self) -> None:
        """Put a token back that was not used."""
        self.level = min(self.size, self.level + 1)

    def close(self, until: float) -> None:
        """Give nothing out before then; a pause that lasts longer stands."""
        self.closed_until = max(self.closed_until, until)

    def _grow(self, now: float) -> None:
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now


@dataclass(slots=True, order=True)
class _Waiter:
    """Somebody who wants to send: the most urgent first, then whoever came first."""

    urgency: int
    number: int
    patience: float = field(compare=False)
    leave: "asyncio.Future[None]" = field(compare=False)


@dataclass(slots=True)
class _Chat:
    """One chat: its tokens, who waits to write to it, whether a message is under way, and how many turns there are."""

    bucket: _Bucket
    waiting: list[_Waiter] = field(default_factory=list)
    under_way: bool = False
    turns: int = 0

    def first(self) -> _Waiter | None:
        """Return who is next, passing over those who have gone."""
        while self.waiting and self.waiting[0].leave.done():
            heapq.heappop(self.waiting)
        return self.waiting[0] if self.waiting else None


class ChatHeldError(Exception):
    """Telegram holds this chat for longer than the caller would wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the chat is held")
        self.seconds = seconds


def _later(seconds: float, call: Callable[[], None]) -> Timer:
    return asyncio.get_running_loop().call_later(seconds, call)


class Pacer:
    """Gives leave to send.  `now` (monotonic seconds) and `later` (call so many seconds later) are the machine's."""

    def __init__(
        self,
        pace: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], Timer] = _later,
    ) -> None:
        self._pace = pace or Pace()
        self._now = now
        self._later = later
        self._overall = _Bucket(self._pace.overall, self._pace.burst, self._pace.burst, now())
        self._most = int(self._pace.overall + self._pace.burst)
        self._left_at: deque[float] = deque(maxlen=self._most)
        self._chats: dict[int, _Chat] = {}
        self._ready: list[tuple[_Waiter, int, _Chat]] = []
        self._asleep: list[tuple[float, int, _Chat]] = []
        self._numbers = count()
        self._timer: Timer | None = None
        self._rings_at = math.inf
        self._tidy_from = IDLE_AT_MOST

    @asynccontextmanager
    async def turn(self, chat_id: int, urgency: Urgency, patience: float = math.inf) -> AsyncIterator[None]:
        """Wait for this chat's turn and for room overall.

        Raises ChatHeldError when the chat is, or comes to be, held for more than `patience` seconds; for a reply also
        when everything is.  What is no reply has nothing else to do while everything is held, and waits for a while.
        """
        chat = self._chat(chat_id)
        chat.turns += 1
        try:
            await self._admitted(chat_id, chat, urgency, patience)
            try:
                yield
            finally:
                chat.under_way = False
                self._go_on(chat)
        finally:
            chat.turns -= 1
            self._forget_idle()

    def pass_by(self, chat_id: int) -> None:
        """Let a call leave that writes nothing into a chat and needs no token.  ChatHeldError inside a pause."""
        held = self.held(chat_id)
        if held:
            raise ChatHeldError(held)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to this chat for `seconds`, as a 429 said; to nobody, when it said so to several chats."""
        chat, until = self._chat(chat_id), self._now() + seconds
        chat.bucket.close(until)
        _refuse(chat.waiting, seconds)
        ends = [one.bucket.closed_until for one in self._chats.values()]
        together = [end for end in ends if abs(end - until) <= SAME_INSTANT]
        if len(together) >= REFUSED_TOGETHER:
            self.hold_all(max(together) - self._now())

    def hold_all(self, seconds: float) -> None:
        """Send nothing to anybody for `seconds`."""
        self._overall.close(self._now() + seconds)
        for chat in self._chats.values():
            _refuse([one for one in chat.waiting if seconds > WAITED_OUT or one.urgency == Urgency.REPLY], seconds)

    def held(self, chat_id: int, urgency: Urgency = Urgency.REPLY) -> float:
        """Return for how many seconds more a message of this class is refused in this chat; 0 when it is not."""
        chat, overall = self._chats.get(chat_id), self._left(self._overall)
        if urgency is not Urgency.REPLY and overall <= WAITED_OUT:
            overall = 0.0
        return max(self._left(chat.bucket) if chat else 0.0, overall)

    def __len__(self) -> int:
        """Count the chats it remembers."""
        return len(self._chats)

    # One turn

    async def _admitted(self, chat_id: int, chat: _Chat, urgency: Urgency, patience: float) -> None:
        """Wait until it may leave; what was told to leave a moment before a pause began waits for its end."""
        number = next(self._numbers)
        while True:
            held = self.held(chat_id, urgency)
            if held > patience:
                raise ChatHeldError(held)
            waiter = _Waiter(urgency, number, patience, asyncio.get_running_loop().create_future())
            heapq.heappush(chat.waiting, waiter)
            self._go_on(chat)
            try:
                await waiter.leave
            except BaseException:
                self._give_up(chat, waiter)
                raise
            if not (self._left(chat.bucket) or self._left(self._overall)):
                return
            self._take_back(chat)
            self._go_on(chat)

    def _give_up(self, chat: _Chat, waiter: _Waiter) -> None:
        """Let the others go on; a turn that was given and not used is taken back whole."""
        if waiter.leave.done() and not waiter.leave.cancelled() and waiter.leave.exception() is None:
            self._take_back(chat)
        self._go_on(chat)

    def _take_back(self, chat: _Chat) -> None:
        chat.under_way = False
        chat.bucket.give_back()
        self._overall.give_back()
        self._left_at.pop()

    # Everybody's turns

    def _go_on(self, chat: _Chat) -> None:
        """Look at a chat in which something has changed, and let leave whoever may."""
        self._place(chat, self._now())
        self._let_leave()

    def _place(self, chat: _Chat, now: float) -> None:
        """Put the first of a chat among those who only wait for room overall, or the chat among those that sleep."""
        first = None if chat.under_way else chat.first()
        if first is None:
            return
        wait = chat.bucket.wait(now)
        if wait:
            heapq.heappush(self._asleep, (now + wait, next(self._numbers), chat))
        else:
            heapq.heappush(self._ready, (first, next(self._numbers), chat))

    def _let_leave(self) -> None:
        """Give turns as long as there is room, then sleep until there is more.  An entry out of date is none."""
        now, wait = self._now(), math.inf
        while self._asleep and self._asleep[0][0] <= now + _HAIR:
            self._place(heapq.heappop(self._asleep)[2], now)
        while self._ready:
            waiter, _, chat = self._ready[0]
            if chat.under_way or chat.first() is not waiter:
                heapq.heappop(self._ready)
            elif chat.bucket.wait(now):
                heapq.heappop(self._ready)
                self._place(chat, now)
            elif wait_overall := self._wait_overall(now, self._need(waiter)):
                wait = wait_overall
                break
            else:
                heapq.heappop(self._ready)
                self._admit(chat, now)
        if self._asleep:
            wait = min(wait, self._asleep[0][0] - now)
        self._ring_after(wait)

    def _admit(self, chat: _Chat, now: float) -> None:
        waiter = heapq.heappop(chat.waiting)
        self._overall.take(now)
        self._left_at.append(now)
        chat.bucket.take(now)
        chat.under_way = True
        waiter.leave.set_result(None)

    def _wait_overall(self, now: float, need: float) -> float:
        """Return the seconds until so many tokens are there and the last second has room for as many."""
        full = len(self._left_at) - (self._most - math.ceil(need))
        last = self._left_at[full - 1] + SECOND - now if full > 0 else 0.0
        return max(self._overall.wait(now, need), last if last > _HAIR else 0.0)

    def _need(self, waiter: _Waiter) -> float:
        return 1.0 if waiter.urgency <= Urgency.URGENT else 1.0 + self._pace.kept_for_replies

    def _ring_after(self, seconds: float) -> None:
        """Look again after so many seconds, once."""
        at = self._now() + seconds
        if self._timer is not None and abs(at - self._rings_at) <= _HAIR:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._later(seconds, self._ring) if seconds < math.inf else None
        self._rings_at = at

    def _ring(self) -> None:
        self._timer = None
        self._let_leave()

    # The chats

    def _left(self, bucket: _Bucket) -> float:
        """Return how many seconds of a pause are left."""
        return max(0.0, bucket.closed_until - self._now())

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


def _refuse(waiting: list[_Waiter], seconds: float) -> None:
    """Tell those whose patience is shorter than a pause that they need not wait."""
    for waiter in waiting:
        if waiter.patience < seconds and not waiter.leave.done():
            waiter.leave.set_exception(ChatHeldError(seconds))

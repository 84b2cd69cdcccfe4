"""How fast messages leave: about one a second to a chat, below thirty a second in all, people who just tapped first.

Whoever wants to send waits for a turn; whose it is, `bot.domain.turns` works out.

Monotonic time only.  An answer 429 closes the chat for exactly as long as Telegram says.  It does not say whether it
means the chat or everybody: it means everybody when several chats are told to wait until the same instant
(`docs/decisions/0036-one-pacer-for-what-leaves.md`).
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final, Protocol

from bot.domain.model import Urgency
from bot.domain.turns import IDLE_AT_MOST, SECOND, Bucket, Chat, Pace, Turns

__all__ = ["IDLE_AT_MOST", "SECOND", "UNLIMITED", "ChatHeldError", "Pace", "Pacer", "Timer"]

REFUSED_TOGETHER: Final = 3
"""So many chats that are told to wait until the same instant were not too fast each for itself."""

SAME_INSTANT: Final = 1.5
"""Seconds between which two pauses end at the same instant: Telegram counts whole seconds."""

WAITED_OUT: Final = 60.0
"""Seconds: a pause of everything that is no longer than this is waited out by whatever is no reply."""

_HAIR: Final = 1e-9
"""What rounding may leave of a second."""

UNLIMITED: Final = Pace(overall=1e6, burst=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0, replied_to=1_000_000)
"""For a server that sets no limits (tests, demo)."""


class Timer(Protocol):
    """A call to come, which can be taken back."""

    def cancel(self) -> None:
        """Take it back."""


@dataclass(slots=True)
class _Waiter:
    """Somebody who waits for leave."""

    urgency: int
    number: int
    patience: float
    leave: "asyncio.Future[None]"

    @property
    def gone(self) -> bool:
        """Say whether no turn is wanted any more: the wait was given up, or refused."""
        return self.leave.done()


_Chat = Chat[_Waiter]


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
        self._now = now
        self._later = later
        self.pace = pace or Pace()
        """What is kept to at present."""
        self._turns: Turns[_Waiter] = Turns(self.pace, now())
        self._numbers = count()
        self._timer: Timer | None = None
        self._rings_at = math.inf

    @asynccontextmanager
    async def turn(self, chat_id: int, urgency: Urgency, patience: float = math.inf) -> AsyncIterator[None]:
        """Wait for this chat's turn and for room overall.

        Raises ChatHeldError when the chat is, or comes to be, held for more than `patience` seconds; for a reply also
        when everything is.  What is no reply has nothing else to do while everything is held, and waits for a while.
        """
        chat = self._turns.enter(chat_id, self._now())
        try:
            await self._admitted(chat_id, chat, urgency, patience)
            try:
                yield
            finally:
                self._turns.arrived(chat, self._now())
                self._let_leave()
        finally:
            self._turns.end(chat, self._now())

    def pass_by(self, chat_id: int) -> None:
        """Let a call leave that writes nothing into a chat and needs no token.  ChatHeldError inside a pause."""
        held = self.held(chat_id)
        if held:
            raise ChatHeldError(held)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to this chat for `seconds`, as a 429 said; to nobody, when it said so to several chats."""
        chat, until = self._turns.chat(chat_id, self._now()), self._now() + seconds
        chat.bucket.close(until)
        _refuse(chat.waiting, seconds)
        ends = [one.bucket.closed_until for one in self._turns.chats.values()]
        together = [end for end in ends if abs(end - until) <= SAME_INSTANT]
        if len(together) >= REFUSED_TOGETHER:
            self.hold_all(max(together) - self._now())

    def hold_all(self, seconds: float) -> None:
        """Send nothing to anybody for `seconds`."""
        self._turns.overall.close(self._now() + seconds)
        for chat in self._turns.chats.values():
            _refuse([one for one in chat.waiting if seconds > WAITED_OUT or one[0] == Urgency.REPLY], seconds)

    def held(self, chat_id: int, urgency: Urgency = Urgency.REPLY) -> float:
        """Return for how many seconds more a message of this class is refused in this chat; 0 when it is not."""
        chat, overall = self._turns.chats.get(chat_id), self._left(self._turns.overall)
        if urgency is not Urgency.REPLY and overall <= WAITED_OUT:
            overall = 0.0
        return max(self._left(chat.bucket) if chat else 0.0, overall)

    def wanted(self) -> int:
        """Return how many messages somebody wanted to send since the last time this was asked."""
        return self._turns.wanted()

    def take(self, pace: Pace) -> None:
        """Keep to another pace from now on, one that is shared with other processes."""
        self.pace = pace
        self._turns.take(pace, self._now())
        self._let_leave()

    def __len__(self) -> int:
        """Count the chats it remembers."""
        return len(self._turns.chats)

    # One turn

    async def _admitted(self, chat_id: int, chat: _Chat, urgency: Urgency, patience: float) -> None:
        """Wait until it may leave; what was told to leave a moment before a pause began waits for its end."""
        number = next(self._numbers)
        while True:
            held = self.held(chat_id, urgency)
            if held > patience:
                raise ChatHeldError(held)
            waiter = _Waiter(urgency, number, patience, asyncio.get_running_loop().create_future())
            self._turns.join(chat, waiter, self._now())
            self._let_leave()
            try:
                await waiter.leave
            except BaseException:
                self._give_up(chat, waiter)
                raise
            if not (self._left(chat.bucket) or self._left(self._turns.overall)):
                return
            self._turns.take_back(chat)
            self._go_on(chat)

    def _give_up(self, chat: _Chat, waiter: _Waiter) -> None:
        """Let the others go on; a turn that was given and not used is taken back whole."""
        if waiter.leave.done() and not waiter.leave.cancelled() and waiter.leave.exception() is None:
            self._turns.take_back(chat)
        self._go_on(chat)

    # Everybody's turns

    def _go_on(self, chat: _Chat) -> None:
        """Look at a chat in which something has changed, and let leave whoever may."""
        self._turns.go_on(chat, self._now())
        self._let_leave()

    def _let_leave(self) -> None:
        """Give turns as long as there is room, then sleep until there is more."""
        admitted, wait = self._turns.leaving(self._now())
        for waiter in admitted:
            waiter.leave.set_result(None)
        self._ring_after(wait)

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

    def _left(self, bucket: Bucket) -> float:
        """Return how many seconds of a pause are left."""
        return max(0.0, bucket.closed_until - self._now())


def _refuse(waiting: list[tuple[int, int, _Waiter]], seconds: float) -> None:
    """Tell those whose patience is shorter than a pause that they need not wait."""
    for _, _, waiter in waiting:
        if waiter.patience < seconds and not waiter.leave.done():
            waiter.leave.set_exception(ChatHeldError(seconds))

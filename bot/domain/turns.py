"""Whose message leaves next, and when: the arithmetic of Telegram's limits.  No clock, no waiting, no Telegram.

A turn is given when nothing is under way to the chat, the chat has a token, all together have one, and no pause holds
either; to the most urgent first, then to whoever has waited longest.  Instants are seconds of whatever clock the caller
has, as long as it never goes back: `handlers.pacing` lets messages wait for these turns, `bot.load` made-up ones.
"""

import heapq
import math
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, Generic, Protocol, TypeVar

from bot.domain.model import Urgency

IDLE_AT_MOST: Final = 1000
"""Chats remembered before those that have been quiet are forgotten."""

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


LEAST: Final = 1 / 15
"""The part of all messages that each process beside the owner may send at any time: two a second."""

LEAST_BURST: Final = 1 / 5
"""The part of what may leave at once that each of them has: one message."""

BESIDE_AT_MOST: Final = 0.7
"""The part of all messages that is theirs together at most; the rest is the owner's, replies first."""

GROWS: Final = 1.5
"""How much more than it wanted in the last second one may send in the next."""


def beside(pace: Pace, wants: Collection[int]) -> list[float]:
    """Return the rates of the processes beside the owner, in messages a second, by what each wanted in the last one."""
    rates = [max(LEAST * pace.overall, GROWS * want) for want in wants]
    too_many = sum(rates) / (BESIDE_AT_MOST * pace.overall)
    return [rate / max(1.0, too_many) for rate in rates]


def shared(pace: Pace, mine: int | None, others: Collection[int]) -> Pace:
    """Return the pace of one of several processes: `mine` is what it wants, None if it is the owner.

    Together they keep to `pace`, once all know what each of them wants.
    """
    burst = LEAST_BURST * pace.burst
    if mine is not None:
        return replace(pace, overall=beside(pace, [mine, *others])[0], burst=burst, kept_for_replies=0.0)
    rates = beside(pace, others)
    rest = max(pace.kept_for_replies + 1, pace.burst - len(rates) * burst)
    return replace(pace, overall=pace.overall - sum(rates), burst=min(rest, pace.burst))


def beginning(pace: Pace) -> Pace:
    """Return the pace of an owner that has not yet read what the others want: they may have all that they ever get."""
    return replace(pace, overall=(1 - BESIDE_AT_MOST) * pace.overall, burst=min(pace.kept_for_replies + 1, pace.burst))


class Waiter(Protocol):
    """Somebody who wants to send; `number`: in which order they came; `gone`: has given up."""

    @property
    def urgency(self) -> int:
        """Return the class."""

    @property
    def number(self) -> int:
        """Return the place in the order of coming."""

    @property
    def gone(self) -> bool:
        """Say whether no turn is wanted any more."""


Waiting = TypeVar("Waiting", bound=Waiter)


@dataclass(slots=True)
class Bucket:
    """Tokens that grow with time."""

    rate: float
    size: float
    level: float
    at: float
    closed_until: float = -math.inf

    def wait(self, now: float, need: float = 1.0) -> float:
        """Return the seconds until `need` tokens are there and nothing is closed; 0 when it is so."""
        self._grow(now)
        if self.level >= need and now >= self.closed_until:
            return 0.0
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

    def resize(self, rate: float, size: float, now: float) -> None:
        """Let tokens grow at another rate from now on, up to so many."""
        self._grow(now)
        self.rate, self.size, self.level = rate, size, min(size, self.level)

    def _grow(self, now: float) -> None:
        if now > self.at:
            self.level = min(self.size, self.level + (now - self.at) * self.rate)
            self.at = now


@dataclass(slots=True)
class Chat(Generic[Waiting]):
    """One chat: its tokens, who waits to write to it, whether a message is under way, and how many turns there are."""

    bucket: Bucket
    waiting: list[tuple[int, int, Waiting]] = field(default_factory=list)
    under_way: bool = False
    turns: int = 0

    def first(self) -> Waiting | None:
        """Return who is next, passing over those who have gone."""
        while self.waiting and self.waiting[0][2].gone:
            heapq.heappop(self.waiting)
        return self.waiting[0][2] if self.waiting else None


class Turns(Generic[Waiting]):
    """Gives turns; it begins at `now`."""

    def __init__(self, pace: Pace, now: float) -> None:
        self._pace = pace
        self.overall = Bucket(pace.overall, pace.burst, pace.burst, now)
        self.chats: dict[int, Chat[Waiting]] = {}
        self._most = int(pace.overall + pace.burst)
        self._left_at: deque[float] = deque(maxlen=self._most)
        self._ready: list[tuple[int, int, int, Waiting, Chat[Waiting]]] = []
        self._asleep: list[tuple[float, int, Chat[Waiting]]] = []
        self._places = count()
        self._tidy_from = IDLE_AT_MOST
        self._wanted = 0

    def take(self, pace: Pace, now: float) -> None:
        """Keep to another pace from now on; in all to no faster one than at the beginning."""
        self.overall.resize(pace.overall, pace.burst, now)
        self._pace = pace
        self._most = int(pace.overall + pace.burst)

    def wanted(self) -> int:
        """Return how many turns were asked for since the last time this was, or are waited for still."""
        wanted, self._wanted = self._wanted, 0
        return max(wanted, sum(len(chat.waiting) for chat in self.chats.values()))

    def chat(self, chat_id: int, now: float) -> Chat[Waiting]:
        """Return a chat; one that was not remembered has all its tokens."""
        chat = self.chats.get(chat_id)
        if chat is None:
            size = float(self._pace.chat_burst)
            chat = self.chats[chat_id] = Chat(Bucket(self._pace.chat, size, size, now))
        return chat

    def enter(self, chat_id: int, now: float) -> Chat[Waiting]:
        """Begin a turn in a chat, which is not forgotten before `end`."""
        chat = self.chat(chat_id, now)
        chat.turns += 1
        return chat

    def join(self, chat: Chat[Waiting], waiter: Waiting, now: float) -> None:
        """Let somebody wait for leave; ask `leaving` then."""
        self._wanted += 1
        heapq.heappush(chat.waiting, (waiter.urgency, waiter.number, waiter))
        self.go_on(chat, now)

    def go_on(self, chat: Chat[Waiting], now: float) -> None:
        """Look at a chat in which something has changed: its first waits for room overall, or the chat sleeps."""
        first = None if chat.under_way else chat.first()
        if first is None:
            return
        wait = chat.bucket.wait(now)
        if wait:
            heapq.heappush(self._asleep, (now + wait, next(self._places), chat))
        else:
            heapq.heappush(self._ready, (first.urgency, first.number, next(self._places), first, chat))

    def leaving(self, now: float) -> tuple[list[Waiting], float]:
        """Give turns as long as there is room; return who has one, and the seconds until the next look is worth it."""
        wait, admitted = math.inf, []
        while self._asleep and self._asleep[0][0] <= now + _HAIR:
            self.go_on(heapq.heappop(self._asleep)[2], now)
        while self._ready:
            urgency, _, _, waiter, chat = self._ready[0]
            if chat.under_way or chat.first() is not waiter:  # an entry out of date is none
                heapq.heappop(self._ready)
            elif chat.bucket.wait(now):
                heapq.heappop(self._ready)
                self.go_on(chat, now)
            elif wait_overall := self._wait_overall(now, self._need(urgency)):
                wait = wait_overall
                break
            else:
                heapq.heappop(self._ready)
                self._admit(chat, now)
                admitted.append(waiter)
        if self._asleep:
            wait = min(wait, self._asleep[0][0] - now)
        return admitted, wait

    def take_back(self, chat: Chat[Waiting]) -> None:
        """Take back whole the newest turn that was given, and not used."""
        chat.under_way = False
        chat.bucket.give_back()
        self.overall.give_back()
        self._left_at.pop()

    def arrived(self, chat: Chat[Waiting], now: float) -> None:
        """Let the next of a chat go on: the message that was under way is there, or will never be."""
        chat.under_way = False
        self.go_on(chat, now)

    def end(self, chat: Chat[Waiting], now: float) -> None:
        """End a turn.  No bucket is kept that is full again: memory follows the chats that are being written to."""
        chat.turns -= 1
        if len(self.chats) <= self._tidy_from:
            return
        self.chats = {id_: one for id_, one in self.chats.items() if one.turns or one.bucket.wait(now, one.bucket.size)}
        self._tidy_from = max(IDLE_AT_MOST, 2 * len(self.chats))

    def _admit(self, chat: Chat[Waiting], now: float) -> None:
        heapq.heappop(chat.waiting)
        self.overall.take(now)
        self._left_at.append(now)
        chat.bucket.take(now)
        chat.under_way = True

    def _wait_overall(self, now: float, need: float) -> float:
        """Return the seconds until so many tokens are there and the last second has room for as many."""
        wait = self.overall.wait(now, need)
        full = len(self._left_at) - (self._most - math.ceil(need))
        last = self._left_at[full - 1] + SECOND - now if full > 0 else 0.0
        return max(wait, last) if last > _HAIR else wait

    def _need(self, urgency: int) -> float:
        return 1.0 if urgency <= Urgency.URGENT else 1.0 + self._pace.kept_for_replies

"""How fast a bot may write, enforced: what comes faster is refused with 429, and whoever does not wait is noted.

Figures as Telegram publishes them ("My bot is hitting limits", core.telegram.org/bots/faq); what it does exactly is
not known, so each can be set.  Only messages that are sent count, each of an album: edits, answers to taps and
everything else are free.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.demo.params import Params

EVERYWHERE: Final = 0
"""Stands for all chats together: no chat has this id."""

_HAIR: Final = 1e-6
"""Seconds that the rounding of a clock which has run for long may leave."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A call about a chat inside a pause that a 429 had asked for; `early` is how many seconds of it were left."""

    chat_id: int
    early: float


@dataclass(frozen=True, slots=True)
class _Window:
    """At most so many messages in any stretch of so many seconds."""

    messages: float
    seconds: float

    def wait(self, sent: deque[float], count: int, now: float) -> float:
        """Return the seconds until there is room for `count` more."""
        while sent and sent[0] <= now - self.seconds:
            sent.popleft()
        excess = len(sent) + count - self.messages
        if excess <= 0:
            return 0
        return sent[min(math.ceil(excess), len(sent)) - 1] + self.seconds - now if sent else self.seconds


class Limits:
    """Telegram's limits and what came of them.  `now` gives seconds, the machine's own unless a test has another clock.

    `chat` messages a second may go to one person, after a burst of `chat_burst`; `overall` in any second to all
    together; `group` in any minute to one group.
    """

    def __init__(
        self,
        *,
        chat: float = 1.0,
        chat_burst: int = 5,
        overall: float = 30,
        group: float = 20,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chat = chat
        self._chat_burst = chat_burst
        self._overall = _Window(overall, 1)
        self._group = _Window(group, 60)
        self._now = now
        self._full_at: dict[int, float] = {}
        self._sent: defaultdict[int, deque[float]] = defaultdict(deque)
        self._pauses: dict[int, float] = {}
        self._closed_until: dict[int, float] = {}
        self.refused = 0
        """Messages that were too many."""
        self.violations: list[Violation] = []
        """Calls that came although a 429 had asked to wait, whether that came from these limits or from a fault."""

    @classmethod
    def none(cls) -> "Limits":
        """Refuse nothing; pauses that a fault asks for are watched all the same."""
        return cls(chat=math.inf, chat_burst=0, overall=math.inf, group=math.inf)

    def watch(self, chat_id: int, retry_after: float = 0) -> None:
        """Note a call about this chat if it comes inside a pause; then begin the one that a fault asks for with 429.

        Such a pause is watched, not enforced: the fault's own rule says how often it refuses.
        """
        now = self._now()
        early = max(self._pauses.get(where, now) for where in (chat_id, EVERYWHERE)) - now
        if early > 0:
            self.violations.append(Violation(chat_id, early))
        if retry_after:
            self._pause(chat_id, now + retry_after)

    def _pause(self, where: int, until: float) -> None:
        self._pauses[where] = max(self._pauses.get(where, until), until)

    def admit(self, chat_id: int, count: int) -> int:
        """Let `count` messages pass and return 0, or return the whole seconds to wait before the next try."""
        if not count:
            return 0
        now = self._now()
        waits = {chat_id: self._chat_wait(chat_id, count, now), EVERYWHERE: self._wait(EVERYWHERE, count, now)}
        tightest = max(waits, key=lambda where: waits[where])
        if waits[tightest] <= _HAIR:
            self._take(chat_id, count, now)
            return 0
        self.refused += count
        retry_after = max(1, math.ceil(waits[tightest]))
        self._closed_until[tightest] = now + retry_after
        self._pause(tightest, now + retry_after)
        return retry_after

    def _chat_wait(self, chat_id: int, count: int, now: float) -> float:
        if chat_id < 0:
            return self._wait(chat_id, count, now)
        full_at = max(self._full_at.get(chat_id, now), now) + count / self._chat
        return max(full_at - now - max(self._chat_burst, count) / self._chat, self._closed(chat_id, now))

    def _wait(self, where: int, count: int, now: float) -> float:
        window = self._overall if where == EVERYWHERE else self._group
        return max(window.wait(self._sent[where], count, now), self._closed(where, now))

    def _closed(self, where: int, now: float) -> float:
        return self._closed_until.get(where, now) - now

    def _take(self, chat_id: int, count: int, now: float) -> None:
        self._full_at[chat_id] = max(self._full_at.get(chat_id, now), now) + count / self._chat
        for where in {EVERYWHERE, min(chat_id, EVERYWHERE)}:
            self._sent[where].extend([now] * count)


def messages_in(method: str, params: Params) -> int:
    """Say how many messages a call sends."""
    name = method.lower()
    if name == "sendmediagroup":
        return max(1, len(params.listed("media")))
    return int(name.startswith("send") and name != "sendchataction")

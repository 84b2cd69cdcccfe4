"""Who writes too much: beyond twenty updates a minute a chat gets no replies, and is told so once.

Only replies are held back.  Everything is kept and looked through for crisis words; what a tap or typed words change
is changed, and the tick shows it later.  Crisis words and one `/ayuda` a minute are always answered, and so is each
button about them, the first time in a minute.  Taps that moved a question on do not count: each of them was asked for.

A minute is one of the injected clock and begins with the chat's first update; what is worked again after a failure
was counted before.  Per chat a few numbers are held, for at most `REMEMBERED` chats.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.errors import UndeliverableError

MINUTE: Final = timedelta(minutes=1)
REMEMBERED: Final = 10_000
"""Chats; of more than these the one that has been quiet longest is forgotten, and begins anew."""


URGENT_TAPS: Final = 64
"""Different buttons about urgent words in one minute, of one chat; more are no person's, and count like all others."""


class HeldBackError(UndeliverableError):
    """A reply that was not made because the chat writes too fast; what the update changed stands."""

    def __init__(self) -> None:
        super().__init__("held back: too many messages", permanent=True)


@dataclass(slots=True)
class _Minute:
    """What one chat has sent since `began_at`; `last` is the newest update that was counted."""

    began_at: datetime
    count: int = 0
    last: int = 0
    is_told: bool = False
    is_helped: bool = False
    urgent_taps: set[str] = field(default_factory=set, repr=False)

    def is_first(self, urgent_tap: str | None) -> bool:
        """Note a tap about urgent words; True if it is the first of its kind."""
        if urgent_tap is None or urgent_tap in self.urgent_taps or len(self.urgent_taps) >= URGENT_TAPS:
            return False
        self.urgent_taps.add(urgent_tap)
        return True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about one update: reply or not, and whether to say that replies stay away from now on."""

    held: bool = False
    tell: bool = False


class Flood:
    """Counts the updates of each chat; `at_most` of a minute are replied to."""

    def __init__(self, clock: Clock, at_most: int) -> None:
        self._clock = clock
        self._at_most = at_most
        self._chats: dict[int, _Minute] = {}

    def __len__(self) -> int:
        """Count the chats it remembers."""
        return len(self._chats)

    def look(
        self, chat_id: int, update: int, *, asks_for_help: bool, in_danger: bool, urgent_tap: str | None
    ) -> Verdict:
        """Count one update (an inbox id, growing) and say what to do about it.

        `urgent_tap`: what the button says, if it is one about urgent words.
        """
        minute = self._minute(chat_id)
        if update <= minute.last:
            return Verdict()
        minute.last, minute.count = update, minute.count + 1
        is_urgent = minute.is_first(urgent_tap) or in_danger
        if minute.count <= self._at_most or is_urgent:
            return Verdict()
        if asks_for_help and not minute.is_helped:
            minute.is_helped = True
            return Verdict()
        tell, minute.is_told = not minute.is_told, True
        return Verdict(held=True, tell=tell)

    def forgive(self, chat_id: int) -> None:
        """Take back the newest count of a chat: its update was an answer that had been asked for."""
        minute = self._minute(chat_id)
        minute.count = max(minute.count - 1, 0)

    def _minute(self, chat_id: int) -> _Minute:
        """Return the chat's minute, a new one when it is over; a flood that goes on is not announced again."""
        now = self._clock.now()
        old = self._chats.pop(chat_id, None)
        if old is not None and now - old.began_at < MINUTE:
            minute = old
        else:
            minute = _Minute(now)
            if old is not None:
                minute.last, minute.is_told = old.last, old.is_told and now - old.began_at < 2 * MINUTE
        self._chats[chat_id] = minute  # the newest stand last
        if len(self._chats) > REMEMBERED:
            del self._chats[next(iter(self._chats))]
        return minute

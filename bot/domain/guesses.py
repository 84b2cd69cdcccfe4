"""How many wrong links are believed to be mistakes: five an hour from one chat, two hundred in the whole practice.

Only counted in memory here, so that a guess beyond the limit costs next to nothing; what outlives the process is
counted in rows (`People.failed_starts`, `People.wrong_links`).
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

OF_ONE_CHAT: Final = 5
OF_ALL: Final = 200
WITHIN: Final = timedelta(hours=1)
REMEMBERED: Final = 10_000
"""Chats; of more than these the one that guessed longest ago is forgotten (its rows are not)."""


class Guesses:
    """The wrong links of the last hour: of each chat, and of everybody."""

    def __init__(self) -> None:
        self._of: dict[int, deque[datetime]] = {}
        self._all: deque[datetime] = deque(maxlen=OF_ALL)

    def __len__(self) -> int:
        """Count the chats it remembers."""
        return len(self._of)

    def note(self, chat_id: int, at: datetime) -> bool:
        """Count one wrong link; say whether it is the one that fills the practice's hour."""
        was_full = self.too_many(at)
        mine = self._of.pop(chat_id, None) or deque[datetime](maxlen=OF_ONE_CHAT)
        mine.append(at)
        self._of[chat_id] = mine  # who guessed last stands last
        self._all.append(at)
        if len(self._of) > REMEMBERED:
            del self._of[next(iter(self._of))]
        return self.too_many(at) and not was_full

    def too_many_of(self, chat_id: int, at: datetime) -> bool:
        """Say whether this chat has guessed often enough for an hour."""
        return _full(self._of.get(chat_id), at)

    def too_many(self, at: datetime) -> bool:
        """Say whether the practice has seen enough wrong links for an hour."""
        return _full(self._all, at)


def _full(tries: deque[datetime] | None, at: datetime) -> bool:
    return tries is not None and len(tries) == tries.maxlen and at - tries[0] < WITHIN

"""Two programs that poll with one token, each with a database of its own: who has been alone before goes on.

Telegram ends the older of two polls (409).  A bot that was at home asks again at once, which ends the newcomer's; the
newcomer has never been alone, gives way, and looks only from time to time whether the other is gone.  Meanwhile it
keeps and confirms nothing, and sends nothing: the updates are the other's.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

ALONE_AFTER: Final = 5.0
"""Seconds of one undisturbed poll: a bot that is at home would have asked again by then."""


class Rivals:
    """Remembers whether this bot has been alone; `is_guest` while it gives way to another."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._asked_at = now()
        self._at_home = False
        self._left: Any = None
        self.is_guest = False

    def asks(self) -> None:
        """Note that a poll begins."""
        self._asked_at = self._now()

    def may_take(self, batch: Sequence[Any]) -> bool:
        """Note that a poll has ended by itself; say whether what it brought is ours.

        To a guest it is once it was alone for a while, or found twice what nobody else has confirmed.
        """
        alone = self._now() - self._asked_at >= ALONE_AFTER
        first = batch[0] if batch else None
        if self.is_guest and not alone and (first is None or first != self._left):
            self._left = first
            return False
        self._at_home = self._at_home or alone or self.is_guest
        self.is_guest = False
        return True

    def conflict(self) -> None:
        """Note that Telegram has ended our poll for another's."""
        self.is_guest = not self._at_home

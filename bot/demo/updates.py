"""The queue of updates: ids, confirmation by offset, long polling, at most 24 hours of memory.

Delivery to a webhook is in webhook.py; both read the same queue.
"""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from bot.demo import refusals
from bot.demo.changes import Signal
from bot.demo.refusals import conflict

KEPT_FOR = timedelta(hours=24)
AHEAD = 10
"""An offset further ahead than this is not believed, and the queue is read from its beginning."""
BATCH = 100
NEVER_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """Updates in order of arrival. `next_id` is the id of the next one."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._queue: deque[tuple[int, dict[str, Any], datetime]] = deque()
        self._allowed: frozenset[str] = frozenset()
        self._poll: object | None = None
        self._is_closed = False
        self.next_id = 1
        self.signal = Signal()

    def push(self, update: dict[str, Any]) -> None:
        """Queue an update; one without update_id gets the next. Kinds the bot did not ask for never exist."""
        if not self._is_wanted(update):
            return
        given = update.get("update_id")
        number = given if isinstance(given, int) else self.next_id
        self.next_id = max(self.next_id, number + 1)
        self._queue.append((number, {"update_id": number} | update, self._now()))
        self.signal.changed()

    def _is_wanted(self, update: dict[str, Any]) -> bool:
        kinds = update.keys() - {"update_id"}
        return not (kinds - self._allowed if self._allowed else kinds & NEVER_BY_DEFAULT)

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember which kinds the bot wants from now on; None leaves it as it was, none at all means the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    def __len__(self) -> int:
        self._forget_old()
        return len(self._queue)

    def head(self, limit: int = BATCH) -> list[dict[str, Any]]:
        """Give the oldest updates that were not confirmed."""
        self._forget_old()
        return [update for _, update, _ in islice(self._queue, limit)]

    def _forget_old(self) -> None:
        horizon = self._now() - KEPT_FOR
        while self._queue and self._queue[0][2] < horizon:
            self._pop()

    def _pop(self) -> None:
        self._queue.popleft()
        self.signal.changed()

    def waits(self, update: dict[str, Any]) -> bool:
        """Say whether an update was not confirmed, nor forgotten."""
        self._forget_old()
        return any(waiting is update for _, waiting, _ in self._queue)

    def drop(self, update: dict[str, Any]) -> None:
        """Forget an update: a webhook took it."""
        self._queue = deque(one for one in self._queue if one[1] is not update)
        self.signal.changed()

    def clear(self) -> None:
        """Forget them all."""
        self._queue.clear()
        self.signal.changed()

    def confirm(self, offset: int) -> None:
        """Forget what lies below `offset`; a negative one keeps only so many of the newest."""
        if offset < 0:
            self._keep_newest(-offset)
        elif offset <= self.next_id + AHEAD:
            while self._queue and self._queue[0][0] < offset:
                self._pop()

    def _keep_newest(self, count: int) -> None:
        while len(self._queue) > count:
            self._pop()

    async def poll(self, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        """Answer getUpdates: end the poll that is under way, confirm, wait until there is something.

        Raises the 409 that the *older* of two pollers receives.
        """
        mine = self._poll = object()
        self.signal.changed()
        self.confirm(offset)
        try:
            await self.signal.until(lambda: len(self) > 0 or self._poll is not mine or self._is_closed, seconds)
            if self._poll is not mine:
                raise conflict(refusals.OTHER_POLL)
            return self.head(limit)
        finally:  # a poller that died is not there any more
            self._poll = self._poll if self._poll is not mine else None
            self.signal.changed()

    @property
    def is_polled(self) -> bool:
        """Whether a getUpdates is under way."""
        return self._poll is not None

    def close(self) -> None:
        """End a poll under way: the server stops."""
        self._is_closed = True
        self.signal.changed()

    def open(self) -> None:
        """Allow polls to wait (again)."""
        self._is_closed = False

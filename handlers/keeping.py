"""What comes in where this process does not work it: kept for the one that does, which is told.

The way in of a process that stands by while Telegram brings updates to all of them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.clock import Clock
from bot.domain.trouble import Trouble
from bot.services.ports import Store
from handlers.first_aid import FirstAid
from handlers.intake import readable

log = structlog.get_logger()


class Keeping:
    """Keeps what comes in.  Implements `handlers.webhook.Inlet`."""

    def __init__(self, store: Store, clock: Clock, first_aid: FirstAid) -> None:
        self._store = store
        self._clock = clock
        self._first_aid = first_aid
        self._trouble: Trouble | None = None
        self.well_at: datetime | None = None

    async def keep(self, batch: Sequence[Any]) -> None:
        """Store what Telegram delivered in one commit, of which whoever works it hears.

        Raises StoreTroubleError, and then nothing may be confirmed; who cannot wait has been answered.
        """
        found = readable(batch)
        if not found:
            return
        async with self._first_aid.beside([update for update, _ in found]), self._store.transaction() as tx:
            await tx.inbox.keep([incoming for _, incoming in found], self._clock.now())
            await tx.inbox.announce()

    def turned(self, trouble: Trouble | None = None) -> None:
        """Note how it went; what is new about it is logged, once, without any content."""
        known, self._trouble = self._trouble, trouble
        if trouble is None:
            self.well_at = self._clock.now()
            return
        if known is None or known.kind is not trouble.kind:
            log.warning("nothing is kept", why=trouble.says)

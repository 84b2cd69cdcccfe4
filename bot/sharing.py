"""The pace of all messages, shared by the processes on one database: Telegram counts them together.

Each but the owner says every second how much it wanted to send, and the owner takes what is left.  Whoever may send
more than before waits for a second: by then the owner has read that it sends less.
"""

from bot.domain.turns import Pace, beginning, shared
from handlers.pacing import Pacer
from storage.database import Database


class Sharing:
    """One process's share.  `owns`: it takes what the others leave."""

    def __init__(self, store: Database, pacer: Pacer, pace: Pace, *, owns: bool) -> None:
        self._store = store
        self._pacer = pacer
        self._pace = pace
        self._owns = owns
        self._granted = beginning(pace) if owns else shared(pace, 0, [])
        if store.is_shared:
            pacer.take(self._granted)

    async def look(self) -> None:
        """Say what is wanted, and keep to what is left.  StoreUnavailableError; then the share is as before."""
        mine = None if self._owns else self._pacer.wanted()
        async with self._store.keeping() as tx:
            others = await tx.workers.want(mine)
        before, self._granted = self._granted, shared(self._pace, mine, list(others.values()))
        self._pacer.take(min(before, self._granted, key=lambda pace: pace.overall))

"""What was put aside after five tries: an operator sees which, and has it tried again once its cause is gone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.domain.model import InboxId, OutboxId
from bot.domain.post import Aside, Box
from bot.services.ports import Store, Tx

MOST: Final = 1000
"""Rows of each box that are looked at."""

SUBJECTS: Final = {Box.UPDATE: "inbox", Box.MESSAGE: "outbox"}
"""What the audit calls them."""


class ParkedPost:
    """The verbs of what was put aside."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def list(self) -> Sequence[Aside]:
        """Return what was put aside, the newest first; nothing of what it says."""
        async with self._store.reading() as tx:
            return await _aside(tx)

    async def retry(self, numbers: Collection[str] | None) -> tuple[Sequence[Aside], Sequence[Aside]]:
        """Let these be tried anew, or all (None); return those that are, and those of which no copy is kept.

        The running bot takes them up at its next look, one that starts at its first.
        """
        now = self._clock.now()
        done: list[Aside] = []
        left: list[Aside] = []
        async with self._store.transaction() as tx:
            for one in await _aside(tx):
                if numbers is not None and one.number not in numbers:
                    continue
                if await _again(tx, one, now):
                    await tx.audit.note(now, None, "retried", SUBJECTS[one.box], one.row.id)
                    done.append(one)
                else:
                    left.append(one)
        return done, left


async def _aside(tx: Tx) -> Sequence[Aside]:
    updates = [Aside(Box.UPDATE, row) for row in await tx.inbox.parked(MOST)]
    messages = [Aside(Box.MESSAGE, row) for row in await tx.outbox.parked(MOST)]
    return sorted([*updates, *messages], key=lambda one: one.row.parked_at, reverse=True)


async def _again(tx: Tx, one: Aside, at: datetime) -> bool:
    if one.box is Box.UPDATE:
        return await tx.inbox.again(InboxId(one.row.id), at)
    return await tx.outbox.again(OutboxId(one.row.id), at)

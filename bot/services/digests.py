"""The weekly digest: when it is due, and what a therapist's week looked like."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain import timing
from bot.domain.model import CheckInLine, Therapist, Urgency, Visitor
from bot.domain.notices import WeeklyDigest
from bot.domain.post import Receipt
from bot.domain.views import DigestView
from bot.services.ports import Store

DAYS: Final = timedelta(days=6)
CHARTED: Final = timedelta(weeks=26)
"""How far back the chart marks falls and repairs."""

ASKED_GOOD_FOR: Final = timedelta(hours=12)


class Digests:
    """The verbs of the digest."""

    def __init__(self, store: Store, clock: Clock, weekday: int, hour: int) -> None:
        self._store = store
        self._clock = clock
        self._weekday = weekday
        self._hour = hour

    async def run_due(self) -> int:
        """Write the digests that are due; after an outage, one for the newest missed week."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            due = await tx.people.therapists_due(now)
        for therapist in due:
            await self._write(therapist, now)
        return len(due)

    async def _write(self, therapist: Therapist, now: datetime) -> None:
        next_at = timing.next_weekly(now, self._weekday, self._hour, therapist.zone)
        missed_at = next_at.astimezone(therapist.zone).date() - timing.WEEK
        due_on = max(therapist.digest_at.astimezone(therapist.zone).date(), missed_at)
        async with self._store.transaction() as tx:
            notice = WeeklyDigest(due_on - DAYS, due_on)
            key = f"digest:{therapist.id}:{due_on.isoformat()}"
            await tx.outbox.put(notice, therapist.person_id, Urgency.BULK, now, key)
            await tx.people.set_digest_at(therapist.id, next_at)

    async def ask(self, visitor: Visitor, receipt: Receipt) -> bool:
        """Send the last seven days now; False if the visitor is no therapist."""
        therapist, now = visitor.therapist, self._clock.now()
        if therapist is None:
            return False
        today = now.astimezone(therapist.zone).date()
        async with self._store.transaction(receipt) as tx:
            notice = WeeklyDigest(today - DAYS, today, asked_for=True)
            until = now + ASKED_GOOD_FOR
            await tx.outbox.put(notice, therapist.person_id, Urgency.REPLY, now, f"summary:{receipt}", until)
        return True

    async def view(self, therapist: Therapist, first_on: date, last_on: date) -> DigestView:
        """Return the facts of the days from `first_on` to `last_on`, both included, on the therapist's calendar."""
        since = timing.to_utc(datetime.combine(first_on, time.min), therapist.zone)
        until = timing.to_utc(datetime.combine(last_on + timedelta(days=1), time.min), therapist.zone)
        async with self._store.reading() as tx:
            history = await tx.check_ins.lines(therapist.id, until)
            return DigestView(
                first_on,
                last_on,
                therapist.zone,
                _between(history, since),
                history,
                await tx.alerts.episodes(therapist.id, since),
                await tx.alerts.unseen_concerns(therapist.id),
                await tx.sessions.count(therapist.id, since, min(until, self._clock.now())),
                len(await tx.people.patients_of(therapist.id)),
                await tx.alerts.episodes(therapist.id, since - CHARTED),
            )


def _between(history: Sequence[CheckInLine], since: datetime) -> Sequence[CheckInLine]:
    return [line for line in history if line.session_ends_at >= since]

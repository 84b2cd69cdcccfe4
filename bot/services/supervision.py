"""The monthly reading of the alliance for supervisors: when it is written, and what is in it."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain import supervision, timing
from bot.domain.model import Role, TherapistId, Urgency, Visitor
from bot.domain.notices_reports import SupervisionReading
from bot.domain.records import RecordKind
from bot.domain.supervision import Caseload, Reading
from bot.services.ports import Store


class Supervision:
    """The verbs of the reading, which is due at `hour` on the first of a month."""

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo, hour: int) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._hour = hour

    async def write(self) -> None:
        """Write the reading of the month that ended last to every supervisor; one that was written stays written.

        It is due when it was to come: one that an outage has made late leaves out of quiet hours.
        """
        now = self._clock.now()
        first_on = supervision.month_before(now, self._zone)
        due_at = min(now, supervision.reading_after(first_on, self._hour, self._zone))
        async with self._store.transaction() as tx:
            for contact in await tx.people.contacts(Role.SUPERVISOR):
                key = f"supervision:{contact.person_id}:{first_on.isoformat()}"
                await tx.outbox.put(SupervisionReading(first_on), contact.person_id, Urgency.BULK, due_at, key)

    async def reading(self, visitor: Visitor, first_on: date) -> Reading | None:
        """Read a month without the reader's own patients, who could be subtracted; None for who is no supervisor."""
        if Role.SUPERVISOR not in visitor.roles:
            return None
        own = visitor.therapist.id if visitor.therapist else None
        return supervision.reading(first_on, self._zone, await self._caseloads(first_on, own))

    async def _caseloads(self, first_on: date, own: TherapistId | None) -> Sequence[Caseload]:
        begins, ends = supervision.bounds(first_on, self._zone)
        async with self._store.reading() as tx:
            return [
                Caseload(
                    therapist.id,
                    await tx.check_ins.lines(therapist.id, ends),
                    await tx.courses.of_therapist(therapist.id),
                    await tx.alerts.episodes(therapist.id, timing.EVER),
                    await tx.records.noted(therapist.id, RecordKind.MARKER, begins, ends),
                )
                for therapist in await tx.people.therapists()
                if therapist.id != own
            ]

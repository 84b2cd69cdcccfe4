"""Whether messages still reach a person: losing touch pauses a patient and tells the therapist once."""

import structlog

from bot.clock import Clock
from bot.domain import timing
from bot.domain.errors import StoreTroubleError
from bot.domain.hours import QuietHours
from bot.domain.model import PatientState, Person, PersonId, Urgency, Visitor
from bot.domain.notices import PatientUnreachable
from bot.services.ports import Store

log = structlog.get_logger()


class Reach:
    """The verbs of losing and finding touch."""

    def __init__(self, store: Store, clock: Clock, therapist_quiet: QuietHours) -> None:
        self._store = store
        self._clock = clock
        self._therapist_quiet = therapist_quiet

    async def lost(self, person: Person) -> None:
        """Stop asking a person whose chat is gone; tell the therapist of each patient once."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            visitor = await tx.people.visitor(person.chat_id)
            await tx.people.set_reachable(person.id, now, reachable=False)
            for patient in visitor.patients:
                if patient.state is not PatientState.ACTIVE:
                    continue
                await tx.people.set_patient_state(patient.id, PatientState.UNREACHABLE, now)
                therapist = await tx.people.therapist(patient.therapist_id)
                at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
                notice = PatientUnreachable(patient.code)
                key = f"unreachable:{patient.id}:{now.isoformat()}"
                await tx.outbox.put(notice, therapist.person_id, Urgency.ALERT, at, key)

    async def note_message(self, person_id: PersonId, message_id: int) -> bool:
        """Remember a message in somebody's chat; False when it cannot be written down now."""
        try:
            async with self._store.transaction(of=person_id) as tx:
                await tx.leaving.note_message(person_id, message_id, self._clock.now())
        except StoreTroubleError as error:
            log.info("a message was not noted", why=str(error))
            return False
        return True

    async def back(self, visitor: Visitor) -> None:
        """Note that this person can be written to again, and take up what had stopped or was waiting for them."""
        if visitor.person is None or visitor.person.reachable:
            return
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.people.set_reachable(visitor.person.id, now, reachable=True)
            await tx.outbox.wake(visitor.person.id, now)
            for patient in visitor.patients:
                if patient.state is PatientState.UNREACHABLE:
                    await tx.people.set_patient_state(patient.id, PatientState.ACTIVE, now)

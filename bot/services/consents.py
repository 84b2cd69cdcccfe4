"""A consent text that says something else now is put before the patient again; until then nothing is asked."""

from dataclasses import replace
from typing import Final

from bot.clock import Clock
from bot.domain import timing
from bot.domain.hours import QuietHours
from bot.domain.model import (
    CheckInState,
    ConsentShown,
    Patient,
    PatientId,
    PatientState,
    Person,
    Urgency,
    Visitor,
)
from bot.domain.notices import ConsentDeclined, Consented, PatientDecided
from bot.domain.post import Receipt
from bot.domain.timing import CheckInTimes
from bot.services.ports import Store, Tx

DECIDING: Final = (PatientState.ACTIVE, PatientState.PAUSED, PatientState.UNREACHABLE)


class Consents:
    """The verbs of deciding again."""

    def __init__(
        self, store: Store, clock: Clock, times: CheckInTimes, therapist_quiet: QuietHours, in_force: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._times = times
        self._therapist_quiet = therapist_quiet
        self._in_force = in_force

    async def decide(
        self, visitor: Visitor, patient_id: PatientId, shown: ConsentShown, receipt: Receipt, *, accepted: bool
    ) -> bool:
        """Keep a patient's decision about the new text; False if there is nothing for them to decide (any more)."""
        now, person = self._clock.now(), visitor.person
        async with self._store.transaction(receipt) as tx:
            patient = await _own(tx, visitor, patient_id)
            if patient is None or person is None:
                return False
            if await tx.people.agreed_version(patient_id) in (self._in_force, shown.version):
                return False
            language = person.voice.language
            await tx.people.add_consent(patient_id, shown.version, shown.text_hash, language, now, accepted=accepted)
            await tx.audit.note(now, person.id, "consented" if accepted else "declined", "patient", patient_id)
            await (self._take_up(tx, patient_id, person) if accepted else self._stop(tx, patient, receipt))
            reply = Consented(patient_id) if accepted else ConsentDeclined(patient_id)
            await tx.outbox.put(reply, person.id, Urgency.REPLY, now, f"decided:{receipt}")
        return True

    async def _take_up(self, tx: Tx, patient_id: PatientId, person: Person) -> None:
        """Ask now what has waited for the decision."""
        now, times = self._clock.now(), self._times.resting(person.quiet)
        for waiting in await tx.check_ins.unfinished_of(person.id, now):
            if waiting.state is CheckInState.PLANNED and waiting.patient_id == patient_id:
                due_at = max(now, timing.due(waiting.session_ends_at, times, person.voice.zone))
                await tx.check_ins.save(replace(waiting, due_at=due_at), now)

    async def _stop(self, tx: Tx, patient: Patient, receipt: Receipt) -> None:
        now = self._clock.now()
        await tx.people.set_patient_state(patient.id, PatientState.DECLINED, now)
        therapist = await tx.people.therapist(patient.therapist_id)
        at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
        decided = PatientDecided(patient.code, accepted=False)
        await tx.outbox.put(decided, therapist.person_id, Urgency.BULK, at, f"decision:{receipt}")


async def _own(tx: Tx, visitor: Visitor, patient_id: PatientId) -> Patient | None:
    mine = (await tx.people.visitor(visitor.chat_id)).patients
    return next((one for one in mine if one.id == patient_id and one.state in DECIDING), None)

"""What `/historial` shows: one patient's sessions, to the therapist whose patient it is.  Reads only."""

from collections.abc import Sequence

from bot.clock import Clock
from bot.domain import timing
from bot.domain.alliance import Rules
from bot.domain.histories import History, rows
from bot.domain.model import Patient, PatientId, Visitor
from bot.services.ports import Store


class Histories:
    """The questions behind `/historial`."""

    def __init__(self, store: Store, clock: Clock, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules

    async def patients(self, visitor: Visitor) -> Sequence[Patient]:
        """Return whose history this person may read, by code: their own patients."""
        if visitor.therapist is None:
            return ()
        async with self._store.reading() as tx:
            return await tx.people.patients_of(visitor.therapist.id)

    async def of(self, visitor: Visitor, patient_id: PatientId) -> History | None:
        """Return a patient's history; None if it is not this therapist's patient."""
        therapist = visitor.therapist
        patient = next((one for one in await self.patients(visitor) if one.id == patient_id), None)
        if therapist is None or patient is None:
            return None
        async with self._store.reading() as tx:
            asked = await tx.check_ins.lines(therapist.id, self._clock.now())
            lines = [line for line in asked if line.patient_id == patient_id]
            ids = {line.id for line in lines}
            course = [one for one in await tx.courses.of_treatment(patient.treatment_id) if one.check_in_id in ids]
            episodes = [
                episode
                for episode in await tx.alerts.episodes(therapist.id, timing.EVER)
                if episode.treatment_id == patient.treatment_id
            ]
        return History(
            patient.id,
            patient.treatment_id,
            patient.code,
            therapist.zone,
            course,
            rows(course, lines),
            episodes,
            self._rules,
        )

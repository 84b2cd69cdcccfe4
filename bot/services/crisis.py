"""Words about dying or self-harm, at the moment they are written: what stops, what is kept, who is told first.

What follows until somebody has seen them: `bot.services.escalation`; what is said about them then:
`bot.services.concerns`.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import Clock
from bot.domain import check_in as transitions
from bot.domain import concern as rules
from bot.domain.model import (
    CheckIn,
    CheckInState,
    ConcernStep,
    Patient,
    PatientState,
    Step,
    Urgency,
    Visitor,
    WordsKind,
)
from bot.domain.notices import CrisisKept, CrisisRaised, HelpFirst
from bot.domain.post import Receipt, Source
from bot.services.ports import Store, Tx


class Crisis:
    """The verb of hearing them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def heard(
        self, visitor: Visitor, text: str, source: Source, receipt: Receipt, *, card_left: bool = True
    ) -> bool:
        """Stop the questions, keep the words, tell the therapist at any hour; False when nobody can be told.

        The help card has left before this is called; if it could not (`card_left`), it is the first thing in the
        outbox.  A question that is still to come about a session that is over stops too: nothing is asked after
        crisis words.  A check-in whose summary was already shown is complete and keeps its appointment with the rules.
        New words always alert again; the alert about older ones goes on as if they had not come.
        """
        now, patient, person = self._clock.now(), visitor.patient, visitor.person
        if patient is None or person is None or patient.state is not PatientState.ACTIVE:
            return False
        async with self._store.transaction(receipt) as tx:
            if not card_left:
                await tx.outbox.put(HelpFirst(), person.id, Urgency.REPLY, now, f"card:{receipt}")
            unfinished = _among(visitor.patients, await tx.check_ins.unfinished_of(person.id, now))
            patient = _asked_last(visitor, unfinished) or patient
            about = next((one.id for one in unfinished if one.patient_id == patient.id), None)
            words_id = await tx.check_ins.add_words(patient.id, about, WordsKind.CRISIS, text, source, now)
            await _stop(tx, unfinished, now)
            concern = await tx.concerns.open(patient.id, words_id, now)
            await tx.concerns.plan(concern.id, rules.next_at(concern, now))
            await tx.concerns.add_step(concern.id, ConcernStep.OPENED, now, person.id)
            await tx.concerns.add_step(concern.id, ConcernStep.TOLD, now, concern.therapist_person_id)
            raised, key = CrisisRaised(concern.id, patient.code), f"{concern.id}:{receipt}"
            await tx.outbox.put(raised, concern.therapist_person_id, Urgency.URGENT, now, f"crisis:{key}")
            await tx.outbox.put(CrisisKept(patient.id), person.id, Urgency.REPLY, now, f"crisis-kept:{key}")
            await tx.audit.note(now, person.id, "raised", "concern", concern.id)
        return True


def _among(patients: Sequence[Patient], unfinished: Sequence[CheckIn]) -> list[CheckIn]:
    """Leave out the treatments in which the patient chose not to tell: a question that stopped would tell it."""
    mine = {patient.id for patient in patients}
    return [one for one in unfinished if one.patient_id in mine]


async def _stop(tx: Tx, unfinished: Sequence[CheckIn], now: datetime) -> None:
    for one in unfinished:
        complete = one.step is Step.SUMMARY
        ended = transitions.closed(one) if complete else transitions.ended(one, CheckInState.STOPPED)
        await tx.check_ins.save(ended, now)


def _asked_last(visitor: Visitor, unfinished: Sequence[CheckIn]) -> Patient | None:
    """Return the patient, of one account that answers in two treatments, whose question was asked last."""
    asked = sorted((one for one in unfinished if one.asked_at), key=lambda one: str(one.asked_at), reverse=True)
    active = {patient.id: patient for patient in visitor.patients if patient.state is PatientState.ACTIVE}
    return next((active[one.patient_id] for one in asked if one.patient_id in active), None)

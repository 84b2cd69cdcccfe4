"""Words about dying or self-harm, at the moment they are written: what stops, what is kept, who is told first.

What follows until somebody has seen them: `bot.services.escalation`; what is said about them then:
`bot.services.concerns`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.domain import check_in as transitions
from bot.domain.model import (
    CheckIn,
    CheckInState,
    Concern,
    ConcernStep,
    Patient,
    PatientState,
    PersonId,
    Step,
    Urgency,
    Visitor,
    WordsKind,
)
from bot.domain.notices import CrisisKept, CrisisRaised, HelpFirst
from bot.domain.post import Receipt, Source
from bot.services.ports import Store, Tx

_SAID: Final = ("crisis_kept", "crisis_delivered", "crisis_elsewhere", "crisis_undelivered")
"""Notices in which the patient reads what became of such words."""


class Crisis:
    """The verb of hearing them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def heard(
        self,
        visitor: Visitor,
        text: str,
        source: Source,
        receipt: Receipt,
        *,
        card_left: bool = True,
        negated: bool = False,
    ) -> bool:
        """Stop the questions, keep the words, tell the therapist at any hour; False when nobody can be told.

        Of an account in two treatments, the therapist whose question is open is told; without one, both are.

        The help card has left before this is called; if it could not (`card_left`), it is the first thing in the
        outbox.  A question that is still to come about a session that is over stops too: nothing is asked after
        crisis words.  A check-in whose summary was already shown is complete and keeps its appointment with the rules.
        New words always alert again, and carry the clock of the older ones that nobody has seen.
        """
        now, person = self._clock.now(), visitor.person
        in_treatment = [patient for patient in visitor.patients if patient.state is PatientState.ACTIVE]
        if person is None or not in_treatment:
            return False
        async with self._store.transaction(receipt) as tx:
            unfinished = _among(visitor.patients, await tx.check_ins.unfinished_of(person.id, now))
            asked = _asked_last(visitor, unfinished)
            concerns = []
            for patient in [asked] if asked else in_treatment:
                about = next((one.id for one in unfinished if one.patient_id == patient.id), None)
                words_id = await tx.check_ins.add_words(patient.id, about, WordsKind.CRISIS, text, source, now)
                concerns.append(await tx.concerns.open(patient.id, words_id, now, negated=negated))
            stopped = await _stop(tx, unfinished, now)
            await tx.pauses.stop_all(person.id, now)
            if not card_left:
                first = HelpFirst(tuple(concern.id for concern in concerns))
                await tx.outbox.put(first, person.id, Urgency.REPLY, now, f"card:{receipt}")
            for concern in concerns:
                await _note(tx, concern, person.id, now, card_left=card_left, stopped=stopped)
                await _tell(tx, concern, person.id, receipt, now)
        return True

    async def told_about(self, visitor: Visitor, text: str, source: Source) -> Sequence[int]:
        """Return the ids of the messages in which the patient read what became of these words."""
        if visitor.person is None:
            return ()
        apart = [replace(source, version=f"{patient.id}:{text}") for patient in visitor.patients]
        async with self._store.reading() as tx:
            raised = await tx.concerns.raised_by([source, *apart])
            beginnings = [f"{said}:{concern_id}:" for concern_id in raised for said in _SAID]
            return await tx.outbox.left(visitor.person.id, beginnings) if beginnings else ()


async def _note(
    tx: Tx, concern: Concern, person_id: PersonId, now: datetime, *, card_left: bool, stopped: bool
) -> None:
    taken = {ConcernStep.OPENED: True, ConcernStep.CARD_LEFT: card_left, ConcernStep.STOPPED: stopped}
    for step in (step for step, happened in taken.items() if happened):
        await tx.concerns.add_step(concern.id, step, now, person_id)
    await tx.audit.note(now, person_id, "raised", "concern", concern.id)


async def _tell(tx: Tx, concern: Concern, person_id: PersonId, receipt: Receipt, now: datetime) -> None:
    """Alert the therapist, say so to the patient, and let what follows be looked at at once."""
    raised, key = CrisisRaised(concern.id, concern.code), f"{concern.id}:{receipt}"
    await tx.concerns.add_step(concern.id, ConcernStep.TOLD, now, concern.therapist_person_id)
    await tx.outbox.put(raised, concern.therapist_person_id, Urgency.URGENT, now, f"crisis:{key}")
    kept = CrisisKept(concern.patient_id, concern.id)
    await tx.outbox.put(kept, person_id, Urgency.REPLY, now, f"{kept.kind}:{key}")
    await tx.concerns.plan(concern.id, now)


def _among(patients: Sequence[Patient], unfinished: Sequence[CheckIn]) -> list[CheckIn]:
    """Leave out the treatments in which the patient chose not to tell: a question that stopped would tell it."""
    mine = {patient.id for patient in patients}
    return [one for one in unfinished if one.patient_id in mine]


async def _stop(tx: Tx, unfinished: Sequence[CheckIn], now: datetime) -> bool:
    """Stop what is open; say whether a question was."""
    complete = [one for one in unfinished if one.step is Step.SUMMARY]
    asked = [one for one in unfinished if one.step is not Step.SUMMARY]
    for ended in map(transitions.closed, complete):
        await tx.check_ins.save(ended, now)
    for one in asked:
        await tx.check_ins.save(transitions.ended(one, CheckInState.STOPPED), now)
    return bool(asked)


def _asked_last(visitor: Visitor, unfinished: Sequence[CheckIn]) -> Patient | None:
    """Return the patient, of one account that answers in two treatments, whose question was asked last."""
    asked = sorted((one for one in unfinished if one.asked_at), key=lambda one: str(one.asked_at), reverse=True)
    active = {patient.id: patient for patient in visitor.patients if patient.state is PatientState.ACTIVE}
    return next((active[one.patient_id] for one in asked if one.patient_id in active), None)

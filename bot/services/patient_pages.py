"""A therapist's patients, in a list and each on a page: state, last alliance, guesses, whether a pause is offered."""

from datetime import datetime

from bot.clock import Clock
from bot.domain import guessing
from bot.domain.guessing import GuessId
from bot.domain.model import CheckInId, Patient, PatientId, Points, Score, Therapist, TreatmentId, Visitor
from bot.domain.post import Receipt
from bot.domain.views import PatientLine, PatientPage
from bot.services.ports import Store, Tx


class PatientPages:
    """The verbs of looking at patients, and of what holds for one of them.

    A score that is still to be guessed is not in what is returned: `PatientLine.to_guess` stands in its place.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def lines(self, therapist: Therapist) -> list[PatientLine]:
        """Return a therapist's patients, each with the last answered check-in."""
        async with self._store.reading() as tx:
            facts = await _facts(tx, therapist, self._clock.now())
            return [await _line(tx, patient, facts) for patient in await tx.people.patients_of(therapist.id)]

    async def page(self, visitor: Visitor, patient_id: PatientId) -> PatientPage | None:
        """Return the page of one patient; None if it is not this therapist's."""
        async with self._store.reading() as tx:
            return await self._page(tx, visitor, patient_id)

    async def offer_pause(
        self, visitor: Visitor, patient_id: PatientId, receipt: Receipt, *, offered: bool
    ) -> PatientPage | None:
        """Let the pause be offered to a patient after hard check-ins, or not any more."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = await _mine(tx, visitor, patient_id)
            if patient is None or visitor.person is None:
                return None
            if await tx.inbox.takes_effect(receipt, now):
                await tx.pauses.allow(patient.treatment_id, now if offered else None)
                act = "offered_pause" if offered else "offers_no_pause"
                await tx.audit.note(now, visitor.person.id, act, "patient", patient.id)
            return await self._page(tx, visitor, patient_id)

    async def _page(self, tx: Tx, visitor: Visitor, patient_id: PatientId) -> PatientPage | None:
        patient = await _mine(tx, visitor, patient_id)
        if patient is None or visitor.therapist is None:
            return None
        facts = await _facts(tx, visitor.therapist, self._clock.now())
        return PatientPage(await _line(tx, patient, facts), await tx.pauses.allowed(patient.treatment_id))


_Facts = tuple[dict[CheckInId, GuessId], dict[TreatmentId, list[tuple[Score, Points]]]]


async def _facts(tx: Tx, therapist: Therapist, now: datetime) -> _Facts:
    """Return which scores are withheld, and what was guessed beside what was answered."""
    pairs = {treatment: list(made) for treatment, made in (await tx.guesses.pairs(therapist.id)).items()}
    return guessing.withheld(await tx.guesses.unseen_of(therapist.id), now), pairs


async def _line(tx: Tx, patient: Patient, facts: _Facts) -> PatientLine:
    withheld, pairs = facts
    last = next(reversed(await tx.check_ins.history(patient.treatment_id)), None)
    to_guess = withheld.get(last.check_in_id) if last else None
    gap = guessing.gap(pairs.get(patient.treatment_id, ()))
    return PatientLine(patient, None if to_guess else last, to_guess, gap)


async def _mine(tx: Tx, visitor: Visitor, patient_id: PatientId) -> Patient | None:
    mine = await tx.people.patients_of(visitor.therapist.id) if visitor.therapist else ()
    return next((one for one in mine if one.id == patient_id), None)

"""Words about abuse: nothing is kept or sent until the patient has tapped whom to tell.

Whoever hurts may be at home, may hold the phone, may be the therapist.  What goes to the therapist is a left message;
what goes to the other contact lies in a table of its own, which nothing that a therapist can open ever reads.
"""

from datetime import datetime

from bot.clock import Clock
from bot.domain import safety, timing
from bot.domain.model import (
    Contact,
    Disclosure,
    DisclosureId,
    Patient,
    PatientId,
    PatientState,
    PersonId,
    Role,
    Urgency,
    Visitor,
    WordsKind,
)
from bot.domain.notices import AbuseTold, Disclosed, WordsHidden
from bot.domain.post import Receipt, Source
from bot.services.ports import Store, Tx

_IN_CONTACT = (PatientState.ACTIVE, PatientState.PAUSED)


class Disclosures:
    """The verbs of telling somebody, and of reading what was told."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def choices(self, visitor: Visitor) -> list[tuple[Patient, bool]]:
        """Return in which treatments something can be told, and whether there is another contact to tell."""
        in_contact = [patient for patient in visitor.patients if patient.state in _IN_CONTACT]
        if not in_contact:
            return []  # without a look at the database: this is asked while it is away, too
        async with self._store.reading() as tx:
            return [(patient, bool(await _reachable(tx, patient))) for patient in in_contact]

    async def tell_therapist(
        self, visitor: Visitor, patient_id: PatientId, text: str, source: Source, receipt: Receipt
    ) -> Patient | None:
        """Leave the words for the therapist, who hears of them at once; None if that is not possible."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = _own(visitor, patient_id)
            if patient is None or not await tx.inbox.takes_effect(receipt, now):
                return patient
            kind, apart = WordsKind.MESSAGE, _apart(source)
            words_id = await tx.check_ins.add_words(patient.id, None, kind, text, apart, now)
            therapist = await tx.people.therapist(patient.therapist_id)
            told = AbuseTold(words_id, patient.code)
            await tx.outbox.put(told, therapist.person_id, Urgency.URGENT, now, f"abuse:{words_id}")
            await self._note(tx, visitor, "told", "words", words_id, now)
        return patient

    async def tell_other(
        self, visitor: Visitor, patient_id: PatientId, text: str, source: Source, receipt: Receipt
    ) -> Patient | None:
        """Confide the words to the other contacts and to nobody else; None if there is none (any more)."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = _own(visitor, patient_id)
            others = await _reachable(tx, patient) if patient else []
            if patient is None or not others:
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return patient
            disclosure_id, _ = await tx.concerns.add_disclosure(patient.id, text, source, now)
            for contact in others:
                told = Disclosed(disclosure_id, patient.code, urgent=safety.scan(text) is not None)
                key = f"disclosed:{disclosure_id}:{contact.person_id}"
                await tx.outbox.put(told, contact.person_id, Urgency.URGENT, now, key)
            await self._note(tx, visitor, "told", "disclosure", disclosure_id, now)
        return patient

    async def find(self, visitor: Visitor, disclosure_id: DisclosureId) -> Disclosure | None:
        """Return words that were confided; None if they were not confided to this person."""
        async with self._store.reading() as tx:
            return await _confided(tx, visitor, disclosure_id)

    async def read(self, visitor: Visitor, disclosure_id: DisclosureId, message_id: int) -> Disclosure | None:
        """Return them, noting the reading and planning to hide them again."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _confided(tx, visitor, disclosure_id)
            if found is None or visitor.person is None:
                return None
            await self._note(tx, visitor, "read", "disclosure", disclosure_id, now)
            due_at = now + timing.HIDE_WORDS_AFTER
            key = f"hide:{visitor.person.id}:{message_id}:{due_at.isoformat()}"
            hidden = WordsHidden(message_id, disclosure_id=disclosure_id)
            await tx.outbox.put(hidden, visitor.person.id, Urgency.BULK, due_at, key)
            return found

    async def _note(self, tx: Tx, visitor: Visitor, act: str, subject: str, subject_id: int, now: datetime) -> None:
        await tx.audit.note(now, visitor.person.id if visitor.person else None, act, subject, subject_id)


def _own(visitor: Visitor, patient_id: PatientId) -> Patient | None:
    mine = (one for one in visitor.patients if one.id == patient_id and one.state in _IN_CONTACT)
    return next(mine, None)


def _apart(source: Source) -> Source:
    """Name the source of told words apart from that of an answer: an edit of the message changes only the answer."""
    return Source(source.chat_id, -source.message_id)


async def _others(tx: Tx, patient: Patient) -> list[Contact]:
    """Return the second contacts who are neither this patient nor their therapist."""
    therapist = await tx.people.therapist(patient.therapist_id)
    themselves: tuple[PersonId | None, ...] = (therapist.person_id, patient.person_id)
    return [one for one in await tx.people.contacts(Role.SECOND_CONTACT) if one.person_id not in themselves]


async def _reachable(tx: Tx, patient: Patient) -> list[Contact]:
    """Return those of them whose chat is not known to be gone: nobody is offered who cannot be told."""
    return [one for one in await _others(tx, patient) if (await tx.people.person(one.person_id)).reachable]


async def _confided(tx: Tx, visitor: Visitor, disclosure_id: DisclosureId) -> Disclosure | None:
    found = await tx.concerns.disclosure(disclosure_id)
    if found is None or visitor.person is None:
        return None
    others = await _others(tx, await tx.people.patient(found.patient_id))
    return found if visitor.person.id in [one.person_id for one in others] else None

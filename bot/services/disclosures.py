"""Words about abuse: nothing is kept or sent until the patient has tapped whom to tell.

Whoever hurts may be at home, may hold the phone, may be the therapist.  What goes to the therapist is a left message;
what goes to the other contact lies in a table of its own, which nothing that a therapist can open ever reads.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

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
from bot.domain.notices import AbuseTold, Choice, Disclosed, MemberUnreachable, Notice, ToldReached, WordsHidden
from bot.domain.post import Receipt, Source
from bot.services.ports import Store, Tx

log = structlog.get_logger()

IN_CONTACT = (PatientState.ACTIVE, PatientState.PAUSED)
"""Who can tell something."""

_Told = AbuseTold | Disclosed


class Disclosures:
    """The verbs of telling somebody, and of reading what was told.  Implements `bot.services.ports.UrgentPost`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def choices(self, visitor: Visitor) -> list[tuple[Patient, bool]]:
        """Return in which treatments something can be told, and whether there is another contact to tell."""
        in_contact = [patient for patient in visitor.patients if patient.state in IN_CONTACT]
        if not in_contact:
            return []  # without a look at the database: this is asked while it is away, too
        async with self._store.reading() as tx:
            return [(patient, bool(await _reachable(tx, patient))) for patient in in_contact]

    async def tell_therapist(
        self, visitor: Visitor, patient_id: PatientId, text: str, source: Source, choice: Choice, receipt: Receipt
    ) -> Patient | None:
        """Leave the words for the therapist, who hears of them at once; None if that is not possible."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = _own(visitor, patient_id)
            if patient is None or not await tx.inbox.takes_effect(receipt, now):
                return patient
            kind, apart = WordsKind.MESSAGE, _apart(source, text)
            words_id = await tx.check_ins.add_words(patient.id, None, kind, text, apart, now)
            therapist = await tx.people.therapist(patient.therapist_id)
            told = AbuseTold(words_id, patient.code, choice)
            await tx.outbox.put(told, therapist.person_id, Urgency.URGENT, now, f"abuse:{words_id}")
            await _say(tx, told, now, f"on-its-way:{receipt}")
            await self._note(tx, visitor, "told", "words", words_id, now)
        return patient

    async def tell_other(
        self, visitor: Visitor, patient_id: PatientId, text: str, source: Source, choice: Choice, receipt: Receipt
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
            version = replace(source, version=text)
            disclosure_id = await tx.concerns.add_disclosure(patient.id, text, version, now)
            told = Disclosed(disclosure_id, patient.code, choice, urgent=safety.scan(text) is not None)
            await _confide(tx, told, others, now)
            await _say(tx, told, now, f"on-its-way:{receipt}")
            await self._note(tx, visitor, "told", "disclosure", disclosure_id, now)
        return patient

    # What becomes of it

    async def delivered(self, tx: Tx, notice: Notice, _: PersonId, at: datetime) -> None:
        """Say to the patient, where they chose, that it has arrived."""
        if isinstance(notice, _Told):
            await _say(tx, notice, at, _arrived(notice), reached=True)

    async def undeliverable(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        """Go on to the next contact; when nobody is left, the patient reads so, and the operator looks for whom.

        What was told to the therapist goes to nobody else: the patient chose them, and may choose again.
        """
        patient = await _patient_of(tx, notice) if isinstance(notice, _Told) else None
        if not isinstance(notice, _Told) or patient is None:
            return
        if isinstance(notice, Disclosed):
            left = await _reachable(tx, patient)
            await _confide(tx, notice, left, at)
            if left:
                return
        log.error("what a patient chose to tell reaches nobody", kind=notice.kind, person=person_id)
        if not await tx.outbox.knows(_arrived(notice)):
            await _say(tx, notice, at, f"{notice.kind}-missed:{_id(notice)}", reached=False)
        await _look_for(tx, notice, patient, at)

    async def find(self, visitor: Visitor, disclosure_id: DisclosureId) -> Disclosure | None:
        """Return words that were confided; None if they were not confided to this person, or not any more theirs."""
        if visitor.person is None:
            return None
        async with self._store.reading() as tx:
            return await tx.concerns.disclosure(disclosure_id, visitor.person.id)

    async def read(self, visitor: Visitor, disclosure_id: DisclosureId, message_id: int) -> Disclosure | None:
        """Return them, noting the reading and planning to hide them again."""
        if visitor.person is None:
            return None
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await tx.concerns.disclosure(disclosure_id, visitor.person.id)
            if found is None:
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
    mine = (one for one in visitor.patients if one.id == patient_id and one.state in IN_CONTACT)
    return next(mine, None)


def _apart(source: Source, text: str) -> Source:
    """Name the source of told words apart from that of an answer: an edit of the message changes only the answer.

    Words that were edited and told again are new words.
    """
    return Source(source.chat_id, -source.message_id, text)


async def _confide(tx: Tx, told: Disclosed, contacts: Sequence[Contact], now: datetime) -> None:
    """Tell each of them once; from then on they may read it."""
    for contact in contacts:
        await tx.concerns.confide(told.disclosure_id, contact.person_id)
        key = f"disclosed:{told.disclosure_id}:{contact.person_id}"
        await tx.outbox.put(told, contact.person_id, Urgency.URGENT, now, key)


async def _say(tx: Tx, told: _Told, now: datetime, key: str, *, reached: bool | None = None) -> None:
    """Let the message in which the patient chose say what is true now, one thing after the other.

    The answer to the tap is never too late; what becomes of it later may not write again what was emptied meanwhile.
    """
    patient, choice = await _patient_of(tx, told), told.choice
    if patient is None or patient.person_id is None or choice is None:
        return
    now_true = ToldReached(patient.id, choice.message_id, choice.quoted_id, isinstance(told, Disclosed), reached)
    until = None if reached is None else choice.until
    await tx.outbox.put(now_true, patient.person_id, Urgency.REPLY, now, key, until)


def _arrived(told: _Told) -> str:
    """Name what the patient reads once it has arrived, which is not taken back."""
    return f"{told.kind}-reached:{_id(told)}"


async def _look_for(tx: Tx, told: _Told, patient: Patient, now: datetime) -> None:
    """Ask the operators to look for whoever could not be reached.  The therapist learns nothing of a disclosure."""
    therapist = await tx.people.therapist(patient.therapist_id)
    contacts = await tx.people.confidants(patient.id) if isinstance(told, Disclosed) else []
    missed = [one.called for one in contacts] if isinstance(told, Disclosed) else [therapist.called]
    themselves = (therapist.person_id, patient.person_id)
    for place, called in enumerate(missed):
        for operator in await tx.people.contacts(Role.OPERATOR):
            if operator.person_id not in themselves:
                key = f"unreached:{told.kind}:{_id(told)}:{place}:{operator.person_id}"
                await tx.outbox.put(MemberUnreachable(called), operator.person_id, Urgency.URGENT, now, key)


async def _patient_of(tx: Tx, told: _Told) -> Patient | None:
    """Return whose words they are; None once they are erased."""
    if isinstance(told, Disclosed):
        patient_id = await tx.concerns.confided_by(told.disclosure_id)
    else:
        kept = await tx.check_ins.words(told.words_id)
        patient_id = kept.patient_id if kept is not None else None
    return await tx.people.patient(patient_id) if patient_id is not None else None


def _id(told: _Told) -> int:
    return told.disclosure_id if isinstance(told, Disclosed) else told.words_id


async def _reachable(tx: Tx, patient: Patient) -> list[Contact]:
    """Return whom the patient can confide in: nobody is offered whose chat is known to be gone."""
    confidants = await tx.people.confidants(patient.id)
    return [one for one in confidants if (await tx.people.person(one.person_id)).reachable]

"""What the people who were told say about urgent words: seen, read, contacted, a note.

Whoever may act: the patient's therapist at any time, a second contact once they have been told.
"""

from datetime import datetime

from bot.clock import Clock
from bot.domain import concern as rules
from bot.domain import timing
from bot.domain.consent import lets_second_read
from bot.domain.model import Called, Concern, ConcernId, ConcernStep, PersonId, Role, Therapist, Urgency, Visitor, Words
from bot.domain.notices import CrisisNote, CrisisNoted, CrisisSeen, WordsHidden
from bot.domain.post import Receipt
from bot.domain.views import Case
from bot.services.ports import Store, Tx

_TOLD = (ConcernStep.TOLD, ConcernStep.SECOND_TOLD, ConcernStep.OPERATOR_TOLD)


class Concerns:
    """The verbs of seeing and contacting; `second_reads` lets second contacts read the words too."""

    def __init__(self, store: Store, clock: Clock, *, second_reads: bool) -> None:
        self._store = store
        self._clock = clock
        self._second_reads = second_reads

    async def case(self, visitor: Visitor, concern_id: ConcernId) -> Case | None:
        """Return a concern as this person may see it; None if it is not theirs."""
        async with self._store.reading() as tx:
            return await self._case(tx, visitor, concern_id)

    async def told(self, visitor: Visitor, concern_id: ConcernId) -> Case | None:
        """Return it for a person who was told, whatever they may do about it."""
        async with self._store.reading() as tx:
            concern = await tx.concerns.get(concern_id)
            return await self._shown(tx, visitor, concern) if concern else None

    async def unfinished(self, therapist: Therapist) -> set[str]:
        """Return the codes of a therapist's patients whom nobody has contacted yet after urgent words."""
        async with self._store.reading() as tx:
            return {concern.code for concern in await tx.concerns.unfinished(therapist.id)}

    async def see(self, visitor: Visitor, concern_id: ConcernId, receipt: Receipt) -> Case | None:
        """Keep *Lo he visto*: the repeats end for everybody, and whoever else was told hears of it."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            case = await self._case(tx, visitor, concern_id)
            if case is None or visitor.person is None:
                return None
            if await tx.inbox.takes_effect(receipt, now):
                await self._see(tx, case.concern, visitor.person.id, now)
            return await self._case(tx, visitor, concern_id)

    async def contacted(self, visitor: Visitor, concern_id: ConcernId, receipt: Receipt) -> Case | None:
        """Keep *He contactado*, which closes the case, and ask for a note."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            case = await self._case(tx, visitor, concern_id)
            if case is None or visitor.person is None:
                return None
            if await tx.inbox.takes_effect(receipt, now):
                await self._see(tx, case.concern, visitor.person.id, now)
                await self._contact(tx, case.concern, visitor.person.id, now)
            return await self._case(tx, visitor, concern_id)

    async def _see(self, tx: Tx, concern: Concern, person_id: PersonId, now: datetime) -> None:
        if not await tx.concerns.see(concern.id, person_id, now):
            return
        await tx.concerns.add_step(concern.id, ConcernStep.SEEN, now, person_id)
        await tx.audit.note(now, person_id, "saw", "concern", concern.id)
        await _tell_others(tx, concern, person_id, "seen", now)
        for other in (await tx.concerns.unseen_of(concern.patient_id))[-1:]:
            await tx.concerns.plan(other.id, now)  # the newest of those left carries the clock from now on

    async def _contact(self, tx: Tx, concern: Concern, person_id: PersonId, now: datetime) -> None:
        if not await tx.concerns.contact(concern.id, person_id, now, now + rules.NOTE_WITHIN):
            return
        await tx.concerns.add_step(concern.id, ConcernStep.CONTACTED, now, person_id)
        await tx.audit.note(now, person_id, "contacted", "concern", concern.id)
        if concern.seen_at is not None:
            await _tell_others(tx, concern, person_id, "contacted", now)
        key = f"crisis-note:{concern.id}:{now.isoformat()}"
        await tx.outbox.put(CrisisNote(concern.id), person_id, Urgency.REPLY, now, key, now + rules.NOTE_WITHIN)

    async def note_asked_at(self, visitor: Visitor) -> datetime | None:
        """Return when this person was asked for a note that has not come and may still come."""
        if visitor.person is None or not (visitor.therapist or visitor.contacts):
            return None
        async with self._store.reading() as tx:
            concern = await tx.concerns.awaiting_note(visitor.person.id, self._clock.now())
        return concern.contacted_at if concern else None

    async def note(self, visitor: Visitor, text: str | None, receipt: Receipt) -> bool:
        """Take a typed line as the note that was asked for (None: there is none); False if none was asked for."""
        now, person = self._clock.now(), visitor.person
        if person is None or not (visitor.therapist or visitor.contacts):
            return False
        async with self._store.reading() as tx:
            concern = await tx.concerns.awaiting_note(person.id, now)
        if concern is None:
            return False
        async with self._store.transaction(receipt) as tx:
            await tx.concerns.keep_note(concern.id, text)
            if text is not None:
                await tx.concerns.add_step(concern.id, ConcernStep.NOTED, now, person.id)
                await tx.audit.note(now, person.id, "noted", "concern", concern.id)
            noted = CrisisNoted(concern.id, kept=text is not None)
            await tx.outbox.put(noted, person.id, Urgency.REPLY, now, f"crisis-noted:{receipt}")
        return True

    async def read(
        self, visitor: Visitor, concern_id: ConcernId, message_id: int
    ) -> tuple[Case, Words, str | None] | None:
        """Return the words and the note, noting the reading and planning to hide them; None if they may not."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            case = await self._case(tx, visitor, concern_id)
            words = await tx.check_ins.words(case.concern.words_id) if case and case.reads else None
            if case is None or words is None or visitor.person is None:
                return None
            await tx.audit.note(now, visitor.person.id, "read", "words", words.id)
            due_at = now + timing.HIDE_WORDS_AFTER
            key = f"hide:{visitor.person.id}:{message_id}:{due_at.isoformat()}"
            hidden = WordsHidden(message_id, words_id=words.id, concern_id=concern_id)
            await tx.outbox.put(hidden, visitor.person.id, Urgency.BULK, due_at, key)
            return case, words, await tx.concerns.note(concern_id)

    async def _case(self, tx: Tx, visitor: Visitor, concern_id: ConcernId) -> Case | None:
        concern = await tx.concerns.get(concern_id)
        if concern is None or not rules.may_act(visitor, concern):
            return None
        return await self._shown(tx, visitor, concern)

    async def _shown(self, tx: Tx, visitor: Visitor, concern: Concern) -> Case:
        own = rules.treats(visitor, concern)
        me = visitor.person.id if visitor.person else None
        last = concern.contacted_by or concern.seen_by
        by = None if last in (None, me) else await _name_of(tx, concern, last)
        may_read = own or (rules.may_act(visitor, concern) and await self._is_second_allowed(tx, concern))
        reached = concern.therapist_person_id in await tx.concerns.who(
            concern.id, [ConcernStep.DELIVERED], concern.opened_at
        )
        unseen = len(await tx.concerns.unseen_of(concern.patient_id))
        return Case(concern, own=own, reads=may_read, by=by, therapist_reached=reached, unseen=unseen)

    async def _is_second_allowed(self, tx: Tx, concern: Concern) -> bool:
        """Say whether second contacts read the words: only of somebody who agreed to a text that says so."""
        return self._second_reads and lets_second_read(await tx.people.agreed_version(concern.patient_id))


async def _name_of(tx: Tx, concern: Concern, person_id: PersonId | None) -> Called | None:
    if person_id == concern.therapist_person_id:
        return concern.therapist
    holders = await tx.people.contacts(Role.SECOND_CONTACT)
    return next((contact.called for contact in holders if contact.person_id == person_id), None)


async def _tell_others(tx: Tx, concern: Concern, person_id: PersonId, what: str, now: datetime) -> None:
    for other in await tx.concerns.who(concern.id, _TOLD, concern.opened_at):
        if other != person_id:
            key = f"crisis-{what}:{concern.id}:{other}:{concern.opened_at.isoformat()}"
            await tx.outbox.put(CrisisSeen(concern.id), other, Urgency.ALERT, now, key)

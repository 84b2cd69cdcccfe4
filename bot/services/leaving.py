"""Leaving: everything stops at once; what has to wait (the record may have to be taken over) is a row with its day.

Order of events: 1. the list beside the backups; 2. one transaction parts patient and account and writes what follows;
3. the outbox says goodbye and empties the chat, then the account is forgotten; 4. words, and scores unless the practice
must keep them, are erased: at once, or when the record was exported, or when the time for that is over.  Urgent words
that nobody has seen yet hold the erasure up as long as that time lasts: their alert goes on being repeated.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import timing
from bot.domain.errors import MicrochequeoError
from bot.domain.hours import QuietHours
from bot.domain.model import Patient, PatientId, PersonId, Urgency, Visitor
from bot.domain.notices import ChatEmptied, Goodbye, PatientLeft
from bot.domain.post import ErasureRow, Receipt
from bot.services.ports import Store, Tx
from bot.services.ports_rights import CHECKPOINT, CHECKPOINT_AFTER, ErasureLog

EMPTIED_WITHIN: Final = timedelta(hours=48)
"""Telegram lets a bot delete its messages for so long; whatever has become of them, the account is forgotten then."""

AGAIN_AFTER: Final = timedelta(hours=1)
"""An erasure that could not be done, or whose export has not left, is looked at again after this."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LeavingTerms:
    """What the practice must keep of somebody who leaves, and how long the record can be taken over before."""

    keep_scores: bool
    export_within: timedelta


@dataclass(frozen=True, slots=True)
class Parting:
    """What leaving means for this person: `words_wait` says whether the words are erased at once or later."""

    keep_scores: bool
    words_wait: bool


class Leaving:
    """The verbs of leaving."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        log: ErasureLog,
        terms: LeavingTerms,
        patient_quiet: QuietHours,
        therapist_quiet: QuietHours,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._terms = terms
        self._patient_quiet = patient_quiet
        self._therapist_quiet = therapist_quiet

    async def offer(self, visitor: Visitor) -> Parting | None:
        """Say what leaving would mean; None for somebody who is no patient."""
        if not visitor.patients:
            return None
        async with self._store.reading() as tx:
            waits = [await self._words_wait(tx, patient) for patient in visitor.patients]
        return Parting(self._terms.keep_scores, any(waits))

    async def leave(self, visitor: Visitor, receipt: Receipt) -> bool:
        """Let a patient go, from every therapist they have here; False if they are none (any more)."""
        if visitor.person is None or not visitor.patients:
            return False
        for patient in visitor.patients:
            await self._note(patient.id)
        async with self._store.transaction(receipt) as tx:
            now, actor = self._clock.now(), visitor.person.id
            goodbyes = [await self._part(tx, patient, actor) for patient in visitor.patients]
            await self._say_goodbye(tx, actor, goodbyes[0], now)
        return True

    async def erase(self, code: str) -> bool:
        """Let a patient go who asked on paper; False if there is no such patient."""
        async with self._store.reading() as tx:
            known = await tx.people.patient_by_code(code)
        if known is None:
            return False
        await self._note(known.id)
        async with self._store.transaction() as tx:
            patient, now = await tx.people.patient(known.id), self._clock.now()
            goodbye = await self._part(tx, patient, None)
            if patient.person_id is not None:
                person = await tx.people.person(patient.person_id)
                at = timing.out_of_quiet(now, person.voice.zone, person.quiet or self._patient_quiet)
                await self._say_goodbye(tx, patient.person_id, goodbye, at)
        return True

    async def _note(self, patient_id: PatientId) -> None:
        keep, now = self._terms.keep_scores, self._clock.now()
        await asyncio.to_thread(self._log.note, patient_id, now, keep_scores=keep)

    async def _part(self, tx: Tx, patient: Patient, actor: PersonId | None) -> Goodbye:
        now, keep = self._clock.now(), self._terms.keep_scores
        until = now + self._terms.export_within if await self._words_wait(tx, patient) else None
        await tx.leaving.let_go(patient.id, now, now + EMPTIED_WITHIN)
        await tx.audit.note(now, actor, "left", "patient", patient.id)
        therapist = await tx.people.therapist(patient.therapist_id)
        if until is None:
            await self._erase(tx, patient.id, now)
        else:
            await tx.leaving.plan(ErasureRow(patient.id, keep, now, until), until)
        told_at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
        notice = PatientLeft(patient.id, patient.code, until)
        key = f"left:{patient.id}:{now.isoformat()}"
        await tx.outbox.put(notice, therapist.person_id, Urgency.ALERT, told_at, key)
        return Goodbye(keep, until)

    async def _words_wait(self, tx: Tx, patient: Patient) -> bool:
        """Words wait where the record must be kept, and where urgent ones are not settled: somebody has to."""
        urgent = await tx.concerns.unfinished(patient.therapist_id)
        return self._terms.keep_scores or any(concern.patient_id == patient.id for concern in urgent)

    async def _say_goodbye(self, tx: Tx, person_id: PersonId, goodbye: Goodbye, at: datetime) -> None:
        now = self._clock.now()
        until, key = now + EMPTIED_WITHIN, f"{person_id}:{now.isoformat()}"
        written_at = max(now, await tx.leaving.last_written_at(person_id) or now)  # the clock may have been set back
        await tx.outbox.put(goodbye, person_id, Urgency.REPLY, at, f"goodbye:{key}", until)
        await tx.outbox.put(ChatEmptied(written_at), person_id, Urgency.REPLY, at, f"emptied:{key}", until)

    async def _erase(self, tx: Tx, patient_id: PatientId, now: datetime) -> None:
        await tx.leaving.erase(patient_id, keep_scores=self._terms.keep_scores)
        await tx.audit.note(now, None, "erased", "patient", patient_id)
        await tx.chores.plan(CHECKPOINT, now + CHECKPOINT_AFTER)

    async def run_due(self) -> int:
        """Erase what no longer has to wait, and forget the accounts whose chat could not be emptied in time."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting, accounts = await tx.leaving.due(now), await tx.leaving.forgettable(now)
        for row in waiting:
            await self._guarded(row)
        for person_id in accounts:
            async with self._store.transaction() as tx:
                await tx.leaving.forget(person_id)
                await tx.chores.plan(CHECKPOINT, now + CHECKPOINT_AFTER)
        return len(waiting) + len(accounts)

    async def _guarded(self, row: ErasureRow) -> None:
        try:
            await self._finish(row)
        except MicrochequeoError as error:
            log.error("an erasure waits", patient=row.patient_id, error=type(error).__name__)
            async with self._store.transaction() as tx:
                if await tx.leaving.of(row.patient_id) is not None:  # else it was done, and only the answer was lost
                    await tx.leaving.plan(row, self._clock.now() + AGAIN_AFTER)

    async def _finish(self, row: ErasureRow) -> None:
        async with self._store.transaction() as tx:
            now, patient = self._clock.now(), await tx.people.patient(row.patient_id)
            therapist = await tx.people.therapist(patient.therapist_id)
            if await tx.leaving.export_waits(therapist.person_id):
                await tx.leaving.plan(row, now + AGAIN_AFTER)
            elif now < row.export_until and await tx.leaving.urgent_waits(row.patient_id, row.left_at):
                await tx.leaving.plan(row, min(row.export_until, now + AGAIN_AFTER))
            elif patient.person_id is None:
                await self._erase(tx, row.patient_id, now)
            else:
                await tx.leaving.erase_words(row.patient_id, row.left_at)
                await tx.audit.note(now, None, "erased", "patient", row.patient_id)
                await tx.chores.plan(CHECKPOINT, now + CHECKPOINT_AFTER)

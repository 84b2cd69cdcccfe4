"""Urgent words that nobody has seen yet: repeats, the second contacts, the operator, and the truth to the patient.

When something is due is pure (`bot.domain.concern`).  Of one patient's unseen words the newest carry the clock, and
one push stands for all of them.  Whoever cannot be reached is passed over at once:

    therapist → every second contact → every operator → nobody is left, and the patient is told

Every step is a row; each transition is one transaction that adds the steps and the messages they cause.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import concern as rules
from bot.domain.errors import StoreUnavailableError
from bot.domain.model import Concern, ConcernId, ConcernStep, PersonId, Role, Urgency
from bot.domain.notices import (
    CrisisDelivered,
    CrisisElsewhere,
    CrisisKept,
    CrisisOperator,
    CrisisRaised,
    CrisisSecond,
    CrisisUndelivered,
    HelpFirst,
    Notice,
)
from bot.services.ports import Store, Tx

log = structlog.get_logger()

LADDER: Final = ((Role.SECOND_CONTACT, ConcernStep.SECOND_TOLD), (Role.OPERATOR, ConcernStep.OPERATOR_TOLD))
"""Who comes after the therapist, and the step that says that they were told."""

_Urgent = CrisisRaised | CrisisSecond | CrisisOperator
_Said = CrisisKept | CrisisDelivered | CrisisElsewhere | CrisisUndelivered
_SAID: Final[dict[type[_Said], ConcernStep]] = {
    CrisisKept: ConcernStep.SAID_KEPT,
    CrisisDelivered: ConcernStep.SAID_REACHED,
    CrisisElsewhere: ConcernStep.SAID_ELSEWHERE,
    CrisisUndelivered: ConcernStep.SAID_NOBODY,
}


class Escalation:
    """Implements `bot.services.ports.UrgentPost`, and does what falls due."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # What falls due

    async def run_due(self) -> int:
        """Repeat and pass on what nobody has seen; return how many concerns were looked at."""
        async with self._store.reading() as tx:
            due = await tx.concerns.due(self._clock.now())
        return sum([await self._guarded(concern.id) for concern in due])

    async def set_right(self) -> None:
        """Find what was planned by a clock that was ahead: nobody waits until that time has come once more."""
        now = self._clock.now()
        latest = now + rules.LONGEST_WAIT
        async with self._store.reading() as tx:
            ahead = await tx.concerns.is_ahead(now, latest)
        if ahead:
            async with self._store.transaction() as tx:
                await tx.concerns.set_right(now, latest)

    async def _guarded(self, concern_id: ConcernId) -> bool:
        try:
            await self._look(concern_id)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("an urgent concern cannot be followed up", concern=concern_id, error=type(fault).__name__)
            return False
        return True

    async def _look(self, concern_id: ConcernId) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            concern = await tx.concerns.get(concern_id)
            if concern is None or concern.next_at is None or concern.next_at > now:
                return
            unseen = await tx.concerns.unseen_of(concern.patient_id)
            if not unseen or unseen[-1].id != concern.id:
                await tx.concerns.plan(concern.id, None)  # newer words carry the clock
                return
            due = rules.due(unseen, now)
            if rules.Due.REPEAT in due:
                await self._repeat(tx, concern, now)
            if rules.Due.SECOND in due:
                await self._pass_on(tx, unseen, now)
                unseen = [replace(one, second_at=one.second_at or now) for one in unseen]
            await tx.concerns.plan(concern.id, rules.next_at(unseen, now))

    async def _repeat(self, tx: Tx, concern: Concern, now: datetime) -> None:
        """Tell again whoever was told and can be reached; a repeat that comes too late leaves room for the next."""
        second = await tx.concerns.who(concern.id, [ConcernStep.SECOND_TOLD], concern.opened_at)
        notices: dict[PersonId, Notice] = dict.fromkeys(second, CrisisSecond(concern.id, concern.code, again=True))
        notices[concern.therapist_person_id] = CrisisRaised(concern.id, concern.code, again=True)
        for person_id, notice in notices.items():
            if not (await tx.people.person(person_id)).reachable:
                continue
            key = f"crisis-again:{concern.id}:{person_id}:{now.isoformat()}"
            not_after = rules.next_repeat(concern, now)
            await tx.outbox.put(notice, person_id, Urgency.URGENT, now, key, not_after)
            await tx.concerns.add_step(concern.id, ConcernStep.REPEATED, now, person_id)

    # What becomes of the messages

    async def delivered(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        """Note that a first alert arrived, and tell the patient what is true now; or that the patient was told."""
        await _note_said(tx, notice, person_id, at)
        concern = await _about(tx, notice)
        if concern is None or getattr(notice, "again", False):
            return
        await tx.concerns.add_step(concern.id, ConcernStep.DELIVERED, at, person_id)
        if isinstance(notice, CrisisRaised):
            await _tell_patient(tx, concern, CrisisDelivered(concern.patient_id, concern.id), at)
            return
        arrived = await tx.concerns.who(concern.id, [ConcernStep.DELIVERED], concern.opened_at)
        instead, operator = concern.therapist_person_id not in arrived, isinstance(notice, CrisisOperator)
        if instead or not operator:
            told = CrisisElsewhere(concern.patient_id, instead, operator, concern.id)
            await _tell_patient(tx, concern, told, at)

    async def undeliverable(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        """Note, once, that somebody cannot be reached, and go on to the next."""
        concern = await _about(tx, notice)
        if concern is None or concern.seen_at is not None:
            return
        if person_id in await tx.concerns.who(concern.id, [ConcernStep.UNDELIVERABLE], concern.opened_at):
            return
        await tx.concerns.add_step(concern.id, ConcernStep.UNDELIVERABLE, at, person_id)
        log.warning("an urgent alert cannot be delivered", concern=concern.id, person=person_id)
        await self._pass_on(tx, [concern], at)

    async def _pass_on(self, tx: Tx, concerns: Sequence[Concern], now: datetime) -> None:
        """Tell the first rung of the ladder on which somebody may still be reached; on it, everybody.

        They are told of the newest of one patient's `concerns`; the others are theirs to see with it.
        """
        concern = concerns[-1]
        for one in concerns:
            await tx.concerns.second_told(one.id, now)
        missed = await tx.concerns.who(concern.id, [ConcernStep.UNDELIVERABLE], concern.opened_at)
        themselves = (concern.therapist_person_id, (await tx.people.patient(concern.patient_id)).person_id)
        for role, step in LADDER:
            holders = [contact.person_id for contact in await tx.people.contacts(role)]
            left = [person_id for person_id in holders if person_id not in (*missed, *themselves)]
            if left:
                await _tell(tx, concerns, left, step, now)
                return
        await self._nobody_left(tx, concern, missed, now)

    async def _nobody_left(self, tx: Tx, concern: Concern, missed: Sequence[PersonId], now: datetime) -> None:
        """Record it; the patient hears of it only when the therapist has not been told either."""
        if await tx.concerns.happened(concern.id, ConcernStep.NOBODY_LEFT, concern.opened_at):
            return
        await tx.concerns.add_step(concern.id, ConcernStep.NOBODY_LEFT, now)
        log.error("nobody is left to tell of an urgent concern", concern=concern.id)
        if concern.therapist_person_id in missed:
            await _tell_patient(tx, concern, CrisisUndelivered(concern.patient_id, concern.id), now)


async def _about(tx: Tx, notice: Notice) -> Concern | None:
    return await tx.concerns.get(notice.concern_id) if isinstance(notice, _Urgent) else None


async def _note_said(tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
    """Note what the patient knows now."""
    if isinstance(notice, HelpFirst):
        for concern_id in notice.concern_ids:
            await tx.concerns.add_step(concern_id, ConcernStep.CARD_LEFT, at, person_id)
    elif isinstance(notice, _Said) and notice.concern_id is not None:
        await tx.concerns.add_step(notice.concern_id, _SAID[type(notice)], at, person_id)


async def _tell(
    tx: Tx, concerns: Sequence[Concern], people: Sequence[PersonId], step: ConcernStep, now: datetime
) -> None:
    newest, second = concerns[-1], step is ConcernStep.SECOND_TOLD
    notice = CrisisSecond(newest.id, newest.code) if second else CrisisOperator(newest.id)
    for person_id in people:
        key = f"{notice.kind}:{newest.id}:{person_id}:{newest.opened_at.isoformat()}"
        if await tx.outbox.put(notice, person_id, Urgency.URGENT, now, key):
            for one in concerns:
                await tx.concerns.add_step(one.id, step, now, person_id)


async def _tell_patient(tx: Tx, concern: Concern, notice: Notice, now: datetime) -> None:
    """Say once, in each round of a concern, what has become true."""
    patient = await tx.people.patient(concern.patient_id)
    if patient.person_id is not None:
        key = f"{notice.kind}:{concern.id}:{concern.opened_at.isoformat()}"
        await tx.outbox.put(notice, patient.person_id, Urgency.REPLY, now, key)

"""What a person may always do: pause, resume, choose language, time zone and quiet hours."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain import timing
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.manner import Manner, sounds_alike, spoken
from bot.domain.model import CheckInState, Language, PatientState, Person, Therapist, Urgency, Visitor
from bot.domain.notices import ConsentAgain, Question, WordsHidden
from bot.domain.post import Receipt
from bot.services.planning import Planner
from bot.services.ports import Store, Tx


class Rights:
    """The verbs that need nobody's leave."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        planner: Planner,
        therapist_quiet: QuietHours,
        digest_weekday: int,
        digest_hour: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner
        self._therapist_quiet = therapist_quiet
        self._digest_weekday = digest_weekday
        self._digest_hour = digest_hour

    async def pause(self, visitor: Visitor) -> None:
        """Ask this patient nothing until further notice.  Doing so again changes nothing."""
        await self._move(visitor, PatientState.ACTIVE, PatientState.PAUSED, "paused")

    async def resume(self, visitor: Visitor) -> None:
        """Ask again what was paused.  Doing so again changes nothing."""
        await self._move(visitor, PatientState.PAUSED, PatientState.ACTIVE, "resumed")

    async def _move(self, visitor: Visitor, before: PatientState, after: PatientState, act: str) -> None:
        moving = [patient for patient in visitor.patients if patient.state is before]
        if not moving or visitor.person is None:
            return
        now = self._clock.now()
        async with self._store.transaction() as tx:
            for patient in moving:
                await tx.people.set_patient_state(patient.id, after, now)
                await tx.audit.note(now, visitor.person.id, act, "patient", patient.id)

    async def speak(
        self,
        visitor: Visitor,
        receipt: Receipt,
        *,
        language: Language | None = None,
        zone: ZoneInfo | None = None,
        manner: Manner | None = None,
    ) -> Person | None:
        """Change language, zone or manner of speaking, and return who speaks now; None for a stranger.

        A therapist's weekly digest keeps its hour on the new clock, what waits is planned anew, and a question that is
        open is shown again in other words.
        """
        if visitor.person is None:
            return None
        old = visitor.person.voice
        voice = replace(old, language=language or old.language, zone=zone or old.zone)
        voice = spoken(voice, manner) if manner is not None else voice
        now, fresh = self._clock.now(), replace(visitor.person, voice=voice)
        async with self._store.transaction() as tx:
            if not await tx.inbox.takes_effect(receipt, now):
                return visitor.person
            await tx.people.set_voice(visitor.person.id, voice)
            if visitor.therapist is not None:
                digest_at = timing.next_weekly(now, self._digest_weekday, self._digest_hour, voice.zone)
                await tx.people.set_digest_at(visitor.therapist.id, digest_at)
            if voice.zone != old.zone:
                await self._replan(tx, visitor.person, fresh, now)
            if not sounds_alike(voice, old):
                await _reword(tx, fresh, now)
        return fresh

    async def rest(self, visitor: Visitor, receipt: Receipt, quiet: QuietHours | None) -> Person | None:
        """Choose quiet hours of one's own, or those of the practice (None), and plan what waits anew.

        Returns who rests now; None for somebody who is never written to unasked by day.
        """
        if visitor.person is None or not visitor.rests:
            return None
        now, fresh = self._clock.now(), replace(visitor.person, quiet=quiet)
        async with self._store.transaction() as tx:
            if not await tx.inbox.takes_effect(receipt, now):
                return visitor.person
            await tx.people.set_quiet(visitor.person.id, quiet)
            await self._replan(tx, visitor.person, fresh, now)
        return fresh

    async def work(self, visitor: Visitor, receipt: Receipt, working: WorkingHours | None) -> Therapist | None:
        """Choose working hours of one's own, or those of the practice (None); None for somebody who is no therapist."""
        therapist = visitor.therapist
        if therapist is None:
            return None
        async with self._store.transaction() as tx:
            if not await tx.inbox.takes_effect(receipt, self._clock.now()):
                return therapist
            await tx.people.set_working(therapist.id, working)
        return replace(therapist, working=working)

    async def _replan(self, tx: Tx, before: Person, after: Person, now: datetime) -> None:
        """Plan the questions that wait for a person anew, and the notices that wait for the end of quiet hours."""
        await self._planner.replan(tx, after.id, now)
        for row in await tx.outbox.planned(after.id, now):
            if row.urgency not in (Urgency.ALERT, Urgency.BULK) or isinstance(row.notice, WordsHidden):
                continue
            to_patient = isinstance(row.notice, (Question, ConsentAgain))
            practice = self._planner.times.quiet if to_patient else self._therapist_quiet
            rests = [(person.voice.zone, person.quiet or practice) for person in (before, after)]
            at = timing.rested_otherwise(row.due_at, now, *rests)
            if at != row.due_at:
                await tx.outbox.put_off(row.id, at)


async def _reword(tx: Tx, person: Person, now: datetime) -> None:
    """Let the questions that are open be shown again, as this person is spoken to now."""
    for check_in in await tx.check_ins.pending_of(person.id):
        if check_in.state is CheckInState.OPEN and check_in.message_id is not None:
            await tx.check_ins.show_later(check_in.id, now)

"""What a person may always do: pause, resume, choose language, time zone and quiet hours."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain import timing
from bot.domain.model import Language, PatientState, Person, QuietHours, Visitor
from bot.domain.post import Receipt
from bot.services.planning import Planner
from bot.services.ports import Store


class Rights:
    """The verbs that need nobody's leave."""

    def __init__(self, store: Store, clock: Clock, planner: Planner, digest_weekday: int, digest_hour: int) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner
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
        self, visitor: Visitor, receipt: Receipt, *, language: Language | None = None, zone: ZoneInfo | None = None
    ) -> Person | None:
        """Change language or zone and return who speaks now; None for a stranger.

        A therapist's weekly digest keeps its hour on the new clock, and what waits for a patient is planned anew.
        """
        if visitor.person is None:
            return None
        old = visitor.person.voice
        voice = replace(old, language=language or old.language, zone=zone or old.zone)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if not await tx.inbox.takes_effect(receipt, now):
                return visitor.person
            await tx.people.set_voice(visitor.person.id, voice)
            if visitor.therapist is not None:
                digest_at = timing.next_weekly(now, self._digest_weekday, self._digest_hour, voice.zone)
                await tx.people.set_digest_at(visitor.therapist.id, digest_at)
            if voice.zone != old.zone:
                await self._planner.replan(tx, visitor.person.id, now)
        return replace(visitor.person, voice=voice)

    async def rest(self, visitor: Visitor, receipt: Receipt, quiet: QuietHours | None) -> Person | None:
        """Choose quiet hours of one's own, or those of the practice (None), and plan what waits anew.

        Returns who rests now; None for somebody who is never written to unasked: neither patient nor therapist.
        """
        if visitor.person is None or not (visitor.patients or visitor.therapist):
            return None
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if not await tx.inbox.takes_effect(receipt, now):
                return visitor.person
            await tx.people.set_quiet(visitor.person.id, quiet)
            await self._planner.replan(tx, visitor.person.id, now)
        return replace(visitor.person, quiet=quiet)

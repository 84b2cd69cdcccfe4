"""Before a session: a discreet word to its therapist, and what there is to know, on tap.

When it is said is a column of the session (`note_at`), which the planner keeps with the session's time.  It is said
once, never in the therapist's quiet hours, never after the beginning, and not at all where there is nothing to say.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import timing
from bot.domain.appointments import Appointment
from bot.domain.carried import TakenUp
from bot.domain.episodes import LIVE_EPISODE, Episode
from bot.domain.errors import StoreUnavailableError
from bot.domain.hours import QuietHours
from bot.domain.instrument import MUCH_PENDING
from bot.domain.model import (
    CheckInId,
    Item,
    Patient,
    PatientState,
    Rating,
    Score,
    SessionId,
    SessionState,
    Therapist,
    Urgency,
    Visitor,
    WordsKind,
)
from bot.domain.notices_records import SessionAhead
from bot.domain.records import Record, RecordKind
from bot.services.planning import Planner
from bot.services.ports import Store, Tx

AT_ONCE: Final = 100
PLANNED_WITH: Final = "notes_planned_with"
"""The fact that says with which setting the coming sessions were planned."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Before:
    """What there is to know before a session; `last` is the newest answered check-in, `previous` the one before.

    `pending`: what `last` left pending (7 or more), or has words about; `taken_up`: what was said of the time before.
    `with_words`: the check-in whose words can be read.
    """

    session: Appointment
    last: Rating | None = None
    previous: Rating | None = None
    episode: Episode | None = None
    pending: Score | None = field(default=None, repr=False)
    taken_up: TakenUp | None = None
    with_words: CheckInId | None = None
    agreement: Record | None = None
    marker: Record | None = None
    urgent: bool = False

    @property
    def says_something(self) -> bool:
        """Say whether there is anything to know."""
        return any((self.last, self.episode, self.agreement, self.marker, self.urgent))


class Preparing:
    """Reminds therapists of sessions; `quiet` are their hours of rest unless they have their own."""

    def __init__(self, store: Store, clock: Clock, planner: Planner, quiet: QuietHours) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner
        self._quiet = quiet

    async def plan_anew(self) -> None:
        """Plan the notes of all coming sessions, if they were planned with another setting, or with none."""
        now, setting = self._clock.now(), str(self._planner.note_before)
        async with self._store.transaction() as tx:
            if await tx.facts.recall(PLANNED_WITH) == setting:
                return
            coming = await tx.sessions.coming(now)
            await tx.sessions.plan_notes({one: self._planner.note_at(at, now) for one, at in coming.items()})
            await tx.facts.keep(PLANNED_WITH, setting)

    async def run_due(self) -> int:
        """Remind therapists of what is about to begin; return how many sessions were looked at."""
        async with self._store.reading() as tx:
            due = await tx.sessions.to_note(self._clock.now(), AT_ONCE)
        return sum([await self._guarded(one.id) for one in due])

    async def _guarded(self, session_id: SessionId) -> bool:
        try:
            await self._remind(session_id)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("a session cannot be announced", session=session_id, error=type(fault).__name__)
            return False
        return True

    async def _remind(self, session_id: SessionId) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            one = await tx.sessions.get(session_id)
            if one is None:
                return
            patient = await tx.people.patient_in(one.treatment_id)
            therapist = await tx.people.therapist(patient.therapist_id)
            at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._quiet))
            waits = at if now < at < one.starts_at and _takes_place(one, patient) else None
            await tx.sessions.plan_note(session_id, waits)
            if at > now or one.starts_at <= now or not _takes_place(one, patient):
                return
            if await self._says_something(tx, therapist, patient, one):
                ahead = SessionAhead(one.id, one.code, one.starts_at)
                key = f"session-ahead:{one.id}:{one.starts_at.isoformat()}"
                await tx.outbox.put(ahead, therapist.person_id, Urgency.ALERT, now, key, one.starts_at)

    async def _says_something(self, tx: Tx, therapist: Therapist, patient: Patient, one: Appointment) -> bool:
        """Say whether there is anything to know; an answered check-in before is enough, and nearly always there."""
        history = await tx.check_ins.history(one.treatment_id)
        if any(rating.session_at <= one.starts_at for rating in history):
            return True
        return (await self._before(tx, therapist, patient, one)).says_something

    async def ahead(self, visitor: Visitor, session_id: SessionId, starts_at: datetime) -> bool:
        """Say whether a session is still to begin then: what has been moved or cancelled since is not announced."""
        before = await self.before(visitor, session_id)
        one = before.session if before else None
        return one is not None and one.starts_at == starts_at and one.state is SessionState.PLANNED

    async def before(self, visitor: Visitor, session_id: SessionId) -> Before | None:
        """Return what there is to know before a session; None if it is not this therapist's."""
        async with self._store.reading() as tx:
            one, therapist = await tx.sessions.get(session_id), visitor.therapist
            patient = await tx.people.patient_in(one.treatment_id) if one else None
            if one is None or patient is None or therapist is None or patient.therapist_id != therapist.id:
                return None
            return await self._before(tx, therapist, patient, one)

    async def _before(self, tx: Tx, therapist: Therapist, patient: Patient, one: Appointment) -> Before:
        history = await tx.check_ins.history(one.treatment_id)
        earlier = [rating for rating in history if rating.session_at <= one.starts_at]
        previous, last = ([None, None, *earlier])[-2:]
        live = await _live_episode(tx, therapist, one, self._clock.now())
        urgent = [concern for concern in await tx.concerns.unfinished(therapist.id) if concern.patient_id == patient.id]
        agreement = await tx.records.agreement(one.treatment_id)
        marker = await tx.records.last(one.treatment_id, RecordKind.MARKER)
        known = Before(one, episode=live, agreement=agreement, marker=marker, urgent=bool(urgent))
        return await _with_last(tx, known, last, previous) if last else known


async def _live_episode(tx: Tx, therapist: Therapist, one: Appointment, now: datetime) -> Episode | None:
    found = await tx.alerts.episodes(therapist.id, now)
    mine = [each for each in found if each.treatment_id == one.treatment_id and each.live]
    return min(mine, key=lambda each: LIVE_EPISODE.index(each.state), default=None)


async def _with_last(tx: Tx, known: Before, last: Rating, previous: Rating | None) -> Before:
    """Add what the last answered check-in says."""
    words = await tx.check_ins.words_of(last.check_in_id)
    check_in = await tx.check_ins.get(last.check_in_id)
    score = last.scores.get(Item.PENDING)
    much = score is not None and score >= MUCH_PENDING
    named = any(one.kind is WordsKind.PENDING for one in words)
    return replace(
        known,
        last=last,
        previous=previous,
        pending=score if much or named else None,
        taken_up=check_in.taken_up if check_in else None,
        with_words=last.check_in_id if words else None,
    )


def _takes_place(one: Appointment, patient: Patient) -> bool:
    return one.state is SessionState.PLANNED and patient.state is not PatientState.LEFT

"""Sessions that repeat: a series is a rule, and its sessions for the coming weeks are rows.

What was done to one occurrence (moved, cancelled) stays: a series never makes the same occurrence twice.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clock import Clock
from bot.domain import recurrence
from bot.domain.appointments import HORIZON, Appointment, Series
from bot.domain.model import Patient, SeriesId, SessionId, SessionState, Therapist, TherapistId, Urgency
from bot.domain.notices import SeriesNoted
from bot.domain.post import Receipt
from bot.domain.recurrence import Recurrence
from bot.services.making import Maker
from bot.services.planning import Planner, is_ready
from bot.services.ports import Store, Tx

_DAY = timedelta(days=1)
CONFIRMATION_GOOD_FOR = timedelta(hours=12)


class NotRepeated(StrEnum):
    """Why a series was not noted."""

    NO_SUCH_PATIENT = "no_such_patient"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class SeriesEnded:
    """A series that goes on no more; `cancelled` sessions were still to come."""

    code: str = field(repr=False)
    cancelled: int


class SeriesOfSessions:
    """The verbs of what repeats."""

    def __init__(self, store: Store, clock: Clock, planner: Planner) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner
        self._maker = Maker(planner)

    async def note(self, therapist: Therapist, code: str, rule: Recurrence, receipt: Receipt) -> NotRepeated | None:
        """Note a series on the therapist's clock and make its sessions; the confirmation travels through the outbox."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient = await tx.people.patient_of(therapist.id, code)
            if patient is None:
                return NotRepeated.NO_SUCH_PATIENT
            if not await self._has_room(tx, patient, rule, therapist, now):
                return NotRepeated.OVERLAP
            await self._begin(tx, patient, rule, therapist, f"series:{receipt}", now)
            await tx.inbox.finish(receipt, now)
        return None

    async def _has_room(self, tx: Tx, patient: Patient, rule: Recurrence, therapist: Therapist, now: datetime) -> bool:
        """Say whether other sessions cover not all of the coming occurrences: said twice, it is one series."""
        until = (now + HORIZON).astimezone(therapist.zone).date()
        coming = [one for one in recurrence.spans(rule, therapist.zone, rule.first, until) if one.ends_at > now]
        taken = [await tx.sessions.overlapping(patient.treatment_id, one.starts_at, one.ends_at) for one in coming]
        return not taken or not all(taken)

    async def _begin(
        self, tx: Tx, patient: Patient, rule: Recurrence, therapist: Therapist, key: str, now: datetime
    ) -> SeriesId:
        series_id = await tx.series.add(patient.treatment_id, rule, therapist.zone, now)
        made = await self._maker.make(
            tx, Series(series_id, patient.treatment_id, rule, therapist.zone), patient, HORIZON, now
        )
        first = await tx.sessions.get(made.sessions[0]) if made.sessions else None
        noted = SeriesNoted(
            series_id,
            patient.code,
            first.starts_at if first else None,
            first.ends_at if first else None,
            rule,
            len(made.sessions),
            made.left_out,
            is_ready(patient),
        )
        await tx.outbox.put(noted, therapist.person_id, Urgency.REPLY, now, key, now + CONFIRMATION_GOOD_FOR)
        await tx.audit.note(now, therapist.person_id, "noted", "series", series_id)
        return series_id

    async def rule_of(self, series_id: SeriesId) -> Recurrence | None:
        """Return the rule of a series that goes on."""
        async with self._store.reading() as tx:
            found = await tx.series.get(series_id)
        return found.rule if found else None

    async def make_due(self) -> int:
        """Make the sessions of every series up to the horizon (daily); return how many there are more."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting = await tx.series.to_make((now + HORIZON).date())
        return sum([await self._make_one(one.id, now) for one in waiting])

    async def _make_one(self, series_id: SeriesId, now: datetime) -> int:
        async with self._store.transaction() as tx:
            found = await tx.series.get(series_id)
            if found is None:
                return 0
            patient = await tx.people.patient_in(found.treatment_id)
            return len((await self._maker.make(tx, found, patient, HORIZON, now)).sessions)

    async def undo(self, therapist: Therapist, series_id: SeriesId, receipt: Receipt) -> SeriesEnded | None:
        """Take a whole series back, as far as its questions have not left; None if it is not the therapist's."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            series = await tx.series.get(series_id)
            patient = await tx.people.patient_in(series.treatment_id) if series else None
            if series is None or patient is None or patient.therapist_id != therapist.id:
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return SeriesEnded(patient.code, 0)
            cancelled = await self._end(tx, series, series.rule.first, now)
            await tx.audit.note(now, therapist.person_id, "undid", "series", series_id)
        return SeriesEnded(patient.code, cancelled)

    async def end_from(self, therapist: Therapist, session_id: SessionId, receipt: Receipt) -> SeriesEnded | None:
        """End a series with this session, which does not take place any more; None if there is no such series."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _found(tx, therapist.id, session_id)
            if found is None:
                return None
            patient, series, on = found
            if not await tx.inbox.takes_effect(receipt, now):
                return SeriesEnded(patient.code, 0)
            cancelled = await self._end(tx, series, on, now)
            await tx.audit.note(now, therapist.person_id, "ended", "series", series.id)
        return SeriesEnded(patient.code, cancelled)

    async def change_from(self, therapist: Therapist, session_id: SessionId, at: datetime, receipt: Receipt) -> bool:
        """Let a series go on at another day and hour from this session on; `at` is naive, on the therapist's clock.

        Other weekdays of the series go on as they were.  Weeks in which a later session was cancelled stay free.
        False if there is no such series.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _found(tx, therapist.id, session_id)
            if found is None:
                return False
            patient, series, on = found
            later = await tx.series.sessions(series.id, on)
            await self._end(tx, series, on, now)
            gone = sum(1 for day in recurrence.days(series.rule, series.rule.first, on - _DAY))
            changed, *others = _changed(series.rule, on, at.date(), at.time(), gone)
            fresh = await self._begin(tx, patient, changed, therapist, f"series:{receipt}:0", now)
            for index, rule in enumerate(others, start=1):
                await self._begin(tx, patient, rule, therapist, f"series:{receipt}:{index}", now)
            same_day = [one for one in later if one.occurrence and one.occurrence.on.weekday() == on.weekday()]
            free = {_week(one) for one in same_day if one.state is SessionState.CANCELLED}
            await self._keep_free(tx, fresh, free - {at.isocalendar()[:2]}, now)
            await tx.inbox.finish(receipt, now)
        return True

    async def _keep_free(self, tx: Tx, fresh: SeriesId, weeks: set[tuple[int, int] | None], now: datetime) -> None:
        """Cancel what a changed series has in weeks in which the session it takes the place of was cancelled."""
        for one in await tx.series.sessions(fresh, date.min):
            if _week(one) in weeks:
                await self._planner.call_off(tx, one.id, SessionState.CANCELLED, now)

    async def _end(self, tx: Tx, series: Series, since: date, now: datetime) -> int:
        """Make no more, and cancel what has not begun from that day on; return how many sessions that were."""
        await tx.series.end(series.id, now)
        coming = [
            one
            for one in await tx.series.sessions(series.id, since)
            if one.state is SessionState.PLANNED and not one.asked and one.starts_at > now
        ]
        for one in coming:
            await self._planner.call_off(tx, one.id, SessionState.CANCELLED, now)
        return len(coming)


def _week(one: Appointment) -> tuple[int, int] | None:
    """Return the ISO year and week in which a series has the session."""
    return one.occurrence.on.isocalendar()[:2] if one.occurrence else None


async def _found(tx: Tx, therapist_id: TherapistId, session_id: SessionId) -> tuple[Patient, Series, date] | None:
    one = await tx.sessions.get(session_id)
    if one is None or one.occurrence is None:
        return None
    series = await tx.series.get(one.occurrence.series_id)
    patient = await tx.people.patient_in(one.treatment_id)
    if series is None or patient.therapist_id != therapist_id:
        return None
    return patient, series, one.occurrence.on


def _changed(rule: Recurrence, was_on: date, on: date, at: time, gone: int) -> list[Recurrence]:
    """Return what a rule becomes: the changed weekday at its new time, the others as they were."""
    left = rule.count - gone if rule.count is not None else None
    until = max(rule.until, on) if rule.until else None
    others = tuple(day for day in rule.weekdays if day != was_on.weekday())
    if not others:
        return [replace(rule, first=on, at=at, weekdays=(on.weekday(),), until=until, count=left)]
    share = None if left is None else max(1, left // len(rule.weekdays))
    moved = replace(rule, first=on, at=at, weekdays=(on.weekday(),), until=until, count=share)
    rest = None if left is None or share is None else left - share
    stays = [] if rest == 0 else [replace(rule, first=was_on, weekdays=others, until=until, count=rest)]
    return [moved, *stays]

"""Sessions that repeat: a series is a rule, and its sessions for the coming weeks are rows.

What was done to one occurrence (moved, cancelled) stays: a series never makes the same occurrence twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

import structlog

from bot.clock import Clock
from bot.domain import changing, recurrence
from bot.domain.appointments import HORIZON, Appointment, Series, has_begun
from bot.domain.errors import StoreUnavailableError
from bot.domain.model import Patient, PatientState, SeriesId, SessionId, Therapist, TherapistId, Urgency
from bot.domain.notices import SeriesNoted
from bot.domain.post import Receipt
from bot.domain.recurrence import Recurrence
from bot.services import replacing
from bot.services.making import Made, Maker
from bot.services.planning import Planner, is_ready
from bot.services.ports import Store, Tx

log = structlog.get_logger()

_DAY = timedelta(days=1)
TOGETHER = 10
"""Series whose sessions are made in one transaction: few, for whoever taps meanwhile waits for it."""

CONFIRMATION_GOOD_FOR = timedelta(hours=12)


class NotRepeated(StrEnum):
    """Why a series was not noted."""

    NO_SUCH_PATIENT = "no_such_patient"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class SeriesEnded:
    """A series that goes on no more; `cancelled` sessions were still to come.  `again`: it can be brought back."""

    code: str = field(repr=False)
    cancelled: int
    again: SeriesId | None = None


@dataclass(frozen=True, slots=True)
class SeriesResumed:
    """A series that is again as it was before; another session of the patient covers `left_out` of its own."""

    code: str = field(repr=False)
    series: Series
    left_out: int


@dataclass(frozen=True, slots=True)
class _From:
    """A session of a series from which on something changes; `on` is the day on which the rule has it."""

    patient: Patient
    series: Series
    session: Appointment
    on: date


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
            series, made = await self._begin(tx, patient, rule, therapist, now)
            await self._confirm(tx, patient, series, made, therapist, receipt, now)
            await tx.inbox.finish(receipt, now)
        return None

    async def _has_room(self, tx: Tx, patient: Patient, rule: Recurrence, therapist: Therapist, now: datetime) -> bool:
        """Say whether other sessions cover not all of the coming occurrences: said twice, it is one series."""
        until = (now + HORIZON).astimezone(therapist.zone).date()
        coming = [one for one in recurrence.spans(rule, therapist.zone, rule.first, until) if one.ends_at > now]
        taken = [await tx.sessions.overlapping(patient.treatment_id, one.starts_at, one.ends_at) for one in coming]
        return not taken or not all(taken)

    async def _begin(
        self,
        tx: Tx,
        patient: Patient,
        rule: Recurrence,
        therapist: Therapist,
        now: datetime,
        replaces: SeriesId | None = None,
    ) -> tuple[Series, Made]:
        series_id = await tx.series.add(patient.treatment_id, rule, therapist.zone, now, replaces=replaces)
        series = Series(series_id, patient.treatment_id, rule, therapist.zone, replaces=replaces)
        made = await self._maker.make(tx, series, patient, HORIZON, now)
        await tx.audit.note(now, therapist.person_id, "noted", "series", series_id)
        return series, made

    async def _confirm(
        self,
        tx: Tx,
        patient: Patient,
        series: Series,
        made: Made,
        therapist: Therapist,
        receipt: Receipt,
        now: datetime,
        others: Series | None = None,
    ) -> None:
        first = await tx.sessions.get(made.sessions[0]) if made.sessions else None
        noted = SeriesNoted(
            series.id,
            patient.code,
            first.starts_at if first else None,
            first.ends_at if first else None,
            series.rule,
            len(made.sessions),
            made.left_out,
            is_ready(patient),
            patient.state,
            others.rule if others else None,
            others.zone.key if others else None,
        )
        key = f"series:{receipt}"
        await tx.outbox.put(noted, therapist.person_id, Urgency.REPLY, now, key, now + CONFIRMATION_GOOD_FOR)

    async def of(self, therapist: Therapist, session_id: SessionId) -> Series | None:
        """Return the series of a session, if it goes on and is the therapist's."""
        async with self._store.reading() as tx:
            found = await _found(tx, therapist.id, session_id)
        return found.series if found else None

    async def beginnings(self, therapist: Therapist, session_id: SessionId, days: Sequence[date]) -> Sequence[date]:
        """Return the days on which the series of a session can go on otherwise from that session on."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            found = await _found(tx, therapist.id, session_id)
        return [day for day in days if found and _may_begin(found, day, now)]

    async def make_due(self) -> int:
        """Make the sessions of every series up to the horizon (daily); return how many there are more."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting = [one.id for one in await tx.series.to_make((now + HORIZON).date())]
        some = [waiting[number : number + TOGETHER] for number in range(0, len(waiting), TOGETHER)]
        return sum([await self._make_guarded(ids, now) for ids in some])

    async def _make_guarded(self, series_ids: Sequence[SeriesId], now: datetime) -> int:
        """Make some in one transaction; where one of them cannot be made, each in its own."""
        try:
            return await self._make_some(series_ids, now)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of a few rows; the others go on
            if len(series_ids) == 1:
                log.error("a series cannot be made", series=series_ids[0], error=type(fault).__name__)
                return 0
            return sum([await self._make_guarded([one], now) for one in series_ids])

    async def _make_some(self, series_ids: Sequence[SeriesId], now: datetime) -> int:
        async with self._store.transaction() as tx:
            made = [
                await self._maker.make(tx, one, await tx.people.patient_in(one.treatment_id), HORIZON, now)
                for one in await tx.series.that_go_on(series_ids)
            ]
        return sum(len(one.sessions) for one in made)

    async def undo(
        self, therapist: Therapist, series_id: SeriesId, receipt: Receipt
    ) -> SeriesEnded | SeriesResumed | None:
        """Take a whole series back, as far as its questions have not left, and bring back what it took the place of.

        None if it is not the therapist's, or not the last word any more: it has ended or changed since.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient, series = await _owned(tx, therapist.id, series_id)
            if patient is None or series is None:
                return None
            before = await tx.series.get(series.replaces) if series.replaces else None
            if not await tx.inbox.takes_effect(receipt, now):
                return SeriesResumed(patient.code, before, 0) if before else SeriesEnded(patient.code, 0)
            others = _parted(await tx.series.instead_of(before.id), series_id) if before else []
            if series.ended_at or any(one.ended_at for one in others):
                return None
            gone = await self._maker.end(tx, series, series.rule.first, now)
            await tx.audit.note(now, therapist.person_id, "undid", "series", series_id)
            left_out = await self._bring_back(tx, before, others, patient, now) if before else 0
            for one in gone:
                await self._maker.make_up(tx, one, now)
        return SeriesResumed(patient.code, before, left_out) if before else SeriesEnded(patient.code, len(gone))

    async def _bring_back(
        self, tx: Tx, before: Series, others: Sequence[Series], patient: Patient, now: datetime
    ) -> int:
        """Let a series that was changed go on as before, with what went on from it; return how many are left out."""
        for other in others:
            await replacing.hand_over(tx, await tx.series.sessions(other.id, date.min), before.id)
            await tx.series.end(other.id, now)
        return await self._maker.bring_back(tx, before, patient, now)

    async def end_from(self, therapist: Therapist, session_id: SessionId, receipt: Receipt) -> SeriesEnded | None:
        """End a series with this session, which does not take place any more; None if there is no such series."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _from(tx, therapist.id, session_id)
            if found is None:
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return await _ended_already(tx, found)
            if found.series.ended_at is not None:
                return None
            gone = await self._maker.end(tx, found.series, found.on, now)
            await tx.audit.note(now, therapist.person_id, "ended", "series", found.series.id)
        return SeriesEnded(found.patient.code, len(gone), again=found.series.id)

    async def resume(self, therapist: Therapist, series_id: SeriesId, receipt: Receipt) -> SeriesResumed | None:
        """Let a series that was ended go on as it was; None if it is not the therapist's, or goes on already."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            patient, series = await _owned(tx, therapist.id, series_id)
            if patient is None or series is None:
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return SeriesResumed(patient.code, series, 0)
            goes_on_as = [one for one in await tx.series.instead_of(series_id) if one.ended_at is None]
            if series.ended_at is None or goes_on_as:
                return None
            left_out = await self._maker.bring_back(tx, series, patient, now)
            await tx.audit.note(now, therapist.person_id, "resumed", "series", series_id)
        return SeriesResumed(patient.code, series, left_out)

    async def change_from(self, therapist: Therapist, session_id: SessionId, at: datetime, receipt: Receipt) -> bool:
        """Let a series go on at another day and hour from this session on; `at` is naive, on the therapist's clock.

        Other weekdays of the series go on as they were, sessions and all.  What was done to a later session, cancelled,
        moved or noted where, holds for that week's.  False if there is no such series, or it cannot go on from there.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await _found(tx, therapist.id, session_id)
            if found is None or not _may_begin(found, at.date(), now):
                return False
            since = found.on + _DAY if has_begun(found.session, now) else found.on
            change = changing.changed(found.series.rule, since, found.on.weekday(), at.date(), at.time())
            if change is None:
                return False
            weekday = found.on.weekday()
            others = await replacing.split(tx, found.series, change.others, since, weekday, now)
            was = await tx.series.sessions(found.series.id, since)
            await self._maker.end(tx, found.series, since, now)
            fresh, made = await self._begin(tx, found.patient, change.moved, therapist, now, found.series.id)
            await replacing.carry_over(tx, self._planner, found.patient, (found.series, was), fresh, now)
            await self._confirm(tx, found.patient, fresh, made, therapist, receipt, now, others)
            await tx.inbox.finish(receipt, now)
        return True


def _may_begin(found: _From, on: date, now: datetime) -> bool:
    return changing.may_begin(found.series.rule, found.on, on, begun=has_begun(found.session, now))


def _parted(instead: Sequence[Series], series_id: SeriesId) -> list[Series]:
    """Return what a change let go on as it was, of all that took a place; earlier changes there were undone since."""
    earlier = max((one.id for one in instead if one.replaces and one.id < series_id), default=SeriesId(0))
    return [one for one in instead if one.split_from and one.id > earlier]


async def _owned(tx: Tx, therapist_id: TherapistId, series_id: SeriesId) -> tuple[Patient | None, Series | None]:
    """Return a series and its patient, if that is the therapist's own and still here."""
    series = await tx.series.get(series_id)
    patient = await tx.people.patient_in(series.treatment_id) if series else None
    if patient is None or patient.therapist_id != therapist_id or patient.state is PatientState.LEFT:
        return None, None
    return patient, series


async def _from(tx: Tx, therapist_id: TherapistId, session_id: SessionId) -> _From | None:
    one = await tx.sessions.get(session_id)
    if one is None or one.occurrence is None:
        return None
    patient, series = await _owned(tx, therapist_id, one.occurrence.series_id)
    return _From(patient, series, one, one.occurrence.on) if patient and series else None


async def _found(tx: Tx, therapist_id: TherapistId, session_id: SessionId) -> _From | None:
    """Return a session whose series goes on."""
    found = await _from(tx, therapist_id, session_id)
    return found if found and found.series.ended_at is None else None


async def _ended_already(tx: Tx, found: _From) -> SeriesEnded | None:
    """Say once more how a series ended, when the answer to that was lost; None: it goes on, as it was or changed."""
    series = found.series
    instead = await tx.series.instead_of(series.id)
    if series.ended_at is None or any(one.ended_at is None for one in instead):
        return None
    gone = [one for one in await tx.series.sessions(series.id, date.min) if one.taken_back_at == series.ended_at]
    return SeriesEnded(found.patient.code, len(gone), again=series.id)

"""What a series becomes: its sessions, made as rows up to a day, taken back with it, and brought back.

For services of the agenda, inside their transactions.  An occurrence that was made once is never made again, whatever
became of it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import recurrence
from bot.domain.appointments import ALL_MADE, HORIZON, Appointment, Occurrence, Series, has_begun
from bot.domain.model import Patient, SessionId, SessionState, TherapistId
from bot.services.planning import Planner, Span
from bot.services.ports import Tx

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the occurrences of a series up to a day: sessions made, and those another session covers."""

    sessions: tuple[SessionId, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the sessions of series, each with its check-in."""

    planner: Planner

    async def make(self, tx: Tx, series: Series, patient: Patient, ahead: timedelta, now: datetime) -> Made:
        """Make what is missing so far ahead; where another session of the patient is, none is added."""
        until = (now + ahead).astimezone(series.zone).date()
        if series.made_until and until <= series.made_until:
            return Made((), 0)
        since = series.made_until + _DAY if series.made_until else series.rule.first
        there = {one.occurrence.on for one in await tx.series.sessions(series.id, since) if one.occurrence}
        missing = [
            one
            for one in recurrence.spans(series.rule, series.zone, since, until)
            if one.ends_at > now and one.on not in there
        ]
        tried = [await self._make_one(tx, series, patient, one, now) for one in missing]
        following = recurrence.next_day(series.rule, until)
        await tx.series.made(series.id, following - _DAY if following else ALL_MADE)
        return Made(tuple(made for made in tried if made is not None), tried.count(None))

    async def make_all(self, tx: Tx, therapist_id: TherapistId, ahead: timedelta, now: datetime) -> None:
        """Make the sessions of all series of a therapist so far ahead."""
        for series in await tx.series.going_on(therapist_id):
            await self.make(tx, series, await tx.people.patient_in(series.treatment_id), ahead, now)

    async def make_up(self, tx: Tx, free: Appointment, now: datetime) -> None:
        """Make what was left out because of a session that is not there any more."""
        patient = await tx.people.patient_in(free.treatment_id)
        for series in await tx.series.of_treatment(free.treatment_id):
            on = free.starts_at.astimezone(series.zone).date()
            until = min(on + _DAY, series.made_until or date.min)
            there = {one.occurrence.on for one in await tx.series.sessions(series.id, on - _DAY) if one.occurrence}
            for one in recurrence.spans(series.rule, series.zone, on - _DAY, until):
                crosses = one.starts_at < free.ends_at and one.ends_at > free.starts_at
                if crosses and one.on not in there and one.starts_at > now:
                    await self._make_one(tx, series, patient, one, now)

    async def _make_one(
        self, tx: Tx, series: Series, patient: Patient, one: recurrence.Occurrence, now: datetime
    ) -> SessionId | None:
        """Make one occurrence, unless another session of the patient is there."""
        if await tx.sessions.overlapping(series.treatment_id, one.starts_at, one.ends_at):
            return None
        occurrence = Occurrence(series.id, one.on)
        return await self.planner.add(tx, patient, Span(one.starts_at, one.ends_at), now, occurrence)

    async def end(self, tx: Tx, series: Series, since: date, now: datetime) -> list[Appointment]:
        """Make no more, and take back what has not begun from that day on; return the sessions that were to take place.

        What was cancelled by hand stays cancelled, also if the series is brought back.
        """
        await tx.series.end(series.id, now)
        coming = [
            one
            for one in await tx.series.sessions(series.id, since)
            if one.state is SessionState.PLANNED and not has_begun(one, now)
        ]
        for one in coming:
            await self.planner.take_back(tx, one.id, now)
        return coming

    async def bring_back(self, tx: Tx, series: Series, patient: Patient, now: datetime) -> int:
        """Let a series that has ended go on as it was; return how many sessions another one covers by now."""
        await tx.series.resume(series.id)
        covered = 0
        for one in await tx.series.sessions(series.id, date.min):
            if one.taken_back_at is None or one.taken_back_at != series.ended_at or one.starts_at <= now:
                continue
            if await tx.sessions.overlapping(one.treatment_id, one.starts_at, one.ends_at):
                covered += 1
            else:
                await self.planner.restore(tx, patient, one.id, Span(one.starts_at, one.ends_at), now)
        made = await self.make(tx, replace(series, ended_at=None), patient, HORIZON, now)
        return covered + made.left_out

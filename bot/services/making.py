"""What a series becomes: its sessions, made as rows up to a day.  For services of the agenda, in their transactions.

An occurrence that was made once is never made again, whatever became of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import recurrence
from bot.domain.appointments import Occurrence, Series
from bot.domain.model import Patient, SessionId, TherapistId
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
        since = series.made_until + _DAY if series.made_until else series.rule.first
        if until < since:
            return Made((), 0)
        made, left_out = [], 0
        for one in recurrence.spans(series.rule, series.zone, since, until):
            if one.ends_at <= now:
                continue
            if await tx.sessions.overlapping(series.treatment_id, one.starts_at, one.ends_at):
                left_out += 1
                continue
            occurrence = Occurrence(series.id, one.on)
            made.append(await self.planner.add(tx, patient, Span(one.starts_at, one.ends_at), now, occurrence))
        await tx.series.made(series.id, until)
        return Made(tuple(made), left_out)

    async def make_all(self, tx: Tx, therapist_id: TherapistId, ahead: timedelta, now: datetime) -> None:
        """Make the sessions of all series of a therapist so far ahead."""
        for series in await tx.series.going_on(therapist_id):
            await self.make(tx, series, await tx.people.patient_in(series.treatment_id), ahead, now)

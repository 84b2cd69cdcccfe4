"""Series of sessions: the rule as columns, so that another program can read it."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, or_, select, update

from bot.domain.appointments import Appointment, Series
from bot.domain.model import PatientState, SeriesId, SessionId, TherapistId, TreatmentId
from bot.domain.recurrence import Recurrence
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import patients, sessions, treatments
from storage.schema_agenda import series
from storage.sessions import appointment, appointments

_MINUTE = timedelta(minutes=1)


class SeriesRows(Rows):
    """Implements `bot.services.ports_agenda.SeriesRows`."""

    async def add(
        self,
        treatment_id: TreatmentId,
        rule: Recurrence,
        zone: ZoneInfo,
        at: datetime,
        *,
        replaces: SeriesId | None = None,
        split_from: SeriesId | None = None,
    ) -> SeriesId:
        """Add a series."""
        row = {
            "treatment_id": treatment_id,
            "first_on": rule.first.isoformat(),
            "at_wall": f"{rule.at:%H:%M}",
            "minutes": rule.length // _MINUTE,
            "weekdays": ",".join(map(str, rule.weekdays)),
            "every_weeks": rule.every,
            "until_on": rule.until.isoformat() if rule.until else None,
            "count": rule.count,
            "zone": zone.key,
            "noted_at": at,
            "replaces_id": replaces,
            "split_from_id": split_from,
        }
        return SeriesId(await self._add(insert_into(series).values(row)))

    async def get(self, series_id: SeriesId) -> Series | None:
        """Find by id."""
        row = await self._one(select(series).where(series.c.id == series_id))
        return _read(row) if row else None

    async def to_make(self, until: date) -> list[Series]:
        """Return those whose sessions are not made up to that day."""
        return await self._there(or_(series.c.made_until.is_(None), series.c.made_until < until.isoformat()))

    async def that_go_on(self, series_ids: Collection[SeriesId]) -> list[Series]:
        """Return those of these."""
        return await self._there(series.c.id.in_(series_ids))

    async def going_on(self, therapist_id: TherapistId) -> list[Series]:
        """Return those of a therapist."""
        return await self._there(treatments.c.therapist_id == therapist_id)

    async def of_treatment(self, treatment_id: TreatmentId) -> list[Series]:
        """Return those of a treatment."""
        return await self._there(series.c.treatment_id == treatment_id)

    async def _there(self, which: ColumnElement[bool]) -> list[Series]:
        there = (
            select(series)
            .join(treatments, series.c.treatment_id == treatments.c.id)
            .join(patients, treatments.c.patient_id == patients.c.id)
            .where(series.c.ended_at.is_(None), which, patients.c.state != PatientState.LEFT)
        )
        return [_read(row) for row in await self._all(there.order_by(series.c.id))]

    async def made(self, series_id: SeriesId, until: date) -> None:
        """Note up to which day its sessions are made."""
        await self._set(series_id, made_until=until.isoformat())

    async def end(self, series_id: SeriesId, at: datetime) -> None:
        """Make no more of its sessions."""
        await self._set(series_id, ended_at=at)

    async def resume(self, series_id: SeriesId) -> None:
        """Make its sessions again."""
        await self._set(series_id, ended_at=None)

    async def instead_of(self, series_id: SeriesId) -> list[Series]:
        """Return what took its place, and what went on from it."""
        after = or_(series.c.replaces_id == series_id, series.c.split_from_id == series_id)
        return [_read(row) for row in await self._all(select(series).where(after).order_by(series.c.id))]

    async def hand_over(self, session_ids: Collection[SessionId], to: SeriesId) -> None:
        """Let sessions be those of another series."""
        await self._do(update(sessions).where(sessions.c.id.in_(session_ids)).values(series_id=to))

    async def _set(self, series_id: SeriesId, **values: Any) -> None:
        await self._do(update(series).where(series.c.id == series_id).values(values))

    async def sessions(self, series_id: SeriesId, since: date) -> list[Appointment]:
        """Return its sessions from that day of the series on."""
        later = (sessions.c.series_id == series_id) & (sessions.c.occurs_on >= since.isoformat())
        return [appointment(row) for row in await self._all(appointments().where(later).order_by(sessions.c.occurs_on))]


def _read(row: RowMapping) -> Series:
    rule = Recurrence(
        first=date.fromisoformat(row["first_on"]),
        at=time.fromisoformat(row["at_wall"]),
        length=row["minutes"] * _MINUTE,
        weekdays=tuple(int(day) for day in row["weekdays"].split(",")),
        every=row["every_weeks"],
        until=date.fromisoformat(row["until_on"]) if row["until_on"] else None,
        count=row["count"],
    )
    return Series(
        SeriesId(row["id"]),
        TreatmentId(row["treatment_id"]),
        rule,
        ZoneInfo(row["zone"]),
        date.fromisoformat(row["made_until"]) if row["made_until"] else None,
        row["ended_at"],
        row["replaces_id"],
        row["split_from_id"],
    )

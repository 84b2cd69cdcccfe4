"""Therapy appointments."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, false, func, select, update

from bot.domain.appointments import Appointment, Occurrence, Place
from bot.domain.model import (
    CheckInState,
    PatientId,
    PatientState,
    SeriesId,
    SessionId,
    SessionState,
    TherapistId,
    TreatmentId,
)
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import check_ins, patients, sessions, treatments
from storage.schema_agenda import series

_PLANNED = sessions.c.state == SessionState.PLANNED
_NOT_ASKED = (CheckInState.CANCELLED, CheckInState.LATE)


class SessionRows(Rows):
    """Implements `bot.services.ports_agenda.Sessions`."""

    async def add(
        self,
        treatment_id: TreatmentId,
        starts_at: datetime,
        ends_at: datetime,
        at: datetime,
        occurrence: Occurrence | None = None,
    ) -> SessionId:
        """Add a session."""
        row = {
            "treatment_id": treatment_id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "state": SessionState.PLANNED,
            "noted_at": at,
            "series_id": occurrence.series_id if occurrence else None,
            "occurs_on": occurrence.on.isoformat() if occurrence else None,
        }
        return SessionId(await self._add(insert_into(sessions).values(row)))

    async def get(self, session_id: SessionId) -> Appointment | None:
        """Find by id."""
        row = await self._one(appointments().where(sessions.c.id == session_id))
        return appointment(row) if row else None

    async def cancel(self, session_id: SessionId) -> None:
        """Note that it does not take place."""
        await self.set_state(session_id, SessionState.CANCELLED)

    async def set_state(self, session_id: SessionId, state: SessionState) -> None:
        """Note what became of it."""
        await self._set(session_id, state=state, taken_back_at=None)

    async def take_back(self, session_id: SessionId, at: datetime) -> None:
        """Note that it was never to be."""
        await self._set(session_id, state=SessionState.CANCELLED, taken_back_at=at)

    async def move(self, session_id: SessionId, starts_at: datetime, ends_at: datetime) -> None:
        """Put it at another time."""
        await self._set(session_id, starts_at=starts_at, ends_at=ends_at)

    async def set_place(self, session_id: SessionId, place: Place) -> None:
        """Note where it takes place."""
        await self._set(session_id, place=place)

    async def plan_note(self, session_id: SessionId, at: datetime | None) -> None:
        """Plan when its therapist is reminded of it."""
        await self._set(session_id, note_at=at)

    async def to_note(self, now: datetime, limit: int) -> list[Appointment]:
        """Return those of which therapists are to be reminded (an indexed look)."""
        due = appointments().where(sessions.c.note_at <= now).order_by(sessions.c.note_at).limit(limit)
        return [appointment(row) for row in await self._all(due)]

    async def coming(self, now: datetime) -> dict[SessionId, datetime]:
        """Return when the planned ones begin that have not begun."""
        ahead = select(sessions.c.id, sessions.c.starts_at).where(_PLANNED, sessions.c.starts_at > now)
        return {SessionId(row["id"]): row["starts_at"] for row in await self._all(ahead)}

    async def plan_notes(self, notes: Mapping[SessionId, datetime | None]) -> None:
        """Plan many at once."""
        rows = [{"session": session_id, "planned": at} for session_id, at in notes.items()]
        if rows:
            one = update(sessions).where(sessions.c.id == bindparam("session"))
            await self._session.execute(one.values(note_at=bindparam("planned")), rows)

    async def set_cut(self, session_id: SessionId, *, cut: bool) -> None:
        """Note whether the connection failed."""
        await self._set(session_id, cut=int(cut))

    async def _set(self, session_id: SessionId, **values: Any) -> None:
        await self._do(update(sessions).where(sessions.c.id == session_id).values(values))

    async def between(self, therapist_id: TherapistId, since: datetime, until: datetime) -> list[Appointment]:
        """Return those of a therapist in order of time, without what was taken back, or cancelled before its series."""
        there = patients.c.state != PatientState.LEFT
        mine = (treatments.c.therapist_id == therapist_id) & (sessions.c.ends_at > since) & there
        gone = (sessions.c.state == SessionState.CANCELLED) & series.c.ended_at.is_not(None)
        found = (
            appointments()
            .where(mine, sessions.c.starts_at < until)
            .where(sessions.c.taken_back_at.is_(None), ~func.coalesce(gone, false()))
        )
        return [appointment(row) for row in await self._all(found.order_by(sessions.c.starts_at, sessions.c.id))]

    async def next_start(self, treatment_id: TreatmentId, after: datetime) -> datetime | None:
        """Return when the next one begins."""
        coming = (sessions.c.treatment_id == treatment_id) & _PLANNED & (sessions.c.starts_at > after)
        at: datetime | None = await self._value(select(func.min(sessions.c.starts_at)).where(coming))
        return at

    async def overlapping(
        self, treatment_id: TreatmentId, starts_at: datetime, ends_at: datetime, but: SessionId | None = None
    ) -> bool:
        """Say whether a planned one overlaps."""
        same = (sessions.c.treatment_id == treatment_id) & _PLANNED
        crossing = (sessions.c.starts_at < ends_at) & (sessions.c.ends_at > starts_at)
        other = sessions.c.id != (but or 0)
        return await self._value(select(sessions.c.id).where(same & crossing & other).limit(1)) is not None

    async def planned_around(self, treatment_id: TreatmentId, after: datetime, until: datetime) -> Appointment | None:
        """Return the last one that was noted before it ended."""
        around = (sessions.c.ends_at > after) & (sessions.c.starts_at < until)
        in_advance = sessions.c.noted_at < sessions.c.ends_at
        lately = appointments().where(sessions.c.treatment_id == treatment_id, _PLANNED, around, in_advance)
        row = await self._first(lately.order_by(sessions.c.ends_at.desc()).limit(1))
        return appointment(row) if row else None

    async def count(self, therapist_id: TherapistId, since: datetime, until: datetime) -> int:
        """Count the sessions that ended after `since` and until `until`."""
        statement = (
            select(func.count())
            .select_from(sessions)
            .join(treatments, sessions.c.treatment_id == treatments.c.id)
            .where(treatments.c.therapist_id == therapist_id, _PLANNED)
            .where(sessions.c.ends_at > since, sessions.c.ends_at <= until)
        )
        return int(await self._value(statement))


def appointments() -> Select[Any]:
    """Choose whole sessions."""
    return (
        select(sessions, treatments.c.patient_id, patients.c.code, check_ins.c.asked_at, check_ins.c.answered_at)
        .add_columns(check_ins.c.state.label("check_in"), series.c.ended_at.label("series_ended_at"))
        .join(treatments, sessions.c.treatment_id == treatments.c.id)
        .join(patients, treatments.c.patient_id == patients.c.id)
        .join(check_ins, check_ins.c.session_id == sessions.c.id, isouter=True)
        .join(series, sessions.c.series_id == series.c.id, isouter=True)
    )


def appointment(row: RowMapping) -> Appointment:
    """Read a row of `appointments`."""
    number, on = row["series_id"], row["occurs_on"]
    return Appointment(
        id=SessionId(row["id"]),
        treatment_id=TreatmentId(row["treatment_id"]),
        patient_id=PatientId(row["patient_id"]),
        code=row["code"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        state=SessionState(row["state"]),
        place=Place(row["place"]) if row["place"] else None,
        cut=bool(row["cut"]),
        occurrence=Occurrence(SeriesId(number), date.fromisoformat(on)) if number else None,
        goes_on=number is not None and row["series_ended_at"] is None,
        taken_back_at=row["taken_back_at"],
        asked=row["asked_at"] is not None,
        answered=row["answered_at"] is not None,
        silent=row["state"] == SessionState.PLANNED and row["check_in"] in _NOT_ASKED,
    )

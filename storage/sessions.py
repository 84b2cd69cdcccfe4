"""Therapy appointments."""

from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.model import SessionId, SessionState, TherapistId, TreatmentId
from storage.rows import Rows, insert_into
from storage.schema import sessions, treatments

_PLANNED = sessions.c.state == SessionState.PLANNED


class SessionRows(Rows):
    """Implements `bot.services.ports.Sessions`."""

    async def add(self, treatment_id: TreatmentId, starts_at: datetime, ends_at: datetime, at: datetime) -> SessionId:
        """Add a session."""
        row = {
            "treatment_id": treatment_id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "state": SessionState.PLANNED,
            "noted_at": at,
        }
        return SessionId(await self._add(insert_into(sessions).values(row)))

    async def cancel(self, session_id: SessionId) -> None:
        """Note that it does not take place."""
        await self._do(update(sessions).where(sessions.c.id == session_id).values(state=SessionState.CANCELLED))

    async def next_start(self, treatment_id: TreatmentId, after: datetime) -> datetime | None:
        """Return when the next one begins."""
        coming = (sessions.c.treatment_id == treatment_id) & _PLANNED & (sessions.c.starts_at > after)
        at: datetime | None = await self._value(select(func.min(sessions.c.starts_at)).where(coming))
        return at

    async def overlapping(self, treatment_id: TreatmentId, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether a planned one overlaps."""
        same = (sessions.c.treatment_id == treatment_id) & _PLANNED
        crossing = (sessions.c.starts_at < ends_at) & (sessions.c.ends_at > starts_at)
        return await self._value(select(sessions.c.id).where(same & crossing).limit(1)) is not None

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

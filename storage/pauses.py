"""The pauses that are offered to patients: to whom, and how far one has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, select, update

from bot.domain.grounding import Pause, PauseId
from bot.domain.model import CheckInId, PatientId, PersonId, TreatmentId, WordsKind
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import check_ins, patients, sessions, treatments, words
from storage.schema_guesses import pauses


class PauseRows(Rows):
    """Implements `bot.services.ports_guesses.Pauses`."""

    async def allow(self, treatment_id: TreatmentId, at: datetime | None) -> None:
        """Offer pauses from now on, or not any more."""
        await self._do(update(treatments).where(treatments.c.id == treatment_id).values(pause_at=at))

    async def allowed(self, treatment_id: TreatmentId) -> bool:
        """Say whether pauses are offered."""
        return await self._value(select(treatments.c.pause_at).where(treatments.c.id == treatment_id)) is not None

    async def begin(self, check_in_id: CheckInId, at: datetime, next_at: datetime) -> PauseId | None:
        """Add one per check-in; None if there is one."""
        row = {"check_in_id": check_in_id, "started_at": at, "step": 0, "next_at": next_at}
        if not await self._do(insert_into(pauses).values(row).on_conflict_do_nothing()):
            return None
        return PauseId(await self._value(select(pauses.c.id).where(pauses.c.check_in_id == check_in_id)))

    async def get(self, pause_id: PauseId) -> Pause | None:
        """Find by id."""
        row = await self._one(_whole().where(pauses.c.id == pause_id))
        return _read(row) if row else None

    async def was_begun(self, check_in_id: CheckInId) -> bool:
        """Say whether there is one."""
        return await self._value(select(pauses.c.id).where(pauses.c.check_in_id == check_in_id)) is not None

    async def due(self, now: datetime) -> Sequence[Pause]:
        """Return those whose next step is due."""
        return [
            _read(row) for row in await self._all(_whole().where(pauses.c.next_at <= now).order_by(pauses.c.next_at))
        ]

    async def save(self, pause: Pause) -> None:
        """Write everything that may have changed."""
        changed = {"step": pause.step, "next_at": pause.next_at, "ended_at": pause.ended_at}
        await self._do(update(pauses).where(pauses.c.id == pause.id).values(changed))

    async def stop_all(self, person_id: PersonId, at: datetime) -> None:
        """End what is going on in somebody's chat; that is shown by whoever sees to what is due."""
        mine = (
            select(check_ins.c.id)
            .join(sessions, check_ins.c.session_id == sessions.c.id)
            .join(treatments, sessions.c.treatment_id == treatments.c.id)
            .join(patients, treatments.c.patient_id == patients.c.id)
            .where(patients.c.person_id == person_id)
        )
        going_on = pauses.c.ended_at.is_(None) & pauses.c.check_in_id.in_(mine)
        await self._do(update(pauses).where(going_on).values(ended_at=at, next_at=at))

    async def urgent_since(self, patient_id: PatientId, since: datetime) -> bool:
        """Say whether urgent words were written since then."""
        urgent = (words.c.patient_id == patient_id) & (words.c.kind == WordsKind.CRISIS)
        written = urgent & ((words.c.written_at >= since) | (words.c.changed_at >= since))
        return await self._value(select(words.c.id).where(written).limit(1)) is not None


def _whole() -> Select[Any]:
    return (
        select(pauses, patients.c.person_id)
        .join(check_ins, pauses.c.check_in_id == check_ins.c.id)
        .join(sessions, check_ins.c.session_id == sessions.c.id)
        .join(treatments, sessions.c.treatment_id == treatments.c.id)
        .join(patients, treatments.c.patient_id == patients.c.id)
    )


def _read(row: RowMapping) -> Pause:
    return Pause(
        PauseId(row["id"]),
        CheckInId(row["check_in_id"]),
        None if row["person_id"] is None else PersonId(row["person_id"]),
        row["started_at"],
        row["step"],
        row["next_at"],
        row["ended_at"],
    )

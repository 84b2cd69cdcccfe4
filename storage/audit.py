"""Who did and read what: row ids only; the database refuses changes and deletions (triggers)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Select, and_, func, literal, or_, select, text
from sqlalchemy import delete as delete_from

from bot.domain.holdings import Act
from bot.domain.model import PatientId, PersonId
from storage.rows import Rows, insert_into
from storage.schema import (
    audit,
    check_ins,
    concerns,
    contacts,
    episodes,
    patients,
    sessions,
    therapists,
    treatments,
    words,
)

_GUARD: Final = "audit_refuses_delete"


class AuditRows(Rows):
    """Implements `bot.services.ports.Audit`."""

    async def note(self, at: datetime, actor: PersonId | None, act: str, subject: str, subject_id: int) -> None:
        """Append one line."""
        row = {"at": at, "actor": actor, "act": act, "subject": subject, "subject_id": subject_id}
        await self._do(insert_into(audit).values(row))

    async def of_patient(self, patient_id: PatientId) -> Sequence[Act]:
        """Return what was done about a patient, oldest first."""
        about = or_(
            *(and_(audit.c.subject == subject, audit.c.subject_id.in_(ids)) for subject, ids in _ids(patient_id))
        )
        return await self._acts(about)

    async def of_person(self, person_id: PersonId) -> Sequence[Act]:
        """Return what a person did, oldest first."""
        return await self._acts(audit.c.actor == person_id)

    async def _acts(self, where: Any) -> Sequence[Act]:
        statement = (
            select(audit, name_of(audit.c.actor), patients.c.code)
            .outerjoin(patients, patients.c.person_id == audit.c.actor)
            .where(where)
            .order_by(audit.c.id)
        )
        acts = {row["id"]: row for row in await self._all(statement)}  # an account may be several patients
        return [Act(row["at"], self._by(row), row["act"], row["subject"]) for row in acts.values()]

    def _by(self, row: Any) -> str | None:
        return self._ring.unseal(row["name"]) if row["name"] is not None else row["code"]

    async def count_before(self, before: datetime) -> int:
        """Count the lines of the oldest part, before `before`."""
        return int(await self._value(select(func.count()).select_from(audit).where(audit.c.id < _first_kept(before))))

    async def remove_before(self, before: datetime) -> int:
        """Remove the oldest part, the only thing that is ever removed: the guard is lifted and restored around it."""
        guard = await self._value(text("SELECT sql FROM sqlite_master WHERE name = :name").bindparams(name=_GUARD))
        await self._do(text(f"DROP TRIGGER {_GUARD}"))
        removed = await self._do(delete_from(audit).where(audit.c.id < _first_kept(before)))
        await self._do(text(guard))
        return removed


def name_of(person_id: Column[Any]) -> Any:
    """Return the sealed name of somebody of the practice, as a therapist or else in another role."""
    found = [
        select(table.c.name).where(table.c.person_id == person_id).limit(1).scalar_subquery()
        for table in (therapists, contacts)
    ]
    return func.coalesce(*found).label("name")


def _first_kept(before: datetime) -> Any:
    """Return the id of the first line that stays; all lines after it stay too."""
    first = select(func.min(audit.c.id)).where(audit.c.at >= before).scalar_subquery()
    newest = select(func.max(audit.c.id) + 1).scalar_subquery()
    return func.coalesce(first, newest)


def _ids(patient_id: PatientId) -> Sequence[tuple[str, Select[Any]]]:
    treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
    sessions_ = select(sessions.c.id).where(sessions.c.treatment_id.in_(treated))
    return (
        ("patient", select(literal(patient_id))),
        ("words", select(words.c.id).where(words.c.patient_id == patient_id)),
        ("concern", select(concerns.c.id).where(concerns.c.patient_id == patient_id)),
        ("episode", select(episodes.c.id).where(episodes.c.treatment_id.in_(treated))),
        ("session", sessions_),
        ("no_session", select(check_ins.c.id).where(check_ins.c.session_id.in_(sessions_))),
    )

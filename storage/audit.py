"""Who did and read what: row ids only; the database refuses changes and deletions (triggers)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, func, literal, null, select, true
from sqlalchemy import delete as delete_from

from bot.domain.holdings import Act
from bot.domain.model import PatientId, PersonId
from storage.dialects import insert_into, unguarded
from storage.rows import Rows
from storage.schema import (
    audit,
    check_ins,
    concerns,
    contacts,
    disclosures,
    episodes,
    patients,
    sessions,
    therapists,
    treatments,
    words,
)
from storage.schema_records import records

_GUARD: Final = "audit_refuses_delete"
TAKEN: Final = "exported"
"""The act of whoever took words over into a file: they can be read there."""


class AuditRows(Rows):
    """Implements `bot.services.ports.Audit`."""

    async def note(self, at: datetime, actor: PersonId | None, act: str, subject: str, subject_id: int) -> None:
        """Append one line, with the patient it is about: the row it is about may be deleted one day."""
        row = {"at": at, "actor": actor, "act": act, "subject": subject, "subject_id": subject_id}
        await self._do(insert_into(audit).values(**row, patient_id=_patient_of(subject, subject_id)))

    async def note_taken(self, at: datetime, actor: PersonId | None, patient_id: PatientId, *, again: bool) -> None:
        """Append a line for each text of a patient that is handed over."""
        mine = (audit.c.act == TAKEN) & (audit.c.subject == "words") & audit.c.actor.is_not_distinct_from(actor)
        known = select(audit.c.id).where(mine, audit.c.subject_id == words.c.id).exists()
        line = select(
            literal(at, audit.c.at.type), literal(actor, audit.c.actor.type), literal(TAKEN), literal("words")
        ).add_columns(words.c.id, words.c.patient_id)
        taken = line.where(words.c.patient_id == patient_id, true() if again else ~known).order_by(words.c.id)
        columns = ["at", "actor", "act", "subject", "subject_id", "patient_id"]
        await self._do(insert_into(audit).from_select(columns, taken))

    async def of_patient(self, patient_id: PatientId, *, confided: bool) -> Sequence[Act]:
        """Return what was done about a patient, oldest first."""
        shown = true() if confided else audit.c.subject != "disclosure"
        return await self._acts((audit.c.patient_id == patient_id) & shown)

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
        async with unguarded(self._session, audit.name, _GUARD):
            return await self._do(delete_from(audit).where(audit.c.id < _first_kept(before)))


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


def _patient_of(subject: str, subject_id: int) -> ColumnElement[Any]:
    """Return the patient whom a line is about; none for a line about somebody of the practice."""
    in_session = select(treatments.c.patient_id).join(sessions, sessions.c.treatment_id == treatments.c.id)
    found: dict[str, Select[Any]] = {
        "patient": select(literal(subject_id)),
        **{
            name: select(table.c.patient_id).where(table.c.id == subject_id)
            for name, table in (("words", words), ("concern", concerns), ("disclosure", disclosures))
        },
        "episode": select(treatments.c.patient_id).join(episodes).where(episodes.c.id == subject_id),
        "record": select(treatments.c.patient_id).join(records).where(records.c.id == subject_id),
        "session": in_session.where(sessions.c.id == subject_id),
        "no_session": in_session.join(check_ins).where(check_ins.c.id == subject_id),
    }
    return found[subject].scalar_subquery() if subject in found else null()

"""What therapists write down about a treatment, sealed; and the line that was asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, exists, func, select, update

from bot.domain.model import PatientId, TherapistId, TreatmentId
from bot.domain.post import Source
from bot.domain.records import AwaitedLine, Record, RecordId, RecordKind
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import patients, sessions, treatments
from storage.schema_records import record_lines, records


class RecordRows(Rows):
    """Implements `bot.services.ports_records.Records`."""

    async def add(
        self,
        treatment_id: TreatmentId,
        kind: RecordKind,
        text: str,
        source: Source,
        at: datetime,
        replaces: RecordId | None = None,
    ) -> RecordId:
        """Keep it sealed, once per source."""
        row = {
            "treatment_id": treatment_id,
            "kind": kind,
            "body": self._ring.seal(text),
            "source_ref": self._ref(source),
            "recorded_at": at,
            "replaces_id": replaces,
        }
        return RecordId(await self._add(insert_into(records).values(row)))

    async def from_source(self, source: Source) -> Record | None:
        """Find by where it came from."""
        return await self._found(records.c.source_ref == self._ref(source))

    async def get(self, record_id: RecordId) -> Record | None:
        """Find by id."""
        return await self._found(records.c.id == record_id)

    async def agreement(self, treatment_id: TreatmentId) -> Record | None:
        """Return the one that stands."""
        return await self._found(records.c.treatment_id == treatment_id, _AGREEMENT, _STANDS)

    async def standing(self, therapist_id: TherapistId) -> Sequence[Record]:
        """Return those that stand of all patients, by code."""
        found = await self._listed(treatments.c.therapist_id == therapist_id, _AGREEMENT, _STANDS)
        return sorted(found, key=lambda one: one.code)

    async def noted(
        self, therapist_id: TherapistId, kind: RecordKind, since: datetime, until: datetime
    ) -> Sequence[TreatmentId]:
        """Return the treatments of what was noted in a period; what it says stays sealed."""
        within = (records.c.recorded_at >= since) & (records.c.recorded_at < until) & records.c.struck_at.is_(None)
        statement = (
            select(records.c.treatment_id)
            .join(treatments, records.c.treatment_id == treatments.c.id)
            .where(treatments.c.therapist_id == therapist_id, records.c.kind == kind, within)
        )
        return [TreatmentId(row["treatment_id"]) for row in await self._all(statement)]

    async def agreements(self, treatment_id: TreatmentId) -> Sequence[Record]:
        """Return every version, oldest first."""
        return await self._listed(records.c.treatment_id == treatment_id, _AGREEMENT)

    async def notes(self, treatment_id: TreatmentId) -> Sequence[Record]:
        """Return what is no agreement and was not struck out, newest first."""
        kept = records.c.struck_at.is_(None)
        return list(reversed(await self._listed(records.c.treatment_id == treatment_id, ~_AGREEMENT, kept)))

    async def last(self, treatment_id: TreatmentId, kind: RecordKind) -> Record | None:
        """Return the newest of a kind that was not struck out."""
        mine = (records.c.treatment_id == treatment_id, records.c.kind == kind, records.c.struck_at.is_(None))
        row = await self._first(_records().where(*mine).order_by(records.c.recorded_at.desc(), records.c.id.desc()))
        return self._read(row) if row else None

    async def end(self, record_id: RecordId, at: datetime) -> None:
        """Note that it holds no more."""
        await self._change(record_id, ended_at=at)

    async def resume(self, record_id: RecordId) -> None:
        """Let it hold again."""
        await self._change(record_id, ended_at=None)

    async def strike(self, record_id: RecordId, at: datetime) -> None:
        """Wipe what it said."""
        await self._change(record_id, body=None, struck_at=at)

    async def await_line(self, line: AwaitedLine) -> None:
        """Ask for one line; whatever was asked before is not any more."""
        row = {
            "therapist_id": line.therapist_id,
            "patient_id": line.patient_id,
            "kind": line.kind,
            "asked_at": line.asked_at,
            "until_at": line.until_at,
        }
        new = insert_into(record_lines).values(row)
        await self._do(new.on_conflict_do_update(index_elements=["therapist_id"], set_=row))

    async def awaited_line(self, therapist_id: TherapistId, now: datetime) -> AwaitedLine | None:
        """Return what was asked for and is still waited for."""
        mine = (record_lines.c.therapist_id == therapist_id) & (record_lines.c.until_at > now)
        row = await self._one(select(record_lines).where(mine))
        return _line(row) if row else None

    async def drop_line(self, therapist_id: TherapistId) -> None:
        """Wait for no line any more."""
        await self._do(delete(record_lines).where(record_lines.c.therapist_id == therapist_id))

    async def _change(self, record_id: RecordId, **values: Any) -> None:
        await self._do(update(records).where(records.c.id == record_id).values(values))

    async def _found(self, *where: Any) -> Record | None:
        row = await self._one(_records().where(*where))
        return self._read(row) if row else None

    async def _listed(self, *where: Any) -> list[Record]:
        ordered = _records().where(*where).order_by(records.c.recorded_at, records.c.id)
        return [self._read(row) for row in await self._all(ordered)]

    def _read(self, row: RowMapping) -> Record:
        return Record(
            RecordId(row["id"]),
            TreatmentId(row["treatment_id"]),
            PatientId(row["patient_id"]),
            TherapistId(row["therapist_id"]),
            row["code"],
            RecordKind(row["kind"]),
            None if row["body"] is None else self._ring.unseal(row["body"]),
            row["recorded_at"],
            row["replaces_id"],
            row["ended_at"],
            row["struck_at"],
        )


_AGREEMENT = records.c.kind == RecordKind.AGREEMENT
_STANDS = records.c.ended_at.is_(None) & records.c.struck_at.is_(None)


def old_records(before: datetime) -> Select[Any]:
    """Choose the patient and the id of each record that is older; an agreement that stands, once no session is later.

    A note counts from when it was written, an agreement from when it ended.
    """
    later = sessions.alias()
    same = (later.c.treatment_id == records.c.treatment_id) & (later.c.ends_at >= before)
    in_use = _AGREEMENT & _STANDS & exists().where(same)
    age = func.coalesce(records.c.ended_at, records.c.recorded_at)
    return (
        select(treatments.c.patient_id, records.c.id)
        .join(treatments, records.c.treatment_id == treatments.c.id)
        .where(age < before, ~in_use)
    )


def _records() -> Select[Any]:
    return (
        select(records, treatments.c.patient_id, treatments.c.therapist_id, patients.c.code)
        .join(treatments, records.c.treatment_id == treatments.c.id)
        .join(patients, treatments.c.patient_id == patients.c.id)
    )


def _line(row: RowMapping) -> AwaitedLine:
    return AwaitedLine(
        TherapistId(row["therapist_id"]),
        PatientId(row["patient_id"]),
        RecordKind(row["kind"]),
        row["asked_at"],
        row["until_at"],
    )

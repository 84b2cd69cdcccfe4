"""What patients decided about the consent text, and who decides beside a minor."""

from datetime import datetime

from sqlalchemy import select, update

from bot.domain.model import PatientId, TherapistId
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import consents, patients, treatments


class ConsentRows(Rows):
    """The part of `bot.services.ports.People` that is about agreeing."""

    async def add_consent(
        self, patient_id: PatientId, version: str, text_hash: str, language: str, at: datetime, *, accepted: bool
    ) -> None:
        """Keep a decision; of a minor, with the reference of the guardian's consent."""
        guardian = await self._value(
            select(patients.c.guardian).where(patients.c.id == patient_id, patients.c.minor == 1)
        )
        row = {
            "patient_id": patient_id,
            "version": version,
            "text_hash": text_hash,
            "language": language,
            "decided_at": at,
            "accepted": int(accepted),
            "guardian": guardian,
        }
        await self._do(insert_into(consents).values(row))

    async def agreed_version(self, patient_id: PatientId) -> str | None:
        """Return the version of the text that was accepted last."""
        agreed = (consents.c.patient_id == patient_id) & (consents.c.accepted == 1)
        newest = select(consents.c.version).where(agreed).order_by(consents.c.id.desc()).limit(1)
        version: str | None = await self._value(newest)
        return version

    async def set_minor(self, patient_id: PatientId, at: datetime | None, *, minor: bool) -> None:
        """Mark a patient as a minor, or not any more; `at`: a guardian's consent is asked for since then."""
        values = {"minor": int(minor), "guardian_asked_at": at}
        if not minor:
            values["guardian"] = None
        await self._do(update(patients).where(patients.c.id == patient_id).values(values))

    async def has_guardian(self, patient_id: PatientId) -> bool:
        """Say whether the reference of a guardian's consent is there."""
        return await self._value(select(patients.c.guardian).where(patients.c.id == patient_id)) is not None

    async def set_guardian(self, patient_id: PatientId, reference: str) -> None:
        """Keep the reference of the guardian's consent."""
        values = {"guardian": self._ring.seal(reference), "guardian_asked_at": None}
        await self._do(update(patients).where(patients.c.id == patient_id).values(values))

    async def asks_guardian(self, therapist_id: TherapistId, since: datetime) -> str | None:
        """Return the code of the therapist's patient for whom a guardian's consent was asked for last."""
        mine = select(treatments.c.patient_id).where(treatments.c.therapist_id == therapist_id)
        asked = patients.c.id.in_(mine) & (patients.c.guardian_asked_at >= since)
        newest = select(patients.c.code).where(asked).order_by(patients.c.guardian_asked_at.desc()).limit(1)
        code: str | None = await self._value(newest)
        return code

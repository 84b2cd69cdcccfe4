"""Who did and read what: row ids only; the database refuses changes and deletions (trigger)."""

from datetime import datetime

from bot.domain.model import PersonId
from storage.rows import Rows, insert_into
from storage.schema import audit


class AuditRows(Rows):
    """Implements `bot.services.ports.Audit`."""

    async def note(self, at: datetime, actor: PersonId | None, act: str, subject: str, subject_id: int) -> None:
        """Append one line."""
        row = {"at": at, "actor": actor, "act": act, "subject": subject, "subject_id": subject_id}
        await self._do(insert_into(audit).values(row))

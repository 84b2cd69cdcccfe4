"""What calendars said.  Titles and the calendars' own ids are here as keyed hashes only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update

from bot.domain.appointments import CalendarEntry, Imported
from bot.domain.model import PatientId, SessionId, TherapistId, TreatmentId
from storage.rows import Rows, insert_into
from storage.schema import sessions
from storage.schema_agenda import calendar_titles, calendar_waiting
from storage.sessions import appointment, appointments

_ENTRY: Final = "calendar-entry"
_TITLE: Final = "calendar-title"


class CalendarRows(Rows):
    """Implements `bot.services.ports_agenda.Calendars`."""

    async def whose(self, therapist_id: TherapistId, titles: Sequence[str]) -> dict[str, PatientId | None]:
        """Return the titles whose patient was chosen; None: nobody's."""
        refs = {self.title_ref(title): title for title in titles}
        mine = (calendar_titles.c.therapist_id == therapist_id) & calendar_titles.c.title_ref.in_(refs)
        return {
            refs[row["title_ref"]]: row["patient_id"] for row in await self._all(select(calendar_titles).where(mine))
        }

    async def choose(
        self, therapist_id: TherapistId, title_ref: bytes, patient_id: PatientId | None, at: datetime
    ) -> None:
        """Remember whose a title is."""
        row = {"therapist_id": therapist_id, "title_ref": title_ref, "patient_id": patient_id, "chosen_at": at}
        new = insert_into(calendar_titles).values(row)
        changes = {"patient_id": patient_id, "chosen_at": at}
        await self._do(new.on_conflict_do_update(index_elements=["therapist_id", "title_ref"], set_=changes))

    async def imported(self, treatment_id: TreatmentId, key_ref: bytes) -> Imported | None:
        """Find the session that an entry became."""
        mine = (sessions.c.treatment_id == treatment_id) & (sessions.c.calendar_ref == key_ref)
        row = await self._one(appointments().where(mine))
        return Imported(appointment(row), row["calendar_starts_at"], row["calendar_ends_at"]) if row else None

    async def tie(self, session_id: SessionId, key_ref: bytes, starts_at: datetime, ends_at: datetime) -> None:
        """Note which entry a session came from, and when the calendar says that it is."""
        values = {"calendar_ref": key_ref, "calendar_starts_at": starts_at, "calendar_ends_at": ends_at}
        await self._do(update(sessions).where(sessions.c.id == session_id).values(values))

    async def wait(self, therapist_id: TherapistId, entries: Sequence[CalendarEntry], at: datetime) -> None:
        """Keep entries whose patient is not known yet."""
        rows = [
            {
                "therapist_id": therapist_id,
                "title_ref": self.title_ref(entry.title),
                "calendar_ref": self.entry_ref(entry.key),
                "starts_at": entry.starts_at,
                "ends_at": entry.ends_at,
                "asked_at": at,
            }
            for entry in entries
        ]
        if rows:
            new = insert_into(calendar_waiting).values(rows)
            changes = {name: new.excluded[name] for name in ("title_ref", "starts_at", "ends_at", "asked_at")}
            await self._do(new.on_conflict_do_update(index_elements=["therapist_id", "calendar_ref"], set_=changes))

    async def waiting(self, therapist_id: TherapistId, title_ref: bytes) -> list[tuple[bytes, datetime, datetime]]:
        """Return (hash of the entry, begin, end) of what waits for a title, in order of time."""
        mine = (calendar_waiting.c.therapist_id == therapist_id) & (calendar_waiting.c.title_ref == title_ref)
        found = await self._all(select(calendar_waiting).where(mine).order_by(calendar_waiting.c.starts_at))
        return [(row["calendar_ref"], row["starts_at"], row["ends_at"]) for row in found]

    async def forget_waiting(self, therapist_id: TherapistId, title_ref: bytes) -> int:
        """Drop what waits for a title; return how many entries that were."""
        mine = (calendar_waiting.c.therapist_id == therapist_id) & (calendar_waiting.c.title_ref == title_ref)
        return await self._do(delete(calendar_waiting).where(mine))

    async def forget_older(self, before: datetime) -> int:
        """Drop what has waited for longer; return how many entries that were."""
        return await self._do(delete(calendar_waiting).where(calendar_waiting.c.asked_at < before))

    def title_ref(self, title: str) -> bytes:
        """Return the keyed hash of a title."""
        return self._ring.blind(_TITLE, title)

    def entry_ref(self, key: str) -> bytes:
        """Return the keyed hash of what names an entry."""
        return self._ring.blind(_ENTRY, key)

"""What calendars said.  Titles and the calendars' own ids are here as keyed hashes only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, or_, select, update

from bot.domain.appointments import Appointment
from bot.domain.calendars import UID_PART, CalendarEntry, Imported
from bot.domain.model import PatientId, SessionId, TherapistId
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import sessions, treatments
from storage.schema_agenda import calendar_titles, calendar_waiting
from storage.sessions import appointment, appointments

_UID: Final = "calendar-uid"
_ENTRY: Final = "calendar-entry"
_TITLE, _MISSING = b"t", b"m"
_REF_BYTES: Final = 15
"""Of a hash that a button carries, after the byte that says what it is of: 120 bits."""


class CalendarRows(Rows):
    """Implements `bot.services.ports_agenda.Calendars`."""

    async def whose(self, therapist_id: TherapistId, title_refs: Collection[bytes]) -> dict[bytes, PatientId | None]:
        """Return the titles whose patient was chosen; None: nobody's."""
        mine = (calendar_titles.c.therapist_id == therapist_id) & calendar_titles.c.title_ref.in_(title_refs)
        return {row["title_ref"]: row["patient_id"] for row in await self._all(select(calendar_titles).where(mine))}

    async def choose(
        self, therapist_id: TherapistId, title_ref: bytes, patient_id: PatientId | None, at: datetime
    ) -> None:
        """Remember whose a title is."""
        row = {"therapist_id": therapist_id, "title_ref": title_ref, "patient_id": patient_id, "chosen_at": at}
        new = insert_into(calendar_titles).values(row)
        changes = {"patient_id": patient_id, "chosen_at": at}
        await self._do(new.on_conflict_do_update(index_elements=["therapist_id", "title_ref"], set_=changes))

    async def imported(self, therapist_id: TherapistId, refs: Collection[bytes], after: datetime) -> list[Imported]:
        """Find the sessions that entries became, and all that are still to come."""
        there = or_(sessions.c.calendar_ref.in_(refs), sessions.c.ends_at > after)
        mine = (treatments.c.therapist_id == therapist_id) & sessions.c.calendar_ref.is_not(None) & there
        return [
            Imported(appointment(row), row["calendar_ref"], row["calendar_starts_at"], row["calendar_ends_at"])
            for row in await self._all(appointments().where(mine).order_by(sessions.c.starts_at, sessions.c.id))
        ]

    async def plain(self, therapist_id: TherapistId, after: datetime) -> list[Appointment]:
        """Return sessions that came from no calendar."""
        there = sessions.c.calendar_ref.is_(None) & sessions.c.taken_back_at.is_(None)
        mine = (treatments.c.therapist_id == therapist_id) & there & (sessions.c.ends_at > after)
        return [appointment(row) for row in await self._all(appointments().where(mine).order_by(sessions.c.starts_at))]

    async def tie(
        self, session_id: SessionId, ref: bytes, starts_at: datetime | None, ends_at: datetime | None
    ) -> None:
        """Note which entry a session came from, and when the calendar says that it is."""
        values = {"calendar_ref": ref, "calendar_starts_at": starts_at, "calendar_ends_at": ends_at}
        await self._do(update(sessions).where(sessions.c.id == session_id).values(values))

    async def untie(self, session_id: SessionId) -> None:
        """Note that a session comes from no calendar any more."""
        values = dict.fromkeys(("calendar_ref", "calendar_starts_at", "calendar_ends_at"))
        await self._do(update(sessions).where(sessions.c.id == session_id).values(values))

    async def wait(self, therapist_id: TherapistId, ref: bytes, entries: Sequence[CalendarEntry], at: datetime) -> None:
        """Keep entries about which something was asked."""
        for entry in entries:
            named = {"therapist_id": therapist_id, "calendar_ref": entry.ref}
            said = {"title_ref": ref, "starts_at": entry.starts_at, "ends_at": entry.ends_at, "asked_at": at}
            new = insert_into(calendar_waiting).values(**named, **said)
            await self._do(new.on_conflict_do_update(index_elements=list(named), set_=said))

    async def waiting(self, therapist_id: TherapistId, ref: bytes) -> list[CalendarEntry]:
        """Return what waits for an answer, in order of time."""
        mine = (calendar_waiting.c.therapist_id == therapist_id) & (calendar_waiting.c.title_ref == ref)
        found = await self._all(select(calendar_waiting).where(mine).order_by(calendar_waiting.c.starts_at))
        return [CalendarEntry(row["calendar_ref"], row["starts_at"], row["ends_at"]) for row in found]

    async def titles_waiting(self, therapist_id: TherapistId) -> list[bytes]:
        """Return the titles for which something waits."""
        mine = select(calendar_waiting.c.title_ref).distinct().where(calendar_waiting.c.therapist_id == therapist_id)
        return [row["title_ref"] for row in await self._all(mine) if row["title_ref"].startswith(_TITLE)]

    async def forget_waiting(self, therapist_id: TherapistId, ref: bytes) -> int:
        """Drop what waits for an answer; return how many entries that were."""
        mine = (calendar_waiting.c.therapist_id == therapist_id) & (calendar_waiting.c.title_ref == ref)
        return await self._do(delete(calendar_waiting).where(mine))

    async def forget_doubts(self, therapist_id: TherapistId, uids: Collection[bytes]) -> None:
        """Drop what waits of these UIDs, and every question about sessions that a file no longer named."""
        named = func.substr(calendar_waiting.c.calendar_ref, 1, UID_PART).in_(uids)
        missing = func.substr(calendar_waiting.c.title_ref, 1, 1) == _MISSING
        mine = calendar_waiting.c.therapist_id == therapist_id
        await self._do(delete(calendar_waiting).where(mine, or_(named, missing)))

    def title_ref(self, title: str) -> bytes:
        """Return the keyed hash of a title."""
        return _TITLE + self._ring.blind("calendar-title", title)[:_REF_BYTES]

    def missing_ref(self, refs: Collection[bytes]) -> bytes:
        """Return the hash of a set of entries."""
        return _MISSING + self._ring.blind("calendar-missing", b"".join(sorted(refs)).hex())[:_REF_BYTES]

    def entry_ref(self, uid: str, key: str) -> bytes:
        """Return the keyed hash of what names an entry: that of its UID, then its own."""
        return self.uid_ref(uid) + self._ring.blind(_ENTRY, key)[:UID_PART]

    def uid_ref(self, uid: str) -> bytes:
        """Return the part of it that names the UID."""
        return self._ring.blind(_UID, uid)[:UID_PART]

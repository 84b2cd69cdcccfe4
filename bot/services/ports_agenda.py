"""The part of the store that is about when sessions happen; see `bot.services.ports`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.appointments import Appointment, Occurrence, Place, Series
from bot.domain.calendars import CalendarEntry, Imported
from bot.domain.model import PatientId, SeriesId, SessionId, SessionState, TherapistId, TreatmentId
from bot.domain.recurrence import Recurrence


class Sessions(Protocol):
    """Therapy appointments."""

    async def add(
        self,
        treatment_id: TreatmentId,
        starts_at: datetime,
        ends_at: datetime,
        at: datetime,
        occurrence: Occurrence | None = None,
    ) -> SessionId:
        """Add a session."""

    async def get(self, session_id: SessionId) -> Appointment | None:
        """Find a session."""

    async def cancel(self, session_id: SessionId) -> None:
        """Note that the session does not take place."""

    async def set_state(self, session_id: SessionId, state: SessionState) -> None:
        """Note what became of the session; one that was taken back is not any more."""

    async def take_back(self, session_id: SessionId, at: datetime) -> None:
        """Cancel it as if it had never been noted: it is shown no more."""

    async def move(self, session_id: SessionId, starts_at: datetime, ends_at: datetime) -> None:
        """Put it at another time."""

    async def set_place(self, session_id: SessionId, place: Place) -> None:
        """Note where it takes place."""

    async def plan_note(self, session_id: SessionId, at: datetime | None) -> None:
        """Plan when its therapist is reminded of it; None: not (any more)."""

    async def to_note(self, now: datetime, limit: int) -> Sequence[Appointment]:
        """Return the sessions of which their therapists are to be reminded now, the longest waiting first."""

    async def coming(self, now: datetime) -> Mapping[SessionId, datetime]:
        """Return when each planned session begins that has not begun."""

    async def plan_notes(self, notes: Mapping[SessionId, datetime | None]) -> None:
        """Plan, of many sessions at once, when their therapists are reminded of them."""

    async def set_cut(self, session_id: SessionId, *, cut: bool) -> None:
        """Note whether the connection failed."""

    async def between(self, therapist_id: TherapistId, since: datetime, until: datetime) -> Sequence[Appointment]:
        """Return a therapist's sessions that end after `since` and begin before `until`, in order of time.

        Those that were taken back, or cancelled in a series that has ended since, are left out.
        """

    async def next_start(self, treatment_id: TreatmentId, after: datetime) -> datetime | None:
        """Return when the next planned session of the treatment begins."""

    async def overlapping(
        self, treatment_id: TreatmentId, starts_at: datetime, ends_at: datetime, but: SessionId | None = None
    ) -> bool:
        """Say whether a planned session of the treatment, other than `but`, overlaps the span."""

    async def planned_around(self, treatment_id: TreatmentId, after: datetime, until: datetime) -> Appointment | None:
        """Return the last planned session noted in advance that had begun before `until` and ends after `after`."""

    async def count(self, therapist_id: TherapistId, since: datetime, until: datetime) -> int:
        """Count the sessions that ended after `since` and until `until`, that instant included."""


class SeriesRows(Protocol):
    """Series of sessions."""

    async def add(
        self,
        treatment_id: TreatmentId,
        rule: Recurrence,
        zone: ZoneInfo,
        at: datetime,
        *,
        replaces: SeriesId | None = None,
        split_from: SeriesId | None = None,
    ) -> SeriesId:
        """Add a series; none of its sessions is made yet."""

    async def get(self, series_id: SeriesId) -> Series | None:
        """Find a series, ended or not."""

    async def to_make(self, until: date) -> Sequence[Series]:
        """Return the series whose sessions are not made up to that day, while their patient is there."""

    async def that_go_on(self, series_ids: Collection[SeriesId]) -> Sequence[Series]:
        """Return those of these that have not ended, while their patient is there."""

    async def going_on(self, therapist_id: TherapistId) -> Sequence[Series]:
        """Return the series of a therapist that have not ended, while their patient is there."""

    async def of_treatment(self, treatment_id: TreatmentId) -> Sequence[Series]:
        """Return the series of a treatment that have not ended, while its patient is there."""

    async def made(self, series_id: SeriesId, until: date) -> None:
        """Note up to which day its sessions are made."""

    async def end(self, series_id: SeriesId, at: datetime) -> None:
        """Make no more of its sessions."""

    async def resume(self, series_id: SeriesId) -> None:
        """Make its sessions again."""

    async def instead_of(self, series_id: SeriesId) -> Sequence[Series]:
        """Return what took its place and what went on from it, ended or not."""

    async def hand_over(self, session_ids: Collection[SessionId], to: SeriesId) -> None:
        """Let sessions be those of another series, on the same days."""

    async def sessions(self, series_id: SeriesId, since: date) -> Sequence[Appointment]:
        """Return its sessions from that day of the series on, whatever became of them."""


class Calendars(Protocol):
    """What calendars said, and whose the titles are; titles, UIDs and keys are kept as keyed hashes only."""

    async def whose(self, therapist_id: TherapistId, title_refs: Collection[bytes]) -> dict[bytes, PatientId | None]:
        """Return the titles whose patient was chosen; None: nobody's."""

    async def choose(
        self, therapist_id: TherapistId, title_ref: bytes, patient_id: PatientId | None, at: datetime
    ) -> None:
        """Remember whose a title is."""

    async def imported(self, therapist_id: TherapistId, refs: Collection[bytes], after: datetime) -> Sequence[Imported]:
        """Return the sessions that came from these entries, and all that came from a calendar and end after `after`."""

    async def plain(self, therapist_id: TherapistId, after: datetime) -> Sequence[Appointment]:
        """Return a therapist's sessions that end after `after` and came from no calendar, but for those taken back."""

    async def tie(
        self, session_id: SessionId, ref: bytes, starts_at: datetime | None, ends_at: datetime | None
    ) -> None:
        """Note which entry a session came from, and when the calendar says that it is; None: that it is not."""

    async def untie(self, session_id: SessionId) -> None:
        """Note that a session comes from no calendar any more."""

    async def wait(self, therapist_id: TherapistId, ref: bytes, entries: Sequence[CalendarEntry], at: datetime) -> None:
        """Keep entries about which something was asked (`ref`); the same entry again replaces itself."""

    async def waiting(self, therapist_id: TherapistId, ref: bytes) -> Sequence[CalendarEntry]:
        """Return what waits for an answer, in order of time."""

    async def titles_waiting(self, therapist_id: TherapistId) -> Sequence[bytes]:
        """Return the titles for which something waits."""

    async def forget_waiting(self, therapist_id: TherapistId, ref: bytes) -> int:
        """Drop what waits for an answer; return how many entries that were."""

    async def forget_doubts(self, therapist_id: TherapistId, uids: Collection[bytes]) -> None:
        """Drop what waits of these UIDs, and every question about sessions that a file no longer named."""

    def title_ref(self, title: str) -> bytes:
        """Return the keyed hash of a title."""

    def missing_ref(self, refs: Collection[bytes]) -> bytes:
        """Return the hash of a set of entries that a file no longer names; it is never that of a title."""

    def entry_ref(self, uid: str, key: str) -> bytes:
        """Return the keyed hash of what names an entry: that of its UID, then its own."""

    def uid_ref(self, uid: str) -> bytes:
        """Return the part of it that names the UID."""

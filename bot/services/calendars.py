"""Calendar files that a therapist hands over: sessions are added, moved and called off as the file says.

Titles come in and go out again to be asked about; what is kept of them is a keyed hash.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.appointments import Appointment
from bot.domain.calendars import (
    EXPORTED_AHEAD,
    CalendarEntry,
    CalendarFile,
    Imported,
    Unknown,
    named,
    plain,
    uid_of,
    without_past,
)
from bot.domain.model import Patient, PatientId, PatientState, SessionState, Therapist, TherapistId, TreatmentId
from bot.domain.post import Receipt
from bot.ical.events import HORIZON as READ_AHEAD
from bot.services.making import Maker
from bot.services.planning import Planner
from bot.services.ports import Store, Tx
from bot.services.reconciling import Changes, Reconciler

LOOKS_BACK: Final = timedelta(days=1)
"""A session that was noted by hand and has just ended may still be that of an event which lasts a little longer."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file.  `again`: an earlier try of the same message had done it all.

    `missing` sessions came from a file whose UIDs are not in this one; `missing_ref` names that set of them.
    """

    changes: Changes
    ignored: int
    unreadable: int
    unknown: Sequence[Unknown]
    missing: int = 0
    missing_ref: bytes = field(default=b"", repr=False)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose a title is from now on (None: nobody's), and what became of the sessions that waited for that."""

    code: str | None = field(repr=False)
    changes: Changes
    waited: int


@dataclass(frozen=True, slots=True, repr=False)
class _Sorted:
    """The events of a file by what is to be done with them; times and hashes only."""

    wanted: list[tuple[Patient, CalendarEntry]] = field(default_factory=list)
    cancelled: set[bytes] = field(default_factory=set)
    not_mine: set[bytes] = field(default_factory=set)
    waiting: dict[bytes, list[CalendarEntry]] = field(default_factory=dict)
    titles: dict[bytes, str] = field(default_factory=dict)
    treatments: dict[bytes, TreatmentId] = field(default_factory=dict)
    asked: set[bytes] = field(default_factory=set)

    def unknown(self) -> list[Unknown]:
        """Return the titles to ask about, the most frequent first."""
        every = [
            Unknown(self.titles[ref], ref, len(entries), min(entry.starts_at for entry in entries))
            for ref, entries in self.waiting.items()
        ]
        return sorted(every, key=lambda one: (-one.count, one.next_at))

    def want(self, patient: Patient, entry: CalendarEntry) -> None:
        """Note that an entry is a session of a patient."""
        self.wanted.append((patient, entry))
        self.treatments[entry.ref] = patient.treatment_id

    def ask(self, title_ref: bytes, title: str, entry: CalendarEntry) -> None:
        """Note that nobody knows whose an entry is."""
        self.waiting.setdefault(title_ref, []).append(entry)
        self.titles.setdefault(title_ref, title)
        self.asked.add(entry.ref)

    def has_lost(self, one: Imported, read: Collection[bytes]) -> bool:
        """Say whether the calendar has called a session off: in so many words, or by leaving it out of a UID it has."""
        if one.ref in self.treatments:
            return self.treatments[one.ref] != one.appointment.treatment_id
        if one.ref in self.asked:
            return False
        return one.ref in self.cancelled or one.ref in self.not_mine or uid_of(one.ref) in read

    def refs(self) -> set[bytes]:
        """Return all that the file names."""
        return self.treatments.keys() | self.asked | self.cancelled | self.not_mine


class Calendars:
    """The verbs of calendar files."""

    def __init__(self, store: Store, clock: Clock, planner: Planner) -> None:
        self._store = store
        self._clock = clock
        self._planner = planner
        self._maker = Maker(planner)

    async def take(self, therapist: Therapist, file: CalendarFile, receipt: Receipt | None = None) -> Summary:
        """Take a file over, together or not at all.  The same file again changes nothing.

        Series are made as far ahead as a file is read, so that the file meets their sessions before it changes any.
        Sessions of a UID that the file has, but not any more where they were, are called off; those of a UID that it
        does not have are offered for that (`call_off_missing`), if the file has any UID that is known.
        """
        now = self._clock.now()
        file = without_past(file, now)
        async with self._store.transaction() as tx:
            again = receipt is not None and not await tx.inbox.takes_effect(receipt, now)
            await self._maker.make_all(tx, therapist.id, READ_AHEAD, now)
            found = await _sorted(tx, therapist.id, file)
            imported = await tx.calendars.imported(therapist.id, found.refs(), now)
            uids = {tx.calendars.uid_ref(uid) for uid in file.uids}
            read = uids - {tx.calendars.uid_ref(uid) for uid in file.unread_uids}
            coming = [one for one in imported if _is_coming(one, now)]
            gone = [one for one in coming if found.has_lost(one, read)]
            missing = [one for one in coming if uid_of(one.ref) not in uids]
            at_work = await self._reconciler(tx, therapist.id, imported, gone, [*gone, *missing], now)
            changes = await at_work.apply(found.wanted)
            await tx.calendars.forget_doubts(therapist.id, read)
            for ref, entries in found.waiting.items():
                await tx.calendars.wait(therapist.id, ref, entries, now)
            is_known = any(uid_of(one.ref) in uids for one in imported)
            doubted = [one for one in missing if is_known and one.appointment.id in at_work.loose]
            missing_ref = await _doubt(tx, therapist.id, doubted, now)
            await tx.audit.note(now, therapist.person_id, "imported", "calendar", therapist.id)
        ignored = file.ignored + changes.crossing + len(found.not_mine)
        return Summary(changes, ignored, file.unreadable, found.unknown(), len(doubted), missing_ref, again)

    async def _reconciler(
        self,
        tx: Tx,
        therapist_id: TherapistId,
        imported: Sequence[Imported],
        gone: Sequence[Imported],
        free: Sequence[Imported],
        now: datetime,
    ) -> Reconciler:
        known = {(one.appointment.treatment_id, one.ref): one for one in imported}
        plain_ones = await tx.calendars.plain(therapist_id, now - LOOKS_BACK)
        off = {one.id: one for one in plain_ones if one.state is not SessionState.PLANNED}
        theirs = [*plain_ones, *(one.appointment for one in free)]
        loose = {one.id: one for one in theirs if one.state is SessionState.PLANNED}
        return Reconciler(tx, self._planner, now, known, loose, {one.appointment.id: one for one in gone}, off)

    async def patients(self, therapist_id: TherapistId) -> Sequence[Patient]:
        """Return the patients whom a title may be about, by code."""
        async with self._store.reading() as tx:
            mine = await tx.people.patients_of(therapist_id)
        return [one for one in mine if one.state is not PatientState.LEFT]

    async def choose(
        self, therapist: Therapist, title_ref: bytes, patient_id: PatientId | None, receipt: Receipt | None = None
    ) -> Chosen | None:
        """Remember whose a title is, and plan what waited for that; None: nothing was asked, or not about them."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            waiting = await tx.calendars.waiting(therapist.id, title_ref)
            mine = {one.id: one for one in await tx.people.patients_of(therapist.id)}
            patient = mine.get(patient_id) if patient_id is not None else None
            is_theirs = patient_id is None or (patient is not None and patient.state is not PatientState.LEFT)
            if not is_theirs or not (waiting or title_ref in await tx.calendars.whose(therapist.id, [title_ref])):
                return None
            changes = Changes()
            if receipt is None or await tx.inbox.takes_effect(receipt, now):
                changes = await self._decided(tx, therapist, title_ref, patient, waiting, now)
        return Chosen(patient.code if patient else None, changes, len(waiting))

    async def _decided(
        self,
        tx: Tx,
        therapist: Therapist,
        title_ref: bytes,
        patient: Patient | None,
        waiting: Sequence[CalendarEntry],
        now: datetime,
    ) -> Changes:
        await tx.calendars.choose(therapist.id, title_ref, patient.id if patient else None, now)
        await tx.calendars.forget_waiting(therapist.id, title_ref)
        about = ("patient", patient.id) if patient else ("calendar", therapist.id)
        await tx.audit.note(now, therapist.person_id, "named", *about)
        await self._maker.make_all(tx, therapist.id, READ_AHEAD, now)
        coming = [entry for entry in waiting if entry.ends_at > now]
        refs = {entry.ref for entry in coming}
        imported = await tx.calendars.imported(therapist.id, refs, now)
        of_another = [
            one
            for one in imported
            if one.ref in refs
            and _is_coming(one, now)
            and (patient is None or one.appointment.treatment_id != patient.treatment_id)
        ]
        at_work = await self._reconciler(tx, therapist.id, imported, of_another, of_another, now)
        return await at_work.apply([(patient, entry) for entry in coming] if patient else [])

    async def nobodys(self, therapist: Therapist, receipt: Receipt | None = None) -> int | None:
        """Say that all titles that still wait are nobody's; return how many those were, None if there were none."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            first = receipt is None or await tx.inbox.takes_effect(receipt, now)
            titles = await tx.calendars.titles_waiting(therapist.id)
            for title in titles:
                waiting = await tx.calendars.waiting(therapist.id, title)
                await self._decided(tx, therapist, title, None, waiting, now)
        return None if first and not titles else len(titles)

    async def call_off_missing(self, therapist: Therapist, missing_ref: bytes, receipt: Receipt) -> int | None:
        """Call off the sessions that a file did not name any more; return how many, None if that was not asked."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            waiting = await tx.calendars.waiting(therapist.id, missing_ref)
            if not await tx.inbox.takes_effect(receipt, now):
                return 0
            if not waiting:
                return None
            refs = {entry.ref for entry in waiting}
            imported = await tx.calendars.imported(therapist.id, refs, now)
            gone = [one for one in imported if one.ref in refs and _is_coming(one, now)]
            changes = await (await self._reconciler(tx, therapist.id, imported, gone, [], now)).apply([])
            await tx.calendars.forget_waiting(therapist.id, missing_ref)
            await tx.audit.note(now, therapist.person_id, "called_off", "calendar", therapist.id)
        return changes.cancelled

    async def coming(self, therapist: Therapist) -> Sequence[Appointment]:
        """Return what a file of the coming sessions has in it."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            found = await tx.sessions.between(therapist.id, now, now + EXPORTED_AHEAD)
        return [one for one in found if one.state is SessionState.PLANNED]


async def _sorted(tx: Tx, therapist_id: TherapistId, file: CalendarFile) -> _Sorted:
    patients = await tx.people.patients_of(therapist_id)
    by_code, by_id = {one.code: one for one in patients}, {one.id: one for one in patients}
    refs = {event.title: tx.calendars.title_ref(plain(event.title)) for event in file.events}
    chosen = await tx.calendars.whose(therapist_id, set(refs.values()))
    found = _Sorted()
    for event in file.events:
        ref = refs[event.title]
        entry = CalendarEntry(tx.calendars.entry_ref(event.uid, event.key), event.starts_at, event.ends_at)
        code = named(event.title, by_code)
        patient = by_code[code] if code else by_id.get(chosen.get(ref) or PatientId(0))
        if event.cancelled:
            found.cancelled.add(entry.ref)
        elif code is None and ref not in chosen:
            found.ask(ref, event.title, entry)
        elif patient is None or patient.state is PatientState.LEFT:
            found.not_mine.add(entry.ref)
        else:
            found.want(patient, entry)
    return found


async def _doubt(tx: Tx, therapist_id: TherapistId, missing: Sequence[Imported], now: datetime) -> bytes:
    """Keep what is to be asked about sessions that the file does not name at all; return the name of that set."""
    if not missing:
        return b""
    ref = tx.calendars.missing_ref([one.ref for one in missing])
    entries = [CalendarEntry(one.ref, one.appointment.starts_at, one.appointment.ends_at) for one in missing]
    await tx.calendars.wait(therapist_id, ref, entries, now)
    return ref


def _is_coming(one: Imported, now: datetime) -> bool:
    """Say whether the calendar had the session in the days to come, and so has it."""
    return one.starts_at is not None and one.starts_at > now and one.appointment.ends_at > now

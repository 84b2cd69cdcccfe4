"""A small practice in the database, put there by the store's own methods; and the file seen with plain SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.instrument import THREE_ITEMS
from bot.domain.model import (
    Article,
    Called,
    CheckIn,
    CheckInId,
    CheckInState,
    Form,
    Item,
    Language,
    Patient,
    PatientState,
    PersonId,
    Register,
    Score,
    Step,
    Voice,
)
from bot.domain.post import InboxRow
from bot.keys import new_keys
from storage.columns import KeyRing
from storage.database import Database, Rooms
from storage.engine import make_engine
from tests import engines
from tests.engines import raw as raw  # noqa: PLC0414 - looked for here
from tests.engines import rows as rows  # noqa: PLC0414

NOW = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
VOICE = Voice(Language.ES, Register.USTED, Form.COMPRENDIDO, ZoneInfo("Europe/Madrid"))


def new_ring() -> KeyRing:
    """Make keys that nobody has seen."""
    keys = new_keys()
    return KeyRing(keys.seal, keys.index)


def open_database(path: Path, ring: KeyRing) -> Database:
    """Open a prepared database; its clock stands at NOW."""
    return Database(make_engine(engines.url_of(path)), ring, lambda: NOW)


@dataclass(frozen=True, slots=True)
class Room:
    """A therapist, a patient in treatment, and the patient's account."""

    therapist: PersonId
    person: PersonId
    patient: Patient


async def furnish(tx: Rooms, code: str = "P-07", chat_id: int = 200, therapist_chat: int = 100) -> Room:
    """Enrol a therapist and a patient who has agreed."""
    doctor = await tx.people.remember(therapist_chat, VOICE)
    therapist_id = await tx.people.add_therapist(doctor, Called("Dra. Ruiz", Article.LA), NOW + WEEK, NOW)
    patient = await tx.people.add_patient(code, therapist_id, NOW)
    assert patient is not None
    person = await tx.people.remember(chat_id, VOICE)
    await tx.people.bind_patient(patient.id, person)
    await tx.people.set_patient_state(patient.id, PatientState.ACTIVE, NOW)
    return Room(doctor, person, await tx.people.patient(patient.id))


async def plan(tx: Rooms, room: Room, ends_at: datetime = NOW) -> CheckIn:
    """Note a session and plan its check-in."""
    session_id = await tx.sessions.add(room.patient.treatment_id, ends_at - HOUR, ends_at, NOW)
    planned = await tx.check_ins.get(await tx.check_ins.plan(session_id, THREE_ITEMS, ends_at))
    assert planned is not None
    return planned


async def ask(tx: Rooms, room: Room, ends_at: datetime = NOW, message_id: int | None = 5) -> CheckIn:
    """Plan a check-in and open it; the question is on the person's screen unless `message_id` is None."""
    planned = await plan(tx, room, ends_at)
    opened = replace(planned, state=CheckInState.OPEN, asked_at=ends_at, closes_at=ends_at + 3 * WEEK)
    await tx.check_ins.save(opened, ends_at)
    if message_id is not None:
        await tx.check_ins.mark_shown(opened.id, "understood", message_id, None, ends_at)
    return await again(tx, opened.id)


async def answer(tx: Rooms, room: Room, *scores: int, ends_at: datetime = NOW) -> CheckIn:
    """Ask and answer: the check-in is done and waits for the rules."""
    opened = await ask(tx, room, ends_at)
    given: Mapping[Item, Score] = {item: Score(value) for item, value in zip(THREE_ITEMS, scores, strict=False)}
    done = replace(
        opened,
        scores=given,
        state=CheckInState.DONE,
        step=Step.SUMMARY,
        answered_at=ends_at,
        settles_at=ends_at + HOUR,
        closes_at=None,
    )
    await tx.check_ins.save(done, ends_at)
    return await again(tx, opened.id)


async def again(tx: Rooms, check_in_id: CheckInId) -> CheckIn:
    """Read a check-in that is there."""
    found = await tx.check_ins.get(check_in_id)
    assert found is not None
    return found


async def waiting_in(tx: Rooms, now: datetime = NOW) -> list[InboxRow]:
    """Read every update that could be worked now."""
    return [row for lane in await tx.inbox.lanes(now) for row in await tx.inbox.pending(lane, now, 100)]

"""What therapists write down goes when it is old enough, and not before."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.model import Kept
from bot.domain.post import Source
from bot.domain.records import RecordId, RecordKind
from storage.database import Database, Rooms
from tests.storage.records import NOW, WEEK, Room, answer, furnish, rows

pytestmark = pytest.mark.both

YEAR = timedelta(days=366)
LATER = NOW + YEAR + WEEK


async def write(
    tx: Rooms, room: Room, number: int, kind: RecordKind, at: datetime, replaces: RecordId | None = None
) -> RecordId:
    return await tx.records.add(room.patient.treatment_id, kind, f"text {number}", Source(1, number), at, replaces)


async def expired(tx: Rooms, room: Room) -> int:
    """Announce and delete what is older than a year; return how many texts went."""
    plan = await tx.retention.announce(room.therapist, Kept.WORDS, LATER - YEAR, LATER)
    return await tx.retention.delete(plan)


async def test_notes_and_former_agreements_go_at_their_age_and_the_one_in_use_stays(
    store: Database, path: Path
) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await answer(tx, room, 8, 8, 2, ends_at=LATER)
        former = await write(tx, room, 1, RecordKind.AGREEMENT, NOW)
        await tx.records.end(former, NOW)
        current = await write(tx, room, 2, RecordKind.AGREEMENT, NOW, former)
        await write(tx, room, 3, RecordKind.MARKER, NOW)
        young = await write(tx, room, 4, RecordKind.MARKER, LATER)

        assert await expired(tx, room) == 2

    assert rows(path, "SELECT id, replaces_id FROM records ORDER BY id") == [
        {"id": current, "replaces_id": None},
        {"id": young, "replaces_id": None},
    ]


async def test_an_agreement_goes_too_once_no_session_has_been_for_as_long(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await answer(tx, room, 8, 8, 2, ends_at=NOW)
        await write(tx, room, 1, RecordKind.AGREEMENT, NOW)

        assert await expired(tx, room) == 1

    assert rows(path, "SELECT id FROM records") == []


async def test_one_agreement_stands_for_each_treatment_and_one_record_comes_from_each_line(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await write(tx, room, 1, RecordKind.AGREEMENT, NOW)

    for number, kind in ((2, RecordKind.AGREEMENT), (1, RecordKind.MARKER)):
        with pytest.raises(IntegrityError):
            async with store.transaction() as tx:
                await write(tx, room, number, kind, NOW)

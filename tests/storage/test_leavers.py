"""Whoever left and is back with an old copy: erased once more, but nobody who has their row since, and nobody early."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.model import WordsKind
from bot.domain.post import Source
from storage.database import Database
from storage.erasures import Erasure
from tests import engines
from tests.storage.records import HOUR, NOW, Room, answer, furnish, rows

pytestmark = pytest.mark.both

LEFT = Erasure(NOW + HOUR, 1, keep_scores=False)
"""The line of whoever was patient 1 an hour after they were furnished."""

CODES = "SELECT code FROM patients ORDER BY code"
WRITTEN = "SELECT patient_id FROM words ORDER BY patient_id"


@pytest.fixture
async def rooms(store: Database) -> list[Room]:
    """Furnish P-07 (patient 1) and P-08 (patient 2), who have answered and written."""
    async with store.transaction() as tx:
        rooms = [await furnish(tx, code, chat) for code, chat in (("P-07", 200), ("P-08", 300))]
        for number, room in enumerate(rooms):
            await answer(tx, room, 9, 8, 7)
            await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, "mar", Source(number, 1), NOW)
    return rooms


def erased_again(file: Path, *left: Erasure) -> int:
    return engines.place(file).erase_again(left)


@pytest.mark.usefixtures("rooms")
def test_who_left_is_erased_and_who_stays_is_not(path: Path) -> None:
    assert erased_again(path, LEFT) == 1

    assert rows(path, CODES) == [{"code": "P-08"}]
    assert rows(path, WRITTEN) == [{"patient_id": 2}]


@pytest.mark.usefixtures("rooms")
def test_a_second_time_there_is_nobody_left_to_erase(path: Path) -> None:
    erased_again(path, LEFT, replace(LEFT, patient_id=2, keep_scores=True))

    assert erased_again(path, LEFT, replace(LEFT, patient_id=2, keep_scores=True)) == 0


@pytest.mark.usefixtures("rooms")
def test_nobody_is_told(path: Path) -> None:
    erased_again(path, LEFT, replace(LEFT, patient_id=2, keep_scores=True))

    assert rows(path, "SELECT message_id FROM outbox UNION ALL SELECT message_id FROM sent_messages") == []
    assert rows(path, "SELECT patient_id FROM erasures") == []
    assert rows(path, "SELECT id FROM people ORDER BY id") == [{"id": 1}]


@pytest.mark.usefixtures("rooms")
def test_who_has_a_row_id_that_somebody_had_before_is_not_erased(path: Path) -> None:
    assert erased_again(path, replace(LEFT, at=NOW - HOUR)) == 0

    assert len(rows(path, CODES)) == 2


@pytest.mark.usefixtures("rooms")
def test_a_clock_that_was_set_back_a_little_keeps_nobody_here(path: Path) -> None:
    assert erased_again(path, replace(LEFT, at=NOW - timedelta(minutes=9))) == 1


@pytest.mark.usefixtures("rooms")
def test_scores_stay_where_the_practice_must_keep_them(path: Path) -> None:
    assert erased_again(path, replace(LEFT, keep_scores=True)) == 1

    assert rows(path, "SELECT state, person_id FROM patients WHERE id = 1") == [{"state": "left", "person_id": None}]
    assert len(rows(path, "SELECT id FROM check_ins")) == 2
    assert rows(path, WRITTEN) == [{"patient_id": 2}]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.usefixtures("rooms")
def test_scores_stay_only_where_every_line_says_so_and_who_has_two_lines_counts_once(
    path: Path, *, first: bool
) -> None:
    assert erased_again(path, replace(LEFT, keep_scores=first), replace(LEFT, keep_scores=not first)) == 1

    assert rows(path, CODES) == [{"code": "P-08"}]


async def test_a_leaving_that_is_in_the_copy_waits_for_its_time(store: Database, path: Path, rooms: list[Room]) -> None:
    """The therapist was told until when the record can be taken over; its erasure is planned in the copy."""
    async with store.transaction() as tx:
        await tx.leaving.let_go(rooms[0].patient.id, NOW, NOW + HOUR)

    assert erased_again(path, LEFT) == 0

    assert len(rows(path, WRITTEN)) == 2


def test_nobody_is_erased_who_is_not_there(path: Path) -> None:
    assert erased_again(path, LEFT) == 0

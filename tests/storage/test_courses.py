"""What the rules are given: each state of a check-in, as it lies in the database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alliance import Outcome
from bot.domain.model import CheckInState, Item, Score, WordsKind
from bot.domain.post import Source
from storage.database import Database
from tests.storage.records import HOUR, NOW, WEEK, answer, ask, furnish, plan

pytestmark = pytest.mark.both


async def test_a_course_has_every_asked_check_in_by_session(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await answer(tx, room, 9, 8, 2, ends_at=NOW + WEEK)
        await answer(tx, room, 9, 9, 2, ends_at=NOW)
        await plan(tx, room, NOW + 3 * WEEK)

        course = await tx.courses.of_treatment(room.patient.treatment_id)

    assert [(entry.session_at, entry.alliance) for entry in course] == [(NOW, 18), (NOW + WEEK, 17)]
    assert {entry.outcome for entry in course} == {Outcome.ANSWERED}


@pytest.mark.parametrize(
    ("state", "scores", "outcome"),
    [
        (CheckInState.CLOSED, {}, Outcome.UNANSWERED),
        (CheckInState.CLOSED, {Item.UNDERSTOOD: Score(3)}, Outcome.PARTLY),
        (CheckInState.OPEN, {}, Outcome.PASSED),
        (CheckInState.DECLINED, {}, Outcome.PASSED),
        (CheckInState.NO_SESSION, {}, Outcome.PASSED),
        (CheckInState.STOPPED, {Item.UNDERSTOOD: Score(3)}, Outcome.PASSED),
        (CheckInState.UNREACHABLE, {}, Outcome.PASSED),
    ],
)
async def test_what_became_of_a_check_in(
    store: Database, state: CheckInState, scores: dict[Item, Score], outcome: Outcome
) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        await tx.check_ins.save(replace(opened, state=state, scores=scores), NOW)

        [entry] = await tx.courses.of_treatment(room.patient.treatment_id)

    assert (entry.outcome, entry.scores) == (outcome, scores)


async def test_a_session_whose_connection_failed_says_nothing(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        answered = await answer(tx, room, 2, 2, 2)
        await tx.sessions.set_cut(answered.session_id, cut=True)

        [entry] = await tx.courses.of_treatment(room.patient.treatment_id)

    assert entry.outcome is Outcome.PASSED


async def test_words_about_what_was_left_pending_are_known_to_be_there(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        spoken, silent = await answer(tx, room, 9, 9, 8), await answer(tx, room, 9, 9, 8, ends_at=NOW + WEEK)
        for check_in, kind in ((spoken, WordsKind.PENDING), (silent, WordsKind.REFLECTION)):
            source = Source(200, check_in.id)
            await tx.check_ins.add_words(room.patient.id, check_in.id, kind, "la carta", source, NOW)

        course = await tx.courses.of_treatment(room.patient.treatment_id)

    assert [entry.left_words for entry in course] == [True, False]


async def test_each_treatment_of_a_therapist_has_a_course_of_its_own(store: Database) -> None:
    async with store.transaction() as tx:
        one, other = await furnish(tx), await furnish(tx, "P-08", 300)
        foreign = await furnish(tx, "P-09", 400, therapist_chat=500)
        for room in (one, other, foreign):
            await answer(tx, room, 9, 9, 2, ends_at=NOW + timedelta(hours=room.patient.id))
        await answer(tx, one, 8, 8, 2, ends_at=NOW + WEEK + HOUR)

        courses = await tx.courses.of_therapist(one.patient.therapist_id)

    assert {treatment: len(course) for treatment, course in courses.items()} == {
        one.patient.treatment_id: 2,
        other.patient.treatment_id: 1,
    }

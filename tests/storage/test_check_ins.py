"""Check-ins as rows: saved whole, found when due, shown again when a reply was lost, compared by session."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.model import CheckInState, Item, Points, Score, Step, Urgency, WordsKind
from bot.domain.notices import Question
from bot.domain.post import Source
from bot.domain.timing import LAG
from storage.database import Database
from tests.storage.records import HOUR, NOW, WEEK, again, answer, ask, furnish, plan, rows

pytestmark = pytest.mark.both

SOURCE = Source(200, 1)


async def test_a_check_in_comes_back_as_it_was_saved(store: Database) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))
        changed = replace(
            opened,
            step=Step.REFLECTION,
            scores={Item.UNDERSTOOD: Score(0), Item.SENSE: Score(10), Item.PENDING: Score(7)},
            has_words=True,
            text_version="es.usted.comprendido.today.1",
            touched_at=NOW + HOUR,
            answered_at=NOW + 2 * HOUR,
            done_at=NOW + 3 * HOUR,
            ask_again_at=NOW + 4 * HOUR,
            remind_at=NOW + 5 * HOUR,
            closes_at=NOW + 6 * HOUR,
            settles_at=NOW + timedelta(microseconds=1),
        )
        await tx.check_ins.save(changed, NOW)

    async with store.reading() as tx:
        assert await again(tx, opened.id) == changed


async def test_saving_twice_is_saving_once(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        done = await answer(tx, await furnish(tx), 7, 8, 2)
    before = [rows(path, f"SELECT * FROM {table}") for table in ("check_ins", "answers")]  # noqa: S608 - two names

    async with store.transaction() as tx:
        await tx.check_ins.save(done, NOW)

    assert [rows(path, f"SELECT * FROM {table}") for table in ("check_ins", "answers")] == before  # noqa: S608


async def test_an_answer_that_did_not_change_keeps_its_instant(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        done = await answer(tx, await furnish(tx), 7, 8, 2)
        await tx.check_ins.save(replace(done, scores={**done.scores, Item.SENSE: Score(9)}), NOW + HOUR)

    scored = {row["item"]: (row["score"], row["scored_at"]) for row in rows(path, "SELECT * FROM answers")}
    assert scored["understood"] == (7, "2026-11-17T16:00:00.000000Z")
    assert scored["sense"] == (9, "2026-11-17T17:00:00.000000Z")


async def test_due_are_those_whose_time_has_come_the_longest_waiting_first(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        late, later, coming = [await plan(tx, room, NOW + hours * HOUR) for hours in (0, -5, 1)]

        assert await tx.check_ins.due(NOW, limit=10) == [later.id, late.id]
        assert await tx.check_ins.due(NOW + HOUR, limit=10) == [later.id, late.id, coming.id]
        assert await tx.check_ins.due(NOW + HOUR, limit=1) == [later.id]


@pytest.mark.parametrize("state", [CheckInState.SKIPPED, CheckInState.CANCELLED, CheckInState.CLOSED])
async def test_nothing_is_due_for_what_is_over(store: Database, state: CheckInState) -> None:
    async with store.transaction() as tx:
        planned = await plan(tx, await furnish(tx))
        await tx.check_ins.save(replace(planned, state=state), NOW)

        assert await tx.check_ins.due(NOW + 100 * WEEK, limit=10) == []


async def test_the_rules_look_at_an_answered_check_in_once_its_grace_is_over(store: Database) -> None:
    async with store.transaction() as tx:
        done = await answer(tx, await furnish(tx), 7, 8, 2)

        assert await tx.check_ins.settling(NOW + HOUR - timedelta(microseconds=1), limit=10) == []
        assert await tx.check_ins.settling(NOW + HOUR, limit=10) == [done.id]


async def test_what_the_rules_have_seen_is_not_looked_at_again(store: Database) -> None:
    async with store.transaction() as tx:
        done = await answer(tx, await furnish(tx), 7, 8, 2)
        await tx.check_ins.settled(done.id)

        assert await tx.check_ins.settling(NOW + WEEK, limit=10) == []
        assert await tx.check_ins.due(NOW + WEEK, limit=10) == []


async def test_a_face_that_was_not_shown_lags(store: Database) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))
        moved = replace(opened, step=Step.SENSE)
        await tx.check_ins.save(moved, NOW)

        assert await tx.check_ins.lagging(NOW, limit=10) == []
        assert await tx.check_ins.lagging(NOW + LAG, limit=10) == [moved.id]


async def test_a_face_that_was_shown_does_not_lag(store: Database) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))
        await tx.check_ins.save(replace(opened, step=Step.SENSE), NOW)
        await tx.check_ins.mark_shown(opened.id, "sense", 5, None, NOW)

        assert await tx.check_ins.lagging(NOW + WEEK, limit=10) == []


async def test_a_question_is_sent_once_and_before_it_is_answered(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        unmarked = await ask(tx, room, message_id=None)
        await tx.check_ins.save(replace(unmarked, opened_at=NOW + HOUR), NOW)
        for at in (NOW + 2 * HOUR, NOW + 3 * HOUR):
            await tx.check_ins.mark_shown(unmarked.id, "sense", 5, None, at)

        marked = await tx.check_ins.get(unmarked.id)

        assert marked is not None
        assert marked.sent_at == NOW + HOUR, "a kill hid when Telegram took it; it was there when it was answered"


async def test_an_outdated_face_that_arrives_late_ends_no_lag(store: Database) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))
        await tx.check_ins.save(replace(opened, step=Step.PENDING), NOW)
        await tx.check_ins.mark_shown(opened.id, "sense", 5, None, NOW)

        assert await tx.check_ins.lagging(NOW + LAG, limit=10) == [opened.id]


async def test_a_check_in_whose_question_is_on_its_way_does_not_lag(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        await tx.check_ins.save(replace(opened, step=Step.SENSE), NOW)
        await tx.outbox.put(Question(opened.id), room.person, Urgency.REPLY, NOW, "typed:1")
        assert await tx.check_ins.lagging(NOW + WEEK, limit=10) == []

        (question,) = await tx.outbox.due(NOW, {Urgency.REPLY: 10})
        await tx.outbox.mark_sent(question.id, NOW, 6)

        assert await tx.check_ins.lagging(NOW + WEEK, limit=10) == [opened.id]


async def test_a_question_that_never_arrived_does_not_lag(store: Database) -> None:
    async with store.transaction() as tx:
        await ask(tx, await furnish(tx), message_id=None)

        assert await tx.check_ins.lagging(NOW + WEEK, limit=10) == []


async def test_the_history_goes_by_session_not_by_when_it_was_answered(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        second = await answer(tx, room, 5, 5, ends_at=NOW + WEEK)
        first = await answer(tx, room, 9, 9, 1, ends_at=NOW)

        history = await tx.check_ins.history(room.patient.treatment_id)

    assert [rating.check_in_id for rating in history] == [first.id, second.id]
    assert [rating.alliance for rating in history] == [Points(18), Points(10)]


@pytest.mark.parametrize(
    ("state", "compared"),
    [
        (CheckInState.DONE, True),
        (CheckInState.OPEN, True),
        (CheckInState.DECLINED, True),
        (CheckInState.STOPPED, False),
        (CheckInState.CANCELLED, False),
    ],
)
async def test_what_was_stopped_or_cancelled_is_not_compared(
    store: Database,
    state: CheckInState,
    compared: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        done = await answer(tx, room, 7, 8, 2)
        await tx.check_ins.save(replace(done, state=state), NOW)

        history = await tx.check_ins.history(room.patient.treatment_id)

    assert [rating.check_in_id for rating in history] == ([done.id] if compared else [])


async def test_half_an_answer_is_not_compared(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        await tx.check_ins.save(replace(opened, scores={Item.UNDERSTOOD: Score(3)}), NOW)

        assert await tx.check_ins.history(room.patient.treatment_id) == []


async def test_two_treatments_are_never_compared(store: Database) -> None:
    async with store.transaction() as tx:
        ana, eva = await furnish(tx), await furnish(tx, "P-08", chat_id=201)
        hers = await answer(tx, ana, 9, 9)
        await answer(tx, eva, 2, 2)

        history = await tx.check_ins.history(ana.patient.treatment_id)

    assert [rating.check_in_id for rating in history] == [hers.id]


async def test_typed_words_belong_to_the_newest_open_question(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await ask(tx, room, NOW)
        newest = await ask(tx, room, NOW + WEEK)
        await answer(tx, room, 5, 5, ends_at=NOW + 2 * WEEK)

        found = await tx.check_ins.open_of(room.person)

    assert found is not None
    assert found.id == newest.id


async def test_a_message_is_kept_once_however_often_it_is_redelivered(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        kept = [
            await tx.check_ins.add_words(room.patient.id, opened.id, WordsKind.REFLECTION, text, SOURCE, NOW)
            for text in ("Fue bien", "Fue mal")
        ]

        assert len(set(kept)) == 1
        assert [words.text for words in await tx.check_ins.words_of(opened.id)] == ["Fue bien"]


async def test_an_edit_changes_the_words_while_the_question_is_open(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        await tx.check_ins.add_words(room.patient.id, opened.id, WordsKind.REFLECTION, "Fue", SOURCE, NOW)

        assert await tx.check_ins.change_words(SOURCE, "Fue bien", NOW)
        await tx.check_ins.save(replace(opened, state=CheckInState.DONE), NOW)
        assert not await tx.check_ins.change_words(SOURCE, "Fue mal", NOW)
        assert [words.text for words in await tx.check_ins.words_of(opened.id)] == ["Fue bien"]


async def test_an_edit_of_another_message_changes_nothing(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, "Hola", SOURCE, NOW)

        assert not await tx.check_ins.change_words(Source(201, 1), "Adiós", NOW)
        assert not await tx.check_ins.change_words(Source(200, 2), "Adiós", NOW)


async def test_the_lines_of_a_therapist_say_what_became_of_each_question(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await answer(tx, room, 7, 8, 2, ends_at=NOW)
        silent = await ask(tx, room, NOW + WEEK)
        await tx.check_ins.save(replace(silent, state=CheckInState.CLOSED, scores={Item.SENSE: Score(3)}), NOW)
        await plan(tx, room, NOW + 2 * WEEK)
        await ask(tx, await furnish(tx, "P-09", 300, therapist_chat=101), NOW)

        lines = await tx.check_ins.lines(room.patient.therapist_id, NOW + 3 * WEEK)

    assert [(line.code, line.state, line.alliance, line.pending) for line in lines] == [
        ("P-07", CheckInState.DONE, 15, 2),
        ("P-07", CheckInState.CLOSED, None, None),
    ]


async def test_what_was_stopped_counts_neither_as_answered_nor_as_silent(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        done = await answer(tx, room, 7, 8, 2)
        await tx.check_ins.save(replace(done, state=CheckInState.STOPPED), NOW)

        (line,) = await tx.check_ins.lines(room.patient.therapist_id, NOW + WEEK)

    assert (line.state, line.alliance) == (CheckInState.STOPPED, None)

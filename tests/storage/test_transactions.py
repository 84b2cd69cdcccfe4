"""All together or not at all; two writers at once; readers who see one moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.alliance import Rules, evaluate
from bot.domain.errors import StoreDamagedError, StoreUnavailableError
from bot.domain.model import CheckInId, CheckInState, Item, Score, Urgency, WordsKind
from bot.domain.notices import Enrolled
from bot.domain.post import Incoming, Receipt, Source
from storage.columns import KeyRing
from storage.database import Database, Rooms
from storage.driver import HELD_AT_MOST, MOMENT
from tests.storage.records import HOUR, NOW, again, answer, ask, furnish, open_database, raw, rows, waiting_in

pytestmark = pytest.mark.both

ROUNDS = 10
"""Attempts of each writer in a race: enough that both wait for each other many times."""

Deed = Callable[[Rooms, int], Awaitable[object]]


@pytest.fixture
async def other(path: Path, ring: KeyRing) -> AsyncIterator[Database]:
    """Open a second store on the same file, as another process would."""
    async with open_database(path, ring) as database:
        yield database


async def race(stores: tuple[Database, Database], deed: Deed) -> list[object]:
    """Let both stores do `deed` in transactions of their own, all at once; return every outcome."""

    async def once(store: Database, number: int) -> object:
        async with store.transaction() as tx:
            return await deed(tx, number)

    return await asyncio.gather(*(once(store, number) for number in range(ROUNDS) for store in stores))


async def test_a_transaction_that_fails_leaves_nothing(store: Database, path: Path) -> None:
    async def fail() -> None:
        async with store.transaction() as tx:
            await answer(tx, await furnish(tx), 7, 8, 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert [rows(path, f"SELECT * FROM {table}") for table in ("people", "sessions", "answers")] == [[], [], []]  # noqa: S608


async def test_a_refused_row_undoes_the_rows_before_it(store: Database, path: Path) -> None:
    async def write_words_about_nothing() -> None:
        async with store.transaction() as tx:
            patient_id = (await furnish(tx)).patient.id
            await tx.audit.note(NOW, None, "read", "words", 1)
            await tx.check_ins.add_words(patient_id, CheckInId(99), WordsKind.MESSAGE, "", SOURCE, NOW)

    with pytest.raises(IntegrityError):
        await write_words_about_nothing()

    assert rows(path, "SELECT * FROM audit") == []


SOURCE = Source(200, 1)


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_one_works(store: Database, path: Path) -> None:
    halfway = asyncio.Event()

    async def cut_short() -> None:
        async with store.transaction() as tx:
            await furnish(tx)
            halfway.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(cut_short())
        await halfway.wait()
        task.cancel()
    async with store.transaction() as tx:
        await tx.facts.keep("after", "all is well")

    assert (rows(path, "SELECT * FROM people"), len(rows(path, "SELECT * FROM facts"))) == ([], 1)


async def kept_update(store: Database) -> Receipt:
    async with store.transaction() as tx:
        await tx.inbox.keep([Incoming("message:200:1", 200, "{}")], NOW)
        return Receipt((await waiting_in(tx))[0].id)


async def test_a_receipt_marks_the_update_done_in_the_same_commit(store: Database, path: Path) -> None:
    receipt = await kept_update(store)

    async with store.transaction(receipt) as tx:
        await furnish(tx)

    assert rows(path, "SELECT body, done_at IS NOT NULL AS done FROM inbox") == [{"body": None, "done": 1}]


async def test_a_receipt_marks_nothing_when_its_transaction_fails(store: Database) -> None:
    receipt = await kept_update(store)

    async def fail() -> None:
        async with store.transaction(receipt):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with store.reading() as tx:
        assert [int(row.id) for row in await waiting_in(tx)] == [receipt]


async def test_two_writers_save_one_check_in_without_losing_a_touch(store: Database, other: Database) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))

    async def postpone(tx: Rooms, _: int) -> None:
        current = await again(tx, opened.id)
        assert current.closes_at is not None
        await tx.check_ins.save(replace(current, closes_at=current.closes_at + HOUR), NOW)

    await race((store, other), postpone)

    async with store.reading() as tx:
        assert opened.closes_at is not None
        assert (await again(tx, opened.id)).closes_at == opened.closes_at + 2 * ROUNDS * HOUR


async def test_of_two_first_answers_one_is_kept(store: Database, other: Database, path: Path) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))

    async def score(tx: Rooms, number: int) -> bool:
        current = await again(tx, opened.id)
        if current.scores:
            return False
        await tx.check_ins.save(replace(current, scores={Item.SENSE: Score(number)}), NOW)
        return True

    outcomes = await race((store, other), score)

    assert sum(map(bool, outcomes)) == 1
    assert len(rows(path, "SELECT score FROM answers")) == 1


async def test_of_two_notices_under_one_key_one_is_put(store: Database, other: Database, path: Path) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)

    async def put(tx: Rooms, _: int) -> bool:
        return await tx.outbox.put(Enrolled(), room.person, Urgency.REPLY, NOW, "enrolled:1")

    outcomes = await race((store, other), put)

    assert (sum(map(bool, outcomes)), len(rows(path, "SELECT key FROM outbox"))) == (1, 1)


async def test_one_account_that_comes_twice_at_once_is_one_person(store: Database, other: Database, path: Path) -> None:
    outcomes = await race((store, other), lambda tx, _: furnish(tx))

    assert len(set(map(repr, outcomes))) == 1
    assert (len(rows(path, "SELECT id FROM people")), len(rows(path, "SELECT id FROM patients"))) == (2, 1)


async def test_of_two_episodes_at_once_one_is_opened(store: Database, other: Database, path: Path) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await answer(tx, room, 9, 9, 1)
        low = await answer(tx, room, 3, 3, 1, ends_at=NOW + HOUR)
        (fall,) = evaluate(await tx.courses.of_treatment(room.patient.treatment_id), low.id, Rules())

    async def open_unless_open(tx: Rooms, _: int) -> None:
        if not await tx.alerts.live(room.patient.treatment_id):
            await tx.alerts.open_episode(room.patient.treatment_id, fall, NOW)

    await race((store, other), open_unless_open)

    assert len(rows(path, "SELECT id FROM episodes")) == 1


async def test_a_reader_sees_one_moment_while_others_write(store: Database, other: Database) -> None:
    async with store.transaction() as tx:
        opened = await ask(tx, await furnish(tx))

    async with store.reading() as view:
        before = await again(view, opened.id)
        async with other.transaction() as tx:
            await tx.check_ins.save(replace(opened, state=CheckInState.CLOSED, scores={Item.SENSE: Score(3)}), NOW)
        after = await again(view, opened.id)

    assert (after.state, dict(after.scores)) == (before.state, dict(before.scores))
    async with store.reading() as tx:
        assert (await again(tx, opened.id)).state is CheckInState.CLOSED


async def test_readers_do_not_wait_for_a_writer(store: Database) -> None:
    async with store.transaction() as tx:
        await furnish(tx)

        async with store.reading() as view:
            assert (await view.people.visitor(200)).person is None


async def test_a_database_that_stays_locked_is_unavailable_and_unchanged(store: Database, path: Path) -> None:
    with raw(path) as stubborn:
        stubborn.begin_writing()

        with pytest.raises(StoreUnavailableError, match=r"locked|lock timeout"):
            async with store.transaction() as tx:
                await furnish(tx)

    assert rows(path, "SELECT * FROM people") == []


async def write(store: Database) -> None:
    async with store.transaction() as tx:
        await furnish(tx)


async def waits(writing: "asyncio.Task[None]") -> None:
    """See that it is not done by the time at which SQLite itself gives up."""
    done, _ = await asyncio.wait([writing], timeout=3 * MOMENT)
    assert not done


async def test_a_transaction_begins_when_another_program_lets_go(store: Database, path: Path) -> None:
    with raw(path) as other:
        other.begin_writing()
        async with asyncio.TaskGroup() as group:
            await waits(group.create_task(write(store)))
            other.rollback()

    assert len(rows(path, "SELECT * FROM people")) == 2


async def test_whoever_waits_for_another_program_can_be_told_to_give_up(store: Database, path: Path) -> None:
    with raw(path) as other:
        other.begin_writing()
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(write(store))
            await waits(writing)
            writing.cancel()
            await asyncio.wait([writing], timeout=HELD_AT_MOST / 2)

        assert writing.cancelled()

    await write(store)
    assert len(rows(path, "SELECT * FROM people")) == 2


@pytest.mark.file
async def test_a_connection_whose_commit_failed_serves_the_next_transaction(store: Database) -> None:
    async def answers_nothing() -> None:
        async with store.transaction() as tx:
            await tx.facts._session.execute(text("PRAGMA defer_foreign_keys=ON"))
            await tx.facts._session.execute(text("INSERT INTO answers VALUES (1, 'sense', 5, '2026-11-17')"))

    with pytest.raises(IntegrityError):
        await answers_nothing()
    async with store.transaction() as tx:
        await tx.facts._session.execute(text("INSERT INTO facts VALUES ('after', 'kept')"))

    async with store.reading() as tx:
        assert await tx.facts.recall("after") == "kept"


def spoil(path: Path) -> None:
    """Overwrite everything but the first page, which says what the file is."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


@pytest.mark.file
async def test_a_file_that_is_damaged_while_it_is_used_is_called_so(path: Path, ring: KeyRing) -> None:
    spoil(path)

    async with open_database(path, ring) as store:
        with pytest.raises(StoreDamagedError, match="malformed"):
            await store.dues()

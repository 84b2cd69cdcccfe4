"""Several processes on one database: each chat and each message is in the hands of one of them, until that one dies."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnavailableError
from bot.domain.model import PersonId, Urgency
from bot.domain.notices import WeeklyDigest
from bot.domain.post import Incoming
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from storage.locks import OwnedElsewhereError
from storage.postgres import reigns
from storage.postgres.address import Address
from storage.postgres.workers import LIVES_FOR, Life, living
from storage.speaking import Seat
from tests.commands import LOADED
from tests.engines import POSTGRESQL, raw, rows, url_of
from tests.storage import claimer
from tests.storage.records import HOUR, NOW, WEEK, furnish

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

CLAIMERS = 8
MESSAGES = 2000
BURIED_WITHIN = 3 * LIVES_FOR
DIGEST = WeeklyDigest(NOW - WEEK, NOW)
WAITING = "SELECT count(*) AS number FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def update(number: int, chat_id: int = 200) -> Incoming:
    return Incoming(f"message:{chat_id}:{number}", chat_id, f'{{"update_id": {number}}}')


@pytest.fixture
def address(path: Path) -> Address:
    return Address(url_of(path))


@pytest.fixture
def lives(address: Address) -> Iterator[tuple[Life, Life]]:
    with living(address) as one, living(address) as other:
        yield one, other


@pytest.fixture
async def stores(path: Path, ring: KeyRing, lives: tuple[Life, Life]) -> AsyncIterator[tuple[Database, Database]]:
    """Open the database for two processes."""
    one, other = lives
    async with opened(path, ring, one) as first, opened(path, ring, other) as second:
        yield first, second


@asynccontextmanager
async def opened(path: Path, ring: KeyRing, life: Life) -> AsyncIterator[Database]:
    async with Database(make_engine(url_of(path), Seat(life.number)), ring, lambda: NOW, life.number) as store:
        yield store


@contextmanager
def dead(path: Path, life: Life, other: Life) -> Iterator[None]:
    """Let one say nothing until the other has buried it."""
    with raw(path) as db:
        db.execute(f"UPDATE workers SET ends_at = 0 WHERE id = {life.number}")  # noqa: S608 - our own number
    gone = f"SELECT id FROM workers WHERE id = {life.number}"  # noqa: S608
    given_up = time.monotonic() + BURIED_WITHIN
    while rows(path, gone):
        assert time.monotonic() < given_up, "nobody buried it"
        other.look()
        time.sleep(0.05)
    yield


# Chats


async def test_a_chat_is_worked_by_whoever_has_it_in_hand_and_then_by_anybody(
    stores: tuple[Database, Database],
) -> None:
    one, other = stores
    async with one.keeping() as tx:
        [lane] = await tx.inbox.keep([update(1)], NOW)
        assert not tx.inbox.elsewhere
    async with other.keeping() as tx:
        assert list(await tx.inbox.keep([update(2)], NOW)) == [lane]
        assert tx.inbox.elsewhere == {lane}

    async with other.taking() as tx:
        assert (await tx.inbox.lanes(NOW), await tx.inbox.take(lane, NOW, 10)) == ([], None)
    async with one.taking() as tx:
        mine = await tx.inbox.take(lane, NOW, 10) or []
        assert [row.body for row in mine] == ['{"update_id": 1}', '{"update_id": 2}']
        await tx.inbox.let_go([lane])
    async with other.taking() as tx:
        assert list(await tx.inbox.lanes(NOW)) == [lane]
        assert len(await tx.inbox.take(lane, NOW, 10) or []) == 2


async def test_what_another_process_has_kept_before_comes_first(stores: tuple[Database, Database]) -> None:
    one, other = stores
    async with one.keeping() as tx:
        [lane] = await tx.inbox.keep([update(1)], NOW)
        assert not tx.inbox.behind
        await tx.inbox.finish_all([row.id for row in await tx.inbox.pending(lane, NOW, 10)], NOW)
    async with other.keeping() as tx:
        await tx.inbox.keep([update(2)], NOW)
        assert tx.inbox.elsewhere == {lane}

    async with one.keeping() as tx:
        await tx.inbox.keep([update(3)], NOW)
        assert (tx.inbox.elsewhere, tx.inbox.behind) == (set(), {lane})
        assert [row.body for row in await tx.inbox.pending(lane, NOW, 10)] == ['{"update_id": 2}', '{"update_id": 3}']


async def test_what_two_processes_are_brought_of_one_chat_at_the_same_time_is_in_one_hand(
    stores: tuple[Database, Database],
) -> None:
    for number in range(0, 40, 2):
        chat = 300 + number
        found = await asyncio.gather(*(keep_one(store, update(number + one, chat)) for one, store in enumerate(stores)))
        assert sorted(found) == [0, 1]


async def keep_one(store: Database, incoming: Incoming) -> int:
    """Keep an update; return how many chats of it are in other hands."""
    async with store.keeping() as tx:
        await tx.inbox.keep([incoming], NOW)
        return len(tx.inbox.elsewhere)


async def test_the_chats_and_messages_of_a_dead_process_are_everybodys_and_it_writes_nothing_more(
    path: Path, stores: tuple[Database, Database], lives: tuple[Life, Life]
) -> None:
    one, other = stores
    async with one.transaction() as tx:
        room = await furnish(tx)
        await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, "digest:1")
    async with one.taking() as tx:
        [lane] = await tx.inbox.keep([update(1)], NOW)
        assert len(await tx.outbox.due(NOW, {Urgency.BULK: 10})) == 1
    async with other.taking() as tx:
        assert await tx.outbox.due(NOW, {Urgency.BULK: 10}) == []

    with dead(path, *lives):
        async with other.taking() as tx:
            assert await tx.inbox.take(lane, NOW, 10)
            assert len(await tx.outbox.due(NOW, {Urgency.BULK: 10})) == 1
        with pytest.raises(StoreUnavailableError, match="another Microchequeo has taken over"):
            await keep_one(one, update(2))
        with pytest.raises(OwnedElsewhereError):
            lives[0].look()
    assert rows(path, "SELECT count(*) AS number FROM inbox") == [{"number": 1}]


async def test_nobody_is_buried_before_what_it_writes_has_ended(
    path: Path, stores: tuple[Database, Database], lives: tuple[Life, Life]
) -> None:
    one, _ = stores
    living_now = "SELECT count(*) AS number FROM workers"
    async with one.keeping() as tx:
        await tx.inbox.keep([update(1)], NOW)
        with raw(path) as db:
            db.execute(f"UPDATE workers SET ends_at = 0 WHERE id = {lives[0].number}")  # noqa: S608 - our own number
        given_up = time.monotonic() + LIVES_FOR + 1  # the server may have begun a moment ago
        while time.monotonic() < given_up:
            await asyncio.to_thread(lives[1].look)
            await asyncio.sleep(0.2)
        assert rows(path, living_now) == [{"number": 2}]

    with dead(path, *lives):
        assert rows(path, living_now) == [{"number": 1}]


async def test_whoever_leaves_waits_for_what_it_writes_so_that_nothing_stays_in_its_hands(
    path: Path, ring: KeyRing
) -> None:
    life = Life(Address(url_of(path)))
    life.begin()
    async with opened(path, ring, life) as store, asyncio.TaskGroup() as group:
        async with store.keeping() as tx:
            await tx.inbox.keep([update(1)], NOW)
            leaving = group.create_task(asyncio.to_thread(life.end))
            await waits(lambda: rows(path, WAITING) == [{"number": 1}])
        await leaving
        with pytest.raises(StoreUnavailableError, match="another Microchequeo has taken over"):
            await keep_one(store, update(2))

    assert rows(path, "SELECT lane_ref FROM lanes") == []


async def test_after_a_silence_of_all_nobody_buries_anybody_who_speaks_again(
    path: Path, lives: tuple[Life, Life]
) -> None:
    one, other = lives
    one.look()
    other.look()
    with raw(path) as db:
        db.execute("UPDATE workers SET ends_at = 0")  # as after a gap in which nobody could be heard

    assert one.look()
    assert other.look()
    assert len(rows(path, "SELECT id FROM workers")) == 2


async def test_an_owner_of_the_past_still_marks_what_left_by_its_hand_and_writes_nothing_else(
    path: Path, ring: KeyRing, lives: tuple[Life, Life]
) -> None:
    address, [life, _] = Address(url_of(path)), lives
    seat = Seat(life.number, reigns.begun(address))
    async with Database(make_engine(url_of(path), seat), ring, lambda: NOW, life.number) as store:
        async with store.transaction() as tx:
            await tx.facts.keep("before", "yes")
        reigns.begun(address)

        with pytest.raises(StoreUnavailableError, match="another Microchequeo has taken over"):
            async with store.transaction() as tx:
                await tx.facts.keep("after", "yes")
        async with store.transaction(of=PersonId(1)) as tx:
            await tx.facts.keep("marked", "yes")
        async with store.reading() as tx:
            assert [await tx.facts.recall(name) for name in ("before", "after", "marked")] == ["yes", None, "yes"]


# People


async def test_nobody_waits_for_what_is_written_about_somebody_else(stores: tuple[Database, Database]) -> None:
    one, other = stores
    async with one.transaction(of=PersonId(1)) as tx:
        await tx.facts.keep("ana", "first")
        async with other.transaction(of=PersonId(2)) as beside:
            await beside.facts.keep("leo", "meanwhile")
    async with one.reading() as tx:
        assert await tx.facts.recall("leo") == "meanwhile"


@pytest.mark.parametrize("of", [PersonId(1), None], ids=["the same person", "everybody"])
async def test_what_is_written_about_the_same_person_or_about_all_waits(
    path: Path, stores: tuple[Database, Database], of: PersonId | None
) -> None:
    one, other = stores
    seen: list[str | None] = []

    async def later() -> None:
        async with other.transaction(of=of) as tx:
            seen.append(await tx.facts.recall("ana"))

    async with asyncio.TaskGroup() as group, one.transaction(of=PersonId(1)) as tx:
        await tx.facts.keep("ana", "first")
        group.create_task(later())
        await waits(lambda: rows(path, WAITING) == [{"number": 1}])
        assert seen == []
    assert seen == ["first"]


async def waits(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(BURIED_WITHIN):
        while not is_so():  # noqa: ASYNC110 - the server sends no event
            await asyncio.sleep(0.02)


# Many


@pytest.mark.timeout(120)
async def test_of_two_thousand_messages_none_is_taken_twice_by_eight_processes_beside_one_that_dies(
    path: Path, tmp_path: Path, ring: KeyRing, store: Database, measured: Callable[[str], None]
) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        for number in range(MESSAGES):
            await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, f"digest:{number}")
    began = time.monotonic()
    files = [tmp_path / f"taken-{number}" for number in range(CLAIMERS + 1)]
    processes = [
        LOADED.Process(target=claimer.run, args=(str(url_of(path)), file), kwargs={"dies": number == 0})
        for number, file in enumerate(files)
    ]
    for process in processes:
        process.start()
    await waits(lambda: len(ids(files[0])) == claimer.AT_ONCE)
    processes[0].kill()
    for process in processes[1:]:
        await asyncio.to_thread(process.join)
    by_the_dead, by_others = set(ids(files[0])), Counter(one for file in files[1:] for one in ids(file))
    assert {process.exitcode for process in processes[1:]} == {0}
    assert by_the_dead.isdisjoint(by_others)
    assert max(by_others.values()) == 1
    assert len(by_others) == MESSAGES - claimer.AT_ONCE
    measured(f"{MESSAGES} messages, {CLAIMERS} processes: each taken once, in {time.monotonic() - began:.1f} s")

    with living(Address(url_of(path))) as life:
        await waits(lambda: life.look() and nobody_else(path, life))
        async with opened(path, ring, life) as heir, heir.taking() as tx:
            left = await tx.outbox.due(NOW + HOUR, {Urgency.BULK: MESSAGES})
    assert {row.id for row in left} == by_the_dead


def ids(file: Path) -> list[int]:
    """Return what a process has taken so far."""
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def nobody_else(path: Path, life: Life) -> bool:
    return rows(path, "SELECT id FROM workers") == [{"id": life.number}]

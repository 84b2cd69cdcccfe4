"""A message that does not show how a check-in stands is brought up to date, beside everything else that is due."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.clock import IDLE_LOOK, VirtualClock
from bot.domain.check_in import face
from bot.domain.errors import StoreDamagedError, UndeliverableError
from bot.domain.model import CheckIn, Person, Register, Urgency
from bot.domain.notices import Notice
from bot.domain.post import Due, Sent
from bot.domain.timing import LAG
from bot.services.checkins import CheckIns
from bot.services.faces import Faces
from bot.services.tick import Tick
from storage.database import Database
from storage.opening import prepare
from tests.domain.test_check_in import TIMES
from tests.services.test_delivery import NEVER
from tests.storage.records import NOW, WEEK, answer, furnish, new_ring, open_database

AWAY = UndeliverableError("TimedOut", permanent=False)


@dataclass
class Slow:
    """A messenger whose edits take until it is let go, and fail as it was told."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    errors: list[Exception] = field(default_factory=list)
    tried: int = 0

    async def refresh(self, to: Person, check_in: CheckIn) -> Sent:
        del to
        self.tried += 1
        await self.go.wait()
        if self.errors:
            raise self.errors.pop(0)
        return Sent(check_in.message_id, face(check_in))

    async def deliver(self, to: Person, notice: Notice, urgency: Urgency) -> Sent:
        raise NotImplementedError

    async def retire(self, chat_id: int, message_id: int, urgency: Urgency) -> None:
        raise NotImplementedError


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    """Open a practice in which the reply to a last answer was lost."""
    file, ring = tmp_path / "microchequeo.db", new_ring()
    prepare(file, ring)
    async with open_database(file, ring) as database:
        async with database.transaction() as tx:
            await answer(tx, await furnish(tx), 7, 8, 2)
        yield database


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW + LAG)


def faces(store: Database, clock: VirtualClock, messenger: Slow) -> Faces:
    check_ins = CheckIns(store, clock, TIMES, NEVER)
    return Faces(clock, messenger, check_ins.lagging, check_ins.shown)


async def test_a_chat_that_is_slow_to_write_to_keeps_nothing_waiting(store: Database, clock: VirtualClock) -> None:
    messenger = Slow()
    async with faces(store, clock, messenger) as showing:
        assert await showing.run_due() == 1
        assert await showing.run_due() == 0, "it is under way"
        assert showing.busy
        messenger.go.set()
        await showing.idle()
        assert await showing.run_due() == 0

    assert messenger.tried == 1
    assert Due.FACE not in await store.dues()


async def test_what_could_not_be_shown_is_tried_again_after_a_while(store: Database, clock: VirtualClock) -> None:
    messenger = Slow(errors=[AWAY])
    messenger.go.set()
    async with faces(store, clock, messenger) as showing:
        assert await showing.run_due() == 1
        await showing.idle()
        assert await showing.run_due() == 0
        clock.advance(IDLE_LOOK)
        assert await showing.run_due() == 1

    assert Due.FACE not in await store.dues()


async def test_what_was_shown_too_late_and_hides_something_newer_is_mended(store: Database) -> None:
    """An edit that was slow arrived after the reply to a later tap."""
    async with store.transaction() as tx:
        (done,) = await tx.check_ins.due(NOW + WEEK, 1)
        await tx.check_ins.mark_shown(done, "final", 5, None, NOW)
    assert Due.FACE not in await store.dues()

    async with store.transaction() as tx:
        await tx.check_ins.mark_shown(done, "sense", 5, None, NOW)

    assert (await store.dues())[Due.FACE] == NOW + LAG


async def test_what_was_on_its_way_while_other_words_were_chosen_is_shown_again(
    store: Database, clock: VirtualClock
) -> None:
    messenger = Slow()
    async with faces(store, clock, messenger) as showing:
        assert await showing.run_due() == 1
        await asyncio.sleep(0)
        async with store.transaction() as tx:
            ((person, check_in),) = await CheckIns(store, clock, TIMES, NEVER).lagging(clock.now())
            await tx.people.set_voice(person.id, replace(person.voice, register=Register.VOS))
            await tx.check_ins.show_later(check_in.id, clock.now())
        messenger.go.set()
        await showing.idle()
        assert await showing.run_due() == 1, "at once"
        await showing.idle()
        assert await showing.run_due() == 0

    assert messenger.tried == 2
    assert Due.FACE not in await store.dues()


async def look(_again: bool) -> None:  # noqa: FBT001 - as the tick calls it
    """Take nothing up."""


async def set_right() -> None:
    """Leave everything as it is."""


async def test_a_damaged_part_of_the_database_keeps_only_what_needs_it_from_being_done(
    store: Database, clock: VirtualClock
) -> None:
    async def damaged() -> int:
        raise StoreDamagedError

    messenger = Slow()
    messenger.go.set()
    async with faces(store, clock, messenger) as showing:
        tasks = [(frozenset({Due.FACE}), work) for work in (damaged, showing.run_due)]
        with pytest.raises(StoreDamagedError):
            await Tick(store, clock, look, tasks, set_right).run()

    assert messenger.tried == 1
    assert Due.FACE not in await store.dues()


async def test_what_is_due_and_cannot_move_hides_nothing_that_falls_due_in_a_second(
    store: Database, clock: VirtualClock
) -> None:
    async def nothing(_again: bool = False) -> int:  # noqa: FBT001, FBT002 - as the tick calls it
        return 0

    tick = Tick(store, clock, look, [(frozenset({Due.FACE}), nothing)], set_right)
    dues = await store.dues()
    assert dues[Due.FACE] <= clock.now()

    assert await tick.run() == min(at for kind, at in dues.items() if kind is not Due.FACE)

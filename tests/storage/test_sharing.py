"""The pace of all messages is shared by the processes on one database: together they send no more than one would."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Urgency
from bot.domain.turns import LEAST, Pace, beside, shared
from bot.sharing import Sharing
from handlers.pacing import Pacer
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from storage.postgres.address import Address
from storage.postgres.workers import living
from storage.speaking import Seat
from tests.engines import POSTGRESQL, url_of
from tests.storage.records import NOW

PACE = Pace()


@given(st.lists(st.integers(0, 10_000), max_size=8))
def test_however_many_want_however_much_all_together_keep_to_one_pace(wants: list[int]) -> None:
    owner = shared(PACE, None, wants)
    others = [shared(PACE, want, [*wants[:number], *wants[number + 1 :]]) for number, want in enumerate(wants)]

    assert sum(one.overall for one in others) + owner.overall == pytest.approx(PACE.overall)
    assert owner.burst > PACE.kept_for_replies  # or what is sent to many would never leave
    assert owner.overall > PACE.overall / 4


def test_whoever_wants_little_may_send_a_little_at_once_and_the_owner_has_the_rest() -> None:
    assert beside(PACE, [0, 4]) == [LEAST * PACE.overall, 6.0]
    assert shared(PACE, None, []) == PACE


@pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)
async def test_a_process_that_replies_a_lot_gets_more_once_the_owner_has_read_so(path: Path, ring: KeyRing) -> None:
    async with AsyncExitStack() as stack:
        pacers = [Pacer(PACE), Pacer(PACE)]
        owner, other = [await sharing(stack, path, ring, pacer, owns=not n) for n, pacer in enumerate(pacers)]
        for sharer in (owner, other, owner):
            await sharer.look()
        assert rates(pacers) == [27.7, 2.0]

        await replied(pacers[1])
        await other.look()
        assert rates(pacers) == [27.7, 2.0]  # not before the owner sends less
        await owner.look()
        assert rates(pacers) == [23.7, 2.0]
        await replied(pacers[1])
        await other.look()
        assert rates(pacers) == [23.7, 6.0]


def rates(pacers: list[Pacer]) -> list[float]:
    """Return how many messages a second each of them sends at most."""
    return [round(pacer.pace.overall, 1) for pacer in pacers]


async def replied(pacer: Pacer) -> None:
    """Want to write to four people."""
    for chat_id in range(4):
        async with pacer.turn(chat_id, Urgency.REPLY):
            pass


async def sharing(stack: AsyncExitStack, path: Path, ring: KeyRing, pacer: Pacer, *, owns: bool) -> Sharing:
    """Be one of several processes until the stack is closed."""
    url = url_of(path)
    life = stack.enter_context(living(Address(url)))
    store = Database(make_engine(url, Seat(life.number)), ring, lambda: NOW, life.number)
    return Sharing(await stack.enter_async_context(store), pacer, PACE, owns=owns)

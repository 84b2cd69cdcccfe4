"""Who may send when: a clock that only the test moves, and a note of who left at which second."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.model import Urgency
from handlers.pacing import IDLE_AT_MOST, UNLIMITED, ChatHeldError, Pace, Pacer

ONE_A_SECOND = Pace(overall=10.0, chat=1.0, chat_burst=1, kept_for_replies=0.0)
ANA, EVA = 200, 201


class Time:
    """Seconds that pass when everybody sleeps, straight to the first who wants to wake."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = count()

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self.seconds + seconds, next(self._numbers), woken))
        await woken.wait()

    async def go_on(self, until: float) -> None:
        """Let everything happen up to a second."""
        await everybody_acts()
        while self._sleepers and self._sleepers[0][0] <= until:
            self.seconds, _, woken = heapq.heappop(self._sleepers)
            woken.set()
            await everybody_acts()
        self.seconds = until


async def everybody_acts() -> None:
    """Let each task run until it waits for something."""
    for _ in range(20):
        await asyncio.sleep(0)


class Street:
    """Several people to write to, and a note of when each message left."""

    def __init__(self, pacer: Pacer, time: Time, group: asyncio.TaskGroup) -> None:
        self.pacer = pacer
        self.time = time
        self.left: list[tuple[str, float]] = []
        self._group = group

    async def send(self, name: str, chat_id: int, urgency: Urgency = Urgency.REPLY, *, takes: float = 0) -> None:
        """Queue one message; whoever is queued first stands first."""
        self._group.create_task(self._send(name, chat_id, urgency, takes))
        await everybody_acts()

    async def _send(self, name: str, chat_id: int, urgency: Urgency, takes: float) -> None:
        async with self.pacer.turn(chat_id, urgency):
            self.left.append((name, round(self.time.now(), 6)))
            if takes:
                await self.time.sleep(takes)

    def names(self) -> list[str]:
        return [name for name, _ in self.left]


@asynccontextmanager
async def street(pace: Pace) -> AsyncIterator[Street]:
    time = Time()
    async with asyncio.TaskGroup() as group:
        yield Street(Pacer(pace, time.now, time.sleep), time, group)
        await time.go_on(10_000)


async def test_a_burst_to_a_quiet_chat_leaves_at_once_and_then_one_a_second() -> None:
    async with street(Pace(chat=1.0, chat_burst=3, kept_for_replies=0.0)) as on:
        for number in range(5):
            await on.send(str(number), ANA)

    assert on.left == [("0", 0), ("1", 0), ("2", 0), ("3", 1), ("4", 2)]


async def test_messages_to_one_chat_keep_their_order_even_when_one_is_slow() -> None:
    async with street(UNLIMITED) as on:
        await on.send("slow", ANA, takes=5)
        await on.send("quick", ANA)
        await on.send("elsewhere", EVA)

    assert on.left == [("slow", 0), ("elsewhere", 0), ("quick", 5)]


async def test_one_chat_that_waits_keeps_nobody_else_waiting() -> None:
    async with street(ONE_A_SECOND) as on:
        await on.send("ana", ANA)
        await on.send("ana again", ANA)
        await on.send("eva", EVA)

    assert on.left == [("ana", 0), ("eva", 0), ("ana again", 1)]


async def test_a_chat_that_is_held_waits_as_long_as_telegram_says_and_the_others_go_on() -> None:
    async with street(Pace()) as on:
        on.pacer.hold(ANA, 30)
        await on.send("ana", ANA)
        await on.send("eva", EVA)

    assert on.left == [("eva", 0), ("ana", 30)]


async def test_who_has_no_patience_is_told_at_once_for_how_long_a_chat_is_held() -> None:
    time = Time()
    pacer = Pacer(UNLIMITED, time.now, time.sleep)
    pacer.hold(ANA, 30)

    with pytest.raises(ChatHeldError) as refused:
        async with pacer.turn(ANA, Urgency.REPLY, patience=2):
            pass

    assert refused.value.seconds == 30


async def test_who_stood_behind_the_message_that_was_refused_is_told_too() -> None:
    time = Time()
    pacer = Pacer(UNLIMITED, time.now, time.sleep)
    refused: list[float] = []

    async def sends() -> None:
        try:
            async with pacer.turn(ANA, Urgency.REPLY, patience=2):
                pass
        except ChatHeldError as error:
            refused.append(error.seconds)

    async with asyncio.TaskGroup() as group, pacer.turn(ANA, Urgency.REPLY):
        group.create_task(sends())
        await everybody_acts()
        pacer.hold(ANA, 30)

    assert refused == [30]


async def test_no_more_leave_in_a_second_than_telegram_allows() -> None:
    async with street(Pace(overall=10.0, kept_for_replies=0.0)) as on:
        for chat_id in range(30):
            await on.send(str(chat_id), chat_id)

    assert [sum(at < second for _, at in on.left) for second in (0.001, 1.001, 2.001)] == [10, 20, 30]


async def test_replies_overtake_what_is_sent_to_many() -> None:
    async with street(Pace(overall=1.0, kept_for_replies=0.0)) as on:
        await on.send("first", 1)
        for number in range(3):
            await on.send(f"bulk {number}", 10 + number, Urgency.BULK)
        await on.send("alert", 2, Urgency.ALERT)
        await on.send("urgent", 3, Urgency.URGENT)
        await on.send("reply", 4, Urgency.REPLY)

    assert on.names() == ["first", "reply", "urgent", "alert", "bulk 0", "bulk 1", "bulk 2"]


async def test_some_room_is_kept_for_replies() -> None:
    async with street(Pace(overall=10.0, kept_for_replies=4.0)) as on:
        for number in range(10):
            await on.send(f"bulk {number}", number, Urgency.BULK)
        assert len(on.left) == 6

        for number in range(4):
            await on.send(f"reply {number}", 100 + number)

        assert on.names()[6:] == ["reply 0", "reply 1", "reply 2", "reply 3"]
        assert on.time.now() == 0


async def test_a_message_that_is_given_up_keeps_nobody_waiting() -> None:
    time = Time()
    pacer = Pacer(Pace(overall=1.0, kept_for_replies=0.0), time.now, time.sleep)
    async with pacer.turn(1, Urgency.REPLY):
        pass

    async with asyncio.TaskGroup() as group:
        on = Street(pacer, time, group)
        impatient = group.create_task(on._send("impatient", 2, Urgency.REPLY, 0))
        await everybody_acts()
        impatient.cancel()
        await on.send("next", 3)
        await time.go_on(60)

    assert on.names() == ["next"]


async def test_a_message_that_fails_gives_its_chat_back() -> None:
    time = Time()
    pacer = Pacer(UNLIMITED, time.now, time.sleep)

    async def fail() -> None:
        async with pacer.turn(ANA, Urgency.REPLY):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with asyncio.timeout(5), pacer.turn(ANA, Urgency.REPLY):
        pass


async def test_chats_that_have_been_quiet_are_forgotten() -> None:
    async with street(Pace(overall=1e6, kept_for_replies=0.0)) as on:
        for chat_id in range(IDLE_AT_MOST):
            async with on.pacer.turn(chat_id, Urgency.REPLY):
                pass
        await on.time.go_on(60)

        async with on.pacer.turn(-1, Urgency.REPLY):
            pass

        assert len(on.pacer) == 1


async def test_a_chat_that_is_held_or_in_hand_is_not_forgotten() -> None:
    async with street(Pace(overall=1e6, chat_burst=1, kept_for_replies=0.0)) as on:
        on.pacer.hold(ANA, 3600)
        await on.send("slow", EVA, takes=3000)
        for chat_id in range(1000, 1000 + IDLE_AT_MOST - 2):
            async with on.pacer.turn(chat_id, Urgency.REPLY):
                pass
        await on.time.go_on(60)

        async with on.pacer.turn(-1, Urgency.REPLY):
            pass
        assert len(on.pacer) == 3
        await on.send("after the slow one", EVA)
        await on.send("held", ANA)

    assert on.left == [("slow", 0), ("after the slow one", 3000), ("held", 3600)]


MESSAGES = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(Urgency)), max_size=25)


@settings(deadline=None, max_examples=50)
@given(MESSAGES, st.sampled_from([Pace(), ONE_A_SECOND, Pace(overall=7.0, chat=0.3, chat_burst=2)]))
def test_every_message_leaves_in_order_within_its_chat_and_never_too_fast(
    messages: list[tuple[int, Urgency]], pace: Pace
) -> None:
    left = asyncio.run(_all_sent(messages, pace))

    assert sorted(name for name, _ in left) == sorted(str(number) for number in range(len(messages)))
    for chat_id in range(4):
        mine = [(int(name), at) for name, at in left if messages[int(name)][0] == chat_id]
        assert mine == sorted(mine)
        assert _fits(mine, pace.chat, pace.chat_burst)
    assert _fits([(int(name), at) for name, at in left], pace.overall, pace.overall)


async def _all_sent(messages: list[tuple[int, Urgency]], pace: Pace) -> list[tuple[str, float]]:
    async with street(pace) as on:
        for number, (chat_id, urgency) in enumerate(messages):
            await on.send(str(number), chat_id, urgency)
    return on.left


def _fits(left: list[tuple[int, float]], rate: float, burst: float) -> bool:
    """Say whether in every span no more left than the burst and what the rate adds."""
    instants = sorted(at for _, at in left)
    spans = [(b - a, later - earlier + 1) for earlier, a in enumerate(instants) for later, b in enumerate(instants)]
    return all(number <= burst + span * rate + 1e-3 for span, number in spans if span >= 0)


async def test_how_long_a_chat_is_held_is_known_beforehand() -> None:
    time = Time()
    pacer = Pacer(Pace(), time.now, time.sleep)
    assert pacer.held(ANA) == 0

    pacer.hold(ANA, 30)
    await time.go_on(10)

    assert (pacer.held(ANA), pacer.held(EVA)) == (20, 0)
    await time.go_on(30)
    assert pacer.held(ANA) == 0

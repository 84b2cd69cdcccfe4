"""Who may send when: a clock that only the test moves, and a note of who left at which second."""

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.model import Urgency
from handlers.pacing import IDLE_AT_MOST, SECOND, UNLIMITED, ChatHeldError, Pace, Pacer

ONE_A_SECOND = Pace(overall=10.0, burst=10.0, chat=1.0, chat_burst=1, kept_for_replies=0.0)
QUICK = Pace(overall=1e6, burst=1e6, kept_for_replies=0.0)
ANA, EVA = 200, 201


@dataclass
class Call:
    """Something that happens later, unless it is taken back."""

    happen: Callable[[], None]
    off: bool = False

    def cancel(self) -> None:
        self.off = True


class Time:
    """Seconds that pass when everybody waits, straight to the first thing that is to happen, or so much `late`."""

    def __init__(self, late: float = 0) -> None:
        self.seconds = 0.0
        self._late = late
        self._coming: list[tuple[float, int, Call]] = []
        self._numbers = count()

    def now(self) -> float:
        return self.seconds

    def later(self, seconds: float, happen: Callable[[], None]) -> Call:
        call = Call(happen)
        heapq.heappush(self._coming, (self.seconds + seconds + self._late, next(self._numbers), call))
        return call

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self.later(seconds, woken.set)
        await woken.wait()

    async def go_on(self, until: float) -> None:
        """Let everything happen up to a second."""
        await everybody_acts()
        while self._coming and self._coming[0][0] <= until:
            at, _, call = heapq.heappop(self._coming)
            if not call.off:
                self.seconds = at
                call.happen()
                await everybody_acts()
        self.seconds = until

    def pacer(self, pace: Pace | None = None) -> Pacer:
        return Pacer(pace, self.now, self.later)


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
        yield Street(time.pacer(pace), time, group)
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
    pacer = time.pacer(UNLIMITED)
    pacer.hold(ANA, 30)

    with pytest.raises(ChatHeldError) as refused:
        async with pacer.turn(ANA, Urgency.REPLY, patience=2):
            pass

    assert refused.value.seconds == 30


async def test_who_stood_behind_the_message_that_was_refused_is_told_too() -> None:
    time = Time()
    pacer = time.pacer(UNLIMITED)
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
    async with street(Pace(overall=10.0, burst=10.0, kept_for_replies=0.0)) as on:
        for chat_id in range(30):
            await on.send(str(chat_id), chat_id)

    assert [sum(at < second for _, at in on.left) for second in (0.001, 1.001, 2.001)] == [10, 20, 30]


async def test_replies_overtake_what_is_sent_to_many() -> None:
    async with street(Pace(overall=1.0, burst=1.0, kept_for_replies=0.0)) as on:
        await on.send("first", 1)
        for number in range(3):
            await on.send(f"bulk {number}", 10 + number, Urgency.BULK)
        await on.send("alert", 2, Urgency.ALERT)
        await on.send("urgent", 3, Urgency.URGENT)
        await on.send("reply", 4, Urgency.REPLY)

    assert on.names() == ["first", "reply", "urgent", "alert", "bulk 0", "bulk 1", "bulk 2"]


async def test_some_room_is_kept_for_replies() -> None:
    async with street(Pace(overall=10.0, burst=10.0, kept_for_replies=4.0)) as on:
        for number in range(10):
            await on.send(f"bulk {number}", number, Urgency.BULK)
        assert len(on.left) == 6

        for number in range(4):
            await on.send(f"reply {number}", 100 + number)

        assert on.names()[6:] == ["reply 0", "reply 1", "reply 2", "reply 3"]
        assert on.time.now() == 0


async def test_a_message_that_is_given_up_keeps_nobody_waiting() -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=1.0, burst=1.0, kept_for_replies=0.0))
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
    pacer = time.pacer(UNLIMITED)

    async def fail() -> None:
        async with pacer.turn(ANA, Urgency.REPLY):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with asyncio.timeout(5), pacer.turn(ANA, Urgency.REPLY):
        pass


async def test_chats_that_have_been_quiet_are_forgotten() -> None:
    async with street(QUICK) as on:
        for chat_id in range(IDLE_AT_MOST):
            async with on.pacer.turn(chat_id, Urgency.REPLY):
                pass
        await on.time.go_on(60)

        async with on.pacer.turn(-1, Urgency.REPLY):
            pass

        assert len(on.pacer) == 1


async def test_a_chat_that_is_held_or_in_hand_is_not_forgotten() -> None:
    async with street(replace(QUICK, chat_burst=1)) as on:
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
@given(MESSAGES, st.sampled_from([Pace(), ONE_A_SECOND, Pace(overall=7.0, burst=4.0, chat=0.3, chat_burst=2)]))
def test_every_message_leaves_in_order_within_its_chat_and_never_too_fast(
    messages: list[tuple[int, Urgency]], pace: Pace
) -> None:
    left = asyncio.run(_all_sent(messages, pace))

    assert sorted(name for name, _ in left) == sorted(str(number) for number in range(len(messages)))
    for chat_id in range(4):
        mine = [(int(name), at) for name, at in left if messages[int(name)][0] == chat_id]
        assert _fits(mine, pace.chat, pace.chat_burst)
        for urgency in Urgency:
            alike = [number for number, _ in mine if messages[number][1] is urgency]
            assert alike == sorted(alike)
    assert _fits([(int(name), at) for name, at in left], pace.overall, pace.burst)


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
    pacer = time.pacer(Pace())
    assert pacer.held(ANA) == 0

    pacer.hold(ANA, 30)
    await time.go_on(10)

    assert (pacer.held(ANA), pacer.held(EVA)) == (20, 0)
    await time.go_on(30)
    assert pacer.held(ANA) == 0


# What Telegram allows in all, and how much of it is used


async def flooded(time: Time, pacer: Pacer, messages: int, urgency: Urgency = Urgency.BULK) -> list[float]:
    """Send one message to each of many chats; return when they left."""
    left: list[float] = []

    async def send(chat_id: int) -> None:
        async with pacer.turn(chat_id, urgency):
            left.append(time.now())

    async with asyncio.TaskGroup() as group:
        for chat_id in range(messages):
            group.create_task(send(chat_id))
        await time.go_on(10_000)
    return left


def most_within(left: list[float], seconds: float) -> int:
    """Return how many left at most in any span of so many seconds, its end not counted."""
    most = first = 0
    for number, at in enumerate(left):
        while left[first] <= at - seconds:
            first += 1
        most = max(most, number - first + 1)
    return most


@pytest.mark.parametrize("late", [0.0, 0.02, 0.05])
async def test_a_crowd_is_written_to_at_almost_thirty_a_second_and_never_faster(late: float) -> None:
    time = Time(late)

    left = await flooded(time, time.pacer(), 1900)

    assert len(left) == 1900
    assert len(left) / (left[-1] - left[0]) >= 29.1
    assert most_within(left, SECOND) <= 34
    assert most_within(left, 60) <= 30 * 60


async def test_replies_alone_are_not_faster_either() -> None:
    time = Time()

    left = await flooded(time, time.pacer(), 300, Urgency.REPLY)

    assert most_within(left, SECOND) <= 34


@pytest.mark.parametrize("urgency", [Urgency.REPLY, Urgency.URGENT])
async def test_who_cannot_wait_finds_room_at_once_however_many_wait(urgency: Urgency) -> None:
    async with street(Pace()) as on:
        for number in range(200):
            await on.send("bulk", 1000 + number, Urgency.BULK)
        await on.time.go_on(3)

        await on.send("first", ANA, urgency)
        await on.send("second", EVA, urgency)

        assert on.left[-2:] == [("first", 3), ("second", 3)]


async def test_within_a_class_whoever_came_first_leaves_first() -> None:
    async with street(Pace()) as on:
        for number in range(40):
            await on.send(str(number), number, Urgency.BULK)

    assert on.names() == [str(number) for number in range(40)]


async def test_a_reply_overtakes_what_waits_in_its_own_chat() -> None:
    async with street(ONE_A_SECOND) as on:
        await on.send("first", ANA, Urgency.BULK)
        await on.send("bulk", ANA, Urgency.BULK)
        await on.send("reply", ANA)

    assert on.left == [("first", 0), ("reply", 1), ("bulk", 2)]


# Pauses


async def test_three_chats_told_to_wait_until_the_same_instant_mean_everybody() -> None:
    async with street(Pace()) as on:
        for after, chat_id in enumerate((1, 2, 3)):
            await on.time.go_on(after)
            on.pacer.hold(chat_id, 30 - after)
        await on.send("ana", ANA, Urgency.BULK)
        await on.time.go_on(29.9)
        assert on.left == []

    assert on.left == [("ana", 30)]


async def test_chats_told_to_wait_for_different_times_mean_themselves() -> None:
    async with street(Pace()) as on:
        for chat_id in range(1, 9):
            on.pacer.hold(chat_id, 10 * chat_id)
        await on.send("ana", ANA)
        await on.send("held", 1)

    assert on.left == [("ana", 0), ("held", 10)]


async def test_what_waited_when_everything_was_held_leaves_right_after_and_not_all_at_once() -> None:
    time = Time()
    pacer = time.pacer()
    time.later(1, lambda: pacer.hold_all(20))

    left = await flooded(time, pacer, 200)

    assert not [at for at in left if 1 < at < 21]
    assert min(at for at in left if at > 1) == 21
    assert most_within(left, 1) <= 34


async def test_a_reply_is_told_at_once_that_everything_is_held_and_bulk_waits() -> None:
    async with street(Pace()) as on:
        on.pacer.hold_all(30)

        with pytest.raises(ChatHeldError):
            async with on.pacer.turn(ANA, Urgency.REPLY, patience=2):
                pass
        await on.send("bulk", EVA, Urgency.BULK)

    assert on.left == [("bulk", 30)]


async def test_a_pause_of_everything_that_is_long_is_waited_out_by_nobody() -> None:
    time = Time()
    pacer = time.pacer()
    pacer.hold_all(600)

    with pytest.raises(ChatHeldError) as refused:
        async with pacer.turn(ANA, Urgency.BULK, patience=2):
            pass

    assert refused.value.seconds == 600


async def test_a_reply_that_waits_hears_of_the_pause_that_begins_meanwhile() -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=1.0, burst=1.0, kept_for_replies=0.0))
    refused: list[float] = []

    async def replies() -> None:
        try:
            async with pacer.turn(ANA, Urgency.REPLY, patience=2):
                pass
        except ChatHeldError as error:
            refused.append(error.seconds)

    async with asyncio.TaskGroup() as group:
        async with pacer.turn(EVA, Urgency.REPLY):
            pass
        group.create_task(replies())
        await everybody_acts()
        pacer.hold_all(30)

    assert refused == [30]


async def test_a_longer_pause_is_not_cut_short_by_a_shorter_one() -> None:
    async with street(Pace()) as on:
        on.pacer.hold(ANA, 30)
        on.pacer.hold(ANA, 5)
        await on.send("ana", ANA)

    assert on.left == [("ana", 30)]


async def test_a_pause_that_begins_between_the_leave_and_the_call_is_kept_too() -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=1.0, burst=2.0, kept_for_replies=0.0))
    left: list[tuple[int, float]] = []

    async def send(chat_id: int, *, refused: bool = False) -> None:
        async with pacer.turn(chat_id, Urgency.REPLY):
            left.append((chat_id, time.now()))
            if refused:
                pacer.hold(EVA, 30)

    async with asyncio.TaskGroup() as group:
        pacer.hold_all(1)
        group.create_task(send(ANA, refused=True))
        group.create_task(send(EVA))
        await everybody_acts()
        await time.go_on(100)

    assert left == [(ANA, 1), (EVA, 31)]


async def test_who_stands_behind_a_reply_that_a_pause_refuses_leaves_after_the_pause() -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=1.0, burst=2.0, kept_for_replies=0.0))
    left: list[tuple[str, float]] = []

    async def send(name: str, chat_id: int, urgency: Urgency) -> None:
        with contextlib.suppress(ChatHeldError):
            async with pacer.turn(chat_id, urgency, patience=2):
                left.append((name, time.now()))
                if name == "refused":
                    pacer.hold_all(30)

    async with asyncio.TaskGroup() as group:
        pacer.hold_all(1)
        group.create_task(send("refused", ANA, Urgency.REPLY))
        group.create_task(send("reply", EVA, Urgency.REPLY))
        behind = group.create_task(send("question", EVA, Urgency.BULK))
        await everybody_acts()
        await time.go_on(100)
        behind.cancel()

    assert left == [("refused", 1), ("question", 31)]


async def test_what_writes_nothing_keeps_every_pause_and_needs_no_room() -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=1.0, burst=1.0, kept_for_replies=0.0))
    for _ in range(100):
        pacer.pass_by(ANA)

    pacer.hold(ANA, 30)
    pacer.pass_by(EVA)

    with pytest.raises(ChatHeldError):
        pacer.pass_by(ANA)
    pacer.hold_all(30)
    with pytest.raises(ChatHeldError):
        pacer.pass_by(EVA)


# Giving up


async def test_a_turn_that_was_given_and_never_used_is_given_to_the_next() -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=1.0, burst=2.0, chat_burst=1, kept_for_replies=0.0))
    left: list[tuple[int, float]] = []

    async def send(chat_id: int, gives_up: "list[asyncio.Task[None]]") -> None:
        async with pacer.turn(chat_id, Urgency.REPLY):
            left.append((chat_id, time.now()))
            for other in gives_up:
                other.cancel()  # it has been told to leave in the same moment

    async with asyncio.TaskGroup() as group:
        pacer.hold_all(1)
        impatient: list[asyncio.Task[None]] = []
        group.create_task(send(ANA, impatient))
        await everybody_acts()
        impatient.append(group.create_task(send(EVA, [])))
        await everybody_acts()
        group.create_task(send(EVA, []))
        await everybody_acts()
        await time.go_on(100)

    assert left == [(ANA, 1), (EVA, 1)]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(Urgency), st.floats(0, 3)), max_size=20))
def test_whoever_gives_up_costs_the_others_nothing(messages: list[tuple[int, Urgency, float]]) -> None:
    asyncio.run(_some_give_up(messages))


async def _some_give_up(messages: list[tuple[int, Urgency, float]]) -> None:
    time = Time()
    pacer = time.pacer(Pace(overall=2.0, burst=2.0, chat=1.0, chat_burst=1, kept_for_replies=0.0))
    async with asyncio.TaskGroup() as group:
        on = Street(pacer, time, group)
        for number, (chat_id, urgency, gives_up_at) in enumerate(messages):
            sending = group.create_task(on._send(str(number), chat_id, urgency, 0))
            time.later(gives_up_at, lambda task=sending: task.cancel())  # type: ignore[misc]
        await time.go_on(60)
        for chat_id in range(4):
            await on.send(f"last {chat_id}", chat_id)
        await time.go_on(100)

    assert [at for name, at in on.left if name.startswith("last")] == [60, 60, 60.5, 61]

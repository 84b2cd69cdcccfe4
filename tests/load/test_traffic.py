"""Made-up weeks: they keep the pace of the real pacer, ask everybody once and nobody at night."""

import asyncio
from array import array
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random as Luck
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import timing
from bot.domain.model import Urgency
from bot.load import agenda
from bot.load.agenda import Instant
from bot.load.figures import Figures, Waits
from bot.load.habits import HOURS, LENGTH, WEEKDAYS, Habits
from bot.load.network import BEGINS, Network, Rules
from bot.load.traffic import Case, Message, Traffic
from bot.load.trial import fitting, lived
from bot.services.delivery import HANDS
from handlers.pacing import Pace
from tests.handlers.test_pacing import Time, flooded, most_within, street

MADRID = ZoneInfo("Europe/Madrid")
RULES = Rules.by_default()
NEVER = Habits(answered=0)
NOON = 36.5 * 3600


class Noted(Traffic):
    """Notes every message that left, and when."""

    left: list[tuple[float, Message]]

    def _left(self, message: Message) -> None:
        self.left.append((self._now, message))
        super()._left(message)


def chance(seed: int) -> Luck:
    return Luck(seed)  # noqa: S311 - nothing secret


def noted(network: Network, due: list[tuple[float, Instant]]) -> Noted:
    traffic = Noted(network, RULES, due, chance(1), Figures())
    traffic.left = []
    return traffic


def asked_at_once(patients: int, next_in: timedelta = timing.WEEK) -> list[tuple[float, Instant]]:
    next_at = NOON + next_in.total_seconds()
    return [(NOON, Instant(asked=array("L", range(patients)), next_at=array("d", [next_at] * patients)))]


def questions(traffic: Noted) -> list[float]:
    return [at for at, message in traffic.left if message.waits is traffic._figures.questions]


def week(network: Network) -> Noted:
    due = agenda.drawn(network, RULES, network.patients, chance(network.seed))
    traffic = noted(network, due)
    traffic.run()
    return traffic


# As the real pacer


async def test_three_hundred_questions_of_one_minute_leave_as_late_as_through_the_real_pacer() -> None:
    time = Time()
    really = await flooded(time, time.pacer(), 300)

    traffic = noted(Network(300, habits=NEVER), asked_at_once(300))
    traffic.run()

    assert len(really) == 300
    assert [at - NOON for at in questions(traffic)] == pytest.approx(really, abs=1e-6)


MESSAGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.sampled_from(Urgency)), min_size=1, max_size=60)


@settings(deadline=None, max_examples=40)
@given(MESSAGES)
@example([(0, chat_id, Urgency.REPLY) for chat_id in (0, 0, 0, 1, 1, 2)])  # more at one instant than may leave at once
def test_whatever_is_sent_to_whomever_leaves_when_the_real_pacer_lets_it(
    messages: list[tuple[int, int, Urgency]],
) -> None:
    ordered = sorted(messages, key=lambda one: one[0])

    assert dict(_by_traffic(ordered)) == pytest.approx(dict(asyncio.run(_by_pacer(ordered))), abs=1e-6)


async def _by_pacer(messages: list[tuple[int, int, Urgency]]) -> list[tuple[int, float]]:
    async with street(Pace()) as on:
        for number, (tenths, chat_id, urgency) in enumerate(messages):
            await on.time.go_on(max(tenths / 10, on.time.now()))
            await on.send(str(number), chat_id, urgency)
    return [(int(name), at) for name, at in on.left]


def _by_traffic(messages: list[tuple[int, int, Urgency]]) -> list[tuple[int, float]]:
    traffic = noted(Network(1), [])
    cases = [Case(chat_id, 0, MADRID) for _, chat_id, _ in messages]
    for (tenths, _, urgency), case in zip(messages, cases, strict=True):
        traffic._at(tenths / 10, lambda one, urgency=urgency: traffic._write(urgency, Waits(), one), case)
    traffic.run()
    return [(cases.index(message.case), at) for at, message in traffic.left]


def test_while_one_a_second_taps_as_many_leave_as_the_benchmark_measured() -> None:
    traffic = noted(Network(10_000, habits=NEVER), asked_at_once(10_000))
    for second in range(350):
        traffic._at(NOON + second + 0.5, traffic._shown, Case(20_000 + second, 0, MADRID))
    traffic.run()

    left = questions(traffic)

    assert len(left) / (left[-1] - left[0]) == pytest.approx(28.71, abs=0.02)  # docs/performance.md, `bulk`
    assert most_within([at for at, _ in traffic.left], 1) <= 34
    assert max(at - one.wanted_at for at, one in traffic.left if one.urgency == Urgency.REPLY) == 0


# Everybody once, nobody at night


@pytest.mark.parametrize(
    "network",
    [
        Network(600, zones=(MADRID, ZoneInfo("America/Bogota"), ZoneInfo("Australia/Adelaide"))),
        Network(300, days=14, seed=3, habits=Habits(sessions=2.5)),
        Network(2000, rate=1, seed=4),  # it cannot keep up: what is late waits for the morning
    ],
    ids=["three zones", "five sessions in two weeks", "too slow"],
)
def test_each_due_question_leaves_once_or_is_counted_as_too_late_and_none_early_or_at_night(network: Network) -> None:
    traffic = week(network)
    figures = traffic._figures

    asked = Counter(id(one.case) for _, one in traffic.left if one.waits is figures.questions)
    to_many = [(at, one) for at, one in traffic.left if one.urgency == Urgency.BULK and one.case.chat >= 0]

    assert set(asked.values()) == {1}
    assert len(asked) + figures.not_asked == figures.due > 0
    assert all(at >= one.wanted_at for at, one in traffic.left)
    assert [at for at, one in to_many if _is_night(at, one.case.zone)] == []


def _is_night(at: float, zone: ZoneInfo) -> bool:
    """Say whether this is in the quiet hours, but for what was in hand as they began."""
    local = (BEGINS + timedelta(seconds=at - 300)).astimezone(zone), (BEGINS + timedelta(seconds=at)).astimezone(zone)
    return all(instant.time() in RULES.times.quiet for instant in local)


def test_what_would_be_over_before_it_could_be_asked_is_not_asked() -> None:
    traffic = noted(Network(5000, rate=1, habits=NEVER), asked_at_once(5000, next_in=timedelta(hours=2)))
    traffic.run()

    left = questions(traffic)
    late = [at for at in left if at > NOON + 3600]  # an hour before the next session it would be over

    assert len(late) <= HANDS  # these were in hand
    assert len(left) - len(late) == pytest.approx(0.99 * 3600, abs=5)
    assert traffic._figures.not_asked == 5000 - len(left) > 0
    assert lived(Network(500)).not_asked == 0


def test_nothing_is_due_but_by_the_rules_of_a_check_in() -> None:
    for at, instant in agenda.drawn(Network(200), RULES, 200, chance(1)):
        local = (BEGINS + timedelta(seconds=at)).astimezone(MADRID)
        ended = local - RULES.times.delay - LENGTH
        if instant.asked:
            assert local.hour == 8 or (ended.hour in HOURS and ended.minute in {0, 30})
        assert not instant.digests or (local.weekday(), local.hour) == RULES.digest


def test_sessions_are_spread_over_the_week_as_the_source_says() -> None:
    days = Counter[int]()
    for at, instant in agenda.drawn(Network(20_000), RULES, 20_000, chance(1)):
        ended = (BEGINS + timedelta(seconds=at)).astimezone(MADRID) - timedelta(hours=9)  # 8:30 is of the day before
        days[ended.weekday()] += len(instant.asked)

    shares = [days[weekday] / days.total() * sum(WEEKDAYS) for weekday in range(7)]

    assert shares == pytest.approx(WEEKDAYS, abs=1)


# More room, less waiting; the same seed, the same week


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_twice_the_rate_nothing_of_that_leaves_later(seed: int) -> None:
    slow, fast = (lived(Network(4000, rate=rate, seed=seed)) for rate in (30, 60))

    for kind in ("questions", "alerts", "others"):
        waited, waits = getattr(slow, kind), getattr(fast, kind)
        assert all(waits.within(share) <= waited.within(share) + 1e-6 for share in (0.5, 0.9, 0.99, 1)), kind
    assert fast.replies.within(0.99) <= slow.replies.within(0.99)
    assert fast.questions.within(0.99) < 0.7 * slow.questions.within(0.99)


def test_shared_out_over_bots_less_waits_and_nobody_is_left_out() -> None:
    together, apart = (lived(Network(4000, bots=bots)) for bots in (1, 10))

    assert together.due == apart.due == together.questions.count == apart.questions.count == 4000
    assert apart.questions.within(0.99) < 0.3 * together.questions.within(0.99)
    assert Network(11, bots=3).shares() == [4, 4, 3]


def test_the_same_seed_makes_the_same_week_and_another_seed_another() -> None:
    one, again, other = (lived(Network(300, seed=seed)) for seed in (1, 1, 2))

    assert (one.messages, one.hours) == (again.messages, again.hours)
    assert one.hours != other.hours


def test_what_a_bot_has_room_for_is_what_just_keeps_the_limit() -> None:
    network = Network(0, rate=3)
    room = fitting(network, 5, 100_000)

    kept, broken = (lived(replace(network, patients=number)).questions.within(0.99) for number in (room, 2 * room))

    assert kept <= 5 < broken
    assert fitting(network, 5, 150) == 150


def test_late_are_those_who_waited() -> None:
    waits = Waits()
    for seconds in (0, 0, 0, 7, 3):
        waits.add(seconds)

    assert [waits.within(share) for share in (0.5, 0.6, 0.8, 1)] == [0, 0, 3, 7]
    assert (waits.count, waits.longest) == (5, 7)

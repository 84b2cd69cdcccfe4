"""Telegram's limits, enforced: what comes too fast is refused, and whoever does not wait is noted."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import RetryAfter

from bot.demo.faults import Fault, Rule
from bot.demo.limits import Limits, Violation
from bot.demo.server import LocalTelegram
from tests.demo.conftest import Moment, bot_of
from tests.demo.pictures import png

pytestmark = pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")


class Stopwatch:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def limits(watch: Stopwatch) -> Limits:
    return Limits(chat=1, chat_burst=3, overall=5, group=4, now=watch)


@pytest.fixture
async def telegram(now: Moment, limits: Limits) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(now=now, limits=limits) as running:
        for chat_id in range(1, 20):
            running.phone(chat_id, "Ana").started = True
        yield running


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with bot_of(telegram) as client:
        yield client


async def refused(bot: Bot, *chats: int) -> list[float]:
    """Send to each chat; return the seconds that the answers ask to wait, 0 for what arrived."""
    found: list[float] = []
    for chat_id in chats:
        try:
            await bot.send_message(chat_id, "Hola")
        except RetryAfter as error:
            found.append(float(error._retry_after.total_seconds()))
        else:
            found.append(0)
    return found


async def test_burst_to_one_chat_passes_and_the_next_message_waits(
    telegram: LocalTelegram, bot: Bot, watch: Stopwatch
) -> None:
    assert await refused(bot, 1, 1, 1, 1) == [0, 0, 0, 1]

    watch.seconds += 1

    assert await refused(bot, 1) == [0]
    assert len(telegram.phone(1, "Ana").messages) == 4
    assert telegram.limits.violations == []


async def test_message_inside_the_pause_is_refused_again_and_noted(
    telegram: LocalTelegram, bot: Bot, watch: Stopwatch
) -> None:
    await refused(bot, 1, 1, 1, 1)
    watch.seconds += 0.25

    assert await refused(bot, 1, 2) == [1, 0]
    assert telegram.limits.violations == [Violation(1, 0.75)]
    assert telegram.limits.refused == 2


async def test_all_chats_together_have_a_limit_of_their_own(bot: Bot, watch: Stopwatch) -> None:
    assert await refused(bot, 1, 2, 3, 4, 5, 6) == [0, 0, 0, 0, 0, 1]

    watch.seconds += 1

    assert await refused(bot, 6, 7) == [0, 0]


async def test_message_to_another_chat_inside_a_pause_of_all_is_noted(telegram: LocalTelegram, bot: Bot) -> None:
    await refused(bot, 1, 2, 3, 4, 5, 6, 7)

    assert [violation.chat_id for violation in telegram.limits.violations] == [7]


async def test_group_gets_so_many_a_minute(telegram: LocalTelegram, bot: Bot, watch: Stopwatch) -> None:
    await telegram.group(-100, "Familia").add_bot(telegram.phone(1, "Ana"))

    assert await refused(bot, -100, -100, -100, -100, -100) == [0, 0, 0, 0, 60]

    watch.seconds += 60

    assert await refused(bot, -100) == [0]


async def test_album_counts_each_of_its_pictures(bot: Bot) -> None:
    await bot.send_media_group(1, [InputMediaPhoto(png()), InputMediaPhoto(png()), InputMediaPhoto(png())])

    assert await refused(bot, 1) == [1]


async def test_edits_are_free(telegram: LocalTelegram, bot: Bot) -> None:
    sent = await bot.send_message(1, "0")
    for number in range(1, 9):
        await sent.edit_text(str(number))

    assert telegram.phone(1, "Ana").last().text == "8"
    assert telegram.limits.refused == 0


async def test_pause_that_a_fault_asked_for_is_watched_too(telegram: LocalTelegram, bot: Bot, watch: Stopwatch) -> None:
    telegram.faults.add(Rule(Fault.too_many_requests(3), times=1))

    assert await refused(bot, 1) == [3]
    watch.seconds += 2
    assert await refused(bot, 1, 2) == [0, 0]

    assert telegram.limits.violations == [Violation(1, 1)]


def test_limits_run_on_real_time_by_themselves() -> None:
    by_nanosecond = Limits(chat=1e9, chat_burst=1, overall=1e6)

    assert {by_nanosecond.admit(1, 1) for _ in range(100)} == {0}


def test_without_limits_nothing_is_refused() -> None:
    limits = Limits.none()

    assert {limits.admit(1, 1) for _ in range(1000)} == {0}

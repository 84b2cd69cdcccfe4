"""The machine's clock moves by itself; the virtual one only when it is told to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import IDLE_LOOK, SystemClock, VirtualClock

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


def test_the_machines_clock_is_aware_and_never_goes_back() -> None:
    clock = SystemClock()

    first, second = clock.now(), clock.now()

    assert first.utcoffset() == timedelta(0)
    assert first <= second


def test_the_machine_looks_at_the_instant_itself() -> None:
    assert SystemClock().wall(NOON) == NOON


def test_a_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(NOON)
    assert clock.now() == clock.now() == NOON

    clock.advance(timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)

    clock.move_to(NOON - timedelta(days=1))
    assert clock.now() == NOON - timedelta(days=1)


def test_a_virtual_clock_speaks_utc_whatever_it_was_given() -> None:
    clock = VirtualClock(NOON.astimezone(ZoneInfo("America/Santiago")))

    assert (clock.now(), clock.now().tzinfo) == (NOON, UTC)


def test_what_is_due_on_a_virtual_clock_is_looked_at_now_and_the_rest_soon() -> None:
    clock, machine = VirtualClock(NOON), SystemClock()
    before = machine.now()

    due, coming = clock.wall(NOON), clock.wall(NOON + timedelta(microseconds=1))

    assert before <= due <= machine.now()
    assert before + IDLE_LOOK <= coming <= machine.now() + IDLE_LOOK

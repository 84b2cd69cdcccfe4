"""One clock in two processes: whoever opens the file has the same present."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.demo.web.shared_clock import SharedClock

MONDAY = datetime(2026, 10, 5, 7, 30, tzinfo=UTC)
MOMENT = timedelta(minutes=1)


def test_a_clock_that_is_moved_is_moved_for_everybody_and_runs_on(tmp_path: Path) -> None:
    with SharedClock(tmp_path / "clock") as mine, SharedClock(tmp_path / "clock") as theirs:
        mine.move_to(MONDAY)

        assert MONDAY <= theirs.now() < MONDAY + MOMENT
        theirs.advance(timedelta(hours=2))
        assert MONDAY + timedelta(hours=2) <= mine.now() < MONDAY + timedelta(hours=2) + MOMENT


def test_what_is_due_in_an_hour_is_looked_at_in_an_hour_of_the_machine(tmp_path: Path) -> None:
    with SharedClock(tmp_path / "clock") as clock:
        clock.move_to(MONDAY)
        due = clock.wall(clock.now() + timedelta(hours=1))

        assert abs(due - SystemClock().now() - timedelta(hours=1)) < MOMENT

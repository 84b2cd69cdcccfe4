"""What the service manager hears: ready, alive as long as everything moves, stopping.  Real datagrams, no systemd."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import notify
from bot.clock import VirtualClock
from bot.scheduler import Scheduler
from bot.watchdog import FED_TIMES, Moved, Watchdog
from tests.listener import Listener, listening

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
WITHIN = 0.4
"""Seconds of the watchdog: short, since these tests wait for it."""


def tell(patch: pytest.MonkeyPatch, ear: Listener, seconds: float = WITHIN) -> None:
    """Be a service manager that watches this process."""
    patch.setenv("NOTIFY_SOCKET", ear.address)
    patch.setenv("WATCHDOG_USEC", str(int(seconds * 1_000_000)))
    patch.setenv("WATCHDOG_PID", str(os.getpid()))


@contextmanager
def at_work(*parts: Moved) -> Iterator[None]:
    """Be a bot whose parts are looked at."""
    watchdog = Watchdog()
    with watchdog.open(), watchdog.at_work(*parts):
        yield


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_every_kind_of_address_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    address = str(tmp_path / "notify") if kind == "path" else f"@microchequeo-{os.getpid()}"
    with listening(address) as ear:
        tell(monkeypatch, ear)

        notify.ready()
        notify.status("no network")
        notify.stopping()

        assert ear.heard() == [
            "READY=1\nSTATUS=at work",
            "STATUS=no network",
            "STOPPING=1\nSTATUS=finishing what is in hand",
        ]


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/at/all", "@nobody-listens-here"])
def test_without_a_listener_nothing_happens(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    notify.ready()


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "180000000"}, 180.0),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": str(os.getpid())}, 180.0),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_only_who_is_watched_feeds(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], seconds: float | None
) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert notify.watchdog_seconds() == seconds


async def test_it_is_fed_while_both_move_and_not_while_one_of_them_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tick that hangs, as it would for a database that never answers; the poller goes on."""
    clock, go_on = VirtualClock(NOON), asyncio.Event()
    go_on.set()

    async def tick() -> None:
        await go_on.wait()

    async def moves(ear: Listener, looks: int) -> int:
        before = ear.fed()
        for _ in range(looks):
            clock.advance(timedelta(seconds=1))
            scheduler.nudge()
            await asyncio.sleep(WITHIN / FED_TIMES)
        return ear.fed() - before

    with listening(str(tmp_path / "notify")) as ear:
        tell(monkeypatch, ear)
        async with Scheduler(clock, tick) as scheduler:
            with at_work(clock.now, lambda: scheduler.last_tick_at):
                assert await moves(ear, 3 * FED_TIMES) >= 2

                go_on.clear()
                await moves(ear, FED_TIMES)
                assert await moves(ear, 2 * FED_TIMES) == 0

                go_on.set()
                assert await moves(ear, 3 * FED_TIMES) >= 2

        assert ear.heard()[0].startswith("READY=1")
        assert ear.heard()[-1].startswith("STOPPING=1")


async def test_what_has_never_moved_is_not_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = VirtualClock(NOON)
    with listening(str(tmp_path / "notify")) as ear:
        tell(monkeypatch, ear)
        with at_work(clock.now, lambda: None):
            for _ in range(2 * FED_TIMES):
                clock.advance(timedelta(seconds=1))
                await asyncio.sleep(WITHIN / FED_TIMES)

        assert ear.fed() == 0


async def test_it_sees_the_looks_of_who_stands_by_and_only_the_loop_of_who_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, watchdog = 0, Watchdog()

    async def fed(ear: Listener, *, looking: bool) -> int:
        nonlocal looks
        before = ear.fed()
        for _ in range(2 * FED_TIMES):
            looks += looking
            await asyncio.sleep(WITHIN / FED_TIMES)
        return ear.fed() - before

    with listening(str(tmp_path / "notify")) as ear:
        tell(monkeypatch, ear)
        with watchdog.open():
            watchdog.sees(lambda: looks)
            assert await fed(ear, looking=True) >= FED_TIMES
            assert await fed(ear, looking=False) <= 1

            watchdog.sees()
            assert await fed(ear, looking=False) >= FED_TIMES

        assert await fed(ear, looking=True) == 0

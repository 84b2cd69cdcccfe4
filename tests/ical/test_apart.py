"""The child process: what it answers, how it is stopped, and that nothing is left behind."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from bot.ical.apart import read_apart
from bot.ical.events import Calendar, CalendarRefusedError, Refusal
from tests.ical.calendars import FILES, MADRID, NOW, at, calendar, read_bytes


async def apart(data: bytes, budget: timedelta = timedelta(seconds=60)) -> Calendar:
    return await read_apart(data, now=NOW, zone=MADRID, budget=budget)


def children() -> list[psutil.Process]:
    """Return the readers that live or were not buried; other tests have children of their own."""
    mine = psutil.Process().children()
    return [one for one in mine if one.status() == psutil.STATUS_ZOMBIE or "bot.ical" in one.cmdline()]


@pytest.mark.parametrize("program", FILES)
async def test_the_child_reads_what_this_process_would(program: str) -> None:
    assert await apart(FILES[program]) == read_bytes(FILES[program])


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"x" * (1024 * 1024 + 1), Refusal.TOO_LARGE, None),
        (b"not a calendar", Refusal.NOT_A_CALENDAR, None),
        (calendar(at("20261020T170000", "RRULE:FREQ=SECONDLY")), Refusal.RECURRENCE, 8),
        (calendar(*[at("20261020T170000")] * 1_001), Refusal.TOO_MANY_EVENTS, None),
    ],
    ids=["large", "no calendar", "recurrence", "events"],
)
async def test_a_refusal_comes_back_with_its_line(data: bytes, reason: Refusal, line: int | None) -> None:
    with pytest.raises(CalendarRefusedError) as refused:
        await apart(data)

    assert (refused.value.reason, refused.value.line) == (reason, line)
    assert children() == []


async def test_at_the_end_of_the_budget_the_child_is_killed() -> None:
    with pytest.raises(CalendarRefusedError) as refused:
        await apart(FILES["google"], budget=timedelta(milliseconds=20))

    assert refused.value.reason == Refusal.TOO_SLOW
    assert children() == []


async def test_cancelling_kills_the_child_and_leaves_no_zombie() -> None:
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(apart(FILES["google"]))
        while not children():  # noqa: ASYNC110 - the operating system announces no children
            await asyncio.sleep(0)
        reading.cancel()

    assert reading.cancelled()
    assert children() == []


async def test_a_child_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")

    with pytest.raises(CalendarRefusedError) as refused:
        await apart(FILES["google"])

    assert refused.value.reason == Refusal.NOT_A_CALENDAR


async def test_no_process_to_be_had_is_a_refusal_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "gone"))

    with pytest.raises(CalendarRefusedError) as refused:
        await apart(FILES["google"])

    assert refused.value.reason == Refusal.TOO_SLOW


async def test_the_child_sees_no_secrets_and_no_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An interpreter that writes down what it was given, instead of reading the file."""
    spy = tmp_path / "python"
    spy.write_text(f'#!/bin/sh\nenv > {tmp_path}/env; echo "$@" > {tmp_path}/arguments; cat > /dev/null\n')
    spy.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(spy))
    monkeypatch.setenv("MICROCHEQUEO_TELEGRAM__TOKEN", "123:secret")

    with pytest.raises(CalendarRefusedError):
        await apart(calendar(at("20261020T170000", summary="Ana Pruebas")))

    given = (tmp_path / "env").read_text() + (tmp_path / "arguments").read_text()
    assert "secret" not in given
    assert "Ana" not in given


async def test_the_loop_turns_while_a_file_is_read() -> None:
    turns = 0
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(apart(FILES["google"]))
        while not reading.done():
            turns += 1
            await asyncio.sleep(0)

    assert turns > 100
    assert reading.result().unreadable == 0


async def test_the_childs_processor_time_is_limited_by_the_kernel() -> None:
    """It holds where nobody is left to kill the child."""
    limited = "import resource, bot.ical.__main__ as child, datetime as d, zoneinfo as z, io, sys\n"
    limited += "sys.stdin = io.TextIOWrapper(io.BytesIO(b''))\n"
    limited += "child.main(d.datetime.now(d.UTC), z.ZoneInfo('UTC'), 1)\n"
    limited += "while True: pass\n"

    process = await asyncio.create_subprocess_exec(sys.executable, "-c", limited, stdout=asyncio.subprocess.DEVNULL)

    assert await asyncio.wait_for(process.wait(), 60) in {-signal.SIGXCPU, -signal.SIGKILL}

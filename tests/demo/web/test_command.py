"""`microchequeo demo` as a visitor starts and ends it: a process of its own, and nothing of it is left."""

import asyncio
import os
import re
import signal
from pathlib import Path

import psutil
import pytest

from tests.commands import Begun, begin, run
from tests.demo.web.browsers import browsing
from tests.process import until, who_has_open


async def opened(folder: Path) -> tuple[Begun, str]:
    """Start the demo with a folder for its temporary files; return it and the page's address."""
    out = folder / "out.txt"
    words = ("demo", "--no-browser", "--port", "0")
    demo = begin(*words, out=out, err=folder / "err.txt", folder=folder, TMPDIR=str(folder))
    await until(lambda: "http" in read(out), "the address is said")
    found = re.search(r"http://127\.0\.0\.1:\d+", read(out))
    assert found is not None
    return demo, found[0]


def read(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""


def worlds(folder: Path) -> list[Path]:
    return list(folder.glob("microchequeo-demo-*"))


def lives(number: int) -> bool:
    """Say whether a process runs; one that ended and was not yet taken note of does not."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
async def test_a_demo_that_is_ended_leaves_no_bot_and_no_folder(tmp_path: Path, signal_: signal.Signals) -> None:
    demo, address = await opened(tmp_path)
    async with browsing(address) as browser:
        await browser.until(lambda page: page.world["bot"]["state"] == "running")
        assert len(worlds(tmp_path)) == 1

        demo.send(signal_)

        assert await asyncio.wait_for(demo.ended(), 30) == 0
    assert worlds(tmp_path) == []
    assert who_has_open(tmp_path) == []
    assert read(tmp_path / "err.txt") == ""


async def test_ctrl_c_as_soon_as_it_is_open_reaches_every_process_of_the_terminal_and_none_complains(
    tmp_path: Path,
) -> None:
    demo, _ = await opened(tmp_path)
    assert demo.process.pid is not None

    os.killpg(demo.process.pid, signal.SIGINT)

    assert await asyncio.wait_for(demo.ended(), 30) == 0
    assert worlds(tmp_path) == []
    assert who_has_open(tmp_path) == []
    assert read(tmp_path / "err.txt") == ""


async def test_a_demo_that_is_killed_takes_its_bot_and_its_folder_with_it(tmp_path: Path) -> None:
    demo, _ = await opened(tmp_path)
    await until(lambda: bool(who_has_open(tmp_path)), "the bot runs")
    bots = who_has_open(tmp_path)

    demo.send(signal.SIGKILL)

    await until(lambda: not any(map(lives, bots)), "the bot is gone")
    assert worlds(tmp_path) == []


async def test_a_port_that_is_taken_is_a_sentence_and_code_69(tmp_path: Path) -> None:
    demo, address = await opened(tmp_path)

    second = await run("demo", "--no-browser", "--port", address.rpartition(":")[2], folder=tmp_path)

    demo.kill()
    assert second.code == 69
    assert re.fullmatch(
        r"Port \d+ cannot be had: .+--port \(with make: make demo PORT=…\) takes another one\.\n", second.err
    )

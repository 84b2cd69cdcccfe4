"""The README is true: its commands exist and do what it says, in the order in which it says them."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.demo.server import LocalTelegram
from storage.backups import in_folder
from tests.process import START_WITHIN

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(heading: str) -> list[str]:
    """Return the lines of the first shell block under a heading."""
    section = README.split(f"## {heading}\n", maxsplit=1)[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return block.group(1).splitlines()


def test_the_make_targets_of_the_readme_exist() -> None:
    make = shutil.which("make")
    assert make is not None

    for command in commands("Try it"):
        dry = subprocess.run(  # noqa: S603 - our own Makefile, dry run
            [make, "-n", *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert dry.returncode == 0, dry.stderr


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], "demo"),
        (["PORT=8090"], "demo --port 8090"),
        (["ARGS=--auto"], "demo --auto"),
        (["PORT=8090", "ARGS=--no-browser"], "demo --port 8090 --no-browser"),
        (["PORT=8090 --auto"], "demo --port '8090 --auto'"),
    ],
)
def test_the_demo_takes_a_port_and_options_through_make(given: list[str], wanted: str) -> None:
    make = shutil.which("make")
    assert make is not None
    # As in a terminal: under `make test` its variables are here (MAKELEVEL, MFLAGS …), and a make within a make names
    # the directory it enters and leaves around what it prints.
    plain = {
        name: value
        for name, value in os.environ.items()
        if "MAKE" not in name and name not in {"PORT", "ARGS", "MFLAGS"}
    }

    dry = subprocess.run(  # noqa: S603 - our own Makefile, dry run
        [make, "--no-print-directory", "-n", "demo", *given],
        cwd=ROOT,
        env=plain,
        capture_output=True,
        text=True,
        check=True,
    )

    last = shlex.split(dry.stdout.splitlines()[-1])
    assert last[0].endswith("bin/microchequeo")
    assert last[1:] == shlex.split(wanted)


def test_the_readme_says_how_the_demo_gets_another_port() -> None:
    assert "`make demo PORT=8090`" in README


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    assert "make test" in commands("Try it")
    assert "make test\n" in (ROOT / ".ci" / "run").read_text()


def test_the_files_the_readme_points_to_exist() -> None:
    pointed = re.findall(r"\]\((?!https?:)([^)#]+)", README) + re.findall(r"`((?:bot|handlers|tests)/[\w/.]+)`", README)

    assert [path for path in pointed if not (ROOT / path).exists()] == []


async def test_going_live_works_as_written(tmp_path: Path) -> None:
    async with LocalTelegram(now=SystemClock().now) as telegram:
        (tmp_path / "telegram.token").write_text(telegram.token)
        environment = dict(os.environ, MICROCHEQUEO_TELEGRAM__API_URL=telegram.url)
        *steps, last = commands("Go live")

        for step in steps:
            process = await spawned(step, tmp_path, environment)
            said, _ = await process.communicate()
            assert process.returncode == 0, f"{step}: {said.decode()}"
        running = await spawned(last, tmp_path, environment)
        await telegram.polled(START_WITHIN)
        running.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(running.wait(), 10) == 0


async def test_looking_after_it_works_as_written(tmp_path: Path) -> None:
    async with LocalTelegram(now=SystemClock().now) as telegram:
        (tmp_path / "telegram.token").write_text(telegram.token)
        environment = dict(os.environ, MICROCHEQUEO_TELEGRAM__API_URL=telegram.url)

        for step in [*commands("Go live")[:-1], *commands("Look after it")]:
            process = await spawned(as_it_is_here(step, tmp_path), tmp_path, environment)
            said, _ = await process.communicate()
            assert process.returncode == 0, f"{step}: {said.decode()}"

    assert len(in_folder(tmp_path / "usb")) == 1


def as_it_is_here(command: str, folder: Path) -> str:
    """Put this machine's USB stick, and the backup that was made here, in the place of the example's."""
    made = next((str(path.relative_to(folder)) for path in folder.glob("data/backups/*.backup")), "")
    return re.sub(r"data/backups/\S+\.backup", made, command).replace("/media/usb", str(folder / "usb"))


async def spawned(command: str, folder: Path, environment: dict[str, str]) -> asyncio.subprocess.Process:
    """Start a command of the README, run by this Python instead of one on the PATH."""
    program, *arguments = shlex.split(command)
    assert program == "microchequeo"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )

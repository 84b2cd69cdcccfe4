"""Commands of the program, each in a process of its own, killed with SIGKILL at one exact point if need be.

The processes are forked from one that has the program loaded already, so that a command takes no longer than its work;
`tests/test_readme.py` runs them as a person does.

A point is `call:FUNCTION:N` or `return:FUNCTION:N`: the N-th time that a function of ours is entered, or left by
`return`; with `ARGUMENT=VALUE` in place of the number, the first time for that value, and `ARGUMENT.ATTRIBUTE=VALUE`
looks into the argument.  A method may be named with its class.  A coroutine that waits is neither entered nor left.
All points that are used stand in `tests/faults/points.py`.
"""

import asyncio
import dis
import functools
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import FrameType
from typing import Any, Final

from bot import app, calendars, cli, cli_check, cli_status, errands, moving, paper, vault
from bot.domain import safety
from storage import migrating

TraceFunction = Callable[[FrameType, str, object], Any]
OURS: Final = str(Path(vault.__file__).parent.parent)
LOADED: Final = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload([__name__])
BEFOREHAND: Final = (app, calendars, cli_check, cli_status, errands, migrating, moving, paper, vault)
"""What the command line loads only when it is needed."""
safety.read_lists()  # what is read here is not read again by any of them: most of a start is reading

WITHIN: Final = 60.0
"""Seconds in which a command has ended."""

LOOK_EVERY: Final = 0.05


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A command that goes on by itself, first of a group of processes."""

    process: ForkServerProcess

    @property
    def code(self) -> int | None:
        """Return the exit code, None while it lives."""
        return self.process.exitcode

    async def ended(self) -> int:
        """Wait for the end; return the exit code."""
        while (code := self.code) is None:  # noqa: ASYNC110 - another process sends no event
            await asyncio.sleep(LOOK_EVERY)
        return code

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """Kill it, and whatever it started."""
        assert self.process.pid is not None
        with suppress(ProcessLookupError):  # it may be gone already, or not yet be a group
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()


def begin(*words: str, out: Path, err: Path, point: str = "", folder: Path | None = None, **environment: str) -> Begun:
    """Start a command in a folder; what it says is added to two files."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("MICROCHEQUEO_")}
    around |= {"NO_COLOR": "1", "COLUMNS": "300"} | environment
    process = LOADED.Process(target=_command, args=(words, point, folder or Path.cwd(), around, out, err))
    process.start()
    return Begun(process)


async def run(*words: str, folder: Path | None = None, **environment: str) -> Finished:
    """Run a command to its end, while others go on here.  TimeoutError if it does not end."""
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said) / "out", Path(said) / "err"
        begun = begin(*words, out=out, err=err, folder=folder, **environment)
        try:
            code = await asyncio.wait_for(begun.ended(), WITHIN)
        finally:
            begun.kill()
        return Finished(code, out.read_text("utf-8"), err.read_text("utf-8"))


def done(*words: str, point: str = "", **environment: str) -> Finished:
    """Run a command to its end; it is killed at the point if it comes to it, and then its code is that of the kill."""
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said) / "out", Path(said) / "err"
        begun = begin(*words, out=out, err=err, point=point, folder=None, **environment)
        begun.process.join(WITHIN)
        begun.kill()
        begun.process.join()
        return Finished(begun.code or 0, out.read_text("utf-8"), err.read_text("utf-8"))


def cut_off(point: str, *words: str) -> None:
    """Run a command that dies at the point.  AssertionError if it does not come to it."""
    finished = done(*words, point=point)
    assert finished.code == -signal.SIGKILL, f"{point} did not come: {finished}"


def _command(
    words: tuple[str, ...], point: str, folder: Path, environment: Mapping[str, str], out: Path, err: Path
) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # where a shell runs the tests beside it, it is ignored
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), stream)
    sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8", closefd=False) for stream in (1, 2))
    sys.argv = [cli.PROGRAM, *words]
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    if point:
        _die_at(point)
    try:
        cli.main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _end_with_the_tests() -> None:
    """Outlive no tests that were killed: a bot that is left over polls a port that a later test may get."""
    tests = multiprocessing.parent_process()
    assert tests is not None
    tests.join()
    os.killpg(0, signal.SIGKILL)


def _die_at(point: str) -> None:
    """Look at every function that is entered, and at the end of the one that is meant: all else stays fast."""
    kind, function, when = point.split(":")
    argument, _, value = when.rpartition("=")
    name, left = function.rpartition(".")[2], 1 if argument else int(value)

    def count(frame: FrameType) -> None:
        nonlocal left
        if not argument or _has(frame, argument, value):
            left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def entered(frame: FrameType, _: str, __: object) -> TraceFunction | None:
        code = frame.f_code
        if code.co_name != name or function not in {name, code.co_qualname} or not code.co_filename.startswith(OURS):
            return None
        frame.f_trace_lines = False
        if kind == "call" and not _goes_on(frame):
            count(frame)
        return at_the_end

    def at_the_end(frame: FrameType, event: str, _: object) -> TraceFunction:
        if event == kind == "return" and _returns(frame):
            count(frame)
        return at_the_end

    threading.settrace(entered)
    sys.settrace(entered)


def _has(frame: FrameType, argument: str, value: str) -> bool:
    """Say whether an argument, or an attribute of one, has this value; what has no such attribute has not."""
    name, *attributes = argument.split(".")
    try:
        return str(functools.reduce(getattr, attributes, frame.f_locals[name])) == value
    except AttributeError:
        return False


def _goes_on(frame: FrameType) -> bool:
    """Say whether a coroutine goes on after it waited for something: Python calls that a call as well."""
    return bool(frame.f_code.co_code[frame.f_lasti + 1] & _WAITED)


def _returns(frame: FrameType) -> bool:
    """Say whether a function is left by `return`: waiting and raising are returns for Python as well."""
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] in {"RETURN_VALUE", "RETURN_CONST"}


_WAITED: Final = 3
"""The bits of RESUME's argument that are not set where a function begins."""

"""Commands of the program, each in a process of its own, killed with SIGKILL at one exact point if need be.

The processes are forked from one that has the program loaded already, so that a command takes no longer than its work.

A point is `call:FUNCTION:N` or `return:FUNCTION:N`: the N-th time that a function of ours is entered or left; with
`ARGUMENT=VALUE` in place of the number, the first time for that value.  A method may be named with its class.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import FrameType
from typing import Any, Final

from bot import cli, vault
from bot.texts import Texts
from tests.process import START_WITHIN, Finished

TraceFunction = Callable[[FrameType, str, object], Any]
OURS: Final = str(Path(vault.__file__).parent.parent)
LOADED: Final = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload([__name__])
Texts.load()  # what is read here is not read again by any of them


def done(*words: str, point: str = "") -> Finished:
    """Run a command to its end; it is killed at the point if it comes to it, and then its code is that of the kill."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = begun(*words, point=point, out=out, err=err)
        process.join(START_WITHIN)
        process.kill()
        process.join()
        return Finished(process.exitcode or 0, out.read_text("utf-8"), err.read_text("utf-8"))


def begun(*words: str, point: str, out: Path, err: Path) -> ForkServerProcess:
    """Start a command that goes on by itself; what it says is added to two files."""
    process = LOADED.Process(target=_command, args=(words, point, out, err))
    process.start()
    return process


def cut_off(point: str, *words: str) -> None:
    """Run a command that dies at the point.  AssertionError if it does not come to it."""
    finished = done(*words, point=point)
    assert finished.code == -signal.SIGKILL, f"{point} did not come: {finished}"


def _command(words: tuple[str, ...], point: str, out: Path, err: Path) -> None:
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), stream)
    sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8", closefd=False) for stream in (1, 2))
    sys.argv = [cli.PROGRAM, *words]
    if point:
        _die_at(point)
    try:
        cli.main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _die_at(point: str) -> None:
    """Look at every function that is entered, and at the end of the one that is meant: all else stays fast."""
    kind, function, when = point.split(":")
    argument, _, value = when.rpartition("=")
    name, left = function.rpartition(".")[2], 1 if argument else int(value)

    def count(frame: FrameType) -> None:
        nonlocal left
        if not argument or str(frame.f_locals[argument]) == value:
            left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def entered(frame: FrameType, _: str, __: object) -> TraceFunction | None:
        code = frame.f_code
        if code.co_name != name or function not in {name, code.co_qualname} or not code.co_filename.startswith(OURS):
            return None
        if kind == "call":
            count(frame)
        return at_the_end

    def at_the_end(frame: FrameType, event: str, _: object) -> TraceFunction:
        if event == kind:
            count(frame)
        return at_the_end

    threading.settrace(entered)
    sys.settrace(entered)

"""Commands of the program, each in a process of its own, killed with SIGKILL at one exact point if need be.

The processes are forked from one that has the program loaded already, so that a command takes no longer than its work.

A point is `call:FUNCTION:N` or `return:FUNCTION:N`: the N-th time that a function of ours is entered or left.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Final

from bot import cli, vault
from tests.process import START_WITHIN, Finished

ROOT: Final = Path(vault.__file__).parent.parent
LOADED: Final = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload([__name__])


def done(*words: str, point: str = "") -> Finished:
    """Run a command to its end; it is killed at the point if it comes to it, and then its code is that of the kill."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = LOADED.Process(target=_command, args=(words, point, out, err))
        process.start()
        process.join(START_WITHIN)
        process.kill()
        process.join()
        return Finished(process.exitcode or 0, out.read_text("utf-8"), err.read_text("utf-8"))


def cut_off(point: str, *words: str) -> None:
    """Run a command that dies at the point.  AssertionError if it does not come to it."""
    finished = done(*words, point=point)
    assert finished.code == -signal.SIGKILL, f"{point} did not come: {finished}"


def _command(words: tuple[str, ...], point: str, out: Path, err: Path) -> None:
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream)
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
    kind, function, count = point.split(":")
    left = int(count)

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal left
        if event == kind and frame.f_code.co_name == function and frame.f_code.co_filename.startswith(str(ROOT)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(look)

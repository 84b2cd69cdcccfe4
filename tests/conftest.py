"""What every test may ask for."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import settings

from storage.migrations import head
from tests import engines, server
from tests.practice import Practice, opened
from tests.rolling.conversation import Conversation, write
from tests.rolling.recording import Recorder

os.environ.setdefault("PTB_TIMEDELTA", "true")
settings.register_profile("unhurried", deadline=None)  # how long an example takes depends on what else the machine does
settings.load_profile("unhurried")

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own there
ENOUGH = 2 * 1024**3
"""Bytes that must be free in memory for tests to keep their files there: a disk makes every commit wait for it."""

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

FIGURES = "figures"

NO_SERVER = "PostgreSQL is not installed (Debian: apt install postgresql)"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the stories be told on the other engine."""
    kinds = [engines.SQLITE, engines.POSTGRESQL]
    parser.addoption("--database", choices=kinds, default=engines.SQLITE, help="the engine under the stories")
    parser.addoption("--record", type=Path, help="write down in this folder what each story says to its database")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let what is marked `both` run on both engines."""
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    if "both" in marks and "file" not in marks and metafunc.config.getoption("--database") == engines.SQLITE:
        metafunc.parametrize("engine", [engines.SQLITE, engines.POSTGRESQL], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[server.Server]:
    """Run a PostgreSQL for the tests of this process; without its programs, what needs it is skipped."""
    programs = server.programs()
    if programs is None:
        pytest.skip(NO_SERVER)
    with server.running(programs) as running:
        yield running


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Say which engine the test runs on; on a server, what it made there is gone after it."""
    name = str(getattr(request, "param", request.config.getoption("--database")))
    if name == engines.SQLITE:
        yield name
        return
    if request.node.get_closest_marker("file"):
        pytest.skip("it is about the file of SQLite")
    with engines.served_by(request.getfixturevalue("postgresql")):
        yield name


@pytest.fixture(autouse=True)
def written_down(request: pytest.FixtureRequest, engine: str) -> Iterator[None]:
    """Write down what is said to the database, where that is wanted (`tests.rolling`)."""
    folder = request.config.getoption("--record")
    if folder is None:
        yield
        return
    recorder = Recorder(request.node.nodeid)
    with recorder.listening():
        yield
    if recorder.is_about_one:
        file = folder / engine / f"{sha256(request.node.nodeid.encode()).hexdigest()[:16]}.jsonl.xz"
        file.parent.mkdir(parents=True, exist_ok=True)
        write(file, Conversation(head(), [recorder.story]))


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice with its bot running; nobody is enrolled yet."""
    async with opened(tmp_path) as running:
        yield running


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Let a test say what it measured: it stands at the end of the output, whether the test passed or not."""
    return lambda text: record_property(FIGURES, text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, from whichever process it comes."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, text in report.user_properties:
                if name == FIGURES:
                    terminalreporter.section(report.nodeid, "-")
                    terminalreporter.write_line(text)

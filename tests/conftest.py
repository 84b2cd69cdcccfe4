"""What every test may ask for."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.practice import Practice, opened

os.environ.setdefault("PTB_TIMEDELTA", "true")
settings.register_profile("unhurried", deadline=None)  # how long an example takes depends on what else the machine does
settings.load_profile("unhurried")

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own there
ENOUGH = 2 * 1024**3
"""Bytes that must be free in memory for tests to keep their files there: a disk makes every commit wait for it."""

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

FIGURES = "figures"


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

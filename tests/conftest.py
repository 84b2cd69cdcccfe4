"""What every test may ask for."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.practice import Practice, opened

os.environ.setdefault("PTB_TIMEDELTA", "true")


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice with its bot running; nobody is enrolled yet."""
    async with opened(tmp_path) as running:
        yield running

"""A prepared database file, its keys, and the store on it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.columns import KeyRing
from storage.database import Database
from storage.opening import prepare
from tests.engines import SQLITE
from tests.storage.records import new_ring, open_database


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    return new_ring()


@pytest.fixture(scope="session")
def empty(ring: KeyRing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database of the present schema with nobody in it, once; tests copy it."""
    file = tmp_path_factory.mktemp("empty") / "microchequeo.db"
    prepare(file, ring)
    return file


@pytest.fixture
def path(tmp_path: Path, empty: Path, engine: str) -> Path:
    """Return the path that stands for a database in which nobody is."""
    file = tmp_path / "microchequeo.db"
    return Path(shutil.copy(empty, file)) if engine == SQLITE else file


@pytest.fixture
async def store(path: Path, ring: KeyRing) -> AsyncIterator[Database]:
    async with open_database(path, ring) as database:
        yield database

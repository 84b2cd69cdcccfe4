"""New keys for every sealed value: none is forgotten, none is harmed, and it can be begun again at any time."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Column, LargeBinary

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.domain.post import Incoming
from storage import resealing
from storage.columns import KeyRing
from storage.resealing import sealed_columns
from storage.schema import metadata
from tests import engines
from tests.storage.records import NOW, new_ring, open_database, raw, rows
from tests.storage.test_secrecy import write_canaries

pytestmark = pytest.mark.both

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
INDEX = b"i" * 32
BEFORE, DURING, AFTER = KeyRing([OLD], INDEX), KeyRing([NEW, OLD], INDEX), KeyRing([NEW], INDEX)
SEALED = {
    *("people.chat", "therapists.name", "invitations.name", "words.body", "outbox.body", "inbox.body"),
    *(
        "patients.guardian",
        "consents.guardian",
        "contacts.name",
        "concerns.note",
        "episodes.note",
        "disclosures.body",
        "vault.proof",
    ),
    "records.body",
}


def values(path: Path) -> dict[str, list[bytes]]:
    """Return every sealed value by column, as it lies in the database."""
    return {str(column): [row["value"] for row in rows(path, asked(column))] for column in sealed_columns()}


def asked(column: Column[Any]) -> str:
    name = column.name
    return f"SELECT {name} AS value FROM {column.table} WHERE {name} IS NOT NULL ORDER BY id"  # noqa: S608 - ours


def texts(path: Path, ring: KeyRing) -> dict[str, list[str]]:
    return {column: [ring.unseal(value) for value in found] for column, found in values(path).items()}


@pytest.fixture
async def practice(tmp_path: Path) -> Path:
    """Fill every sealed column with more than one batch of it, under the old key."""
    file = tmp_path / "microchequeo.db"
    engines.place(file).prepare(BEFORE)
    async with open_database(file, BEFORE) as store, store.transaction() as tx:
        await write_canaries(tx)
        await tx.inbox.keep([Incoming(f"k{n}", n, f"carta {n}") for n in range(resealing.BATCH + 10)], NOW)
    return file


def test_every_column_of_bytes_is_either_sealed_or_a_blind_index() -> None:
    every = {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    assert {str(column) for column in sealed_columns()} == SEALED
    assert {name for name in every - SEALED if not name.endswith("_ref")} == set()


def test_afterwards_the_new_key_alone_reads_everything(practice: Path) -> None:
    before = texts(practice, BEFORE)
    assert {column for column, found in before.items() if found} == SEALED

    count = engines.place(practice).reseal(DURING)

    assert texts(practice, AFTER) == before
    assert count == sum(map(len, before.values()))


def test_afterwards_the_old_key_reads_nothing(practice: Path) -> None:
    engines.place(practice).reseal(DURING)

    for found in values(practice).values():
        for value in found:
            with pytest.raises(StoreRefusedError):
                BEFORE.unseal(value)


@pytest.mark.file
def test_nothing_of_what_was_sealed_before_is_left_in_the_files(practice: Path) -> None:
    before = [value for found in values(practice).values() for value in found]

    engines.place(practice).reseal(DURING)

    left = b"".join(file.read_bytes() for file in practice.parent.glob("microchequeo.db*"))
    assert [value for value in before if value[-32:] in left] == []


@pytest.mark.file
def test_a_second_time_changes_nothing(practice: Path) -> None:
    engines.place(practice).reseal(DURING)
    before = practice.read_bytes()

    assert engines.place(practice).reseal(DURING) == 0
    assert practice.read_bytes() == before


def test_what_was_begun_is_finished(practice: Path) -> None:
    before = texts(practice, BEFORE)
    with raw(practice) as db:
        for row in db.execute("SELECT id, body FROM inbox WHERE id % 2 = 1").fetchall():
            db.execute("UPDATE inbox SET body = ? WHERE id = ?", (DURING.resealed(row["body"]), row["id"]))

    engines.place(practice).reseal(DURING)

    assert texts(practice, AFTER) == before


def test_a_value_that_no_key_opens_stops_it_and_stays_as_it_was(practice: Path) -> None:
    strange = new_ring().seal("palabras")
    with raw(practice) as db:
        db.execute("UPDATE words SET body = ?", (strange,))

    with pytest.raises(StoreRefusedError):
        engines.place(practice).reseal(DURING)

    assert rows(practice, "SELECT body FROM words") == [{"body": strange}]


@pytest.mark.file
def test_while_somebody_reads_it_is_not_called_done(practice: Path) -> None:
    with raw(practice) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM people").fetchall()

        with pytest.raises(StoreUnavailableError, match="begin again"):
            engines.place(practice).reseal(DURING)

    assert engines.place(practice).reseal(DURING) == 0


async def test_the_store_works_on_with_the_new_key_alone(practice: Path) -> None:
    engines.place(practice).reseal(DURING)

    engines.place(practice).prepare(AFTER)
    async with open_database(practice, AFTER) as store, store.reading() as tx:
        assert (await tx.people.visitor(7_001_002_003)).patient is not None

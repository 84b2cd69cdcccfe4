"""New keys for every sealed value: none is forgotten, none is harmed, and it can be begun again at any time."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.domain.post import Incoming
from storage import resealing
from storage.columns import KeyRing
from storage.opening import prepare
from storage.resealing import reseal, sealed_columns
from storage.schema import metadata
from tests.storage.records import NOW, new_ring, open_database, raw, rows
from tests.storage.test_secrecy import write_canaries

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
}


def values(path: Path) -> dict[str, list[bytes]]:
    """Return every sealed value by column, as it lies in the file."""
    return {
        str(column): [
            row["value"]
            for row in rows(path, f"SELECT {column.name} AS value FROM {column.table} WHERE {column.name} IS NOT NULL")  # noqa: S608
        ]
        for column in sealed_columns()
    }


def texts(path: Path, ring: KeyRing) -> dict[str, list[str]]:
    return {column: [ring.unseal(value) for value in found] for column, found in values(path).items()}


@pytest.fixture
async def practice(tmp_path: Path) -> Path:
    """Fill every sealed column with more than one batch of it, under the old key."""
    file = tmp_path / "microchequeo.db"
    prepare(file, BEFORE)
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

    count = reseal(practice, DURING)

    assert texts(practice, AFTER) == before
    assert count == sum(map(len, before.values()))


def test_afterwards_the_old_key_reads_nothing(practice: Path) -> None:
    reseal(practice, DURING)

    for found in values(practice).values():
        for value in found:
            with pytest.raises(StoreRefusedError):
                BEFORE.unseal(value)


def test_nothing_of_what_was_sealed_before_is_left_in_the_files(practice: Path) -> None:
    before = [value for found in values(practice).values() for value in found]

    reseal(practice, DURING)

    left = b"".join(file.read_bytes() for file in practice.parent.glob("microchequeo.db*"))
    assert [value for value in before if value[-32:] in left] == []


def test_a_second_time_changes_nothing(practice: Path) -> None:
    reseal(practice, DURING)
    before = practice.read_bytes()

    assert reseal(practice, DURING) == 0
    assert practice.read_bytes() == before


def test_what_was_begun_is_finished(practice: Path) -> None:
    before = texts(practice, BEFORE)
    with raw(practice) as db:
        for row in db.execute("SELECT id, body FROM inbox WHERE id % 2").fetchall():
            db.execute("UPDATE inbox SET body = ? WHERE id = ?", (DURING.resealed(row["body"]), row["id"]))

    reseal(practice, DURING)

    assert texts(practice, AFTER) == before


def test_a_value_that_no_key_opens_stops_it_and_stays_as_it_was(practice: Path) -> None:
    strange = new_ring().seal("palabras")
    with raw(practice) as db:
        db.execute("UPDATE words SET body = ?", (strange,))

    with pytest.raises(StoreRefusedError):
        reseal(practice, DURING)

    assert rows(practice, "SELECT body FROM words") == [{"body": strange}]


def test_while_somebody_reads_it_is_not_called_done(practice: Path) -> None:
    with raw(practice) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM people").fetchall()

        with pytest.raises(StoreUnavailableError, match="begin again"):
            reseal(practice, DURING)

    assert reseal(practice, DURING) == 0


async def test_the_store_works_on_with_the_new_key_alone(practice: Path) -> None:
    reseal(practice, DURING)

    prepare(practice, AFTER)
    async with open_database(practice, AFTER) as store, store.reading() as tx:
        assert (await tx.people.visitor(7_001_002_003)).patient is not None

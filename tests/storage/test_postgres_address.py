"""What an address asks for holds on every connection; where it names several servers, one that is there is found."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.errors import ConfigurationError
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from storage.migrations import head
from storage.places import place_of
from storage.postgres import lines
from storage.postgres.address import Address
from storage.postgres.engine import offline_engine
from storage.postgres.workers import living
from tests.engines import POSTGRESQL, url_of
from tests.server import OWNER, Server, followed, programs
from tests.storage.records import NOW, furnish

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

DOCUMENT = Path(__file__).parents[2] / "docs" / "postgresql.md"
LIMIT = "SELECT current_setting('lock_timeout')"


def opened(url: str, ring: KeyRing) -> Database:
    return Database(make_engine(url), ring, lambda: NOW)


async def test_what_the_document_asks_for_in_an_address_holds_on_every_connection(path: Path, ring: KeyRing) -> None:
    [asked] = re.findall(r"`(options=[^`]+)`", DOCUMENT.read_text("utf-8"))
    url = f"{url_of(path)}&{asked}"
    address = Address(url)

    with address.connected() as plain, lines.opened(address) as line, offline_engine(address).begin() as offline:
        found = [db.execute(LIMIT).fetchone() for db in (plain, line)]
        found.append(tuple(offline.execute(text(LIMIT)).one()))
    async with opened(url, ring) as store, store.reading() as tx:
        found.append(tuple((await tx.facts._session.execute(text(LIMIT))).one()))

    assert found == [("2s",)] * 4


async def test_of_several_servers_one_that_is_away_is_passed_over(postgresql: Server, ring: KeyRing) -> None:
    url = among(postgresql.make("several"), Path("/nowhere"), postgresql.folder)
    place = place_of(url)

    place.prepare(ring)
    with place.sole_owner() as held, place.in_use(), living(Address(url)):
        async with opened(url, ring) as store, store.transaction() as tx:
            await furnish(tx)
        assert held is not None
        assert held()

    assert str(place) == f"postgresql://{OWNER}@/nowhere,{postgresql.folder}/several"


async def test_of_several_servers_one_that_only_follows_is_passed_over(ring: KeyRing) -> None:
    found = programs()
    assert found is not None
    with followed(found) as (first, second):
        url = among(first.make("pair"), second.folder, first.folder)

        place_of(url).prepare(ring)
        async with opened(url, ring) as store, store.transaction() as tx:
            await furnish(tx)

        assert place_of(url).schema() == head()


def among(url: str, *folders: Path) -> str:
    """Name several servers in place of one."""
    before, _, _ = url.partition("?")
    return f"{before}?host={','.join(map(str, folders))}"


def test_every_address_in_the_documents_can_be_read() -> None:
    text = "".join(file.read_text("utf-8") for file in sorted(DOCUMENT.parent.glob("*.md")))
    written = set(re.findall(r'"(postgresql\+psycopg://[^"]+)"', text))

    assert len(written) > 1
    assert [Address(url) for url in written]


def test_what_the_library_does_not_know_is_refused_in_a_sentence(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="with sslmod, which PostgreSQL's client library does not know"):
        place_of(f"{url_of(path)}&sslmod=s3cr3t")

"""What the version before says to its database holds on the schema of this one: processes of both run side by side."""

from pathlib import Path
from typing import Final

import pytest

from storage.migrations import known
from tests.engines import raw, server_of
from tests.rolling.conversation import DATA, Conversation, kept_in, read
from tests.rolling.saying import difference, laid_out

pytestmark = pytest.mark.both

PARTS: Final = 6
"""Stories are said again in so many tests, so that processes share them."""


@pytest.fixture
def before(engine: str) -> Conversation:
    """Return what the version before says to this engine."""
    [file] = DATA.glob(kept_in("*", engine).name)
    return read(file)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_the_version_before_says_is_accepted_and_does_the_same_on_the_newest_schema(
    before: Conversation, tmp_path: Path, part: int
) -> None:
    stories = before.stories[part::PARTS]
    differences = [difference(laid_out(tmp_path / f"{at}.db"), story) for at, story in enumerate(stories)]

    assert stories
    assert [one for one in differences if one] == []


def test_what_is_kept_was_said_by_the_version_before_and_not_by_one_long_gone(before: Conversation) -> None:
    """Whoever adds a revision writes down first what the program says without it (CONTRIBUTING)."""
    assert before.revision in known()[-2:]


# It notices what the version before would not survive, and nothing else


def changed(file: Path, statement: str) -> Path:
    """Put a database where none is whose schema a revision has changed once more."""
    laid_out(file)
    with raw(file) as db:
        db.execute(statement)
    if (server := server_of(file)) is not None:
        server.is_changed(file)
    return file


CONTRACTS: Final = {
    "a column is gone": "ALTER TABLE outbox DROP COLUMN last_error",
    "a column has another name": "ALTER TABLE people RENAME COLUMN form TO shape",
    "a table has another name": "ALTER TABLE words RENAME TO texts",
    "what was there twice is not added, and nobody hears of it": "CREATE UNIQUE INDEX once ON inbox (lane_ref)",
    "what was there twice is refused": "CREATE UNIQUE INDEX once ON answers (check_in_id)",
}

EXPANDS: Final = {
    "a column that may be empty": "ALTER TABLE outbox ADD COLUMN colour INTEGER",
    "a column that fills itself": "ALTER TABLE answers ADD COLUMN weight INTEGER DEFAULT 1 NOT NULL",
    "a table": "CREATE TABLE colours (id INTEGER PRIMARY KEY)",
    "an index": "CREATE INDEX by_reason ON outbox (last_error)",
}


@pytest.mark.parametrize("statement", CONTRACTS.values(), ids=CONTRACTS)
def test_a_schema_that_takes_something_away_is_noticed(before: Conversation, tmp_path: Path, statement: str) -> None:
    files = (changed(tmp_path / f"{at}.db", statement) for at, _ in enumerate(before.stories))

    assert any(difference(file, story) for file, story in zip(files, before.stories, strict=False))


@pytest.mark.parametrize("statement", EXPANDS.values(), ids=EXPANDS)
def test_a_schema_that_only_adds_is_not(before: Conversation, tmp_path: Path, statement: str) -> None:
    longest = max(before.stories, key=lambda story: len(story.statements()))

    assert difference(changed(tmp_path / "wider.db", statement), longest) is None

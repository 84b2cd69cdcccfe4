"""What was said to a database, in order, and what came of it, as it is kept in a file.

Nothing that was sealed or hashed is kept: the same bytes become the same number, so that they meet where they met.
"""

import json
import lzma
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

DATA: Final = Path(__file__).parents[1] / "data"

_BYTES: Final = "\0"
"""What stands for bytes begins with it: no text of ours does, and PostgreSQL takes none that does."""

Outcome = int | None
"""How many rows a statement changed or found, as the driver counts; None: it was refused."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement on one connection; its parameters are a sequence or a mapping, a list of these if `is_many`."""

    connection: int
    statement: str
    parameters: Any
    is_many: bool
    outcome: Outcome


@dataclass(slots=True)
class Story:
    """What was said while something happened; `before`: the rows that were there when it began, by table."""

    name: str
    before: dict[str, list[Row]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    def statements(self) -> set[str]:
        """Return what the database accepted."""
        return {one.statement for one in self.said if one.outcome is not None}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a version of the program says; `revision`: the newest that it knows."""

    revision: str
    stories: Sequence[Story]


def kept_in(revision: str, engine: str) -> Path:
    """Return the file that holds what the version of a revision said to an engine."""
    return DATA / f"said_{revision}_{engine}.jsonl.xz"


def write(file: Path, conversation: Conversation) -> None:
    """Write a file: first the revision and all statements, then a line for each story."""
    statements: dict[str, int] = {}
    stories = [_written(story, statements) for story in conversation.stories]
    first = {"revision": conversation.revision, "statements": list(statements)}
    lines = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (first, *stories))
    file.write_bytes(lzma.compress("\n".join(lines).encode()))


def read(file: Path) -> Conversation:
    """Read a file."""
    first, *stories = map(json.loads, lzma.decompress(file.read_bytes()).decode().split("\n"))
    return Conversation(first["revision"], [_read(story, first["statements"]) for story in stories])


def _written(story: Story, statements: dict[str, int]) -> Row:
    def number(statement: str) -> int:
        return statements.setdefault(statement, len(statements))

    numbers: dict[bytes, int] = {}
    said = [[one.connection, number(one.statement), one.parameters, one.is_many, one.outcome] for one in story.said]
    return {"name": story.name, "before": _plain(story.before, numbers), "said": _plain(said, numbers)}


def _read(story: Row, statements: Sequence[str]) -> Story:
    said = [
        Said(connection, statements[number], _bytes(parameters), is_many, outcome)
        for connection, number, parameters, is_many, outcome in story["said"]
    ]
    return Story(story["name"], _bytes(story["before"]), said)


def _plain(value: Any, numbers: dict[bytes, int]) -> Any:
    match value:
        case psycopg.Binary():
            return _plain(value.obj, numbers)
        case bytes() | memoryview():
            return f"{_BYTES}{numbers.setdefault(bytes(value), len(numbers))}"
        case Mapping():
            return {name: _plain(one, numbers) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one, numbers) for one in value]
        case _:
            return value


def _bytes(value: Any) -> Any:
    match value:
        case str() if value.startswith(_BYTES):
            return int(value.removeprefix(_BYTES)).to_bytes(4)
        case dict():
            return {name: _bytes(one) for name, one in value.items()}
        case list():
            return [_bytes(one) for one in value]
        case _:
            return value

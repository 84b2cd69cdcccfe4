"""Keeps, of many stories that were written down, those that say most of what there is to be said.

    .venv/bin/pytest --record FOLDER [--database postgresql] tests/stories
    .venv/bin/python -m tests.rolling.choosing FOLDER

The second looks at what the first wrote, and writes `tests/data/said_REVISION_ENGINE.jsonl.xz` for each engine in it.
Stories that cannot be said again as they went (somebody else spoke to the database, or spoiled it) are passed over.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from storage.migrations import head
from tests import server
from tests.engines import POSTGRESQL, SQLITE, served_by
from tests.rolling.conversation import Conversation, Story, kept_in, read, write
from tests.rolling.saying import difference, laid_out

LONGEST: Final = 1500
"""Statements; who says more says it over and over."""

Repeats = Callable[[Story], bool]


def chosen(stories: Iterable[Story], repeats: Repeats) -> list[Story]:
    """Return few stories that together say whatever any of them says, if it can be said again."""
    left = [story for story in stories if story.statements() and len(story.said) <= LONGEST]
    heard: set[str] = set()
    kept: list[Story] = []
    while left:
        best = max(left, key=lambda story: (len(story.statements() - heard) / len(story.said), story.name))
        left.remove(best)
        if best.statements() - heard and repeats(best):
            heard |= best.statements()
            kept.append(best)
        left = [story for story in left if story.statements() - heard]
    return kept


def repeated(story: Story) -> bool:
    """Say whether a story goes the same way once more, on the schema on which it was written down."""
    with TemporaryDirectory() as folder:
        return difference(laid_out(Path(folder) / "again.db"), story) is None


def _repeats(engine: str, stack: ExitStack) -> Repeats:
    if engine == SQLITE:
        return repeated
    programs = server.programs()
    assert programs is not None
    running = stack.enter_context(server.running(programs))

    def repeats(story: Story) -> bool:
        with served_by(running):
            return repeated(story)

    return repeats


def _keep(folder: Path, engine: str) -> None:
    told = [story for file in sorted(folder.iterdir()) for story in read(file).stories]
    with ExitStack() as stack:
        kept = chosen(told, _repeats(engine, stack))
    write(kept_in(head(), engine), Conversation(head(), kept))
    every, heard = (set[str]().union(*(story.statements() for story in some)) for some in (told, kept))
    said = sum(len(story.said) for story in kept)
    sys.stdout.write(f"{engine}: {len(heard)} of {len(every)} statements, in {len(kept)} stories that say {said}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Keep what says most of what there is to be said.")
    parser.add_argument("folder", type=Path)
    written = parser.parse_args().folder
    for each in (SQLITE, POSTGRESQL):
        if (written / each).is_dir():
            _keep(written / each, each)

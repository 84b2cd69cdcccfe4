"""Alembic's revisions of the schema, oldest first.  Run by `storage.migrating`, never by hand."""

import re
from functools import cache
from pathlib import Path
from typing import Final

_SHAPE: Final = re.compile(r"(\d{4})_\w+\.py")


@cache
def known() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first, by the names of their files.

    A start reads no more than that: to have Alembic run through every file takes it longer than all the rest.
    """
    names = (_SHAPE.fullmatch(file.name) for file in (Path(__file__).parent / "versions").iterdir())
    return tuple(sorted(name[1] for name in names if name))


def head() -> str:
    """Return the newest revision that this program knows."""
    return known()[-1]

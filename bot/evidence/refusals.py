"""Why a file of ratings is not read: the line, the column, and what to do.  Never a word or number out of the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import MicrochequeoError

MOST_SHOWN: Final = 10
"""Problems that are shown; whoever has more of them will look at the whole column anyway."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a line; lines and columns are counted from 1, as spreadsheets do."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `place` is None where it concerns the line as a whole."""

    line: int
    says: str
    place: Place | None = None

    def __str__(self) -> str:
        """Say where it is and what it is."""
        where = f", column {self.place.column} ({self.place.name})" if self.place else ""
        return f"line {self.line}{where}: {self.says}"


class RatingsRefusedError(MicrochequeoError):
    """Nothing of the file was taken; `problems` are in order of lines, the first `MOST_SHOWN` of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line)[:MOST_SHOWN])
        super().__init__("\n".join(map(str, self.problems)))


def refused(line: int, says: str, place: Place | None = None) -> RatingsRefusedError:
    """Return the error for a file with a single thing to say about it."""
    return RatingsRefusedError([Problem(line, says, place)])

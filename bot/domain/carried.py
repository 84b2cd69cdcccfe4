"""What was left pending, carried forward: the next check-in may ask whether it was taken up.  Pure.

The item is seed 0's "¿Algo quedó pendiente?"; that it is asked about again is ours.
"""

from enum import StrEnum
from typing import Final

from bot.domain.folding import fold


class TakenUp(StrEnum):
    """Whether what was left pending the time before was taken up; `ASKED` until it is answered, if it ever is."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not_needed"


ANSWERS: Final = (TakenUp.YES, TakenUp.NO, TakenUp.NOT_NEEDED)

_WORDS: Final = {
    TakenUp.YES: ("sí", "yes"),
    TakenUp.NO: ("no",),
    TakenUp.NOT_NEEDED: (
        *("no hacía falta", "no hizo falta", "no hace falta"),
        *("not needed", "it was not needed", "there was no need", "no need"),
    ),
}
_SAID: Final = {fold(text): answer for answer, texts in _WORDS.items() for text in texts}


def read(text: str) -> TakenUp | None:
    """Read a typed answer; None for anything that is not plainly one: words are kept, never guessed."""
    return _SAID.get(" ".join(fold(text).strip(" ,").split()))

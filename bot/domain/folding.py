"""What is left of a text once it no longer matters how it was typed: plain letters, single spaces."""

import re
import unicodedata
from operator import itemgetter
from typing import Final

_NOTHING: Final = "'’‘ʼ`´′＇"  # every apostrophe a phone can type
_CLAUSE_ENDS: Final = ".,;:!?¡¿…\n"
_SIGNS: Final = {"@": "a", "$": "s"}  # as in "m@tarme", "tod@s"
_INVISIBLE: Final = frozenset({"Cf", "Mn", "Me"})  # zero-width characters, combining marks
_CLAUSE_END: Final = re.compile(" ?,[ ,]*")
_RUN: Final = re.compile(r"(.)\1+")
_FIRST: Final = itemgetter(1)


def fold(text: str) -> str:
    """Reduce a text to plain letters and digits, none twice in a row ("Quieroooo" → "quiero").

    Words are parted by one space, or by one comma where a clause may end: phrases reach across it, negations do not.
    Linear in the length of the text; never raises.
    """
    return _CLAUSE_END.sub(",", single(text.translate(_FOLDED))).strip(" ,")


def single(text: str) -> str:
    """Leave one of each run of the same character."""
    return _RUN.sub(_FIRST, text)


class _Folded(dict[int, str]):
    """One character → what is left of it.  Character by character, so that no pile of accents can cost time."""

    MOST = 20_000

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < self.MOST:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _NOTHING or unicodedata.category(character) in _INVISIBLE:
        return ""
    if character in _CLAUSE_ENDS:
        return ","
    if character in _SIGNS:
        return _SIGNS[character]
    plain = unicodedata.normalize("NFKD", character).casefold().encode("ascii", "ignore").decode()
    return plain if plain.isalnum() else re.sub("[^a-z0-9]", "", plain) or " "


_FOLDED: Final = _Folded()

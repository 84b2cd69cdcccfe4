"""Words put right before the phrases are looked for: slips of the thumb, and spellings that people use.

A slip is one accident in or before one word of a short open list (`data/spelling.toml`): a letter lost, two swapped,
one extra, the key beside the right one, or the space missed.  So is a spelling by ear.  All but the letter too many,
which may be any, are worked out once; a text costs a look or two per word.

Digits inside any word are read as the letters they look like ("m0r1r"): so people write past filters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from typing import Final

from bot.domain.folding import fold, single

SHORTEST: Final = 5
"""Letters a word needs before slips of it are accepted: shorter words are too near to each other."""

_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_ABOVE_THE_SPACE: Final = ("", *"cvbnm")
"""What stands between two words where the thumb missed the space: nothing, or a key of the row above it."""


MOST_ONES: Final = 3
_DIGITS: Final = str.maketrans("034578", "oeastb")
"""What digits stand for inside a word, but for the one, which looks like two letters."""

_VOWELS: Final = frozenset("aeio")
_SAME_SOUND: Final = {
    "qu": ("qu", "q", "k"),
    "c": ("c", "k"),
    "s": ("s", "z"),
    "z": ("z", "s"),
    "b": ("b", "v"),
    "v": ("v", "b"),
    "h": ("h", ""),
}


class Spelling:
    """Which words stand for others."""

    def __init__(
        self,
        core: Iterable[str],
        *,
        before: Iterable[str] = (),
        lookalikes: Iterable[str] = (),
        habits: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Take the words whose slips count, and what there is to know about them.

        `before`: words that may run into a core word when the space is missed.  `lookalikes`: real words among the
        slips, left alone.  `habits`: right words, each with other spellings of it.
        Of two core words with a slip in common, the first has it.  No core word is a slip of another.
        """
        words = [fold(word) for word in core]
        self._right = {
            single(first.replace(" ", "") + key + word): f"{first} {word}"
            for first, key, word in product(map(fold, before), _ABOVE_THE_SPACE, words)
        }
        self._right |= {wrong: word for word in reversed(words) for wrong in slips(word) | by_ear(word)}
        self._alone = frozenset((*words, *map(fold, lookalikes)))
        for real in self._alone:
            self._right.pop(real, None)
        self._habits = {fold(wrong): fold(right) for right, all_wrong in (habits or {}).items() for wrong in all_wrong}
        self._places = {word: place for place, word in reversed([*enumerate(words)])}
        self._longest = max(map(len, words), default=0)

    def correct(self, folded: str) -> str:
        """Put the words of a folded text right.  Linear in its length; never raises."""
        return re.sub("[a-z0-9]+", lambda word: self._put_right(word[0]), folded)

    def _put_right(self, word: str) -> str:
        if word.isalpha() or word.isdigit():
            return self._meant(word) or word
        readings = (*_readings(word), word)
        found = next(filter(self._places.__contains__, readings), None)
        return found or next(filter(None, map(self._meant, reversed(readings))), readings[0])

    def _meant(self, word: str) -> str | None:
        if word in self._habits:
            return self._habits[word]
        found = filter(None, (self._right.get(word), self._without_one_letter(word)))
        return min(found, key=lambda one: self._places.get(one, len(self._places)), default=None)

    def _without_one_letter(self, word: str) -> str | None:
        """Look for a core word in which one letter too many was typed: those slips are too many to be worked out."""
        if word in self._alone or not SHORTEST < len(word) <= self._longest + 1:
            return None
        shorter = {word[:at] + word[at + 1 :] for at in range(len(word))}
        return min(self._places.keys() & shorter, key=self._places.__getitem__, default=None)


def _readings(word: str) -> Iterator[str]:
    """Read the digits in a word as letters.  A one may be an i or an l; where there are many, all are the same."""
    start, *rest = word.translate(_DIGITS).split("1")
    ones = product("il", repeat=len(rest)) if len(rest) <= MOST_ONES else zip(*["il"] * len(rest), strict=True)
    for letters in ones:
        yield single(start + "".join(map("".join, zip(letters, rest, strict=True))))


def slips(word: str) -> frozenset[str]:
    """Give what one accident makes of a folded word, but for a letter too many; nothing for fewer than five letters."""
    if len(word) < SHORTEST:
        return frozenset()
    made = {single(wrong) for wrong in _accidents(word)} - {word}
    return frozenset(wrong for wrong in made if len(wrong) >= SHORTEST - 1)


def by_ear(word: str) -> frozenset[str]:
    """Give the other ways to write a folded Spanish word that sound the same ("kiero", "aorcarme", "swicidio")."""
    letters = re.findall("qu|.", word)
    sounds = (_same_sound(letter, following[:1]) for letter, following in pairwise([*letters, ""]))
    return frozenset(map(single, map("".join, product(*sounds)))) - {word}


def _same_sound(letter: str, following: str) -> tuple[str, ...]:
    if letter in {"c", "s", "z"} and following in {"e", "i"}:
        return ("c", "s", "z")
    if letter == "u" and following in _VOWELS:
        return ("u", "w")
    return _SAME_SOUND.get(letter, (letter,))


def _accidents(word: str) -> Iterator[str]:
    for at, letter in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        yield before + after
        yield before + after[:1] + letter + after[1:]
        yield from (before + beside + after for beside in _BESIDE[letter])


def _neighbours() -> dict[str, str]:
    """Give the keys around each key: left, right, and the two above and below that touch it."""
    touching = [pair for row in _ROWS for pair in pairwise(row)]
    for upper, lower in pairwise(_ROWS):
        touching += [(key, below) for at, key in enumerate(upper) for below in lower[max(0, at - 1) : at + 1]]
    beside: dict[str, str] = {}
    for one, other in touching:
        beside[one] = beside.get(one, "") + other
        beside[other] = beside.get(other, "") + one
    return beside


_BESIDE: Final = _neighbours()

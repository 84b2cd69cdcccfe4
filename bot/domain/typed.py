"""What the person typed where a number from 0 to 10 is expected.

Nothing wrong may be stored: what is not plainly one whole number is asked again or kept as words, never guessed.
Crisis words are the caller's first question (`safety.scan`), before this one.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from bot.domain.model import HIGHEST


@dataclass(frozen=True, slots=True)
class Number:
    """One whole number, 0–10: it can be recorded."""

    value: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A whole number below 0 or above 10."""


@dataclass(frozen=True, slots=True)
class NotWhole:
    """A number with decimals or a half."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing but numbers, yet not one that can be read safely ("7-8", "entre 6 y 7", "٧")."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words, with or without a number among them ("8 aunque al principio costó"); to be kept as a reflection."""


Read = Number | OutOfRange | NotWhole | Unclear | Words

LONGEST: Final = 80
"""Characters; whatever is longer is words."""

_NAMES: Final = (
    ("cero", "zero"),
    ("uno", "one"),
    ("dos", "two"),
    ("tres", "three"),
    ("cuatro", "four"),
    ("cinco", "five"),
    ("seis", "six"),
    ("siete", "seven"),
    ("ocho", "eight"),
    ("nueve", "nine"),
    ("diez", "ten"),
)
_VALUES: Final = {name: value for value, names in enumerate(_NAMES) for name in names}
_TOO_LARGE: Final = (
    "once",
    "doce",
    "quince",
    "veinte",
    "cien",
    "mil",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "hundred",
)
_CONNECTING: Final = frozenset(
    {
        *("y", "e", "o", "u", "a", "de", "del", "el", "un", "una", "entre", "hasta", "casi", "sobre"),
        *("and", "or", "to", "of", "out", "the", "an", "between", "from", "about", "almost"),
    }
)
_NUMBER: Final = rf"(?P<number>[0-9]+|{'|'.join((*_VALUES, *_TOO_LARGE))})"
_ANY_NUMBER: Final = _NUMBER.replace("?P<number>", "?:")
_FULL_MARKS: Final = r"(?: ?/ ?10| (?:de|sobre|of|out of) (?:10|diez|ten)| puntos?| points?)?"
_ONE_NUMBER: Final = re.compile(
    rf"(?:(?:le )?(?:pongo |doy |i(?:'d| would) say ))?(?:una? |an? )?{_NUMBER}{_FULL_MARKS}"
)
_NEGATIVE: Final = re.compile(rf"(?:[-−–—]|(?:menos|minus) ){_ANY_NUMBER}{_FULL_MARKS}")
_WITH_A_PART: Final = re.compile(
    rf"(?:una? |an? )?[-−–—]?(?:{_ANY_NUMBER}(?: ?[.,'·] ?| (?:coma|con|punto|point) ){_ANY_NUMBER}"
    rf"|{_ANY_NUMBER} (?:y (?:medio|media|pico|algo)|and a half|and a bit)){_FULL_MARKS}"
)
_HARMLESS: Final = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # invisible
    "\ufe0e\ufe0f\u20e3"  # how an emoji is drawn
    "\u0300\u0301\u0302\u0303\u0308"  # accents
)
_KEYCAP_TEN: Final = "\N{KEYCAP TEN}"


def read_score(text: str) -> Read:
    """Read one typed answer, in Spanish or English.

    A number counts alone or in a plain number phrase ("7/10", "un 7", "siete", "007", "7️⃣"); a number followed by words
    is words: the caller keeps them and shows the question again.  Never raises.
    """
    if len(text) > LONGEST:
        return Words()
    plain = _plain(text)
    if one := _ONE_NUMBER.fullmatch(plain):
        return _whole(one["number"])
    if _NEGATIVE.fullmatch(plain):
        return OutOfRange()
    if _WITH_A_PART.fullmatch(plain):
        return NotWhole()
    return Unclear() if _nothing_but_numbers(plain) else Words()


def _whole(number: str) -> Number | OutOfRange:
    value = _VALUES.get(number)
    if value is None and number.isdigit():
        digits = number.lstrip("0") or "0"
        value = int(digits) if len(digits) <= len(str(HIGHEST)) else None
    return Number(value) if value is not None and value <= HIGHEST else OutOfRange()


def _nothing_but_numbers(plain: str) -> bool:
    words = re.findall(r"\w+", plain)
    numbers = [word for word in words if word.isnumeric() or word in _VALUES or word in _TOO_LARGE]
    others = [word for word in words if word not in numbers and word not in _CONNECTING]
    return bool(numbers) and not others


def _plain(text: str) -> str:
    """Drop capitals, accents, emoji, closing punctuation and quotes; digits of other scripts stay as they are."""
    letters = "".join(map(_plain_character, text.replace(_KEYCAP_TEN, " 10 ").casefold()))
    # A leading point or comma stays: ".7" is no seven.
    return " ".join(letters.split()).lstrip(' ¡¿"«“([*_').rstrip(" .,;:!?\"'»”)]*_…")


def _plain_character(character: str) -> str:
    """Drop what cannot change a number; a strike through it or a reversed direction stays, and is unclear."""
    if character in _HARMLESS:
        return ""
    if unicodedata.category(character) in {"So", "Sk"}:
        return " "
    return unicodedata.normalize("NFD", character)[0]

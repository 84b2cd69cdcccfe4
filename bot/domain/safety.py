"""Crisis words and whom to call: which phrase of an open list was written, and the help card of a country.

No model and no score: lists under `data/` that anybody can read and correct.  A hit only offers help and tells the
therapist; that nothing was found never means that a person is safe.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product, zip_longest
from typing import Any, Final

STALE_AFTER: Final = timedelta(days=183)
"""Six months: how long a checked number is trusted."""

INTERNATIONAL: Final = "International"
NEGATION_REACH: Final = 4
"""How many words before a phrase (or inside it, where the phrase leaves a gap) a negation is looked for."""

_NOTHING: Final = "'’‘ʼ`´′＇"  # every apostrophe a phone can type
_CLAUSE_ENDS: Final = ".,;:!?¡¿…\n"
_INVISIBLE: Final = frozenset({"Cf", "Mn", "Me"})  # zero-width characters, combining marks
_BARRIER: Final = " | "


class Kind(StrEnum):
    """What a phrase speaks of."""

    DIRECT = "direct"
    SELF_HARM = "self_harm"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the list was written.  Holds the list's own wording, never the person's.

    `negated`: a negation stands shortly before it ("no quiero morirme").  It is said to the therapist and dismisses
    nothing.
    """

    phrase: str = field(repr=False)
    kind: Kind
    negated: bool


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One number to call.  `always_open` is None where no source says so."""

    number: str
    says_es: str
    says_en: str
    source: str
    checked_on: date
    always_open: bool | None


@dataclass(frozen=True, slots=True)
class HelpCard:
    """Whom to call in a country (ISO 3166-1 alpha-2, or `INTERNATIONAL`), the most fitting line first."""

    country: str
    lines: tuple[HelpLine, ...]


def scan(text: str) -> Hit | None:
    """Look for crisis phrases, in Spanish and English at once, whatever the person's language.

    1. Fold: accents, capitals, punctuation, look-alike letters, invisible characters, repeated letters.
    2. Take out idioms ("me muero de risa").
    3. The first phrase without a negation before it; failing that, the first one.

    Linear in the length of the text; never raises.
    """
    folded = fold(text)
    if next(_hits(folded), None) is None:
        return None
    first_negated = None
    for hit in _hits(_without_idioms(folded)):
        if not hit.negated:
            return hit
        first_negated = first_negated or hit
    return first_negated


def help_card(country: str) -> HelpCard:
    """Give the card of a country; 112 and 911 where the country is unknown or has no card yet."""
    cards = _help_cards()
    return cards.get(country.strip().upper(), cards[INTERNATIONAL])


def countries() -> tuple[str, ...]:
    """List the countries that have a card of their own."""
    return tuple(country for country in _help_cards() if country != INTERNATIONAL)


def stale(card: HelpCard, on: date) -> tuple[HelpLine, ...]:
    """List the lines nobody has checked in the six months before `on`."""
    return tuple(line for line in card.lines if on - line.checked_on > STALE_AFTER)


def fold(text: str) -> str:
    """Reduce a text to plain letters and digits, none twice in a row ("Quieroooo" → "quiero").

    Words are parted by one space, or by one comma where a clause may end: phrases reach across it, negations do not.
    """
    return re.sub(" ?,[ ,]*", ",", re.sub(r"(.)\1+", r"\1", text.translate(_FOLDED))).strip(" ,")


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
    plain = unicodedata.normalize("NFKD", character).casefold().encode("ascii", "ignore").decode()
    return plain if plain.isalnum() else re.sub("[^a-z0-9]", "", plain) or " "


_FOLDED: Final = _Folded()

NEGATIONS: Final = frozenset(
    fold(
        "no ni nunca jamás tampoco sin not never neither nor without don't doesn't didn't won't wouldn't can't cannot"
        " isn't wasn't aren't"
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of a list; idioms have no kind."""

    phrase: str
    kind: Kind | None = None


class _Phrasebook:
    """Phrases sorted by how they open (one word or two), so that most of a text is passed over by look-ups."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        wordings: dict[str, list[str]] = {}
        for entry in entries:
            for wording in _wordings(entry.phrase):
                self._entries.setdefault(_opening(wording), []).append(entry)
                wordings.setdefault(_opening(wording), []).append(wording)
        self._patterns = {opening: _any_of(phrases) for opening, phrases in wordings.items()}
        self._firsts = frozenset(opening.split()[0] for opening in wordings)
        self._stems = tuple(opening.removesuffix("*") for opening in wordings if opening.endswith("*"))

    def find(self, folded: str) -> Iterator[tuple[_Entry, re.Match[str]]]:
        """Yield every phrase in a folded text, in order; at most two for each word they could begin with."""
        text = folded.replace(",", " ")
        words = list(re.finditer("[a-z0-9]+", text))
        for word, following in zip_longest(words, words[1:]):
            first = self._first(word[0])
            if first is None:
                continue
            for opening in (f"{first} {following[0]}" if following else "", first):
                pattern = self._patterns.get(opening)
                if pattern and (match := pattern.match(text, word.start())):
                    yield self._entries[opening][(match.lastindex or 1) - 1], match

    def _first(self, word: str) -> str | None:
        if word in self._firsts:
            return word
        if word.startswith(self._stems):
            return next(f"{stem}*" for stem in self._stems if word.startswith(stem))
        return None


@cache
def _phrases() -> _Phrasebook:
    return _Phrasebook(_Entry(phrase, Kind(group["kind"])) for group in _groups("group") for phrase in group["phrases"])


@cache
def _idioms() -> _Phrasebook:
    return _Phrasebook(_Entry(phrase) for group in _groups("idiom") for phrase in group["phrases"])


def _groups(table: str) -> Iterator[dict[str, Any]]:
    for language in ("es", "en"):
        yield from _data(f"phrases_{language}.toml")[table]


def _without_idioms(folded: str) -> str:
    """Put a barrier in the place of every idiom: what stands around it does not grow together."""
    kept, end = [], 0
    for _, match in _idioms().find(folded):
        if match.start() >= end:
            kept.append(folded[end : match.start()])
            end = match.end()
    return _BARRIER.join([*kept, folded[end:]])


def _hits(folded: str) -> Iterator[Hit]:
    for entry, match in _phrases().find(folded):
        if entry.kind:
            yield Hit(entry.phrase, entry.kind, negated=_negated(folded, match, entry))


def _negated(folded: str, match: re.Match[str], entry: _Entry) -> bool:
    """Look for a negation before the match, or inside it where the phrase has none of its own."""
    clause = re.split("[|,]", folded[max(0, match.start() - 60) : match.start()])[-1]
    inside = () if _negates(entry.phrase) else match[0].split()
    return not NEGATIONS.isdisjoint((*clause.split()[-NEGATION_REACH:], *inside))


@cache
def _negates(phrase: str) -> bool:
    return not NEGATIONS.isdisjoint(map(fold, re.split("[ /_]", phrase)))


def _wordings(phrase: str) -> Iterator[str]:
    """Spell out the alternatives of the first two words."""
    first, second, *rest = [*phrase.split(maxsplit=2), ""]
    for opening in product(first.split("/"), second.split("/")):
        yield " ".join((*opening, *rest))


def _opening(wording: str) -> str:
    """Give the first two words of a phrase, or the first where the second may vary."""
    first, *rest = wording.split()
    words = _fold_choice(first).split()
    if rest and "~" not in rest[0] and "*" not in rest[0] and rest[1:2] != ["?"]:
        words += _fold_choice(rest[0]).split()
    return " ".join(words[:2])


def _any_of(wordings: Iterable[str]) -> re.Pattern[str]:
    """Make one pattern of some phrases.  The empty group that ends each of them says which one matched."""
    return re.compile(rf"(?:{'|'.join(_pattern(wording) + '()' for wording in wordings)})(?![a-z0-9])")


def _pattern(phrase: str) -> str:
    """Translate the notation explained at the top of phrases_es.toml."""
    parts: list[str] = []
    for word in phrase.split():
        if word == "?":
            parts[-1] = f"(?:{parts[-1]})?"
        elif word == "~":
            parts.append("(?: [a-z0-9]+){0,2}?")
        else:
            parts.append(f" {_either(word)}")
    return "".join(parts).removeprefix(" ")


def _either(word: str) -> str:
    choices = [_fold_choice(choice).replace("*", "[a-z0-9]*") for choice in word.split("/")]
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _fold_choice(choice: str) -> str:
    return fold(choice.replace("_", " ")) + ("*" if choice.endswith("*") else "")


@cache
def _help_cards() -> dict[str, HelpCard]:
    lines: dict[str, list[HelpLine]] = {}
    for row in _data("help_cards.toml")["line"]:
        country = row.pop("country")
        lines.setdefault(country, []).append(HelpLine(**{"always_open": None, **row}))
    return {country: HelpCard(country, tuple(rows)) for country, rows in lines.items()}


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("bot.domain").joinpath("data", name).read_text(encoding="utf-8"))

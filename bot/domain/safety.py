"""Crisis words, words of abuse, and whom to call.

No model and no score: open lists under `data/` that anybody can read and correct.  A hit only offers help and tells
the therapist; that nothing was found never means that a person is safe.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from bot.domain.folding import fold
from bot.domain.phrases import Phrasebook, negated
from bot.domain.spelling import Spelling

STALE_AFTER: Final = timedelta(days=183)
"""Six months: how long a checked number is trusted."""

INTERNATIONAL: Final = "International"


class Kind(StrEnum):
    """What a phrase speaks of, the gravest first."""

    DIRECT = "direct"
    SELF_HARM = "self_harm"
    INDIRECT = "indirect"
    ABUSE = "abuse"


_GRAVITY: Final = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the list was written.  Holds the list's own wording, never the person's.

    `negated`: a negation stands shortly before it ("no quiero morirme").  It is said to the therapist and dismisses
    nothing.
    """

    phrase: str = field(repr=False)
    kind: Kind
    negated: bool


class LineKind(StrEnum):
    """Whom a number is for."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    VIOLENCE = "violence"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One number to call.  `always_open` is None where no source says so."""

    number: str
    says_es: str
    says_en: str
    source: str
    checked_on: date
    always_open: bool | None
    kind: LineKind = LineKind.CRISIS


@dataclass(frozen=True, slots=True)
class HelpCard:
    """Whom to call in a country (ISO 3166-1 alpha-2, or `INTERNATIONAL`), the most fitting line first.

    `other_contact`: how to reach somebody of the practice who is not the therapist, as the practice wrote it.
    """

    country: str
    every_line: tuple[HelpLine, ...]
    other_contact: str | None = None

    @property
    def lines(self) -> tuple[HelpLine, ...]:
        """Return the numbers for who is in danger or thinks of dying."""
        return tuple(line for line in self.every_line if line.kind is not LineKind.VIOLENCE)

    @property
    def violence(self) -> tuple[HelpLine, ...]:
        """Return the numbers for who is being hurt by somebody, then those for emergencies."""
        kinds = (LineKind.VIOLENCE, LineKind.EMERGENCY)
        return tuple(line for kind in kinds for line in self.every_line if line.kind is kind)


def scan(text: str) -> Hit | None:
    """Look for words of dying and of self-harm, in Spanish and English at once, whatever the person's language.

    1. Fold: accents, capitals, punctuation, look-alike letters, invisible characters, repeated letters.
    2. Put slips of the thumb right in the words that matter ("sucidio").
    3. Take out idioms ("me muero de risa").  Unlike phrases they end with their clause; one that is a part of a longer
       phrase stays ("la sesión me mató", "después de la sesión me mato").
    4. Of the phrases left, one without a negation before one with; then direct words before self-harm before indirect
       ones; then the first.

    Linear in the length of the text; never raises.  The hit is never of the kind `ABUSE`: see `scan_abuse`.
    """
    return _gravest(_crisis(), text)


def scan_abuse(text: str) -> Hit | None:
    """Look for words of abuse, as `scan` does for those of dying.  One text may have both."""
    return _gravest(_abuse(), text)


def read_lists() -> None:
    """Read and prepare every list, which takes more than half a second: before the first word comes, not while."""
    for look in (scan, scan_abuse):
        look("")


def help_card(country: str) -> HelpCard:
    """Give the card of a country; 112 and 911 where the country is unknown or has no card yet."""
    cards = _help_cards()
    return cards.get(country.strip().upper(), cards[INTERNATIONAL])


def overridden(card: HelpCard, lines: Iterable[HelpLine], other_contact: str | None = None) -> HelpCard:
    """Put the practice's own lines in the place of the built-in ones of the same kind, and name its other contact."""
    own = tuple(lines)
    replaced = {line.kind for line in own}
    kept = tuple(line for line in card.every_line if line.kind not in replaced)
    every = sorted((*own, *kept), key=lambda line: tuple(LineKind).index(line.kind))
    return HelpCard(card.country, tuple(every), other_contact)


def countries() -> tuple[str, ...]:
    """List the countries that have a card of their own."""
    return tuple(country for country in _help_cards() if country != INTERNATIONAL)


def stale(card: HelpCard, on: date) -> tuple[HelpLine, ...]:
    """List the lines nobody has checked in the six months before `on`."""
    return tuple(line for line in card.every_line if on - line.checked_on > STALE_AFTER)


@dataclass(frozen=True, slots=True)
class _Lists:
    """What is looked for, and the ways of speaking taken out before."""

    phrases: Phrasebook
    idioms: Phrasebook


def _gravest(lists: _Lists, text: str) -> Hit | None:
    folded = _spelling().correct(fold(text))
    whole = list(lists.phrases.find(folded))
    if not whole:
        return None
    gravest = None
    for hit in _hits(lists.phrases, lists.idioms.without(folded, whole)):
        if gravest is None or _gravity(hit) < _gravity(gravest):
            gravest = hit
        if not gravest.negated and gravest.kind in {Kind.DIRECT, Kind.ABUSE}:
            break  # nothing later can be graver
    return gravest


def _hits(phrases: Phrasebook, folded: str) -> Iterator[Hit]:
    for found in phrases.find(folded):
        yield Hit(found.phrase.wording, Kind(found.phrase.topic), negated=negated(folded, found))


def _gravity(hit: Hit) -> tuple[bool, int]:
    return hit.negated, _GRAVITY[hit.kind]


@cache
def _crisis() -> _Lists:
    return _lists("phrases")


@cache
def _abuse() -> _Lists:
    return _lists("abuse")


def _lists(name: str) -> _Lists:
    groups: list[tuple[str, list[str]]] = []
    idioms: list[tuple[str, list[str]]] = []
    sets: dict[str, str] = {}
    for language in ("es", "en"):
        file = _data(f"{name}_{language}.toml")
        sets |= file["set"]
        groups += [(group["kind"], group["phrases"]) for group in file["group"]]
        idioms += [("idiom", group["phrases"]) for group in file["idiom"]]
    return _Lists(Phrasebook(groups, sets), Phrasebook(idioms, sets, across_clauses=False))


@cache
def _spelling() -> Spelling:
    file = _data("spelling.toml")
    core, lookalikes = file["core"], file["lookalikes"]
    return Spelling(core["words"], before=core["before"], lookalikes=lookalikes["words"], habits=file["habits"])


@cache
def _help_cards() -> dict[str, HelpCard]:
    lines: dict[str, list[HelpLine]] = {}
    for row in _data("help_cards.toml")["line"]:
        country = row.pop("country")
        kind = LineKind(row.pop("kind", LineKind.CRISIS))
        lines.setdefault(country, []).append(HelpLine(**{"always_open": None, **row}, kind=kind))
    return {country: HelpCard(country, tuple(rows)) for country, rows in lines.items()}


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("bot.domain").joinpath("data", name).read_text(encoding="utf-8"))

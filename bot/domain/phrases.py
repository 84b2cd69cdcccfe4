"""A book of phrases, written in the notation explained at the top of `data/phrases_es.toml`, and where they stand.

It knows nothing of what the phrases mean.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, zip_longest
from typing import Final

from bot.domain.folding import fold

NEGATION_REACH: Final = 4
"""How many words before a phrase (or inside it, where the phrase leaves a gap) a negation is looked for."""

NEGATIONS: Final = frozenset(
    fold(
        "no ni nunca jamás tampoco sin not never neither nor without don't doesn't didn't won't wouldn't can't"
        " cannot isn't wasn't aren't haven't hasn't hadn't"
    ).split()
)

_BARRIER: Final = " | "
_WORD: Final = "[a-z0-9]++"
_END: Final = "(?![a-z0-9])"
_BETWEEN: Final = "[ ,]"
_GAP: Final = f"(?:{_BETWEEN}{_WORD}){{0,2}}?"
_CHARACTERS: Final = {" ": _BETWEEN, "*": "[a-z0-9]*"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a list.  `topic` is what the list files it under; `negative`: it has a negation of its own."""

    wording: str
    topic: str
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase and where it stands in a folded text."""

    phrase: Phrase
    start: int
    end: int


_Wording = tuple[str, str, str, Phrase]
"""One way to begin a phrase: its first word, its second, and the rest, which all ways of a phrase share."""


class Phrasebook:
    """Phrases sorted by how they open (one word or two), so that most of a text is passed over by look-ups."""

    def __init__(
        self,
        lists: Iterable[tuple[str, Iterable[str]]],
        sets: Mapping[str, str] | None = None,
        *,
        across_clauses: bool = True,
    ) -> None:
        """Take lists of phrases, each with its topic, and the named sets of words that they mention.

        `across_clauses`: whether a phrase may go on behind a comma or a full stop.
        """
        self._between = _BETWEEN if across_clauses else " "
        openings: dict[str, list[_Wording]] = {}
        for topic, wordings in lists:
            for wording in wordings:
                for opening, first, second, rest, phrase in _ways(wording, topic, sets or {}):
                    openings.setdefault(opening, []).append((first, second, rest, phrase))
        self._by_opening = {opening: tuple(sorted(ways, key=_has_early_gap)) for opening, ways in openings.items()}
        self._firsts = frozenset(opening.split()[0] for opening in self._by_opening)
        self._stems = tuple(first.removesuffix("*") for first in self._firsts if first.endswith("*"))
        self._pattern = cache(self._compiled)

    def find(self, folded: str) -> Iterator[Found]:
        """Yield the phrases in a folded text, in order; at most one for each way in which they could open."""
        words = list(re.finditer(_WORD, folded))
        for word, following in zip_longest(words, words[1:]):
            for first in self._first(word[0]):
                for opening in (f"{first} {following[0]}" if following else "", first):
                    if opening in self._by_opening and (match := self._pattern(opening).match(folded, word.start())):
                        *_, phrase = self._by_opening[opening][(match.lastindex or 1) - 1]
                        yield Found(phrase, match.start(), match.end())

    def without(self, folded: str, within: Sequence[Found] = ()) -> str:
        """Put a barrier in the place of every phrase: what stands around it does not grow together.

        A phrase is left where a longer one of `within` (in order) begins before it and ends no sooner.
        """
        starts = [longer.start for longer in within]
        reach = [0, *accumulate((longer.end for longer in within), max)]
        kept, end = [], 0
        for found in self.find(folded):
            if found.start >= end and found.end > reach[bisect_left(starts, found.start)]:
                kept.append(folded[end : found.start])
                end = found.end
        return _BARRIER.join([*kept, folded[end:]])

    def _first(self, word: str) -> Iterator[str]:
        if word in self._firsts:
            yield word
        if word.startswith(self._stems):
            yield from (f"{stem}*" for stem in self._stems if word.startswith(stem))

    def _compiled(self, opening: str) -> re.Pattern[str]:
        """Make one pattern of the phrases that open so.  The empty group that ends each says which one matched."""
        choices = _any_of(self._by_opening[opening])
        return re.compile(f"(?:{choices}){_END}".replace(_BETWEEN, self._between))


def negated(folded: str, found: Found) -> bool:
    """Look for a negation shortly before a phrase, or inside it where the phrase has none of its own."""
    clause = re.split("[|,]", folded[max(0, found.start - 60) : found.start])[-1]
    inside = () if found.phrase.negative else re.findall(_WORD, folded[found.start : found.end])
    return not NEGATIONS.isdisjoint((*clause.split()[-NEGATION_REACH:], *inside))


def _ways(wording: str, topic: str, sets: Mapping[str, str]) -> Iterator[tuple[str, str, str, str, Phrase]]:
    """Give every way to begin a phrase, each with how it opens."""
    spelled = re.sub(r"\{(\w+)\}", lambda name: sets[name[1]], wording)
    phrase = Phrase(wording, topic, negative=_negates(spelled))
    return ((*words, phrase) for words in _wordings(spelled))


def _negates(spelled: str) -> bool:
    own = " ".join(word for word in spelled.split() if not word.startswith("!"))
    return not NEGATIONS.isdisjoint(re.split("[ ,]", fold(own)))


def _wordings(spelled: str) -> Iterator[tuple[str, str, str, str]]:
    """Spell out the alternatives of the first two words: how each of them opens, both words, and the rest."""
    first, second, rest = [*spelled.split(maxsplit=2), "", ""][:3]
    seconds = [second] if second.startswith("!") else second.split("/")
    may_miss = rest.startswith("?")
    following = [(word, [] if may_miss else _certain(word)) for word in seconds]
    for word in first.split("/"):
        opens = _fold_choice(word).split()
        for other, goes_on in following:
            yield " ".join((opens + goes_on)[:2]), word, other, rest


def _certain(second: str) -> list[str]:
    """Give the words that a second word of a phrase stands for, none where it may vary."""
    return [] if re.search("[~*!]", second) else _fold_choice(second).split()


def _has_early_gap(wording: _Wording) -> bool:
    return wording[1] == "~"


def _any_of(wordings: Iterable[_Wording]) -> str:
    """Make one pattern of wordings that open alike.  Those with a gap behind the first word come last and share it."""
    near: list[str] = []
    far: list[str] = []
    start = ""
    for wording in wordings:
        first, second, rest, _ = wording
        if _has_early_gap(wording):
            start = start or _pattern(first)
            far.append(f"{_pattern(rest)}()")
        else:
            near.append(f"{_pattern(f'{first} {second} {rest}')}()")
    choices = [*near, f"{start}{_GAP}(?:{'|'.join(far)})"] if far else near
    return "|".join(choice.removeprefix(_BETWEEN) for choice in choices)


def _pattern(wording: str) -> str:
    """Translate the notation; what stands between words comes before each."""
    parts: list[str] = []
    for word in wording.split():
        if word == "?":
            parts[-1] = f"(?:{parts[-1]})?"
        elif word == "~":
            parts.append(_GAP)
        elif word.startswith("!"):
            parts.append(f"{_END}(?! {_either(word[1:])}{_END})")
        else:
            parts.append(f"{_BETWEEN}{_either(word)}")
    return "".join(parts)


def _either(word: str) -> str:
    return _one_of(map(_fold_choice, word.split("/")))


def _one_of(choices: Iterable[str]) -> str:
    """Branch letter by letter, so that most of a long set of words is passed over at its first letters."""
    tails: dict[str, list[str]] = {}
    for choice in choices:
        tails.setdefault(choice[:1], []).append(choice[1:])
    branches = [_CHARACTERS.get(first, first) + (_one_of(rest) if first else "") for first, rest in tails.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _fold_choice(choice: str) -> str:
    return fold(choice.replace("_", " ")) + ("*" if choice.endswith("*") else "")

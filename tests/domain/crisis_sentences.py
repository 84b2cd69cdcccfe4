"""The labelled sentences of `data/crisis_sentences.toml`, and how much of them the phrase lists hear."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from bot.domain.safety import Kind, scan, scan_abuse

NONE: Final = "none"
LANGUAGES: Final = ("es", "en")
SETS: Final = ("seen", "held_out")


@dataclass(frozen=True)
class Sentence:
    """What somebody might write; `says` is empty where the lists should stay silent."""

    text: str
    language: str
    set: str
    says: frozenset[str]
    label: str
    negated: bool | None
    why: str

    @cached_property
    def heard(self) -> frozenset[str]:
        """What the lists make of it."""
        return frozenset(hit.kind.value for hit in (scan(self.text), scan_abuse(self.text)) if hit)


@dataclass(frozen=True)
class Figures:
    """How many sentences say a kind, how many are heard as it, and how many are both."""

    said: int
    heard: int
    both: int

    @property
    def recall(self) -> float:
        """Of those that say it, how many are heard."""
        return self.both / self.said

    @property
    def precision(self) -> float:
        """Of those that are heard, how many say it."""
        return self.both / self.heard

    def __str__(self) -> str:
        return f"{self.both:4}/{self.said:<4}{self.recall:6.1%}   {self.both:4}/{self.heard:<4}{self.precision:6.1%}"


@cache
def sentences() -> tuple[Sentence, ...]:
    """Read the file."""
    rows = tomllib.loads((Path(__file__).parent / "data" / "crisis_sentences.toml").read_text(encoding="utf-8"))
    return tuple(
        Sentence(
            text,
            group["language"],
            group["set"],
            frozenset({group["label"], group.get("also", NONE)} - {NONE}),
            group["label"],
            group.get("negated"),
            group["why"],
        )
        for group in rows["group"]
        for text in group["sentences"]
    )


def figures(kind: str, among: Iterable[Sentence]) -> Figures:
    """Count a kind among some sentences."""
    rows = [(kind in sentence.says, kind in sentence.heard) for sentence in among]
    return Figures(sum(said for said, _ in rows), sum(heard for _, heard in rows), sum(map(all, rows)))


def report() -> str:
    """Say what was measured, and name every miss and every false alarm."""
    lines = ["", f"{len(sentences())} sentences               recall              precision"]
    for name in SETS:
        for language in LANGUAGES:
            among = [row for row in sentences() if (row.set, row.language) == (name, language)]
            lines += [f"{name:8} {language}  {kind:10}{figures(kind, among)}" for kind in Kind]
    for row in sentences():
        lines += [f"missed       {kind}: {row.text}" for kind in row.says - row.heard]
        lines += [f"false alarm  {kind}: {row.text}" for kind in row.heard - row.says]
    return "\n".join(lines)

"""The phrase lists against sentences that people might write: what is heard, missed, and heard in vain.

The figures are printed.  They say how the lists do on sentences we thought of, and nothing about anybody's safety.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.safety import Kind, scan, scan_abuse
from tests.domain.crisis_sentences import LANGUAGES, NONE, SETS, Sentence, figures, report, sentences

DIRECT = [row for row in sentences() if row.label == Kind.DIRECT]
SILENT = [row for row in sentences() if row.label == NONE and not row.heard]

LOOK_ALIKE = {"o": "0", "i": "1", "e": "3", "a": "4@", "s": "5$", "t": "7"}
SPELLING = tomllib.loads(resources.files("bot.domain").joinpath("data", "spelling.toml").read_text(encoding="utf-8"))
WORDS = {word for word in SPELLING["core"]["words"] if word.isascii() and not LOOK_ALIKE.keys().isdisjoint(word)}

RECALL = {Kind.SELF_HARM: 0.97, Kind.INDIRECT: 0.9, Kind.ABUSE: 0.95}
"""A little under what is measured (1, 0.96, 1): two lost phrases are noticed, one that costs too much may be dropped.
Direct words have no floor: none may be lost."""

PRECISION = {Kind.DIRECT: 0.98, Kind.SELF_HARM: 0.95, Kind.INDIRECT: 0.95, Kind.ABUSE: 0.95}
"""A little under what is measured (nearly 1 everywhere): precision is what keeps an alert worth waking for."""

FALSE_ALARMS = 0.02
"""Of the sentences that say nothing of the kind.  Measured: one in three hundred; at first sight, one in twenty."""


def test_the_figures_are_in_the_output(measured: Callable[[str], None]) -> None:
    measured(report())

    assert {row.set for row in sentences()} == set(SETS)


def test_no_direct_sentence_is_missed() -> None:
    missed = [row.text for row in DIRECT if Kind.DIRECT not in row.heard]

    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "floor"), RECALL.items())
def test_few_sentences_of_the_other_kinds_are_missed(kind: Kind, floor: float, language: str) -> None:
    among = [row for row in sentences() if row.language == language]

    assert figures(kind, among).recall >= floor, report()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "floor"), PRECISION.items())
def test_few_hits_are_of_another_kind_than_was_meant(kind: Kind, floor: float, language: str) -> None:
    among = [row for row in sentences() if row.language == language]

    assert figures(kind, among).precision >= floor, report()


def test_few_harmless_sentences_raise_an_alarm() -> None:
    harmless = [row for row in sentences() if row.label == NONE]
    alarms = [row.text for row in harmless if row.heard]

    assert len(alarms) / len(harmless) <= FALSE_ALARMS, alarms


@pytest.mark.parametrize("row", [row for row in sentences() if row.negated is not None], ids=lambda row: row.text)
def test_a_negation_is_noted_where_there_is_one(row: Sentence) -> None:
    hit = (scan_abuse if row.label == Kind.ABUSE else scan)(row.text)

    assert hit is not None
    assert hit.negated is row.negated


def test_there_are_enough_sentences_of_every_kind_and_language_and_no_two_alike() -> None:
    counts = Counter((row.label, row.language) for row in sentences())

    assert len(sentences()) >= 300
    assert all(counts[label, language] >= 30 for label in (*Kind, NONE) for language in LANGUAGES), counts
    assert len({row.text for row in sentences()}) == len(sentences())
    assert all(row.why for row in sentences())


def is_direct(text: str) -> bool:
    hit = scan(text)
    return hit is not None and (hit.kind is Kind.DIRECT or hit.negated)


direct = st.sampled_from(DIRECT).map(lambda row: row.text)
silent = st.sampled_from(SILENT).map(lambda row: row.text)


@given(direct)
def test_capitals_and_accents_do_not_matter(text: str) -> None:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))

    assert is_direct(text.upper())
    assert is_direct(bare)
    assert is_direct(unicodedata.normalize("NFD", text))


@given(direct, st.data())
def test_repeated_letters_and_invisible_characters_do_not_matter(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    extra = data.draw(st.sampled_from([text[at] * 3, text[at] + "\u200b", "\u2060" + text[at], text[at] + "\ufeff"]))

    assert is_direct(text[:at] + extra + text[at + 1 :])


@given(direct, st.data())
def test_digits_and_signs_for_letters_do_not_matter(text: str, data: st.DataObject) -> None:
    letters = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    for word in WORDS & set(letters.lower().split()):
        at = data.draw(st.sampled_from([at for at, letter in enumerate(word) if letter in LOOK_ALIKE]))
        disguised = word[:at] + data.draw(st.sampled_from(LOOK_ALIKE[word[at]])) + word[at + 1 :]

        assert is_direct(letters.lower().replace(word, disguised)), disguised


@given(silent, direct, silent)
def test_harmless_sentences_around_it_hide_nothing(before: str, text: str, after: str) -> None:
    assert is_direct(f"{before}. {text}. {after}")


@given(st.text())
def test_no_text_makes_the_scans_raise(text: str) -> None:
    for hit in (scan(text), scan_abuse(text)):
        assert hit is None or hit.phrase

"""The notation of the phrase lists, and the lists themselves: no phrase of theirs is dead."""

import re
import tomllib
from collections.abc import Iterator
from importlib import resources

import pytest

from bot.domain.folding import fold
from bot.domain.phrases import Phrasebook, negated
from bot.domain.safety import Kind, scan, scan_abuse

LISTS = ("phrases_es", "phrases_en", "abuse_es", "abuse_en")


def found(phrase: str, text: str, **sets: str) -> bool:
    return any(Phrasebook([("topic", [phrase])], sets).find(fold(text)))


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("quiero/quería irme", "Quería irme", True),
        ("quiero/quería irme", "querías irme", False),
        ("autolesi*", "me autolesioné", True),
        ("quiero ~ irme", "quiero de verdad irme", True),
        ("quiero ~ irme", "quiero muy de verdad irme", False),
        ("las dos ? veces", "las veces", True),
        ("me corto otra_vez/hoy", "me corto otra vez", True),
        ("{ganas} irme", "quiero irme", True),
        ("quiero irme !a_casa/lejos", "quiero irme a casa", False),
        ("quiero irme !a_casa/lejos", "quiero irme a Casablanca", True),
        ("quiero irme !a_casa/lejos", "quiero irme. Lejos", True),
        ("quiero irme", "quiero, irme", True),
        ("sin salida", "sin salidas", False),
    ],
)
def test_the_notation(phrase: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert found(phrase, text, ganas="quiero/quería") is expected


def test_a_phrase_may_end_with_its_clause() -> None:
    idioms = Phrasebook([("idiom", ["casi me mato"])], across_clauses=False)

    assert idioms.without(fold("casi me mato de risa")) == " |  de risa"
    assert idioms.without(fold("casi. Me mato")) == "casi,me mato"


def test_a_phrase_inside_a_longer_one_stays() -> None:
    idioms, phrases = Phrasebook([("idiom", ["la sesión me mató"])]), Phrasebook([("topic", ["tras ~ ~ me mato"])])
    after, itself = fold("tras la sesión me mato"), fold("tras eso, la sesión me mató")

    assert idioms.without(after, list(phrases.find(after))) == after
    assert "mato" not in idioms.without(itself)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("no quiero irme", True), ("no sé, quiero irme", False), ("quiero no irme", True), ("quiero irme no", False)],
)
def test_a_negation_counts_before_the_phrase_or_inside_it(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    folded = fold(text)
    (hit,) = Phrasebook([("topic", ["quiero ~ irme"])]).find(folded)

    assert negated(folded, hit) is expected


def examples(wording: str, sets: dict[str, str]) -> Iterator[str]:
    """Write a phrase out with each of its alternatives in turn."""
    spelled = re.sub(r"\{(\w+)\}", lambda name: sets[name[1]], wording)
    places = [word.split("/") for word in spelled.split() if word not in "~?" and not word.startswith("!")]
    for at, choices in enumerate(places):
        for choice in choices:
            words = [place[0] for place in places]
            yield " ".join([*words[:at], choice, *words[at + 1 :]]).replace("_", " ").replace("*", "")


@pytest.mark.parametrize("name", LISTS)
def test_every_alternative_of_every_phrase_is_heard(name: str) -> None:
    file = tomllib.loads(resources.files("bot.domain").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
    look = scan_abuse if name.startswith("abuse") else scan
    texts = [text for group in file["group"] for phrase in group["phrases"] for text in examples(phrase, file["set"])]

    assert [text for text in texts if look(text) is None] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_group_says_why_and_what_it_is_about(name: str) -> None:
    file = tomllib.loads(resources.files("bot.domain").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))

    assert all(group["reason"] for group in (*file["group"], *file["idiom"]))
    assert {Kind(group["kind"]) is Kind.ABUSE for group in file["group"]} == {name.startswith("abuse")}

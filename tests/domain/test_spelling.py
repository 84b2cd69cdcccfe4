"""Slips of the thumb: which are put right, and which words are left alone."""

import tomllib
from importlib import resources

import pytest

from bot.domain.folding import fold
from bot.domain.safety import Kind, scan
from bot.domain.spelling import SHORTEST, Spelling, slips

LIST = tomllib.loads(resources.files("bot.domain").joinpath("data", "spelling.toml").read_text(encoding="utf-8"))
CORE = {fold(word) for word in LIST["core"]["words"]}
OF_ONE = {word: Spelling([word]) for word in CORE}


@pytest.mark.parametrize(
    ("slip", "_accident"),
    [
        ("sucidio", "a letter lost"),
        ("sucicidio", "a letter too many"),
        ("suiicidio", "a letter twice"),
        ("siucidio", "two letters swapped"),
        ("suicifio", "the key beside"),
        ("auicidio", "the key beside, at the start"),
        ("suicidip", "the key beside, at the end"),
    ],
)
def test_one_accident_is_a_slip(slip: str, _accident: str) -> None:
    assert Spelling(["suicidio"]).correct(fold(slip)) == "suicidio"


def test_two_accidents_are_another_word() -> None:
    assert Spelling(["suicidio"]).correct("siucidoi") == "siucidoi"


@pytest.mark.parametrize("word", sorted(CORE))
def test_digits_are_read_as_the_letters_they_look_like(word: str) -> None:
    spelling = Spelling(LIST["core"]["words"])
    all_digits = fold(word.translate(str.maketrans("oieastl", "0134571")))

    assert spelling.correct(all_digits) == word
    for at, letter in enumerate(word):
        if digit := dict(zip("oieastl", "0134571", strict=True)).get(letter):
            assert spelling.correct(word[:at] + digit + word[at + 1 :]) == word


@pytest.mark.parametrize(
    ("text", "expected"), [("20 pastillas", "20 pastillas"), ("m3", "me"), ("d1e", "die"), ("k1l", "kil")]
)
def test_numbers_stay_numbers(text: str, expected: str) -> None:
    assert Spelling(["morir"]).correct(text) == expected


@pytest.mark.parametrize(
    ("heard", "word"),
    [("kitarme", "quitarme"), ("aorcarme", "ahorcarme"), ("swicidio", "suicidio"), ("bibir", "vivir")],
)
def test_a_word_may_be_written_by_ear(heard: str, word: str) -> None:
    assert Spelling([word]).correct(heard) == word


def test_short_words_have_no_slips() -> None:
    assert slips("vida") == frozenset()
    assert all(len(word) >= SHORTEST for word in CORE)


def test_the_space_may_be_missed() -> None:
    spelling = Spelling(["morirme"], before=["quiero"])

    assert [spelling.correct(text) for text in ("quieromorirme", "quieronmorirme")] == ["quiero morirme"] * 2


def test_a_real_word_is_left_alone() -> None:
    spelling = Spelling(["matarme"], lookalikes=["atarme"])

    assert spelling.correct("quiero atarme,tarme") == "quiero atarme,tarme"
    assert spelling.correct("quiero matrme") == "quiero matarme"


def test_a_core_word_is_never_taken_for_another() -> None:
    spelling = Spelling(LIST["core"]["words"])

    assert [word for word in CORE if spelling.correct(word) != word] == []


@pytest.mark.parametrize("word", LIST["lookalikes"]["words"])
def test_every_lookalike_is_a_slip_of_a_core_word(word: str) -> None:
    assert any(OF_ONE[core].correct(fold(word)) == core for core in CORE - {fold(word)})


def test_the_first_of_two_words_has_the_slip_of_both() -> None:
    assert Spelling(["alive", "unalive"]).correct("nalive") == "alive"
    assert Spelling(["unalive", "alive"]).correct("nalive") == "unalive"


def test_an_endless_word_is_passed_over() -> None:
    assert OF_ONE["suicidio"].correct("ab" * 10_000) == "ab" * 10_000


@pytest.mark.parametrize(
    "slip",
    ["mataarme", "matrame", "matame", "mayarme", "mtarme", "matarne", "suicdarme", "suicidsrme", "quitrame la vida"],
)
def test_a_slip_is_heard_like_the_word(slip: str) -> None:
    hit = scan(f"pienso en {slip}")

    assert hit is not None
    assert hit.kind is Kind.DIRECT


@pytest.mark.parametrize(
    "word",
    ["amarme", "tratarme", "atarme", "cantarme", "contarme", "portarme", "marcarme", "mirarme", "hartarme", "girarme"],
)
def test_false_friends_stay_silent(word: str) -> None:
    assert scan(f"quiero {word}") is None

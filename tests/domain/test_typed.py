"""Typed answers against a table: nothing wrong may ever be stored as a score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.typed import NotWhole, Number, OutOfRange, Read, Unclear, Words, read_score

TABLE: list[tuple[str, Read, str]] = [
    ("7", Number(7), "the plain case"),
    (" 7 ", Number(7), "a phone keyboard's spaces"),
    ("7\n", Number(7), "sent with return"),
    ("7.", Number(7), "a full stop is not a decimal"),
    ("7!", Number(7), "exclamation"),
    ("7?", Number(7), "a hesitant seven is a seven; it can be corrected"),
    ("«7»", Number(7), "quoted"),
    ("0", Number(0), "the lower end"),
    ("10", Number(10), "the upper end"),
    ("007", Number(7), "leading zeros are clear"),
    ("010", Number(10), "leading zeros are clear"),
    ("0" * 70 + "7", Number(7), "many of them too"),
    ("7/10", Number(7), "full marks said"),
    ("7 / 10", Number(7), "full marks said"),
    ("10/10", Number(10), "full marks said"),
    ("7 de 10", Number(7), "full marks said"),
    ("siete sobre diez", Number(7), "full marks in words"),
    ("7 out of 10", Number(7), "full marks in English"),
    ("un 7", Number(7), "as people say it"),
    ("Un siete.", Number(7), "as people say it"),
    ("le pongo un 8", Number(8), "as people say it"),
    ("I'd say a 7", Number(7), "as people say it"),
    ("7 puntos", Number(7), "with the unit"),
    ("siete", Number(7), "a word"),
    ("Siete", Number(7), "a word with a capital"),
    ("diez", Number(10), "the upper end in words"),
    ("cero", Number(0), "the lower end in words"),
    ("uno", Number(1), "the number, not the article"),
    ("seven", Number(7), "an English word to a Spanish question"),
    ("7️⃣", Number(7), "a keycap emoji"),
    ("🔟", Number(10), "the emoji for ten is one character"),
    ("1️⃣0️⃣", Number(10), "two keycaps in a row"),
    ("7 🙂", Number(7), "an emoji says nothing about the number"),
    ("7\u200b", Number(7), "an invisible character"),
    ("11", OutOfRange(), "above"),
    ("100", OutOfRange(), "above"),
    ("9" * 79, OutOfRange(), "far above, and longer than an integer may be"),
    ("11/10", OutOfRange(), "a joke, kindly explained"),
    ("-1", OutOfRange(), "below"),
    ("−1", OutOfRange(), "below, with the typographic minus"),
    ("menos uno", OutOfRange(), "below, in words"),
    ("once", OutOfRange(), "above, in words"),
    ("twenty", OutOfRange(), "above, in English words"),
    ("7,5", NotWhole(), "decimal comma"),
    ("7.5", NotWhole(), "decimal point"),
    ("7'5", NotWhole(), "the handwritten Spanish decimal"),
    ("7,5/10", NotWhole(), "decimal with full marks"),
    ("7,0", NotWhole(), "whole in value, not in writing: asking again costs nothing"),
    ("siete y medio", NotWhole(), "a half in words"),
    ("siete coma cinco", NotWhole(), "a decimal in words"),
    ("seven and a half", NotWhole(), "a half in English"),
    ("un 7 y medio", NotWhole(), "a half as people say it"),
    ("-7,5", NotWhole(), "either explanation would do"),
    ("٧", Unclear(), "a seven in Arabic digits: not ours to translate"),
    ("７", Unclear(), "a full-width seven"),
    ("七", Unclear(), "a Chinese seven"),
    ("½", Unclear(), "a fraction sign"),
    ("②", Unclear(), "a circled digit"),
    ("7-8", Unclear(), "two numbers"),
    ("7 u 8", Unclear(), "two numbers"),
    ("7 o 8", Unclear(), "two numbers"),
    ("7 8", Unclear(), "two numbers"),
    ("entre 6 y 7", Unclear(), "two numbers"),
    ("between six and seven", Unclear(), "two numbers"),
    ("casi 7", Unclear(), "not quite a number"),
    ("7/20", Unclear(), "another scale"),
    ("70%", Unclear(), "another scale"),
    ("7/8/9", Unclear(), "three numbers, or a date"),
    (".7", Unclear(), "perhaps 0.7"),
    (",5", Unclear(), "perhaps 0,5"),
    ("7\u0336 8", Unclear(), "a struck-through number"),
    ("\u202e01", Unclear(), "written from right to left it looks like 10"),
    ("+7", Unclear(), "a change rather than a level"),
    ("8 aunque al principio costó", Words(), "number and words: kept as words, asked again"),
    ("7 porque me sentí escuchada", Words(), "number and words"),
    ("Hoy vine con 2 temas", Words(), "a number that is no answer"),
    ("bien", Words(), "words"),
    ("no sé", Words(), "words"),
    ("un poco", Words(), "begins like a number phrase"),
    ("siete veces", Words(), "a count"),
    ("7b", Words(), "not a number"),
    ("", Words(), "nothing"),
    ("...", Words(), "only punctuation"),
    ("👍", Words(), "only an emoji"),
    ("y", Words(), "a connecting word alone is no number"),
    ("7 " * 60, Words(), "too long to be a number"),
]


@pytest.mark.parametrize(("text", "expected", "_reason"), TABLE)
def test_each_answer_is_read_as_the_table_says(text: str, expected: Read, _reason: str) -> None:
    assert read_score(text) == expected


@pytest.mark.parametrize("value", range(11))
def test_every_label_of_the_keyboard_can_be_typed(value: int) -> None:
    assert read_score(str(value)) == Number(value)


@given(st.text())
def test_no_text_raises_or_leaves_the_scale(text: str) -> None:
    read = read_score(text)

    assert not isinstance(read, Number) or 0 <= read.value <= 10


@given(st.text(alphabet="0123456789 .,/-'y🔟٧️\u20e3un", max_size=12))
def test_no_text_of_digits_and_signs_leaves_the_scale(text: str) -> None:
    read = read_score(text)

    assert not isinstance(read, Number) or 0 <= read.value <= 10


@given(st.integers(min_value=11))
def test_every_larger_number_is_out_of_range(number: int) -> None:
    assert read_score(str(number)) in {OutOfRange(), Words()}

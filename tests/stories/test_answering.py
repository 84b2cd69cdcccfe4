"""A patient answers after the session: three taps, a sentence if there is one to write, a summary to correct.

Whatever is typed instead is taken for what it plainly is, and never guessed.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.practice import Practice, data_of, labels, opened, said

NUMBERS = [str(number) for number in range(11)]


@pytest.mark.both
async def test_one_message_is_edited_through_the_three_questions(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question = ana.last()
    texts = [question.text]

    for score in ("7", "6"):
        await practice.taps(ana, score)
        texts.append(ana.last().text)

    assert ana.last() is question
    assert texts == [
        "Sesión de hoy con la Dra. Ruiz · 1 de 3\n¿Se sintió comprendido hoy?\n0 = nada · 10 = del todo",
        "Sesión de hoy con la Dra. Ruiz · 2 de 3\n¿Lo que hicimos tuvo sentido?\n0 = nada · 10 = del todo",
        "Sesión de hoy con la Dra. Ruiz · 3 de 3\n¿Algo quedó pendiente?\n0 = nada · 10 = mucho",
    ]


async def test_the_keyboard_shows_bare_numbers_and_every_way_out(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.session_ends(ruiz)
    assert labels(ana) == [*NUMBERS, "Más tarde", "Esta vez no", "No hubo sesión"]

    await practice.taps(ana, "7")
    assert labels(ana) == [*NUMBERS, "Más tarde", "Esta vez no", "Atrás"]


async def test_back_returns_to_the_question_before_and_the_new_number_counts(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "7", "Atrás", "3")

    assert await practice.scores() == [(1, "understood", 3)]
    assert "2 de 3" in ana.last().text


@pytest.mark.parametrize("typed", ["7", "7/10", "siete", "un 7", " 7. "])
async def test_a_typed_number_counts_and_the_next_question_comes_below(practice: Practice, typed: str) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question = ana.last()

    await practice.says(ana, typed)

    assert await practice.scores() == [(1, "understood", 7)]
    assert "2 de 3" in ana.last().text
    assert question.labels() == []


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("11", "Ese número no está entre 0 y 10."),
        ("-1", "Ese número no está entre 0 y 10."),
        ("7,5", "Aquí solo cabe un número entero."),
        ("7-8", "No sé qué número es."),
        ("٧", "No sé qué número es."),
    ],
)
async def test_a_number_that_cannot_be_taken_is_explained_above_the_question(
    practice: Practice, typed: str, reply: str
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.says(ana, typed)

    assert said(ana)[-2].startswith(reply)
    assert "1 de 3" in ana.last().text
    assert (await practice.scores(), await practice.words()) == ([], [])
    await practice.taps(ana, "7")
    assert await practice.scores() == [(1, "understood", 7)]


async def test_words_where_a_number_is_asked_are_kept_and_the_question_is_shown_again(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question = ana.last()

    await practice.says(ana, "Hoy me costó hablar")

    assert await practice.words() == [("reflection", "Hoy me costó hablar")]
    assert ana.last().text.startswith("Guardado, para que lo lea la Dra. Ruiz.")
    assert "1 de 3" in ana.last().text
    assert question.labels() == []


async def test_much_left_pending_is_asked_about_and_kept_apart(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "9", "9", "7")
    assert ana.last().text.startswith("¿Qué quedó pendiente?")
    await practice.says(ana, "Lo de mi padre")
    await practice.says(ana, "Gracias por hoy")

    assert await practice.words() == [("pending", "Lo de mi padre"), ("reflection", "Gracias por hoy")]


async def test_a_little_left_pending_is_not_asked_about(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "9", "9", "6")

    assert ana.last().text.startswith("Gracias. Si quiere, cuéntelo con sus palabras")
    assert "Listo" in labels(ana)


async def test_listo_passes_over_the_words_and_shows_the_summary(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.answers(ana, 7, 6, 2)

    assert ana.last().text == (
        "Anotado. La Dra. Ruiz podrá verlo antes de la próxima sesión.\n"
        "Comprendido: 7 · Tuvo sentido: 6 · Quedó pendiente: 2"
    )
    assert labels(ana) == ["Corregir"]
    assert await practice.words() == []


async def test_the_summary_says_that_the_words_were_kept(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.answers(ana, 7, 6, 2, words="Fue un buen rato")

    assert ana.last().text.startswith("Anotado, con su comentario. La Dra. Ruiz podrá leerlo")
    assert await practice.words() == [("reflection", "Fue un buen rato")]


@pytest.mark.both
async def test_a_summary_can_be_corrected(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 7, 6, 2)

    await practice.taps(ana, "Corregir", "8", "6", "2", "Listo")

    assert [score for _, _, score in sorted(await practice.scores())] == [2, 6, 8]
    assert "Comprendido: 8" in ana.last().text


async def test_after_a_quarter_of_an_hour_the_summary_stands(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 7, 6, 2)
    correct = data_of(ana.last(), "Corregir")

    await practice.pass_time(timedelta(minutes=15))
    notice = await practice.taps_data(ana, correct)

    assert notice == "Esta pregunta ya se ha cerrado."
    assert labels(ana) == []
    assert await practice.check_ins() == ["done"]


async def test_an_edited_message_changes_the_words_while_the_check_in_is_open(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "7", "6", "2")
    message = await ana.send("Fue bien")
    await practice.settle()

    await practice.edits(ana, message, "Fue bien, casi siempre")

    assert await practice.words() == [("reflection", "Fue bien, casi siempre")]


async def test_an_edit_after_the_closing_changes_nothing_and_says_so(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "7", "6", "2")
    message = await ana.send("Fue bien")
    await practice.settle()
    await practice.pass_time(timedelta(minutes=15))

    await practice.edits(ana, message, "No fue bien")

    assert await practice.words() == [("reflection", "Fue bien")]
    assert "no se ha guardado" in ana.last().text


async def test_editing_a_typed_number_is_not_taken_for_a_late_change(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    message = await ana.send("7")
    await practice.settle()

    await practice.edits(ana, message, "8")

    assert await practice.scores() == [(1, "understood", 7)]
    assert "ya estaba cerrada" not in ana.last().text, "it is still open"
    assert "no se ha guardado" in ana.last().text


async def test_a_question_that_was_deleted_comes_again_when_it_is_needed(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question, seven = ana.last(), data_of(ana.last(), "7")

    await ana.delete(question)
    await practice.taps_data(ana, seven, question)

    assert await practice.scores() == [(1, "understood", 7)]
    assert "2 de 3" in ana.last().text


async def test_a_practice_can_leave_out_the_third_question(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[check_in]\nitems = 2\n") as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)
        assert "1 de 2" in ana.last().text

        await practice.taps(ana, "7", "6")

        assert ana.last().text.startswith("Gracias.")

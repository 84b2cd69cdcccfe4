"""What a patient reads, word by word."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import (
    CheckInState,
    Form,
    Item,
    Register,
    Step,
)
from bot.domain.typed import OutOfRange
from bot.texts import question_version
from handlers import screens_patient as patients
from handlers.actions import ScoreTap
from handlers.keyboards import decode
from handlers.screen import (
    TOAST_AT_MOST,
    Screen,
)
from tests.handlers.gallery import (
    ANSWERED,
    ASKED,
    GIL,
    MARTA,
    NEXT_MORNING,
    NOW,
    RUIZ,
    TEXTS,
    USTED,
    Gallery,
    labels,
    scores,
    view,
    voices,
)

JARGON = re.compile(
    r"alianza|ítem|escala|microchequeo|ruptura|usuario|alliance|\bitem|scale|rupture|\buser\b",
    re.IGNORECASE,
)


def ask(step: Step = Step.UNDERSTOOD) -> Screen:
    return patients.check_in(TEXTS, view(replace(ASKED, step=step)))


class TestThePatient:
    def test_reads_no_jargon(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                assert not JARGON.search(screen.text), name

    def test_reads_short_messages_but_for_consent_leaving_and_help(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                if not name.startswith(
                    ("consent", "help", "crisis untold", "crisis undelivered", "abuse offer", "privacy", "leave")
                ):
                    assert len(screen.text) <= 400, name

    def test_is_never_told_that_an_answer_is_missing(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                assert not re.search(
                    r"todavía no ha|recordatorio|Lamentamos|Genial|éxito", screen.text, re.IGNORECASE
                ), name

    def test_sees_the_question_of_today(self) -> None:
        assert ask().text == (
            "Sesión de hoy con la Dra. Ruiz · 1 de 3\n¿Se sintió comprendida hoy?\n0 = nada · 10 = del todo"
        )

    def test_sees_the_date_instead_of_today_on_another_day(self) -> None:
        screen = patients.check_in(TEXTS, replace(view(), now=NEXT_MORNING))

        assert screen.text.startswith("Sesión del martes 24 con la Dra. Ruiz · 1 de 3\n¿Se sintió comprendida?\n")
        assert "hoy" not in screen.text

    def test_presses_bare_numbers(self) -> None:
        assert labels(ask()) == [
            ["0", "1", "2", "3", "4", "5"],
            ["6", "7", "8", "9", "10"],
            ["Más tarde", "Esta vez no"],
            ["No hubo sesión"],
        ]

    def test_can_go_back_from_the_second_question_on(self) -> None:
        assert labels(ask(Step.SENSE))[-1] == ["Atrás"]
        assert labels(ask(Step.PENDING))[-1] == ["Atrás"]

    def test_answers_the_question_that_the_number_stands_under(self) -> None:
        data = [decode(button.data or "") for row in ask(Step.SENSE).rows[:2] for button in row]

        assert data == [ScoreTap(ASKED.id, Step.SENSE, value) for value in range(11)]

    def test_sees_the_anchor_of_what_was_left(self) -> None:
        assert ask(Step.PENDING).text.endswith("3 de 3\n¿Algo quedó pendiente?\n0 = nada · 10 = mucho")

    def test_with_two_questions_sees_one_of_two(self) -> None:
        two = replace(ASKED, items=(Item.UNDERSTOOD, Item.SENSE))

        assert "· 1 de 2" in patients.check_in(TEXTS, view(two)).text

    @pytest.mark.parametrize(
        ("register", "form", "question"),
        [
            (Register.USTED, Form.COMPRENDIDO, "¿Se sintió comprendido hoy?"),
            (Register.USTED, Form.NEUTRAL, "¿Sintió que le comprendieron hoy?"),
            (Register.TU, Form.COMPRENDIDA, "¿Te sentiste comprendida hoy?"),
            (Register.VOS, Form.NEUTRAL, "¿Sentiste que te comprendieron hoy?"),
        ],
    )
    def test_is_asked_in_the_chosen_register_and_form(self, register: Register, form: Form, question: str) -> None:
        voice = replace(USTED, register=register, form=form)

        assert question in patients.check_in(TEXTS, view(voice=voice)).text

    def test_reads_the_name_with_its_preposition(self) -> None:
        assert "con el Dr. Gil ·" in patients.check_in(TEXTS, view(called=GIL)).text
        assert "con Marta ·" in patients.check_in(TEXTS, view(called=MARTA)).text

    def test_is_invited_to_write_and_told_who_reads_and_when(self) -> None:
        screen = ask(Step.REFLECTION)

        assert screen.text.startswith(
            "Gracias. Si quiere, cuéntelo con sus palabras: qué ayudó, qué sobró, qué quedó pendiente. "
            "Lo leerá la Dra. Ruiz, no ahora mismo."
        )
        assert labels(screen) == [["Listo", "Atrás"]]

    @pytest.mark.parametrize("step", [Step.PENDING_WORDS, Step.REFLECTION])
    def test_is_shown_the_way_to_help_wherever_words_are_invited(self, step: Step) -> None:
        assert ask(step).text.endswith("Aquí no lee nadie en directo. Si necesita ayuda ahora: /ayuda")

    def test_sees_the_answers_with_their_names(self) -> None:
        screen = patients.check_in(TEXTS, view(ANSWERED))

        assert screen.text == (
            "Anotado, con su comentario. La Dra. Ruiz podrá leerlo antes de la próxima sesión.\n"
            "Comprendida: 7 · Tuvo sentido: 6 · Quedó pendiente: 8"
        )
        assert labels(screen) == [["Corregir"]]

    def test_can_no_longer_correct_the_final_summary(self) -> None:
        assert not patients.check_in(TEXTS, view(replace(ANSWERED, state=CheckInState.DONE))).rows

    def test_is_thanked_the_same_for_a_three_and_for_a_ten(self) -> None:
        low, high = (replace(ANSWERED, scores=scores(value, value)) for value in (3, 10))
        texts = [patients.check_in(TEXTS, view(one)).text for one in (low, high)]

        assert texts[0].replace(": 3", ": 10") == texts[1]

    def test_reads_one_sentence_as_a_reminder(self) -> None:
        screen = patients.check_in(TEXTS, replace(view(reminder=True), now=NEXT_MORNING))

        assert screen.text.startswith(
            "Sigue aquí la pregunta sobre la sesión del martes, por si quiere contestar. Si no, está bien así.\n\n"
        )

    def test_hears_when_the_question_comes_back(self) -> None:
        screen = patients.check_in(TEXTS, view(replace(ASKED, ask_again_at=NOW + timedelta(hours=3))))

        assert "Volveré a preguntar hoy a las 21:05." in screen.text
        assert labels(screen) == [["Contestar ahora"]]

    def test_after_crisis_words_is_asked_nothing(self) -> None:
        screen = patients.check_in(TEXTS, view(replace(ASKED, state=CheckInState.STOPPED)))

        assert screen.text == "Las preguntas pueden esperar."
        assert not screen.rows

    def test_can_still_speak_when_the_question_has_closed(self) -> None:
        assert patients.check_in(TEXTS, view(replace(ASKED, state=CheckInState.CLOSED))).text == (
            "Esta pregunta ya se ha cerrado. Si algo de esa sesión le sigue dando vueltas, puede hablarlo en la "
            "próxima, o escribirlo aquí para la Dra. Ruiz."
        )

    def test_reads_a_kind_refusal_of_a_wrong_number(self) -> None:
        assert patients.number_refused(TEXTS, USTED, OutOfRange()).text == (
            "Ese número no está entre 0 y 10. Pulse un botón o escriba uno, sin decimales."
        )

    def test_is_offered_to_leave_words_that_nobody_asked_for(self) -> None:
        screen = patients.words_offer(TEXTS, USTED, RUIZ, 5)

        assert screen.text == (
            "Nadie lee este chat en este momento. ¿Quiere dejarle este mensaje a la Dra. Ruiz? "
            "Sabrá que le ha escrito.\nSi necesita ayuda ahora: /ayuda"
        )
        assert labels(screen) == [["Dejárselo", "No"]]

    def test_an_unasked_check_in_has_no_face(self) -> None:
        with pytest.raises(ValueError, match="no face"):
            patients.check_in(TEXTS, view(replace(ASKED, state=CheckInState.PLANNED)))

    def test_every_toast_fits(self) -> None:
        for voice in voices():
            for toast in (patients.already_answered_toast, patients.closed_toast, patients.not_yours_toast):
                assert 0 < len(toast(TEXTS, voice)) <= TOAST_AT_MOST

    def test_version_of_the_wording_follows_the_day(self) -> None:
        assert question_version(USTED, today=view().today) == "es.usted.comprendida.today.1"
        assert not replace(view(), now=NEXT_MORNING).today

"""What people see: the words of VOICE, what every screen must never do, and Telegram's limits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import (
    Article,
    Called,
    CheckInState,
    EpisodeState,
    Form,
    InvitationId,
    Item,
    Language,
    Register,
    Role,
    Step,
    WordsKind,
)
from bot.domain.safety import help_card
from bot.domain.typed import OutOfRange
from bot.texts import question_version
from handlers import commands
from handlers import screens_alerts as alerts
from handlers import screens_arrival as arrival
from handlers import screens_digest as digests
from handlers import screens_help as helps
from handlers import screens_patient as patients
from handlers.keyboards import DATA_AT_MOST, ReadWords, ScoreTap, decode
from handlers.screen import (
    CAPTION_AT_MOST,
    LABEL_AT_MOST,
    TEXT_AT_MOST,
    TOAST_AT_MOST,
    Screen,
    cut,
    units,
)
from tests.handlers.gallery import (
    ANSWERED,
    ASKED,
    CONCERN,
    EMPTY_WEEK,
    ENGLISH,
    EPISODE,
    FALL,
    GIL,
    MARTA,
    NEXT_MORNING,
    NOW,
    RUIZ,
    TEXTS,
    USTED,
    WEEK,
    Gallery,
    line,
    scores,
    view,
    voices,
    week,
    words,
)

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
HOSTILE = (
    (RUIZ, "P-07"),
    (Called(FAMILY * 200, Article.LA), "Z" * 16),
    (Called("\u202e{ $x } %s <b>*_`" + "W" * 4000, Article.EL), "A-1"),
)
JARGON = re.compile(r"alianza|ítem|escala|microchequeo|ruptura|usuario|alliance|\bitem|scale|rupture|\buser\b", re.I)


def shown() -> Iterator[tuple[str, Screen]]:
    """Give every screen in every voice, with kind and hostile names."""
    for voice in voices():
        for called, code in HOSTILE:
            gallery = Gallery(voice, called, code)
            for name, screen in {**gallery.patients(), **gallery.therapists()}.items():
                yield f"{voice.language} {voice.register} {voice.form}: {name}", screen


ALL = tuple(shown())


def labels(screen: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.rows]


def ask(step: Step = Step.UNDERSTOOD) -> Screen:
    return patients.check_in(TEXTS, view(replace(ASKED, step=step)))


class TestEveryScreen:
    def test_fits_telegrams_limits(self) -> None:
        for name, screen in ALL:
            assert 0 < units(screen.text) <= (CAPTION_AT_MOST if screen.photo else TEXT_AT_MOST), name
            for button in (button for row in screen.rows for button in row):
                assert 0 < len(button.label) <= LABEL_AT_MOST, name
                assert len((button.data or "").encode()) <= DATA_AT_MOST, name
            assert sum(len(row) for row in screen.rows) <= 100, name

    def test_shows_no_leftover_of_a_template(self) -> None:
        for name, screen in ALL:
            assert not re.search(r"\{(?! \$x \})|voz-|\bNone\b", screen.text), name

    def test_sends_data_that_can_be_read_back(self) -> None:
        for name, screen in ALL:
            for button in (button for row in screen.rows for button in row):
                assert decode(button.data or "") is not None, (name, button)

    def test_has_no_blank_ends(self) -> None:
        for name, screen in ALL:
            assert screen.text == screen.text.strip(), name

    def test_keeps_its_spoiler_inside_the_text(self) -> None:
        for name, screen in ALL:
            if screen.spoiler:
                assert sum(screen.spoiler) <= units(screen.text), name
                assert screen.protected, name


class TestThePatient:
    def test_reads_no_jargon(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                assert not JARGON.search(screen.text), name

    def test_reads_short_messages_but_for_consent_and_help(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                if not name.startswith(("consent", "help", "crisis untold")):
                    assert len(screen.text) <= 400, name

    def test_is_never_told_that_an_answer_is_missing(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                assert not re.search(r"todavía no ha|recordatorio|Lamentamos|Genial|éxito", screen.text, re.I), name

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
            "Sigue aquí la pregunta sobre la sesión del martes, por si quiere contestar. Si no, está bien así.\n\nSesión"
        )

    def test_hears_when_the_question_comes_back(self) -> None:
        screen = patients.check_in(TEXTS, view(replace(ASKED, ask_again_at=NOW + timedelta(hours=3))))

        assert "Volveré a preguntar hoy a las 21:05." in screen.text
        assert labels(screen) == [["Contestar ahora"]]

    def test_hears_until_when_to_answer_if_nobody_asks_again(self) -> None:
        toast = patients.too_late_for_later_toast(TEXTS, USTED, NOW + timedelta(hours=2), NOW)

        assert toast == "No volveré a preguntar: puede contestar hasta hoy a las 20:05."

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


class TestHelp:
    def test_comes_first_and_alone_after_crisis_words(self) -> None:
        text = helps.help_card(TEXTS, USTED, help_card("ES")).text

        assert text.startswith("Si está en peligro o piensa en hacerse daño, llame ahora:\n024 · ")
        assert "\n112 · emergencias\n" in text
        assert text.endswith("Esto es un mensaje automático: aquí no hay nadie al otro lado en este momento.")

    def test_puts_the_card_before_the_commands(self) -> None:
        card = helps.help_card(TEXTS, USTED, help_card("ES")).text

        for roles in ((), {Role.PATIENT}, {Role.THERAPIST}, set(Role)):
            assert helps.help_page(TEXTS, USTED, help_card("ES"), roles).text.startswith(card + "\n\n")

    def test_explains_every_command_of_the_role(self) -> None:
        for role in Role:
            spanish = helps.help_page(TEXTS, USTED, help_card("ES"), {role}).text
            english = helps.help_page(TEXTS, ENGLISH, help_card("ES"), {role}).text
            assert all(f"\n/{command}" in spanish for command in commands.of(role))
            assert all(f"\n/{commands.ENGLISH[command]}" in english for command in commands.of(role))

    def test_says_that_the_words_are_kept_and_nothing_it_does_not_know(self) -> None:
        assert helps.crisis_kept(TEXTS, USTED, RUIZ).text == (
            "Lo que ha escrito está guardado y estoy avisando a la Dra. Ruiz. No sé cuándo podrá leerlo. "
            "Las preguntas pueden esperar."
        )
        assert helps.crisis_delivered(TEXTS, USTED, RUIZ).text == "La Dra. Ruiz ya tiene el aviso."

    def test_tells_the_truth_when_nobody_was_told(self) -> None:
        text = helps.crisis_untold(TEXTS, USTED, help_card("ES"), GIL).text

        assert text.endswith("\n\nLo que ha escrito no le ha llegado a nadie, tampoco al Dr. Gil.")

    def test_asks_no_question_after_crisis_words(self) -> None:
        for voice in voices():
            for name, screen in Gallery(voice).patients().items():
                if name.startswith("crisis"):
                    assert "?" not in screen.text

    def test_carries_no_emoji(self) -> None:
        for name, screen in ALL:
            if "crisis kept" in name or "help card" in name:
                assert not re.search("[\N{WATCH}-\N{SPARKLES}\U0001f300-\U0001faff]", screen.text.replace(FAMILY, ""))

    def test_every_command_has_a_description_in_the_menu(self) -> None:
        for role in (*Role, None):
            for voice in (USTED, ENGLISH):
                for command, key in commands.commands(role, voice.language):
                    assert re.fullmatch("[a-z0-9_]{1,32}", command)
                    assert 3 <= len(TEXTS.say(voice, key)) <= 256

    def test_a_stranger_is_offered_help_only(self) -> None:
        assert commands.commands(None, Language.EN) == (("help", "command-ayuda"),)


class TestConsent:
    def text(self, **more: bool) -> str:
        return arrival.consent_text(TEXTS, USTED, RUIZ, timedelta(minutes=15), "consulta@example.org", **more)

    def test_says_what_the_design_asks_for(self) -> None:
        for said in (
            "no hay una persona al otro lado",
            "15 minutos después de cada sesión; si ya es de noche, por la mañana",
            "nunca en directo",
            "No es un servicio de urgencias",
            "no van cifrados de extremo a extremo",
            "avisaré enseguida a la Dra. Ruiz",
            "14 días",
            "/pausa",
            "no cambia nada en su terapia",
            "Los números bajos también ayudan",
            "consulta@example.org",
        ):
            assert said in self.text()

    def test_promises_nothing_that_does_not_exist_yet(self) -> None:
        assert not re.search("/baja|/misdatos|/privacidad", self.text())

    def test_promises_the_morning_only_where_there_are_quiet_hours(self) -> None:
        assert "por la mañana" not in self.text(waits_for_morning=False)

    def test_shows_exactly_what_is_hashed(self) -> None:
        screen = arrival.consent(TEXTS, USTED, RUIZ, InvitationId(1), timedelta(minutes=15), "consulta@example.org")

        assert screen.text == self.text()
        assert labels(screen) == [["Acepto", "Prefiero que no"]]

    @pytest.mark.parametrize(
        ("delay", "said"),
        [
            (timedelta(0), "· Al terminar cada sesión:"),
            (timedelta(minutes=1), "· 1 minuto después"),
            (timedelta(hours=1), "· 1 hora después"),
            (timedelta(minutes=90), "· 90 minutos después"),
        ],
    )
    def test_says_the_delay_as_people_do(self, delay: timedelta, said: str) -> None:
        assert said in arrival.consent_text(TEXTS, USTED, RUIZ, delay)

    def test_therapist_chooses_how_to_be_called(self) -> None:
        for voice in (USTED, ENGLISH):
            screen = arrival.enrol_offer(TEXTS, voice, "Gil", InvitationId(1))
            assert labels(screen) == [["la Gil"], ["el Gil"], ["Gil"]]


class TestAlerts:
    def test_the_push_says_code_and_kind_only(self) -> None:
        screen = alerts.alert(TEXTS, USTED, "P-07", EPISODE.id)

        assert screen.text == "P-07: caída de la alianza percibida."
        assert labels(screen) == [["Ver"]]

    def test_the_detail_shows_the_arithmetic_and_what_comes_first(self) -> None:
        screen = alerts.alert_detail(TEXTS, USTED, FALL)

        assert screen.text == (
            "P-07 · caída de la alianza (regla: 2 puntos o más)\n"
            "24 nov: 6,5   ·   17 nov: 9,0   ·   7 días entre ambas\n"
            "Lo que más bajó: «¿Lo que hicimos tuvo sentido?» 9 → 6\n"
            "Primero la relación: pausa, nombrar lo que tensa, escuchar sin defenderse; después, el rumbo."
        )
        assert labels(screen) == [
            ["Leer sus palabras", "Guía de reparación"],
            ["Lo hablamos", "No era eso", "Visto"],
        ]

    def test_the_detail_counts_the_silence_between(self) -> None:
        text = alerts.alert_detail(TEXTS, USTED, replace(FALL, unanswered_between=1)).text

        assert "Entre ambas hubo 1 sesión sin respuesta." in text

    def test_without_words_there_is_nothing_to_read(self) -> None:
        screen = alerts.alert_detail(TEXTS, USTED, replace(FALL, has_words=False))

        assert labels(screen)[0] == ["Guía de reparación"]

    def test_what_was_seen_can_still_be_talked_about(self) -> None:
        seen = replace(FALL, episode=replace(EPISODE, acknowledged_at=NOW))
        screen = alerts.alert_detail(TEXTS, USTED, seen)

        assert screen.text.endswith("\n\nVisto.")
        assert labels(screen)[1] == ["Lo hablamos", "No era eso"]

    def test_a_closed_alert_asks_for_nothing_more(self) -> None:
        for state in (EpisodeState.FALSE_ALARM, EpisodeState.WITHDRAWN, EpisodeState.REPAIRED):
            screen = alerts.alert_detail(TEXTS, USTED, replace(FALL, episode=replace(EPISODE, state=state)))
            assert len(screen.rows) == 1

    def test_no_alert_speaks_of_a_rupture_or_of_risk(self) -> None:
        for voice in voices():
            for screen in Gallery(voice).therapists().values():
                assert not re.search("ruptura|riesgo|rupture|risk", screen.text, re.I)

    def test_the_repair_guide_keeps_the_order_of_its_source(self) -> None:
        text = alerts.repair_guide(TEXTS, USTED, "P-07", EPISODE.id).text
        steps = ["Parar", "Nombrar", "Validar", "Explorar", "Renegociar", "microacuerdo", "somática"]

        places = [text.index(step) for step in steps]

        assert places == sorted(places)
        assert "Fuente: " in text

    def test_words_lie_under_a_spoiler(self) -> None:
        screen = alerts.alert_words(TEXTS, USTED, EPISODE.id, [words("Iba muy rápido \N{PERSEVERING FACE}.")])
        offset, length = screen.spoiler or (0, 0)
        covered = screen.text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")

        assert covered == "Comentario:\nIba muy rápido \N{PERSEVERING FACE}."
        assert labels(screen) == [["Volver"]]

    def test_long_words_are_read_page_by_page_without_loss(self) -> None:
        said = [words("ñandú " * 680), words("¿y? " * 1000, WordsKind.PENDING)]
        read, page = "", 0
        while True:
            screen = alerts.alert_words(TEXTS, USTED, EPISODE.id, said, page)
            read += screen.text.split("\n\n", 1)[1]
            if "Seguir leyendo" not in labels(screen)[0]:
                break
            action = decode(screen.rows[0][0].data or "")
            assert isinstance(action, ReadWords)
            page = action.page

        assert page > 1
        assert [read.count(word) for word in ("ñandú", "¿y?")] == [680, 1000]

    def test_an_urgent_alert_can_be_acted_on_at_once(self) -> None:
        screen = alerts.concern(TEXTS, USTED, "P-07", CONCERN.id)

        assert screen.text.startswith(
            "P-07: urgente. Ha escrito palabras que pueden hablar de morir o de hacerse daño."
        )
        assert labels(screen) == [["Leer sus palabras", "Lo he visto"]]


class TestDigest:
    def test_begins_with_the_week_and_what_to_look_at_first(self) -> None:
        assert digests.digest(TEXTS, USTED, WEEK).text.split("\n\n")[0] == (
            "Semana del 16 al 22 de noviembre · 5 pacientes, 5 sesiones, 3 respuestas\n"
            "Mirar primero:\n"
            "· P-09 (palabras urgentes sin ver)\n"
            "· P-07 (caída sin hablar todavía)\n"
            "· P-03 (dos sesiones en silencio)\n"
            "· P-05 (quedó algo pendiente: 8)\n"
            "Reparada: P-11 volvió a 9,0"
        )

    def test_gives_every_patient_a_line_in_the_order_of_codes(self) -> None:
        assert digests.digest(TEXTS, USTED, WEEK).text.split("\n\n")[1:] == [
            "P-03 · sin respuesta · 17 nov\n"
            "P-05 · 8,5 · 19 nov\n"
            "P-06 · prefirió no contestar · 20 nov\n"
            "P-07 · 6,5 ↓ · 17 nov · con palabras\n"
            "P-11 · 9,0 ↑ · 18 nov",
            "Contestadas: 3 · Prefirieron no contestar: 1 · Sin respuesta: 1",
        ]

    def test_of_an_empty_week_says_so(self) -> None:
        assert digests.digest(TEXTS, USTED, EMPTY_WEEK).text == (
            "Semana del 16 al 22 de noviembre · sin sesiones apuntadas\n"
            "Una semana en calma: no hay respuestas que mirar. Las sesiones se apuntan con /sesion"
        )

    def test_of_an_empty_week_still_says_what_waits(self) -> None:
        assert "P-07 (palabras urgentes sin ver)" in digests.digest(TEXTS, USTED, week(unseen=(CONCERN,))).text

    def test_keeps_a_few_entries_on_one_line(self) -> None:
        two = week(line("P-07", 17, 13), episodes=(EPISODE,), unseen=(CONCERN,))

        assert "\nMirar primero: P-07 (palabras urgentes sin ver), P-07 (caída sin hablar todavía)\n" in (
            digests.digest(TEXTS, USTED, two).text
        )

    @pytest.mark.parametrize(
        ("history", "silent"),
        [
            ((line("P-03", 10), line("P-03", 17)), True),
            ((line("P-03", 17),), False),
            ((line("P-03", 10), line("P-03", 17, 16)), False),
            ((line("P-03", 3), line("P-03", 10, state=CheckInState.DECLINED), line("P-03", 17)), True),
            ((line("P-03", 10), line("P-03", 17), line("P-03", 20, state=CheckInState.STOPPED)), True),
            ((line("P-03", 1), line("P-03", 2)), False),
        ],
    )
    def test_two_unanswered_in_a_row_are_silence(self, history: tuple[Mapping[str, str], ...], *, silent: bool) -> None:
        assert bool(week(*history).silent) is silent  # type: ignore[arg-type]

    def test_what_is_repaired_needs_no_first_look(self) -> None:
        repaired = week(line("P-07", 17, 18), episodes=(replace(EPISODE, state=EpisodeState.REPAIRED),))

        assert "\nNada que mirar primero.\nReparada: P-07 volvió a 9,0\n" in digests.digest(TEXTS, USTED, repaired).text

    def test_chart_speaks_the_therapists_language(self) -> None:
        assert digests.chart_labels(TEXTS, USTED).number(6.5) == "6,5"
        assert digests.chart_labels(TEXTS, ENGLISH).drop == "fall"


class TestCut:
    @given(st.text(max_size=300), st.integers(1, 200))
    def test_never_exceeds_the_limit_and_never_tears_a_pair(self, text: str, limit: int) -> None:
        shortened = cut(text, limit)

        assert units(shortened) <= limit
        assert shortened == text or text.startswith(shortened.removesuffix("…"))

    @pytest.mark.parametrize(
        "whole",
        [FAMILY, "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "e\u0301", "\U0001f1ea\U0001f1f8"],
    )
    def test_leaves_what_looks_like_one_character_in_one_piece(self, whole: str) -> None:
        for limit in range(10, 60):
            kept = cut(whole * 30, limit).removesuffix("…")
            assert not kept.replace(whole, "")

    def test_cuts_through_an_endless_stack_of_marks(self) -> None:
        assert units(cut("e" + "\u0301" * 9000)) <= TEXT_AT_MOST
        assert len(cut("e" + "\u0301" * 9000)) > 4000

"""Help, crisis and consent, word by word."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import (
    InvitationId,
    Language,
    Role,
)
from bot.domain.safety import help_card
from handlers import commands
from handlers import screens_arrival as arrival
from handlers import screens_help as helps
from handlers.screens_arrival import ConsentTerms
from tests.handlers.gallery import (
    ENGLISH,
    GIL,
    RUIZ,
    TEXTS,
    USTED,
    Gallery,
    labels,
    voices,
)


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
            "Lo que ha escrito está guardado y estoy avisando a la Dra. Ruiz. No sé cuándo podrá leerlo: "
            "esto no es una línea en directo. Las preguntas pueden esperar. Teléfonos de ayuda: /ayuda"
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

    def test_and_alerts_carry_no_emoji(self) -> None:
        for voice in voices():
            for screen in {**Gallery(voice)._help(), **Gallery(voice)._alerts()}.values():
                assert not re.search("[\N{WATCH}-\N{SPARKLES}\U0001f300-\U0001faff]", screen.text)

    def test_every_command_has_a_description_in_the_menu(self) -> None:
        for role in (*Role, None):
            for voice in (USTED, ENGLISH):
                for command, key in commands.commands({role}, voice.language):
                    assert re.fullmatch("[a-z0-9_]{1,32}", command)
                    assert 3 <= len(TEXTS.say(voice, key)) <= 256

    def test_who_is_both_sees_the_therapists_commands_first(self) -> None:
        names = [name for name, _ in commands.commands(set(Role), Language.ES)]

        assert names == [
            *(
                "nuevo",
                "pacientes",
                "sesion",
                "agenda",
                "alertas",
                "resumen",
                "historial",
                "acuerdo",
                "nota",
                "exportar",
                "misdatos",
                "privacidad",
                "ajustes",
                "ayuda",
            ),
            *("pausa", "reanudar", "baja"),
        ]

    def test_a_stranger_is_offered_help_and_the_truth_about_data(self) -> None:
        assert [name for name, _ in commands.commands((), Language.EN)] == ["privacy", "help"]


TERMS = ConsentTerms(timedelta(minutes=15), "consulta@example.org")


class TestConsent:
    def text(self, terms: ConsentTerms = TERMS) -> str:
        return arrival.consent_text(TEXTS, USTED, RUIZ, terms)

    def test_says_what_the_design_asks_for(self) -> None:
        for said in (
            "no hay una persona al otro lado",
            "Llegan 15 minutos después de cada sesión. Si para entonces ya es de noche, llegan por la mañana.",
            "Si los números bajan claramente de una sesión a otra",
            "nunca en directo",
            "No es un servicio de urgencias",
            "no van cifrados de extremo a extremo",
            "avisaré enseguida a la Dra. Ruiz",
            "/pausa",
            "no cambia nada en su terapia",
            "Los números bajos también ayudan",
            "consulta@example.org",
        ):
            assert said in self.text()

    def test_says_who_else_may_know_of_urgent_words(self) -> None:
        assert "puede saberlo otra persona de la consulta: su código, no sus palabras." in self.text()
        assert "otra persona de la consulta, y leer esas palabras." in self.text(replace(TERMS, second_reads=True))

    def test_says_that_words_about_abuse_go_nowhere_by_themselves(self) -> None:
        assert "no guardo ni envío nada hasta que elija a quién. Pero puede que no me dé cuenta" in self.text()
        assert "que no lleva su terapia: Dra. Soto, 600 000 000" in self.text(
            replace(TERMS, other_contact="Dra. Soto, 600 000 000")
        )

    def test_says_how_to_see_the_data_how_to_leave_and_how_long_copies_last(self) -> None:
        for said in ("/misdatos", "/privacidad", "/baja", "duran 14 días"):
            assert said in self.text()

    def test_promises_the_morning_only_where_there_are_quiet_hours(self) -> None:
        assert "por la mañana" not in self.text(replace(TERMS, waits_for_morning=False))

    def test_shows_exactly_what_is_hashed(self) -> None:
        screen = arrival.consent(TEXTS, USTED, RUIZ, InvitationId(1), TERMS)

        assert screen.text == self.text()
        assert labels(screen) == [["Acepto", "Prefiero que no"], ["Mejor de tú", "Mejor de vos"]]

    @pytest.mark.parametrize(
        ("delay", "said"),
        [
            (timedelta(0), "· Llegan al terminar cada sesión."),
            (timedelta(minutes=1), "· Llegan 1 minuto después"),
            (timedelta(hours=1), "· Llegan 1 hora después"),
            (timedelta(minutes=90), "· Llegan 90 minutos después"),
        ],
    )
    def test_says_the_delay_as_people_do(self, delay: timedelta, said: str) -> None:
        assert said in arrival.consent_text(TEXTS, USTED, RUIZ, ConsentTerms(delay))

    def test_therapist_chooses_how_to_be_called(self) -> None:
        for voice in (USTED, ENGLISH):
            screen = arrival.enrol_offer(TEXTS, voice, "Gil", InvitationId(1))
            assert labels(screen)[:3] == [["la Gil"], ["el Gil"], ["Gil"]]

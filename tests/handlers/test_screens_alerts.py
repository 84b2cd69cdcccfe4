"""What a therapist reads of falls, urgent words and the week."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.alliance import Rule
from bot.domain.episodes import LIVE_EPISODE, EpisodeState, Family
from bot.domain.model import (
    EpisodeId,
    WordsKind,
)
from bot.domain.notices_alerts import AlertRaised
from bot.domain.views import Case
from handlers import screens_alerts as alerts
from handlers import screens_following as following
from handlers import screens_urgent as urgent
from handlers.actions_alerts import ReadWords
from handlers.keyboards import decode
from tests.handlers.gallery import (
    CONCERN,
    EPISODE,
    FALL,
    NOW,
    RAISED,
    TEXTS,
    USTED,
    Gallery,
    labels,
    voices,
    words,
)


class TestAlerts:
    def test_the_push_says_code_and_kind_only(self) -> None:
        screen = alerts.alert(TEXTS, USTED, AlertRaised(EPISODE.id, "P-07", again=False))

        assert screen.text == "P-07: caída de la alianza percibida."
        assert labels(screen) == [["Ver"]]

    def test_the_detail_shows_the_arithmetic_and_what_comes_first(self) -> None:
        screen = alerts.alert_detail(TEXTS, USTED, FALL)

        assert screen.text == (
            "P-07 · caída de la alianza (regla: 2 puntos o más)\n"
            "24 nov: 6,5   ·   17 nov: 9,0   ·   7 días entre ambas\n"
            "Lo que más bajó: «¿Lo que hicimos tuvo sentido?» 9 → 6\n"
            "\n"
            "1. Parar y nombrar lo que tensa, sin prisa.\n"
            "2. Validar y explorar primero, sin defenderse, también la parte propia; interpretar, más adelante.\n"
            "3. Renegociar el rumbo y acordar un paso pequeño."
        )
        assert labels(screen) == [
            ["Leer sus palabras", "Guía de reparación"],
            ["Lo hablamos", "No era eso", "Visto"],
        ]

    @pytest.mark.parametrize(
        ("rule", "says"),
        [
            (Rule.ITEM_DROP, "P-07: una de las respuestas ha bajado."),
            (Rule.SLIDE, "P-07: la alianza viene bajando."),
            (Rule.SILENCE, "P-07: sin respuesta después de una caída."),
        ],
    )
    def test_lesser_rules_push_softer_words(self, rule: Rule, says: str) -> None:
        assert alerts.alert(TEXTS, USTED, AlertRaised(EPISODE.id, "P-07", again=False, rule=rule)).text == says

    @pytest.mark.parametrize(
        ("raised", "why"),
        [
            (
                "item drop",
                (
                    "P-07 · una respuesta ha bajado (regla: 3 puntos o más en una de las dos preguntas)\n"
                    "24 nov: 8,0   ·   17 nov: 9,0   ·   7 días entre ambas\n"
                    "Lo que más bajó: «¿Lo que hicimos tuvo sentido?» 9 → 6"
                ),
            ),
            (
                "item drop in part",
                (
                    "P-07 · una respuesta ha bajado (regla: 3 puntos o más en una de las dos preguntas)\n"
                    "24 nov: contestó una de las dos preguntas   ·   se compara con el 17 nov"
                    "   ·   7 días entre ambas\n"
                    "Lo que más bajó: «¿Se sintió comprendida?» 9 → 5"
                ),
            ),
            (
                "slide",
                (
                    "P-07 · la alianza viene bajando (regla: 2 puntos o más por debajo de sus primeras sesiones)\n"
                    "24 nov: 6,0   ·   17 nov: 7,5   ·   7 días entre ambas\n"
                    "Mediana de sus primeras sesiones: 8,2\n"
                    "Lo que más bajó: «¿Se sintió comprendida?» 8 → 6"
                ),
            ),
            (
                "falls",
                (
                    "P-07 · la alianza viene bajando (regla: tres bajadas seguidas que suman 1,5 puntos o más)\n"
                    "24 nov: 7,5   ·   3 nov: 9,0   ·   21 días entre ambas\n"
                    "Lo que más bajó: «¿Lo que hicimos tuvo sentido?» 9 → 7"
                ),
            ),
            (
                "silence",
                (
                    "P-07 · sin respuesta (regla: 2 sesiones seguidas sin respuesta)\n"
                    "2 sesiones seguidas se cerraron sin respuesta; la última, la del 24 nov.\n"
                    "Última respuesta: 10 nov: 9,0   ·   14 días entre ambas"
                ),
            ),
            (
                "silence after a drop",
                (
                    "P-07 · sin respuesta (regla: la primera sesión sin respuesta después de una caída)\n"
                    "La sesión del 24 nov se cerró sin respuesta.\n"
                    "Última respuesta: 17 nov: 6,0   ·   7 días entre ambas"
                ),
            ),
        ],
    )
    def test_every_rule_says_why(self, raised: str, why: str) -> None:
        assert alerts.alert_detail(TEXTS, USTED, RAISED[raised]).text.split("\n\n")[0] == why

    def test_a_silence_is_not_explained(self) -> None:
        text = alerts.alert_detail(TEXTS, USTED, RAISED["silence from the start"]).text

        assert text.split("\n\n")[1] == (
            "El silencio no dice por qué: en la próxima sesión se puede preguntar, sin reproche."
        )

    def test_what_was_talked_about_may_be_called_repaired_and_its_note_be_read(self) -> None:
        talked = replace(FALL, episode=replace(EPISODE, state=EpisodeState.TALKED, noted=True))

        assert labels(alerts.alert_detail(TEXTS, USTED, talked)) == [
            ["Leer sus palabras", "Guía de reparación", "Leer la nota"],
            ["Reparada", "No era eso"],
        ]

    def test_a_silence_ends_with_an_answer_and_not_by_saying_so(self) -> None:
        view = RAISED["silence"]
        talked = replace(view, episode=replace(view.episode, state=EpisodeState.TALKED))

        assert labels(alerts.alert_detail(TEXTS, USTED, talked))[1] == ["No era eso"]

    def test_the_detail_counts_the_silence_between(self) -> None:
        text = alerts.alert_detail(TEXTS, USTED, replace(FALL, finding=replace(FALL.finding, unanswered=1))).text

        assert "Entre ambas hubo 1 sesión sin respuesta." in text

    def test_without_words_there_is_nothing_to_read(self) -> None:
        screen = alerts.alert_detail(TEXTS, USTED, replace(FALL, has_words=False))

        assert labels(screen)[0] == ["Guía de reparación"]

    def test_what_was_seen_can_still_be_talked_about(self) -> None:
        seen = replace(FALL, episode=replace(EPISODE, state=EpisodeState.SEEN, acknowledged_at=NOW))
        screen = alerts.alert_detail(TEXTS, USTED, seen)

        assert screen.text.endswith("\n\nVisto.")
        assert labels(screen)[1] == ["Lo hablamos", "No era eso"]

    def test_a_closed_alert_asks_for_nothing_more(self) -> None:
        for state in set(EpisodeState) - set(LIVE_EPISODE):
            screen = alerts.alert_detail(TEXTS, USTED, replace(FALL, episode=replace(EPISODE, state=state)))
            assert len(screen.rows) == 1

    def test_two_alerts_of_one_patient_have_two_buttons_that_say_which(self) -> None:
        silence = replace(EPISODE, id=EpisodeId(2), rule=Rule.SILENCE, family=Family.SILENCE)
        other = replace(EPISODE, id=EpisodeId(3), code="P-08")

        screen = following.following(TEXTS, USTED, (), (EPISODE, silence, other), NOW)

        assert labels(screen) == [["Ver P-07: caída"], ["Ver P-07: silencio"], ["Ver P-08"]]

    def test_no_alert_speaks_of_a_rupture_or_of_risk(self) -> None:
        for voice in voices():
            for screen in Gallery(voice).therapists().values():
                assert not re.search("ruptura|riesgo|rupture|risk", screen.text, re.IGNORECASE)

    def test_the_repair_guide_keeps_the_order_of_its_source(self) -> None:
        text = alerts.repair_guide(TEXTS, USTED, "P-07", EPISODE.id).text
        steps = ["Parar", "Nombrar", "Validar", "Explorar", "Renegociar", "microacuerdo", "somática"]

        places = [text.index(step) for step in steps]

        assert places == sorted(places)
        assert "Fuentes: " in text

    def test_words_lie_under_a_spoiler(self) -> None:
        screen = alerts.alert_words(TEXTS, USTED, EPISODE.id, [words("Iba muy rápido \N{PERSEVERING FACE}.")])
        offset, length = screen.spoiler or (0, 0)
        covered = screen.text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")

        assert covered == "Comentario:\nIba muy rápido \N{PERSEVERING FACE}."
        assert labels(screen) == [["Volver"]]

    def test_counts_the_days_between_the_dates_it_shows(self) -> None:
        assert FALL.finding.previous is not None
        late = replace(FALL.finding.previous, session_at=datetime(2026, 11, 17, 21, 0, tzinfo=UTC))
        early = replace(FALL.finding.current, session_at=datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
        view = replace(FALL, finding=replace(FALL.finding, previous=late, current=early))

        assert "7 días entre ambas" in alerts.alert_detail(TEXTS, USTED, view).text

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
        screen = urgent.alert(TEXTS, USTED, Case(CONCERN), NOW)

        assert screen.text.startswith("P-07: urgente. Ha escrito algo que puede hablar de morir o de hacerse daño.")
        assert labels(screen) == [["Leer sus palabras", "Lo he visto"]]

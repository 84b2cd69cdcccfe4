"""What a therapist reads of falls, urgent words and the week."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.model import (
    EpisodeState,
    WordsKind,
)
from bot.domain.views import Case
from handlers import screens_alerts as alerts
from handlers import screens_urgent as urgent
from handlers.actions import ReadWords
from handlers.keyboards import decode
from tests.handlers.gallery import (
    CONCERN,
    EPISODE,
    FALL,
    NOW,
    TEXTS,
    USTED,
    Gallery,
    labels,
    voices,
    words,
)


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
                assert not re.search("ruptura|riesgo|rupture|risk", screen.text, re.IGNORECASE)

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

    def test_counts_the_days_between_the_dates_it_shows(self) -> None:
        late = replace(FALL.previous, session_at=datetime(2026, 11, 17, 21, 0, tzinfo=UTC))
        early = replace(FALL.current, session_at=datetime(2026, 11, 24, 7, 0, tzinfo=UTC))

        assert (
            "7 días entre ambas" in alerts.alert_detail(TEXTS, USTED, replace(FALL, previous=late, current=early)).text
        )

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

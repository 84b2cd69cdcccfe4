"""The digest, word for word: a rich week, a quiet one, an empty one, and one that fills several messages."""

from dataclasses import replace

import pytest

from bot.domain.alliance import Rule, Rules
from bot.domain.model import CheckInId, Points, Register
from handlers.actions import ReadWritten
from handlers.actions_reports import OpenAlert, OpenHistory
from handlers.keyboards import decode
from handlers.panels import digest_pictures, zone_of_drops
from handlers.screen import TEXT_AT_MOST, Screen, pages, units
from handlers.screens_digest import chart_labels, digest
from tests.handlers.gallery import CONCERN, ENGLISH, NOW, TEXTS, USTED, labels
from tests.handlers.weeks import (
    AGREEMENTS,
    FULL_WEEK,
    NO_WEEK,
    QUIET_WEEK,
    RICH,
    RICH_EPISODES,
    RICH_WEEK,
    ended,
    on,
    week,
)

TU, VOS = replace(USTED, register=Register.TU), replace(USTED, register=Register.VOS)
URGENT = (replace(CONCERN, code="P-05"), replace(CONCERN, code="P-06", seen_at=NOW))

CUT = (
    "Cuando el pecho se cierra, paramos y respiramos; y lo decimos, aunque sea con una palabra: "
    "para, o espera, o más despac…"
)
"""So much of a long agreement is told."""

RICH_TEXT = """\
Semana del 16 al 22 de noviembre · 13 pacientes, 13 sesiones, 9 respuestas
Mirar primero:
· P-05 (palabras urgentes sin ver; quedó algo pendiente el 19 nov: 8)
· P-06 (palabras urgentes, sin contactar todavía)
· P-01 (caída, aviso sin ver)
· P-13 (silencio, aviso sin ver)
· P-10 (descenso poco a poco sin hablar todavía)
· P-02 (caída sin reparar)
· P-03 (dos sesiones en silencio)
· P-07 (quedó algo pendiente el 17 nov, con palabras)
· P-08 (primera respuesta baja: 6,0)
Hablado, todavía abierto: P-04
Reparada: P-11 volvió a 9,0
Acuerdos:
· P-01: «Una pauta de sueño» (17 nov)
· P-07: «{cut}» (17 nov)
P-09: solo dieces en las últimas sesiones. {ask} una crítica pequeña.

P-01 · 6,0 ↓ · 17 nov · con palabras
P-02 · 6,5 ↑ · 17 nov
P-03 · sin respuesta · 17 nov
P-04 · 7,0 ↑ · 19 nov
P-05 · 8,5 ↑ · 19 nov
P-06 · prefirió no contestar · 20 nov · con palabras
P-07 · 9,0 → · 17 nov
P-08 · 6,0 · 17 nov
P-09 · 10,0 → · 17 nov
P-10 · 8,5 ↓ · 20 nov
P-11 · 9,0 ↑ · 18 nov
P-12 · por contestar · 19 nov
P-13 · sin respuesta · 17 nov

Contestadas: 9 · Prefirieron no contestar: 1 · Sin respuesta: 2
De 6 avisos por caída, 2 no eran eso.
De 5 avisos por caída en una pregunta, ninguno se descartó."""

RICH_ENGLISH = """\
Week 16–22 November · 13 patients, 13 sessions, 9 answers
Look at first:
· P-05 (urgent words not seen yet; something was left unfinished on 19 Nov: 8)
· P-06 (urgent words, not contacted yet)
· P-01 (drop, alert not seen)
· P-13 (silence, alert not seen)
· P-10 (slow decline not talked about yet)
· P-02 (drop not repaired)
· P-03 (two sessions in silence)
· P-07 (something was left unfinished on 17 Nov, in words)
· P-08 (low first answer: 6.0)
Talked about, still open: P-04
Repaired: P-11 is back at 9.0
Agreements:
· P-01: “Una pauta de sueño” (17 Nov)
· P-07: “{cut}” (17 Nov)
P-09: nothing but tens in the last sessions. Ask for a small criticism.

P-01 · 6.0 ↓ · 17 Nov · with words
P-02 · 6.5 ↑ · 17 Nov
P-03 · no answer · 17 Nov
P-04 · 7.0 ↑ · 19 Nov
P-05 · 8.5 ↑ · 19 Nov
P-06 · preferred not to answer · 20 Nov · with words
P-07 · 9.0 → · 17 Nov
P-08 · 6.0 · 17 Nov
P-09 · 10.0 → · 17 Nov
P-10 · 8.5 ↓ · 20 Nov
P-11 · 9.0 ↑ · 18 Nov
P-12 · not answered yet · 19 Nov
P-13 · no answer · 17 Nov

Answered: 9 · Preferred not to: 1 · No answer: 2
Of 6 alerts (drop), 2 were something else.
Of 5 alerts (drop in one question), none was set aside."""


def one(screens: list[Screen]) -> Screen:
    (screen,) = screens
    return screen


@pytest.mark.parametrize(("voice", "ask"), [(USTED, "Pida"), (TU, "Pide"), (VOS, "Pedí")], ids=["usted", "tú", "vos"])
def test_a_rich_week_word_for_word(voice: object, ask: str) -> None:
    view = replace(RICH_WEEK, urgent=URGENT)

    assert one(digest(TEXTS, voice, view)).text == RICH_TEXT.replace("{ask}", ask).replace("{cut}", CUT)  # type: ignore[arg-type]


def test_a_rich_week_in_english_word_for_word() -> None:
    assert one(digest(TEXTS, ENGLISH, replace(RICH_WEEK, urgent=URGENT))).text == RICH_ENGLISH.replace("{cut}", CUT)


def test_a_quiet_week_word_for_word() -> None:
    assert one(digest(TEXTS, USTED, QUIET_WEEK)).text == (
        "Semana del 16 al 22 de noviembre · 2 pacientes, 2 sesiones, 2 respuestas\n"
        "Nada que mirar primero.\n\n"
        "P-07 · 8,5 ↑ · 18 nov\n"
        "P-09 · 9,0 → · 19 nov\n\n"
        "Contestadas: 2 · Prefirieron no contestar: 0 · Sin respuesta: 0"
    )


def test_an_empty_week_says_so() -> None:
    screen = one(digest(TEXTS, USTED, NO_WEEK))

    assert screen.text == (
        "Semana del 16 al 22 de noviembre · sin sesiones anotadas\n"
        "Una semana en calma: no hay respuestas que mirar. Las sesiones se anotan con /sesion"
    )
    assert labels(screen) == []


def test_an_empty_week_still_says_what_waits() -> None:
    open_ = replace(NO_WEEK, urgent=URGENT, episodes=RICH_EPISODES[:1])

    assert "\nMirar primero: P-05 (palabras urgentes sin ver), " in one(digest(TEXTS, USTED, open_)).text
    assert "P-01 (caída, aviso sin ver)" in one(digest(TEXTS, USTED, open_)).text


def test_the_next_steps_are_on_buttons_the_most_pressing_first() -> None:
    screen = one(digest(TEXTS, USTED, RICH_WEEK))

    assert labels(screen) == [
        ["Ver P-01", "Ver P-13", "Ver P-10"],
        ["Ver P-02", "Ver P-04"],
        ["Leer: P-01, 17 nov", "Leer: P-06, 20 nov"],
        ["Historial"],
    ]
    assert [decode(line[0].data or "") for line in screen.rows] == [
        OpenAlert(RICH_EPISODES[0].id),
        OpenAlert(RICH_EPISODES[1].id),
        ReadWritten(CheckInId(101)),
        OpenHistory(),
    ]


def test_a_week_of_forty_patients_comes_in_several_messages_with_the_buttons_under_the_last() -> None:
    screens = digest(TEXTS, USTED, FULL_WEEK)
    whole = "\n".join(screen.text for screen in screens)

    assert len(screens) == 2
    assert screens[0].text.startswith("Semana del 16 al 22 de noviembre · 40 pacientes, 120 sesiones, 120 respuestas\n")
    assert whole.count("\nCENTRO-SUR-") == 120, "every line is there, and none is torn"
    assert screens[1].text.endswith("Contestadas: 120 · Prefirieron no contestar: 0 · Sin respuesta: 0")
    assert [bool(screen.rows) for screen in screens] == [False, True]
    assert sum(map(len, screens[1].rows)) <= 15


def test_one_agreement_stands_beside_its_title() -> None:
    agreed = replace(RICH_WEEK, agreements=AGREEMENTS[:1])

    assert "\nAcuerdos: P-01: «Una pauta de sueño» (17 nov)\n" in one(digest(TEXTS, USTED, agreed)).text


def test_a_repair_that_was_only_said_has_no_number() -> None:
    said = replace(RICH_EPISODES[4], level_before=Points(20))

    assert "\nReparada: P-11\n" in one(digest(TEXTS, USTED, week(RICH, said))).text


def test_who_answers_again_after_a_silence_is_not_called_back_at_a_number() -> None:
    again = replace(RICH_EPISODES[5], state=RICH_EPISODES[4].state)

    assert "\nDe nuevo contesta: P-13\n" in one(digest(TEXTS, USTED, week(RICH, again))).text


def test_what_did_not_leave_and_what_could_not_arrive_is_said_apart() -> None:
    text = one(digest(TEXTS, USTED, replace(QUIET_WEEK, late=2, unreachable=1))).text

    assert text.endswith(
        "2 preguntas no salieron a tiempo: el bot o Telegram no funcionaban. No cuentan como silencio.\n"
        "1 pregunta no pudo llegar: el chat está bloqueado o la cuenta, cerrada."
    )


def test_the_chart_speaks_the_therapists_language() -> None:
    assert chart_labels(TEXTS, USTED).number(6.5) == "6,5"
    assert chart_labels(TEXTS, ENGLISH).drop == "drop"


def test_the_zone_of_the_chart_is_the_rules() -> None:
    assert zone_of_drops(Rules()) == 2.0
    assert zone_of_drops(Rules(drop=Points(3))) == 1.5
    assert zone_of_drops(Rules(on=frozenset({Rule.SLIDE}))) is None


def test_pages_are_divided_between_lines_and_lose_none() -> None:
    lines = [f"{number} " + "ñ" * 90 for number in range(200)]

    found = pages("\n".join(lines))

    assert all(units(page) <= TEXT_AT_MOST for page in found)
    assert "\n".join(found).split("\n") == lines


def test_a_line_too_long_for_a_message_is_continued_in_the_next() -> None:
    found = pages("a\n" + "🙂" * 3000, 4096)

    assert "".join(found).replace("\n", "") == "a" + "🙂" * 3000
    assert all(0 < units(page) <= TEXT_AT_MOST for page in found)


async def test_more_patients_than_one_picture_shows_are_several_titled_pictures() -> None:
    few, many = ({f"P-{number:02}": [on(17, 8, 8)] for number in range(1, count + 1)} for count in (1, 13))

    assert len(await digest_pictures(TEXTS, USTED, week(few))) == 1
    pictures = await digest_pictures(TEXTS, USTED, week(many))

    assert len(pictures) == 2
    assert all((picture.photo or b"").startswith(b"\x89PNG") for picture in pictures)


async def test_who_has_had_no_session_for_long_has_no_panel() -> None:
    old = week({"P-07": [on(-300, 8, 8)]})

    assert await digest_pictures(TEXTS, USTED, replace(old, charted_since=ended(-180))) == []

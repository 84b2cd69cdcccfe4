"""A patient's history on a phone: every line of the table fits, and what can be opened is on buttons."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.alliance import Outcome, Rule
from bot.domain.episodes import EpisodeState
from bot.domain.histories import rows
from bot.domain.model import CheckInId, CheckInState, PatientState
from handlers.actions import ReadWritten
from handlers.actions_reports import HistoryPage, OpenAlert, PickHistory
from handlers.keyboards import decode
from handlers.screen import Screen
from handlers.screens_history import LINE_AT_MOST, history, pick
from tests.handlers.gallery import ENGLISH, TEXTS, USTED, labels, patient, voices
from tests.handlers.weeks import DECLINED, Sessions, ended, episode, lines_of, not_answered, on
from tests.handlers.weeks import history as of

SESSIONS: Sessions = {
    "P-07": [
        on(-310, 7, 8, 0),
        on(1, 9, 9, 2, words=True),
        on(8, 6, 6, 8, words=True),
        not_answered(15),
        not_answered(22, DECLINED),
        on(29, 9, 9),
    ]
}


def table(screen: Screen) -> list[str]:
    """Return the lines in letters of one width."""
    assert screen.fixed is not None
    offset, length = screen.fixed
    units = screen.text.encode("utf-16-le")[2 * offset : 2 * (offset + length)]
    return units.decode("utf-16-le").split("\n")


def test_a_history_word_for_word() -> None:
    repaired = episode(SESSIONS, "P-07", 2, EpisodeState.REPAIRED)
    open_ = episode(SESSIONS, "P-07", 5, EpisodeState.SEEN, Rule.SLIDE)

    screen = history(TEXTS, USTED, of(SESSIONS, "P-07", repaired, open_))

    assert screen.text == (
        "P-07 · 6 sesiones preguntadas\n"
        "2026    Com Sen Pen  Alianza\n"
        "29 nov    9   9   –      9,0 ▼\n"
        "22 nov  prefirió no contestar\n"
        "15 nov  sin respuesta\n"
        "8 nov     6   6   8      6,0 ▼\n"
        "1 nov     9   9   2      9,0\n"
        "2025\n"
        "25 dic    7   8   0      7,5\n"
        "Com: hubo comprensión · Sen: tuvo sentido · Pen: quedó pendiente (10 = mucho)\n"
        "▼ caída\n"
        "Abierto: descenso poco a poco sin hablar todavía"
    )
    assert screen.protected


def test_repairs_are_marked_and_explained() -> None:
    repaired = episode(SESSIONS, "P-07", 2, EpisodeState.REPAIRED)

    text = history(TEXTS, ENGLISH, of(SESSIONS, "P-07", repaired)).text

    assert "29 Nov    9   9   –      9.0 △\n" in text
    assert "▼ drop · △ repaired" in text


def test_what_was_written_and_what_is_open_is_on_buttons() -> None:
    open_ = episode(SESSIONS, "P-07", 2, EpisodeState.OPEN)
    closed = episode(SESSIONS, "P-07", 5, EpisodeState.FALSE_ALARM)

    screen = history(TEXTS, USTED, of(SESSIONS, "P-07", open_, closed))

    assert labels(screen) == [["Ver P-07"], ["Leer: 8 nov", "Leer: 1 nov"]]
    assert [decode(button.data or "") for row in screen.rows for button in row] == [
        OpenAlert(open_.id),
        ReadWritten(CheckInId(102)),
        ReadWritten(CheckInId(101)),
    ]


def test_long_histories_are_paged_newest_first() -> None:
    view = of({"P-07": [on(day, 8, 8) for day in range(-200, 0, 7)]}, "P-07")
    first, last = history(TEXTS, USTED, view), history(TEXTS, USTED, view, 2)

    assert first.text.startswith("P-07 · 29 sesiones preguntadas, de la 1 a la 12\n")
    assert last.text.startswith("P-07 · 29 sesiones preguntadas, de la 25 a la 29\n")
    assert (labels(first), labels(last)) == ([["Anteriores"]], [["Más recientes"]])
    assert decode(first.rows[0][0].data or "") == HistoryPage(view.patient_id, 1)
    assert labels(history(TEXTS, USTED, view, 1)) == [["Más recientes", "Anteriores"]]
    assert history(TEXTS, USTED, view, 99) == last, "a button of a longer history leads to the last page"


def test_every_line_fits_a_phone_whatever_became_of_the_session() -> None:
    unanswered = [state for state in CheckInState if state is not CheckInState.DONE]
    every = {"P-07": [on(-1, 10, 10, 10), on(0, 3, 3), *(not_answered(1, state) for state in unanswered)]}

    for voice in voices():
        for line in table(history(TEXTS, voice, of(every, "P-07"))):
            assert len(line) <= LINE_AT_MOST, line
            assert "…" not in line


def test_days_are_those_of_the_readers_clock() -> None:
    view = of({"P-07": [on(5, 8, 8)]}, "P-07")
    late = replace(view, rows=[replace(view.rows[0], session_ends_at=datetime(2026, 11, 5, 23, 30, tzinfo=UTC))])

    assert ended(5).day == 5
    assert table(history(TEXTS, USTED, late))[1].startswith("6 nov ")


def test_without_sessions_it_says_so() -> None:
    assert history(TEXTS, USTED, of({"P-07": []}, "P-07")).text == ("P-07: todavía no hay sesiones preguntadas.")


def test_whose_history_is_asked_with_buttons() -> None:
    one = patient(PatientState.ACTIVE, "P-07")
    screen = pick(TEXTS, USTED, [one])

    assert screen.text == "¿El historial de quién? También se puede escribir /historial P-07"
    assert decode(screen.rows[0][0].data or "") == PickHistory(one.id)


def test_what_a_session_scored_that_is_not_compared_stands_without_an_alliance() -> None:
    whole = of({"P-07": [on(5, 8, 8)]}, "P-07")
    cut = [replace(entry, outcome=Outcome.PASSED) for entry in whole.course]
    lines = lines_of({"P-07": [on(5, 8, 8)]})

    view = replace(whole, course=cut, rows=rows(cut, lines))

    assert table(history(TEXTS, USTED, view))[1] == "5 nov     8   8   –        –"

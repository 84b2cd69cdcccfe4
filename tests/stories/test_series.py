"""Sessions that repeat: one line or four taps, and the bot asks after each; one can differ without the others."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.domain.model import PatientId
from handlers.actions_agenda import MoveHour, PickSeries
from handlers.keyboards import encode
from tests.practice import TUESDAY, Practice, data_of, labels, said

WEEK = timedelta(days=7)
EVERY_TUESDAY = "/sesion P-07 cada martes 17:00 50m"
"""Said on Tuesday 17 November 2026 at 17:00: the first is a week later."""


async def starts(practice: Practice, state: str = "planned") -> list[str]:
    """Return when sessions begin (UTC, to the minute), in order."""
    rows = await practice.rows("SELECT starts_at FROM sessions WHERE state = :state ORDER BY starts_at", state=state)
    return [row["starts_at"][:16] for row in rows]


def tuesdays(number: int, hour: int = 16) -> list[str]:
    """Return the coming Tuesdays, from 24 November on."""
    first = datetime(2026, 11, 24, hour)  # noqa: DTZ001 - as the database writes it
    return [f"{first + week * WEEK:%Y-%m-%dT%H:%M}" for week in range(number)]


async def opened_session(practice: Practice, phone: Phone, label: str) -> None:
    """Open a session in `/agenda`."""
    await practice.says(phone, "/agenda")
    await practice.taps(phone, label)


async def test_one_line_notes_eight_weeks_and_says_what_it_understood(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, EVERY_TUESDAY)

    assert ruiz.last().text == (
        "P-07 · cada martes a las 17:00 (hora de Madrid).\n"
        "La primera, el martes 24 de noviembre a las 17:00.\n"
        "Preguntaré después de cada una."
    )
    assert await starts(practice) == tuesdays(8)


async def test_four_taps_note_a_weekly_series(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion")
    await practice.taps(ruiz, "P-07", "Cada semana", "mar 24 nov", "17:00")

    assert ruiz.last().text.startswith("P-07 · cada martes a las 17:00 (hora de Madrid).")
    assert await starts(practice) == tuesdays(8)


async def test_a_half_of_the_day_that_is_open_is_asked_with_two_buttons(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 cada martes a las 8, 90m, cada dos semanas, 4 veces")
    assert ruiz.last().text == (
        "P-07 · no sé si es de la mañana o de la tarde. ¿A qué hora empieza cada sesión? Durará 90 minutos."
    )
    assert labels(ruiz) == ["8:00", "20:00"]
    await practice.taps(ruiz, "8:00")

    assert ruiz.last().text.startswith("P-07 · cada 2 semanas, martes a las 8:00, 4 veces (hora de Madrid).")
    assert await starts(practice) == [f"2026-{day}T07:00" for day in ("11-24", "12-08", "12-22")] + ["2027-01-05T07:00"]


async def test_two_weekdays_are_asked_whether_they_repeat(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 martes y jueves 10:00")
    assert ruiz.last().text == (
        "P-07 · martes y jueves: ¿cada semana, o solo esta vez (jue 19 nov y mar 24 nov)? "
        "Cada sesión durará 50 minutos."
    )
    assert labels(ruiz) == ["Cada semana · 10:00", "Solo esta vez · 10:00"]
    await practice.taps(ruiz, "Cada semana · 10:00")

    assert ruiz.last().text.startswith("P-07 · cada martes y jueves a las 10:00 (hora de Madrid).")
    assert len(await starts(practice)) == 16


async def test_two_weekdays_that_do_not_repeat_are_two_sessions(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 martes y jueves 10:00")
    await practice.taps(ruiz, "Solo esta vez · 10:00")
    await practice.pass_time(2 * WEEK)

    assert await starts(practice) == ["2026-11-19T09:00", "2026-11-24T09:00"]


async def test_each_half_of_the_day_says_its_own_first_days(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 martes y jueves a las 8")
    assert "solo esta vez (8:00: jue 19 nov y mar 24 nov; 20:00: mar 17 nov y jue 19 nov)?" in ruiz.last().text
    await practice.taps(ruiz, "Solo esta vez · 20:00")

    assert await starts(practice) == ["2026-11-17T19:00", "2026-11-19T19:00"]


async def test_a_button_of_a_line_that_is_too_old_notes_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 martes y jueves 10:00")
    question = ruiz.last()

    await practice.pass_time(timedelta(days=3))
    tap = await ruiz.tap("Cada semana · 10:00", message=question)
    await practice.settle()

    assert await tap.answered() == "Este botón ya no sirve."
    assert await starts(practice) == []


async def test_a_rule_that_no_button_offers_is_refused(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 martes y jueves 10:00")
    tomorrow = date(2026, 11, 18)

    for rule in (
        PickSeries(PatientId(1), tomorrow, time(10), 50, (2,), 1, tomorrow - timedelta(days=1)),
        PickSeries(PatientId(1), tomorrow + timedelta(days=400), time(10), 50, (2,), 1, None),
        PickSeries(PatientId(2), tomorrow, time(10), 50, (2,), 1, None),
    ):
        assert await practice.taps_data(ruiz, encode(rule)) == "Este botón ya no sirve."

    assert await starts(practice) == []


async def test_every_day_the_week_that_comes_into_sight_is_made(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await practice.go_to(TUESDAY + 3 * WEEK)

    assert await starts(practice) == tuesdays(11)


async def test_after_weeks_away_nothing_is_missing_and_nothing_twice(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.stop()
    practice.clock.advance(5 * WEEK)
    await practice.start()
    await practice.pass_time(timedelta(days=1))

    assert sorted(await starts(practice)) == tuesdays(13)


@pytest.mark.parametrize(
    ("line", "number"),
    [("cada martes 17:00 3 veces", 3), ("cada martes 17:00 hasta el 8/12", 3), ("martes 17:00 cada dos semanas", 4)],
    ids=["count", "until", "every other week"],
)
async def test_a_series_ends_where_it_was_said(practice: Practice, line: str, number: int) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, f"/sesion P-07 {line}")
    await practice.pass_time(timedelta(days=1))

    assert len(await starts(practice)) == number


async def test_deshacer_takes_back_the_whole_series(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await practice.taps(ruiz, "Deshacer")
    await practice.go_to(TUESDAY + 2 * WEEK)

    assert "Las 8 sesiones que quedaban están anuladas" in "\n".join(said(ruiz))
    assert await starts(practice) == []
    assert await practice.check_ins() == ["cancelled"] * 8


async def test_where_a_session_is_already_none_is_added(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 1/12/2026 17:15 50m")

    await practice.says(ruiz, EVERY_TUESDAY)

    assert "Una no queda anotada: se cruza con otra sesión de ese código." in ruiz.last().text
    assert len(await starts(practice)) == 8


async def test_what_was_left_out_is_made_once_the_other_session_is_taken_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 1/12/2026 17:15 50m")
    other = ruiz.last()
    await practice.says(ruiz, EVERY_TUESDAY)

    await practice.taps_data(ruiz, data_of(other, "Deshacer"), other)
    assert await starts(practice) == tuesdays(8)
    await practice.go_to(TUESDAY + WEEK)

    assert await starts(practice) == tuesdays(9)


async def test_what_was_left_out_is_made_once_the_other_series_is_taken_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 martes 17:00 cada dos semanas")
    mistaken = ruiz.last()
    await practice.says(ruiz, EVERY_TUESDAY)
    assert "4 no quedan anotadas" in ruiz.last().text

    await practice.taps_data(ruiz, data_of(mistaken, "Deshacer"), mistaken)
    assert await starts(practice) == tuesdays(8)
    await practice.go_to(TUESDAY + WEEK)

    assert await starts(practice) == tuesdays(9)


async def test_what_another_session_took_the_place_of_stays_out_when_that_is_called_off(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 24/11/2026 17:15 50m")
    await practice.says(ruiz, EVERY_TUESDAY)

    await opened_session(practice, ruiz, "24 nov · 17:15 · P-07")
    await practice.taps(ruiz, "Anular")

    assert await starts(practice) == tuesdays(8)[1:]


async def test_one_that_was_moved_stays_moved_and_asks_once_at_the_new_time(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Mover", "jue 26 nov", "12:00")
    before = len(ana.messages)
    await practice.go_to(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    assert len(ana.messages) == before, "nothing is asked at the old time"
    await practice.go_to(datetime(2026, 11, 26, 12, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert (await starts(practice))[:2] == ["2026-11-26T11:00", "2026-12-01T16:00"]


async def test_one_that_was_cancelled_asks_nothing_and_the_others_go_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Anular")
    before = len(ana.messages)
    await practice.go_to(datetime(2026, 12, 1, 16, 55, tzinfo=UTC))
    assert len(ana.messages) == before
    await practice.go_to(datetime(2026, 12, 1, 17, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert (await practice.check_ins())[:2] == ["cancelled", "open"]


async def test_a_cancelled_one_takes_place_after_all(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Anular", "Sí tiene lugar")
    await practice.go_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text


async def test_a_series_ends_from_here_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.go_to(TUESDAY + WEEK)

    await opened_session(practice, ruiz, "1 dic · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Terminar aquí")

    assert ruiz.last().text == (
        "P-07: la serie termina. Las 8 sesiones que quedaban están anuladas y no se preguntará por ellas."
    )
    assert labels(ruiz) == ["Deshacer"]
    assert await starts(practice) == tuesdays(1)
    await practice.go_to(TUESDAY + 4 * WEEK)
    assert await starts(practice) == tuesdays(1), "no daily look makes more of them"
    assert (await practice.check_ins()).count("cancelled") == 8
    await practice.says(ruiz, "/agenda")
    assert "P-07" not in ruiz.last().text, "what was taken back is not shown"


async def test_a_series_changes_from_here_on_and_weeks_that_were_free_stay_free(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.go_to(TUESDAY + WEEK - timedelta(days=1))
    await opened_session(practice, ruiz, "1 dic · 17:00 · P-07")
    await practice.taps(ruiz, "Anular")

    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "jue 26 nov", "10:00")

    assert ruiz.last().text.startswith("P-07 · cada jueves a las 10:00 (hora de Madrid).")
    coming = await starts(practice)
    assert coming[:3] == ["2026-11-26T09:00", "2026-12-10T09:00", "2026-12-17T09:00"]
    await practice.says(ruiz, "/agenda")
    assert labels(ruiz) == ["26 nov · 10:00 · P-07", "3 dic · 10:00 · P-07"], "nothing of the days of before"


@pytest.mark.both
async def test_of_two_weekdays_one_changes_and_the_other_goes_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00")

    await opened_session(practice, ruiz, "19 nov · 9:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "vie 20 nov", "9:30")

    assert (await starts(practice))[:4] == [
        "2026-11-20T08:30",
        "2026-11-23T08:00",
        "2026-11-27T08:30",
        "2026-11-30T08:00",
    ]


async def test_who_leaves_takes_the_series_along(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await practice.says(ana, "/baja")
    await practice.taps(ana, labels(ana)[0])
    await practice.go_to(TUESDAY + 3 * WEEK)

    assert await practice.rows("SELECT id FROM check_ins WHERE state = 'open'") == []
    assert await practice.rows("SELECT id FROM series WHERE ended_at IS NULL") == []
    await practice.says(ruiz, "/agenda")
    assert "P-07" not in ruiz.last().text


async def test_the_same_line_again_makes_no_second_series(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await practice.says(ruiz, EVERY_TUESDAY)

    assert ruiz.last().text.startswith("P-07 ya tiene una sesión que se cruza con esa hora")
    assert await practice.rows("SELECT id FROM series") == [{"id": 1}]


async def test_what_was_cancelled_of_one_weekday_costs_the_other_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00")
    await opened_session(practice, ruiz, "26 nov · 9:00 · P-07")
    await practice.taps(ruiz, "Anular")

    await opened_session(practice, ruiz, "23 nov · 9:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "lun 23 nov", "12:00")

    assert "2026-11-23T11:00" in await starts(practice)


async def test_a_series_that_ends_during_its_session_still_asks_about_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.go_to(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))

    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Terminar aquí")
    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    assert "Toda la serie" not in labels(ruiz), "there is none any more"
    await practice.go_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert await starts(practice) == tuesdays(1)


async def test_a_session_that_was_brought_forward_and_is_over_stands_for_its_week_after_a_change(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "1 dic · 17:00 · P-07")
    await practice.taps(ruiz, "Mover", "mié 18 nov", "9:00")
    await practice.go_to(datetime(2026, 11, 18, 9, 5, tzinfo=UTC))
    await practice.answers(ana, 8, 8, 2)
    before = len(ana.messages)

    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "jue 26 nov", "10:00")
    await practice.pass_time(timedelta(hours=1))

    assert len(ana.messages) == before, "nothing is asked about it again"
    assert (await starts(practice))[:3] == ["2026-11-18T08:00", "2026-11-26T09:00", "2026-12-10T09:00"]


async def test_what_was_moved_to_where_the_changed_series_has_another_session_is_that_one(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "1 dic · 17:00 · P-07")
    await practice.taps(ruiz, "Mover", "jue 26 nov", "9:30")

    await changed_series(practice, ruiz, "24 nov · 17:00 · P-07", "jue 26 nov", "10:00")

    assert (await starts(practice))[:2] == ["2026-11-26T09:00", "2026-12-10T09:00"], "never two at the same time"


# Deshacer, after a change or an end


async def changed_series(practice: Practice, phone: Phone, label: str, *taps: str) -> None:
    """Change a series from one of its sessions on."""
    await opened_session(practice, phone, label)
    await practice.taps(phone, "Toda la serie", "Cambiar desde aquí", *taps)


async def test_deshacer_after_a_change_brings_back_the_series_of_before(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "1 dic · 17:00 · P-07")
    await practice.taps(ruiz, "Anular")
    await changed_series(practice, ruiz, "24 nov · 17:00 · P-07", "jue 26 nov", "10:00")
    await practice.stop()
    await practice.start()

    await practice.taps(ruiz, "Deshacer")

    assert ruiz.last().text == "P-07: la serie queda como antes, cada martes a las 17:00 (hora de Madrid)."
    assert await starts(practice) == [tuesdays(1)[0], *tuesdays(8)[2:]], "the one that was cancelled stays cancelled"
    await practice.go_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))
    assert "1 de 3" in ana.last().text
    await practice.go_to(datetime(2026, 11, 26, 12, 0, tzinfo=UTC))
    assert (await practice.check_ins()).count("open") == 1, "asked about Tuesday, not about Thursday"
    assert (await starts(practice))[-1] == tuesdays(9)[-1], "and the week that comes into sight is made"


async def test_deshacer_after_one_weekday_of_two_changed_makes_one_series_of_them_again(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00")
    before = await starts(practice)
    await changed_series(practice, ruiz, "26 nov · 9:00 · P-07", "vie 27 nov", "9:30")
    assert await starts(practice) != before

    await practice.taps(ruiz, "Deshacer")
    assert await starts(practice) == before
    await practice.go_to(TUESDAY + WEEK)

    assert len(await starts(practice)) == len(before) + 2
    assert len(await practice.rows("SELECT id FROM series WHERE ended_at IS NULL")) == 1


@pytest.mark.parametrize(
    ("line", "label"),
    [("cada martes 17:00 50m", "24 nov · 17:00 · P-07"), ("los lunes y jueves a las 9:00", "26 nov · 9:00 · P-07")],
    ids=["one weekday", "one of two weekdays"],
)
async def test_what_was_changed_anew_after_deshacer_is_undone_like_the_first_time(
    practice: Practice, line: str, label: str
) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, f"/sesion P-07 {line}")
    before = await starts(practice)
    await changed_series(practice, ruiz, label, "vie 27 nov", "10:00")
    await practice.taps(ruiz, "Deshacer")

    await changed_series(practice, ruiz, label, "vie 27 nov", "9:30")
    assert "2026-11-27T08:30" in await starts(practice)
    await practice.taps(ruiz, "Deshacer")

    assert await starts(practice) == before
    assert len(await practice.rows("SELECT id FROM series WHERE ended_at IS NULL")) == 1


async def test_two_changes_are_undone_one_after_the_other(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await changed_series(practice, ruiz, "24 nov · 17:00 · P-07", "jue 26 nov", "10:00")
    older, thursdays = ruiz.last(), await starts(practice)
    await changed_series(practice, ruiz, "26 nov · 10:00 · P-07", "vie 27 nov", "10:00")

    await practice.taps(ruiz, "Deshacer")
    assert await starts(practice) == thursdays
    await practice.taps_data(ruiz, data_of(older, "Deshacer"), older)

    assert await starts(practice) == tuesdays(8)


async def test_deshacer_of_an_older_change_does_nothing_after_a_newer_one(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await changed_series(practice, ruiz, "24 nov · 17:00 · P-07", "jue 26 nov", "10:00")
    older = ruiz.last()
    await changed_series(practice, ruiz, "26 nov · 10:00 · P-07", "vie 27 nov", "10:00")
    fridays = await starts(practice)

    assert await practice.taps_data(ruiz, data_of(older, "Deshacer"), older) == "Este botón ya no sirve."

    assert await starts(practice) == fridays


async def test_a_series_that_was_ended_goes_on_after_deshacer(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Terminar aquí")
    assert await starts(practice) == []
    await practice.stop()
    await practice.start()

    await practice.taps(ruiz, "Deshacer")

    assert ruiz.last().text == "P-07: la serie queda como antes, cada martes a las 17:00 (hora de Madrid)."
    assert await starts(practice) == tuesdays(8)
    await practice.go_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))
    assert "1 de 3" in ana.last().text


async def test_the_end_of_a_series_can_be_undone_though_the_first_answer_to_it_was_lost(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie")
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "editMessageText" else None
    await practice.taps(ruiz, "Terminar aquí")
    assert await starts(practice) == []
    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=1))

    assert "Las 8 sesiones que quedaban están anuladas" in ruiz.last().text
    await practice.taps(ruiz, "Deshacer")

    assert await starts(practice) == tuesdays(8)


async def test_a_series_that_goes_on_again_leaves_out_what_another_session_covers_by_now(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Terminar aquí")
    ended = ruiz.last()
    await practice.says(ruiz, "/sesion P-07 1/12/2026 17:15 50m")

    await practice.taps_data(ruiz, data_of(ended, "Deshacer"), ended)

    assert "Una no queda anotada: se cruza con otra sesión de ese código." in "\n".join(said(ruiz))
    assert len(await starts(practice)) == 8
    assert "2026-12-01T16:15" in await starts(practice)


# What a change from here on leaves as it was


@pytest.mark.both
async def test_a_number_of_sessions_stays_that_number(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00, 7 veces")
    assert len(await starts(practice)) == 7

    await changed_series(practice, ruiz, "23 nov · 9:00 · P-07", "mar 24 nov", "9:30")

    thursdays = ["2026-11-19T08:00", "2026-11-26T08:00", "2026-12-03T08:00", "2026-12-10T08:00"]
    assert await starts(practice) == sorted([*thursdays, "2026-11-24T08:30", "2026-12-01T08:30", "2026-12-08T08:30"])
    assert "P-07 · cada martes a las 9:30, 3 veces (hora de Madrid)." in ruiz.last().text
    assert "Sigue igual: cada jueves a las 9:00, 3 veces (hora de Madrid)." in ruiz.last().text


async def test_the_last_day_stays_the_last_day_of_the_other_weekdays(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00 hasta el 26/11")

    await changed_series(practice, ruiz, "26 nov · 9:00 · P-07", "mié 2 dic", "9:30")

    assert await starts(practice) == ["2026-11-19T08:00", "2026-11-23T08:00", "2026-12-02T08:30"]


@pytest.mark.both
async def test_every_other_week_stays_the_same_other_week_for_all_weekdays(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00 cada dos semanas")
    assert (await starts(practice))[:3] == ["2026-11-19T08:00", "2026-11-30T08:00", "2026-12-03T08:00"]

    await opened_session(practice, ruiz, "19 nov · 9:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí")
    assert labels(ruiz)[:7] == [
        "mar 17 nov",
        "mié 18 nov",
        "jue 19 nov",
        "vie 20 nov",
        "sáb 21 nov",
        "dom 22 nov",
        "lun 30 nov",
    ]
    await practice.taps(ruiz, "vie 20 nov", "9:30")

    assert (await starts(practice))[:4] == [
        *("2026-11-20T08:30", "2026-11-30T08:00", "2026-12-04T08:30", "2026-12-14T08:00"),
    ]


async def test_no_week_gets_two_sessions_because_a_series_moves_to_an_earlier_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 cada jueves 17:00")
    await opened_session(practice, ruiz, "26 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí")
    page = ruiz.last()

    assert labels(ruiz)[0] == "lun 23 nov", "in the week before there is the Thursday of before"
    (session,) = await practice.rows("SELECT id FROM sessions WHERE occurs_on = '2026-11-26'")
    forged = MoveHour(session["id"], whole=True, on=date(2026, 11, 20), at=time(17))
    assert await practice.taps_data(ruiz, encode(forged), page) == "Este botón ya no sirve."
    await practice.taps(ruiz, "lun 23 nov", "17:00")

    assert (await starts(practice))[:3] == ["2026-11-19T16:00", "2026-11-23T16:00", "2026-11-30T16:00"]


async def test_what_was_moved_by_hand_and_where_sessions_are_outlasts_a_change(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await opened_session(practice, ruiz, "1 dic · 17:00 · P-07")
    await practice.taps(ruiz, "Mover", "mié 2 dic", "12:00", "En línea")
    await opened_session(practice, ruiz, "24 nov · 17:00 · P-07")
    await practice.taps(ruiz, "En línea")

    await changed_series(practice, ruiz, "24 nov · 17:00 · P-07", "jue 26 nov", "10:00")

    places = "SELECT substr(starts_at, 1, 16) AS at, place FROM sessions WHERE state = 'planned' ORDER BY starts_at"
    assert [(row["at"], row["place"]) for row in (await practice.rows(places))[:3]] == [
        *(("2026-11-26T09:00", "online"), ("2026-12-02T11:00", "online"), ("2026-12-10T09:00", None)),
    ]


@pytest.mark.both
async def test_the_other_weekday_keeps_what_was_done_to_it_and_the_clock_it_goes_by(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 17:00")
    await opened_session(practice, ruiz, "30 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Anular")
    await opened_session(practice, ruiz, "23 nov · 17:00 · P-07")
    await practice.taps(ruiz, "Mover", "mar 24 nov", "12:00", "En línea")
    await practice.says(ruiz, "/ajustes Atlantic/Canary")

    await opened_session(practice, ruiz, "26 nov · 16:00 · P-07")
    await practice.taps(ruiz, "Toda la serie")
    assert "cada lunes y jueves a las 17:00 (hora de Madrid)" in ruiz.last().text
    await practice.taps(ruiz, "Cambiar desde aquí", "vie 27 nov", "17:00")

    assert "Sigue igual: cada lunes a las 17:00 (hora de Madrid)." in ruiz.last().text
    assert "cada viernes a las 17:00 (hora de Canarias)." in ruiz.last().text
    mondays = "SELECT substr(starts_at, 1, 16) AS at, state, place FROM sessions WHERE series_id = (SELECT id FROM"
    rows = await practice.rows(f"{mondays} series WHERE split_from_id IS NOT NULL) ORDER BY occurs_on LIMIT 3")
    assert [tuple(row.values()) for row in rows] == [
        ("2026-11-30T16:00", "cancelled", None),
        ("2026-12-07T16:00", "planned", None),
        ("2026-12-14T16:00", "planned", None),
    ]
    assert (await starts(practice))[:4] == [
        *("2026-11-19T16:00", "2026-11-24T11:00", "2026-11-27T17:00", "2026-12-04T17:00"),
    ]

"""Sessions that repeat: one line or four taps, and the bot asks after each; one can differ without the others."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.demo.phone import Phone
from bot.domain.model import PatientId
from handlers.actions_agenda import PickSeries
from handlers.keyboards import encode
from tests.practice import TUESDAY, Practice, labels, said

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
    await practice.taps(ruiz, "P-07", "Cada semana", "mar 24", "17:00")

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
        "P-07 · martes y jueves: ¿cada semana, o solo esta vez (jue 19 y mar 24)? Cada sesión durará 50 minutos."
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

    assert "Una no se ha apuntado: se cruza con otra sesión de ese código." in ruiz.last().text
    assert len(await starts(practice)) == 8


async def test_one_that_was_moved_stays_moved_and_asks_once_at_the_new_time(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)

    await opened_session(practice, ruiz, "mar 24 · 17:00 · P-07")
    await practice.taps(ruiz, "Mover", "jue 26", "12:00")
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

    await opened_session(practice, ruiz, "mar 24 · 17:00 · P-07")
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

    await opened_session(practice, ruiz, "mar 24 · 17:00 · P-07")
    await practice.taps(ruiz, "Anular", "Sí tiene lugar")
    await practice.go_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text


async def test_a_series_ends_from_here_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.go_to(TUESDAY + WEEK)

    await opened_session(practice, ruiz, "mar 1 · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Terminar aquí")
    await practice.go_to(TUESDAY + 4 * WEEK)

    assert ruiz.messages[-1].text
    assert await starts(practice) == tuesdays(1)


async def test_a_series_changes_from_here_on_and_weeks_that_were_free_stay_free(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.go_to(TUESDAY + WEEK - timedelta(days=1))
    await opened_session(practice, ruiz, "mar 1 · 17:00 · P-07")
    await practice.taps(ruiz, "Anular")

    await opened_session(practice, ruiz, "mar 24 · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "jue 26", "10:00")

    assert ruiz.last().text.startswith("P-07 · cada jueves a las 10:00 (hora de Madrid).")
    coming = await starts(practice)
    assert coming[:3] == ["2026-11-26T09:00", "2026-12-10T09:00", "2026-12-17T09:00"]


async def test_of_two_weekdays_one_changes_and_the_other_goes_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00")

    await opened_session(practice, ruiz, "jue 19 · 9:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "vie 20", "9:30")

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

    assert ruiz.last().text == "P-07 ya tiene una sesión que se cruza con esa hora."
    assert await practice.rows("SELECT id FROM series") == [{"id": 1}]


async def test_what_was_cancelled_of_one_weekday_costs_the_other_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 los lunes y jueves a las 9:00")
    await opened_session(practice, ruiz, "jue 26 · 9:00 · P-07")
    await practice.taps(ruiz, "Anular")

    await opened_session(practice, ruiz, "lun 23 · 9:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Cambiar desde aquí", "lun 23", "12:00")

    assert "2026-11-23T11:00" in await starts(practice)


async def test_a_series_that_ends_during_its_session_still_asks_about_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, EVERY_TUESDAY)
    await practice.go_to(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))

    await opened_session(practice, ruiz, "mar 24 · 17:00 · P-07")
    await practice.taps(ruiz, "Toda la serie", "Terminar aquí")
    await practice.go_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert await starts(practice) == tuesdays(1)

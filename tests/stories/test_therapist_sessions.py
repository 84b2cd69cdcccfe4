"""A therapist between two appointments notes what happened with one line or a few taps.

What is not understood is asked back; a plan in the past is never assumed; nobody touches another's patients.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from tests.practice import Practice, data_of, labels, opened, said


async def test_just_ended_is_noted_and_the_question_announced(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.session_ends(ruiz, ask=False)

    assert ruiz.last().text == ("P-07 · sesión terminada hoy a las 17:00.\nPreguntaré hoy a las 17:15.")
    assert await practice.rows("SELECT starts_at, ends_at FROM sessions") == [
        {"starts_at": "2026-11-17T15:10:00.000000Z", "ends_at": "2026-11-17T16:00:00.000000Z"}
    ]


@pytest.mark.parametrize(
    ("line", "starts_at", "ends_at"),
    [
        ("hoy 19:00 50m", "2026-11-17T18:00", "2026-11-17T18:50"),
        ("2026-11-24 17:00 50m", "2026-11-24T16:00", "2026-11-24T16:50"),
        ("jueves 17:00", "2026-11-19T16:00", "2026-11-19T16:50"),
        ("mañana 9:30 1h30m", "2026-11-18T08:30", "2026-11-18T10:00"),
    ],
)
async def test_a_session_is_planned_in_one_line(practice: Practice, line: str, starts_at: str, ends_at: str) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, f"/sesion p-07 {line}")

    (session,) = await practice.rows("SELECT starts_at, ends_at FROM sessions")
    assert (session["starts_at"][:16], session["ends_at"][:16]) == (starts_at, ends_at)
    assert "(hora de Madrid)" in ruiz.last().text


async def test_a_planned_session_is_asked_about_after_its_end(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")

    await practice.go_to(datetime(2026, 11, 17, 18, 4, tzinfo=UTC))
    assert "1 de 3" not in ana.last().text
    await practice.pass_time(timedelta(minutes=1))

    assert "1 de 3" in ana.last().text


async def test_a_plan_in_the_past_is_asked_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 hoy 10:00 50m")

    assert ruiz.last().text.endswith("ya pasó. ¿Quería decir «ahora», u otra fecha?")
    assert labels(ruiz) == ["Sí, ahora", "Otra fecha"]
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_the_answer_to_it_can_be_now(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 10:00 50m")

    await practice.taps(ruiz, "Sí, ahora")
    await practice.pass_time(timedelta(minutes=15))

    assert "1 de 3" in ana.last().text


async def test_a_session_is_noted_with_buttons_alone(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion")
    assert labels(ruiz) == ["P-07"]
    await practice.taps(ruiz, "P-07", "Ha terminado ahora")
    await practice.pass_time(timedelta(minutes=15))

    assert "1 de 3" in ana.last().text


async def test_a_session_of_today_is_planned_with_buttons_alone(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion p-07")
    assert labels(ruiz) == ["Ha terminado ahora", "Hoy, a otra hora", "Otro día", "Cada semana"]
    await practice.taps(ruiz, "Hoy, a otra hora")
    assert ruiz.last().text.startswith("P-07 · el martes 17 de noviembre: ¿a qué hora empieza? Durará 50 minutos.")
    assert labels(ruiz) == ["16:30", "17:00", "17:30", "18:00", "18:30", "19:00", "19:30", "Volver"]
    await practice.taps(ruiz, "18:30")

    assert "sesión el martes 17 de noviembre, de 18:30 a 19:20 (hora de Madrid)" in ruiz.last().text
    assert labels(ruiz) == ["Deshacer"]
    assert await practice.rows("SELECT starts_at FROM sessions") == [{"starts_at": "2026-11-17T17:30:00.000000Z"}]


async def test_a_session_of_another_day_is_planned_with_buttons_alone(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion")
    await practice.taps(ruiz, "P-07", "Otro día")
    assert labels(ruiz)[:3] == ["mié 18", "jue 19", "vie 20"]
    await practice.taps(ruiz, "jue 19", "9:00")
    await practice.go_to(datetime(2026, 11, 19, 9, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text


async def test_one_can_go_back_and_choose_another_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Otro día", "jue 19", "Volver", "Otro día", "vie 20", "19:30")

    assert await practice.rows("SELECT starts_at FROM sessions") == [{"starts_at": "2026-11-20T18:30:00.000000Z"}]


async def test_the_hours_offered_are_the_working_hours_of_the_practice(tmp_path: Path) -> None:
    settings = '[therapist]\nworking_from = "10:00"\nworking_until = "12:00"\n'
    async with opened(tmp_path, settings=settings) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)

        await practice.says(ruiz, "/sesion P-07")
        await practice.taps(ruiz, "Otro día", "mié 18")
        assert labels(ruiz) == ["10:00", "10:30", "11:00", "11:30", "Volver"]
        await practice.taps(ruiz, "Volver", "Hoy, a otra hora")

        assert "hoy ya no quedan horas de trabajo" in ruiz.last().text
        assert labels(ruiz) == ["Volver"]


async def test_an_hour_that_has_passed_meanwhile_is_asked_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Hoy, a otra hora")

    await practice.pass_time(timedelta(days=1))
    await practice.taps(ruiz, "18:30")

    assert "ya pasó. ¿Quería decir «ahora», u otra fecha?" in ruiz.last().text
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_tapping_an_hour_twice_plans_one_session(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Hoy, a otra hora")
    hour, keyboard = data_of(ruiz.last(), "18:30"), ruiz.last()

    assert await practice.taps_data(ruiz, hour, keyboard) == ""
    assert await practice.taps_data(ruiz, hour, keyboard) == "P-07 ya tiene una sesión que se cruza con esa hora."

    assert len(await practice.rows("SELECT * FROM sessions")) == 1


async def test_nobody_plans_for_the_patients_of_another(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Hoy, a otra hora")
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    for data in (data_of(ruiz.last(), "18:30"), data_of(ruiz.last(), "Volver"), "pd:1:739944", "pw:1:o"):
        assert await practice.taps_data(gil, data) == "Este botón ya no sirve.", data
    assert await practice.taps_data(ruiz, "ph:1:803000:600", ruiz.last()) == "Este botón ya no sirve."

    assert await practice.rows("SELECT * FROM sessions") == []


async def test_what_is_not_understood_is_asked_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    for line, reply in (
        ("P-99 ahora", "No hay ningún paciente P-99."),
        ("P-07 pronto", "Falta la hora."),
        ("P-07 mañana 17:00 50h", "Una sesión dura entre"),
        ("P-07 martes 17:00 50m mensual", "No he entendido cómo se repite."),
        ("P-07 cada mes", "No he entendido cómo se repite."),
        ("P-07 cada dos semanas", "Falta el día de la semana."),
        ("P-07 cada martes 17:00 hasta hoy", "P-07: con ese final no queda ninguna sesión."),
        ("P-07 cada martes a las 8", "P-07 · no sé si es de la mañana o de la tarde. Escriba"),
        ("P-07 31/02/2027 17:00", "No he entendido la fecha."),
    ):
        await practice.says(ruiz, f"/sesion {line}")
        assert ruiz.last().text.startswith(reply), line

    assert await practice.rows("SELECT * FROM sessions") == []


async def test_an_hour_of_either_half_of_the_day_is_asked_with_two_buttons(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 mañana a las 8 90m")
    assert ruiz.last().text.startswith("P-07 · no sé si es de la mañana o de la tarde.")
    assert "90 minutos" in ruiz.last().text
    assert labels(ruiz) == ["mié 18 · 8:00", "mié 18 · 20:00"]
    await practice.taps(ruiz, "mié 18 · 20:00")

    assert "el miércoles 18 de noviembre, de 20:00 a 21:30" in ruiz.last().text
    assert [row["starts_at"] for row in await practice.rows("SELECT starts_at FROM sessions")] == [
        "2026-11-18T19:00:00.000000Z"
    ]


async def test_each_half_of_a_weekday_names_its_own_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 martes a las 8")
    assert labels(ruiz) == ["mar 24 · 8:00", "mar 17 · 20:00"]
    await practice.taps(ruiz, "mar 24 · 8:00")

    assert "el martes 24 de noviembre, de 8:00 a 8:50" in ruiz.last().text


async def test_a_half_that_has_passed_is_asked_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 hoy a las 8")
    await practice.taps(ruiz, "mar 17 · 8:00")

    assert "ya pasó. ¿Quería decir «ahora», u otra fecha?" in ruiz.last().text
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_the_half_of_the_day_is_that_of_the_working_hours(tmp_path: Path) -> None:
    settings = '[therapist]\nworking_from = "20:00"\nworking_until = "02:00"\n'
    async with opened(tmp_path, settings=settings) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)

        await practice.says(ruiz, "/sesion P-07 mañana a las 9")

        assert "el miércoles 18 de noviembre, de 21:00 a 21:50" in ruiz.last().text


async def test_two_sessions_of_a_patient_do_not_overlap(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)

    await practice.session_ends(ruiz, ask=False)

    assert ruiz.last().text == "P-07 ya tiene una sesión que se cruza con esa hora."
    assert len(await practice.rows("SELECT * FROM sessions")) == 1


async def test_a_session_can_be_taken_back_before_the_question(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    heard = len(ana.messages)

    await practice.taps(ruiz, "Deshacer")
    await practice.pass_time(timedelta(minutes=15))

    assert ruiz.last().text == "P-07: sesión anulada. No habrá preguntas por ella."
    assert len(ana.messages) == heard


async def test_a_session_that_was_answered_cannot_be_taken_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 8, 8, 2)

    await practice.taps(ruiz, "Deshacer")

    assert await practice.check_ins() == ["open"]
    assert len(await practice.scores()) == 3
    assert "ya no se puede deshacer" in said(ruiz)[-1]


async def test_the_patients_are_listed_with_state_and_last_alliance(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.invitation(ruiz, "P-11")
    await practice.week(ruiz, ana, 9, 8, 2)

    await practice.says(ruiz, "/pacientes")

    assert ruiz.last().text == "2 pacientes\nP-07 · en marcha · 8,5 (17 nov)\nP-11 · enlace sin abrir"


async def test_a_therapist_sees_and_moves_only_their_own_patients(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    await practice.says(gil, "/pacientes")
    await practice.says(gil, "/sesion P-07 ahora")
    notice = await practice.taps_data(gil, data_of(ruiz.last(), "Deshacer"))

    assert "Todavía no hay pacientes." in said(gil)[-2]
    assert gil.last().text.startswith("No hay ningún paciente P-07.")
    assert notice == "Este botón ya no sirve."
    assert await practice.rows("SELECT state FROM sessions") == [{"state": "planned"}]


async def test_a_patient_has_no_therapists_commands(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    for command in ("/nuevo P-08", "/pacientes", "/sesion P-07 ahora", "/resumen"):
        await practice.says(ana, command)
        assert "hace falta un enlace personal" in ana.last().text, command

    assert await practice.rows("SELECT code FROM patients") == [{"code": "P-07"}]
    assert await practice.rows("SELECT * FROM sessions") == []


def menu_of(practice: Practice, phone: Phone) -> list[str]:
    """Return the commands that Telegram shows in a person's chat."""
    menus = [call.params for call in practice.telegram.calls if call.method.lower() == "setmycommands"]
    mine = [menu for menu in menus if menu.mapping("scope").get("chat_id") == phone.chat_id]
    return [command["command"] for command in mine[-1].listed("commands")]


OF_THERAPISTS = ["nuevo", "pacientes", "sesion", "agenda", "resumen", "exportar", "misdatos", "privacidad"]


async def test_each_role_has_its_own_command_menu(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    assert menu_of(practice, ruiz) == [*OF_THERAPISTS, "ajustes", "ayuda"]
    assert menu_of(practice, ana) == ["pausa", "reanudar", "misdatos", "privacidad", "baja", "ajustes", "ayuda"]


async def test_a_therapist_who_tries_a_patients_link_keeps_the_commands(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")

    await practice.says(ruiz, f"/start {token}")
    await practice.taps(ruiz, "Acepto")

    assert menu_of(practice, ruiz) == [*OF_THERAPISTS, "ajustes", "ayuda", "pausa", "reanudar", "baja"]


# A session that took longer than planned


async def planned_until_ten_to_six(practice: Practice) -> Phone:
    """Let a planned session end at 17:50, and its therapist look at the clock at half past six."""
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await practice.go_to(datetime(2026, 11, 17, 17, 45, tzinfo=UTC))
    return ruiz


async def test_one_that_has_just_ended_may_be_the_planned_one_which_took_longer(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)

    await practice.says(ruiz, "/sesion P-07 ahora")

    assert ruiz.last().text == (
        "P-07 tenía una sesión apuntada que terminaba hoy a las 17:50. ¿Es la misma, que ha durado más, u otra?"
    )
    assert labels(ruiz) == ["Es la misma", "Otra sesión"]
    assert len(await practice.check_ins()) == 1


async def test_the_same_session_is_asked_about_once(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.says(ruiz, "/sesion P-07 ahora")

    await practice.taps(ruiz, "Es la misma")
    await practice.pass_time(timedelta(hours=1))

    assert ruiz.last().text == "P-07: anotado, es la misma sesión.\nYa se ha preguntado por esa sesión."
    assert await practice.check_ins() == ["open"]


async def test_a_question_that_has_not_left_yet_follows_the_true_end(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await practice.go_to(datetime(2026, 11, 17, 17, 0, tzinfo=UTC))
    await practice.says(ruiz, "/sesion P-07 ahora")

    await practice.taps(ruiz, "Es la misma")
    await practice.go_to(datetime(2026, 11, 17, 17, 14, tzinfo=UTC))
    assert "1 de 3" not in ana.last().text
    await practice.go_to(datetime(2026, 11, 17, 17, 15, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert await practice.rows("SELECT substr(ends_at, 12, 5) AS ended FROM sessions") == [{"ended": "17:00"}]


async def test_another_session_on_the_same_evening_is_noted_with_one_tap(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.says(ruiz, "/sesion")
    await practice.taps(ruiz, "P-07", "Ha terminado ahora")

    await practice.taps(ruiz, "Otra sesión")

    assert "P-07 · sesión terminada hoy a las 18:45." in ruiz.last().text
    spans = await practice.rows(
        "SELECT substr(starts_at, 12, 5) AS began, substr(ends_at, 12, 5) AS ended FROM sessions"
    )
    assert [tuple(span.values()) for span in spans] == [("16:00", "16:50"), ("16:55", "17:45")]


async def test_two_hours_after_a_planned_session_there_is_no_doubt(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.go_to(datetime(2026, 11, 17, 18, 51, tzinfo=UTC))

    await practice.says(ruiz, "/sesion P-07 ahora")

    assert "P-07 · sesión terminada hoy a las 19:51." in ruiz.last().text


async def test_a_question_back_that_was_left_open_for_long_still_means_the_end_that_was_said(
    practice: Practice,
) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.says(ruiz, "/sesion P-07 ahora")

    await practice.pass_time(timedelta(hours=3))
    await practice.taps(ruiz, "Otra sesión")

    assert "P-07 · sesión terminada hoy a las 18:45." in ruiz.last().text

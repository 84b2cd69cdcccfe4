"""A therapist between two appointments notes what happened with one line or a few taps.

What is not understood is asked back; a plan in the past is never assumed; nobody touches another's patients.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import PatientId
from handlers.actions_agenda import ItWasThen
from handlers.keyboards import encode
from tests.practice import Practice, data_of, labels, opened, said


async def test_just_ended_is_noted_and_the_question_announced(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.session_ends(ruiz, ask=False)

    assert ruiz.last().text == (
        "P-07 · sesión terminada el martes 17 de noviembre a las 17:00 (hora de Madrid).\nPreguntaré hoy a las 17:15."
    )
    assert await practice.rows("SELECT starts_at, ends_at FROM sessions") == [
        {"starts_at": "2026-11-17T15:10:00.000000Z", "ends_at": "2026-11-17T16:00:00.000000Z"}
    ]


async def spans(practice: Practice) -> list[tuple[str, str]]:
    """Return when every session begins and ends (UTC, to the minute)."""
    rows = await practice.rows("SELECT starts_at, ends_at FROM sessions ORDER BY starts_at")
    return [(row["starts_at"][:16], row["ends_at"][:16]) for row in rows]


@pytest.mark.parametrize(
    ("line", "starts_at", "ends_at"),
    [
        ("hoy 19:00 50m", "2026-11-17T18:00", "2026-11-17T18:50"),
        ("2026-11-24 17:00 50m", "2026-11-24T16:00", "2026-11-24T16:50"),
        ("jueves 17:00", "2026-11-19T16:00", "2026-11-19T16:50"),
        ("mañana 9:30 1h30m", "2026-11-18T08:30", "2026-11-18T10:00"),
        ("lunes 23 a las 10", "2026-11-23T09:00", "2026-11-23T09:50"),
        ("el 24 a las 17", "2026-11-24T16:00", "2026-11-24T16:50"),
        ("mañana de 17:00 a 18:00", "2026-11-18T16:00", "2026-11-18T17:00"),
        ("martes 17:00-17:50", "2026-11-24T16:00", "2026-11-24T16:50"),
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

    assert ruiz.last().text == (
        "P-07: el martes 17 de noviembre, de 10:00 a 10:50 (hora de Madrid), ya pasó. "
        "¿Terminó entonces, ha terminado ahora, o es otra fecha?"
    )
    assert labels(ruiz) == ["Terminó entonces", "Ha terminado ahora", "Otra fecha"]
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_the_answer_to_it_can_be_now(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 10:00 50m")

    await practice.taps(ruiz, "Ha terminado ahora")
    await practice.pass_time(timedelta(minutes=15))

    assert "1 de 3" in ana.last().text


async def test_the_answer_to_it_can_be_then_and_the_question_leaves_at_once(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 10:00 50m")

    await practice.taps(ruiz, "Terminó entonces")

    assert ruiz.last().text == (
        "P-07 · sesión terminada el martes 17 de noviembre a las 10:50 (hora de Madrid).\nPregunto ahora."
    )
    assert await spans(practice) == [("2026-11-17T09:00", "2026-11-17T09:50")]
    assert "1 de 3" in ana.last().text


@pytest.mark.parametrize(
    ("line", "ended"),
    [
        ("terminó a las 11", "2026-11-17T10:00"),
        ("ha terminado a las 16:20 30m", "2026-11-17T15:20"),
        ("hace una hora", "2026-11-17T15:00"),
        ("terminó ayer a las 18:00", "2026-11-16T17:00"),
    ],
)
async def test_one_line_says_when_it_ended(practice: Practice, line: str, ended: str) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ruiz, f"/sesion P-07 {line}")

    assert [until for _, until in await spans(practice)] == [ended]
    assert ruiz.last().text.endswith("(hora de Madrid).\nPregunto ahora.")
    assert labels(ruiz) == ["Deshacer"]
    assert "1 de 3" in ana.last().text


async def test_how_long_a_session_was_that_has_just_ended_can_be_said(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 ahora 1h30")

    assert await spans(practice) == [("2026-11-17T14:30", "2026-11-17T16:00")]


async def test_what_ended_in_the_evening_is_asked_about_in_the_morning(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.go_to(datetime(2026, 11, 17, 21, 0, tzinfo=UTC))

    await practice.says(ruiz, "/sesion P-07 terminó a las 19:00")

    assert ruiz.last().text.endswith("Preguntaré mañana a las 8:30.")


async def test_what_ended_too_long_ago_is_noted_and_not_asked_about(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    heard = len(ana.messages)
    await practice.says(ruiz, "/sesion P-07 12/11 17:00")

    await practice.taps(ruiz, "Terminó entonces")
    await practice.pass_time(timedelta(days=1))

    assert ruiz.last().text.endswith("Es tarde para preguntar por ella: no habrá preguntas.")
    assert await spans(practice) == [("2026-11-12T16:00", "2026-11-12T16:50")]
    assert await practice.check_ins() == ["skipped"]
    assert len(ana.messages) == heard


async def test_then_is_never_in_the_future_nor_long_ago(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 10:00 50m")
    question = ruiz.last()

    for on in (date(2026, 11, 18), date(2024, 11, 18)):
        data = encode(ItWasThen(PatientId(1), on, time(10), 50))
        assert await practice.taps_data(ruiz, data, question) == "Este botón ya no sirve."

    assert await spans(practice) == []


async def test_a_session_is_noted_with_buttons_alone(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion")
    assert (ruiz.last().text, labels(ruiz)) == ("¿Con quién es la sesión?", ["P-07"])
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
    assert ruiz.last().text.endswith("Si ya terminó, una línea: /sesion P-07 hace una hora")
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
    assert labels(ruiz)[:3] == ["mié 18 nov", "jue 19 nov", "vie 20 nov"]
    await practice.taps(ruiz, "jue 19 nov")
    assert "Si ya terminó" not in ruiz.last().text
    await practice.taps(ruiz, "9:00")
    await practice.go_to(datetime(2026, 11, 19, 9, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text


async def test_one_can_go_back_and_choose_another_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Otro día", "jue 19 nov", "Volver", "Otro día", "vie 20 nov", "19:30")

    assert await practice.rows("SELECT starts_at FROM sessions") == [{"starts_at": "2026-11-20T18:30:00.000000Z"}]


async def test_the_hours_offered_are_the_working_hours_of_the_practice(tmp_path: Path) -> None:
    settings = '[therapist]\nworking_from = "10:00"\nworking_until = "12:00"\n'
    async with opened(tmp_path, settings=settings) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)

        await practice.says(ruiz, "/sesion P-07")
        await practice.taps(ruiz, "Otro día", "mié 18 nov")
        assert labels(ruiz) == ["10:00", "10:30", "11:00", "11:30", "Volver"]
        await practice.taps(ruiz, "Volver", "Hoy, a otra hora")

        assert "hoy ya no quedan horas de trabajo" in ruiz.last().text
        assert labels(ruiz) == ["Volver"]


async def test_a_day_that_has_passed_meanwhile_is_not_called_today(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Otro día")

    await practice.pass_time(timedelta(days=3))
    await practice.taps(ruiz, "jue 19 nov")

    assert ruiz.last().text == (
        "P-07 · el jueves 19 de noviembre ya pasó.\nSi hubo sesión ese día, una línea: /sesion P-07 19/11/2026 17:00"
    )
    assert labels(ruiz) == ["Volver"]
    await practice.says(ruiz, "/sesion P-07 19/11/2026 17:00")
    assert labels(ruiz)[0] == "Terminó entonces"


async def test_an_hour_that_has_passed_meanwhile_is_asked_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Hoy, a otra hora")

    await practice.pass_time(timedelta(days=1))
    await practice.taps(ruiz, "18:30")

    assert "ya pasó. ¿Terminó entonces, ha terminado ahora, o es otra fecha?" in ruiz.last().text
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_tapping_an_hour_twice_plans_one_session(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07")
    await practice.taps(ruiz, "Hoy, a otra hora")
    hour, keyboard = data_of(ruiz.last(), "18:30"), ruiz.last()

    assert await practice.taps_data(ruiz, hour, keyboard) == ""
    told = await practice.taps_data(ruiz, hour, keyboard)
    assert told.startswith("P-07 ya tiene una sesión que se cruza con esa hora: no quedó anotada otra.")

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
        ("P-07 terminó a las 19:00", "Esa hora está todavía por llegar."),
        ("P-07 foo 17:00", "No he entendido qué día es, o sobra alguna palabra."),
        ("P-07 hoy 25:00", "No he entendido la hora."),
        ("P-07 24/11/2029 17:00", "Eso queda a más de un año."),
        ("P-07 mañana 17:00 50h", "Una sesión dura entre 5 minutos y 8 horas."),
        (
            "P-07 miércoles 24/11 17:00 semanal",
            "El día de la semana y la fecha no coinciden: esa fecha es el martes",
        ),
        ("P-07 martes 17:00 50m mensual", "No he entendido cómo se repite."),
        ("P-07 cada mes", "No he entendido cómo se repite."),
        ("P-07 cada dos semanas", "Falta el día de la semana."),
        ("P-07 cada martes 17:00 hasta hoy", "Con ese final no queda ninguna sesión."),
        ("P-07 31/02/2027 17:00", "Esa fecha no existe."),
    ):
        await practice.says(ruiz, f"/sesion {line}")
        assert ruiz.last().text.startswith(reply), line
        assert line.startswith("P-99") or ruiz.last().text.count("\n/sesion P-07 ") == 3, line

    assert await practice.rows("SELECT * FROM sessions") == []


@pytest.mark.parametrize(("word", "rest"), [("mañana", "10:00"), ("ahora", "P-07"), ("el", "jueves a las 9")])
async def test_without_a_code_the_first_word_is_not_called_a_patient(practice: Practice, word: str, rest: str) -> None:
    """«No hay ningún paciente mañana» would be read as news about tomorrow."""
    ruiz = await practice.therapist()
    await practice.patient(ruiz, "P-08")

    await practice.says(ruiz, f"/sesion {word} {rest}")

    assert ruiz.last().text == (
        f"«{word}» no es el código de ningún paciente. El código va delante: /sesion P-08 mañana 17:00. "
        "La lista: /pacientes"
    )


@pytest.mark.parametrize(
    "line",
    [
        "/sesión P-07 mañana 17:00",
        "/Sesión P-07 mañana 17:00",
        "/sesio\u0301n P-07 mañana 17:00",
        "/sesion P07 mañana 17:00",
        "/sesion p-07, mañana 17:00",
        "/sesion P-07: mañana 17:00",
        "/sesion P-07\nmañana 17:00",
    ],
)
async def test_the_command_and_the_code_are_understood_as_phones_write_them(practice: Practice, line: str) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, line)

    assert ruiz.last().text.startswith("P-07 · sesión el miércoles 18 de noviembre, de 17:00 a 17:50")


async def test_a_code_without_its_hyphen_is_never_guessed_among_two(practice: Practice) -> None:
    ruiz = await practice.therapist()
    for code in ("P-1-1", "P-11"):
        await practice.invitation(ruiz, code)

    await practice.says(ruiz, "/sesion P11 mañana 17:00")
    assert ruiz.last().text == "No hay ningún paciente P11. La lista: /pacientes"
    await practice.says(ruiz, "/sesion P-11 mañana 17:00")

    assert ruiz.last().text.startswith("P-11 · sesión el miércoles 18 de noviembre")


async def test_the_command_with_its_accent_opens_nothing_to_a_patient(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, "/sesión P-07 ahora")

    assert ana.last().text.startswith("Eso no se puede hacer desde este chat.")
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_an_hour_of_either_half_of_the_day_is_asked_with_two_buttons(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 mañana a las 8 90m")
    assert ruiz.last().text.startswith("P-07 · no sé si es de la mañana o de la tarde.")
    assert "90 minutos" in ruiz.last().text
    assert labels(ruiz) == ["mié 18 nov · 8:00", "mié 18 nov · 20:00"]
    await practice.taps(ruiz, "mié 18 nov · 20:00")

    assert "el miércoles 18 de noviembre, de 20:00 a 21:30" in ruiz.last().text
    assert [row["starts_at"] for row in await practice.rows("SELECT starts_at FROM sessions")] == [
        "2026-11-18T19:00:00.000000Z"
    ]


async def test_each_half_of_a_weekday_names_its_own_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 martes a las 8")
    assert labels(ruiz) == ["mar 24 nov · 8:00", "mar 17 nov · 20:00"]
    await practice.taps(ruiz, "mar 24 nov · 8:00")

    assert "el martes 24 de noviembre, de 8:00 a 8:50" in ruiz.last().text


async def test_a_date_that_is_another_weekday_is_asked_with_a_button_for_each(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 lunes 24 a las 10")
    assert ruiz.last().text == (
        "P-07 · esa fecha es el martes 24 de noviembre, y no lunes. ¿Qué día es la sesión? Durará 50 minutos."
    )
    assert labels(ruiz) == ["mar 24 nov · 10:00", "lun 23 nov · 10:00"]
    await practice.taps(ruiz, "lun 23 nov · 10:00")

    assert "sesión el lunes 23 de noviembre, de 10:00 a 10:50 (hora de Madrid)" in ruiz.last().text


async def test_a_half_that_has_passed_is_asked_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 hoy a las 8")
    await practice.taps(ruiz, "mar 17 nov · 8:00")

    assert "ya pasó. ¿Terminó entonces, ha terminado ahora, o es otra fecha?" in ruiz.last().text
    assert await practice.rows("SELECT * FROM sessions") == []


async def test_the_half_of_the_day_is_that_of_the_working_hours(tmp_path: Path) -> None:
    settings = '[therapist]\nworking_from = "20:00"\nworking_until = "02:00"\n'
    async with opened(tmp_path, settings=settings) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)

        await practice.says(ruiz, "/sesion P-07 mañana a las 9")

        assert "el miércoles 18 de noviembre, de 21:00 a 21:50" in ruiz.last().text


@pytest.mark.parametrize(
    ("decided", "told"),
    [
        ("/pausa", "Está en pausa: si no la termina antes, no habrá preguntas."),
        ("block", "No le llegan los mensajes (el chat está bloqueado o la cuenta, cerrada): si no vuelve antes"),
        ("declines", "Prefirió que no se le pregunte: no habrá preguntas."),
    ],
)
async def test_why_nothing_will_be_asked_is_said_as_it_is(practice: Practice, decided: str, told: str) -> None:
    ruiz = await practice.therapist()
    if decided == "declines":
        ana = practice.telegram.phone(200, "Ana")
        await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
        await practice.taps(ana, "Prefiero que no")
    else:
        ana = await practice.patient(ruiz)
    if decided == "block":
        await ana.block()
        await practice.settle()
    elif decided == "/pausa":
        await practice.says(ana, decided)

    await practice.says(ruiz, "/sesion P-07 mañana 17:00")
    assert told in ruiz.last().text
    await practice.says(ruiz, "/sesion P-07 cada jueves 17:00")

    assert told in ruiz.last().text


async def test_two_sessions_of_a_patient_do_not_overlap(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)

    await practice.session_ends(ruiz, ask=False)

    assert ruiz.last().text.startswith("P-07 ya tiene una sesión que se cruza con esa hora: no quedó anotada otra.")
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
    assert said(ruiz)[-1] == "P-07: sobre esa sesión ya hay respuesta; ya no se puede deshacer."


async def test_the_patients_are_listed_with_state_and_last_alliance(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.invitation(ruiz, "P-11")
    await practice.week(ruiz, ana, 9, 8, 2)

    await practice.says(ruiz, "/pacientes")

    assert ruiz.last().text == "2 pacientes\nP-07 · en marcha · 8,5 (17 nov)\nP-11 · invitación sin aceptar"


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

    for command in ("/nuevo P-08", "/pacientes", "/sesion P-07 ahora", "/resumen", "/nota P-07"):
        await practice.says(ana, command)
        assert ana.last().text.startswith("Eso no se puede hacer desde este chat."), command

    assert await practice.rows("SELECT code FROM patients") == [{"code": "P-07"}]
    assert await practice.rows("SELECT * FROM sessions") == []


def menu_of(practice: Practice, phone: Phone) -> list[str]:
    """Return the commands that Telegram shows in a person's chat."""
    menus = [call.params for call in practice.telegram.calls if call.method.lower() == "setmycommands"]
    mine = [menu for menu in menus if menu.mapping("scope").get("chat_id") == phone.chat_id]
    return [command["command"] for command in mine[-1].listed("commands")]


OF_THERAPISTS = [
    *("nuevo", "pacientes", "sesion", "agenda", "alertas", "resumen", "historial", "acuerdo", "nota", "exportar"),
    *("misdatos", "privacidad"),
]


async def test_each_role_has_its_own_command_menu(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    assert menu_of(practice, ruiz) == [*OF_THERAPISTS, "ajustes", "ayuda"]
    assert menu_of(practice, ana) == [
        *("acuerdo", "pausa", "reanudar", "misdatos", "privacidad", "baja", "ajustes", "ayuda")
    ]


async def test_a_therapist_who_tries_a_patients_link_keeps_the_commands(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")

    await practice.says(ruiz, f"/start {token}")
    await practice.taps(ruiz, "Acepto")

    assert menu_of(practice, ruiz) == [*OF_THERAPISTS, "ajustes", "ayuda", "pausa", "reanudar", "baja"]


# A session that took longer than planned, or less


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
        "P-07 ya tenía una sesión anotada el martes 17 de noviembre, de 17:00 a 17:50. ¿Es la misma u otra?"
    )
    assert labels(ruiz) == ["Es la misma", "Otra sesión"]
    assert len(await practice.check_ins()) == 1


async def test_the_same_session_is_asked_about_once(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.says(ruiz, "/sesion P-07 ahora")

    await practice.taps(ruiz, "Es la misma")
    await practice.pass_time(timedelta(hours=1))

    assert ruiz.last().text == "P-07: anotado, es la misma sesión.\nLa pregunta de esa sesión ya salió."
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


async def test_one_that_ended_early_is_the_planned_one_and_is_asked_about_sooner(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await practice.go_to(datetime(2026, 11, 17, 16, 40, tzinfo=UTC))
    await practice.says(ruiz, "/sesion P-07 terminó a las 17:35")
    assert labels(ruiz) == ["Es la misma", "Otra sesión"]

    await practice.taps(ruiz, "Es la misma")
    await practice.go_to(datetime(2026, 11, 17, 16, 50, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert await practice.rows("SELECT substr(ends_at, 12, 5) AS ended FROM sessions") == [{"ended": "16:35"}]


async def test_another_session_inside_a_planned_one_is_not_noted(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await practice.go_to(datetime(2026, 11, 17, 16, 40, tzinfo=UTC))
    await practice.says(ruiz, "/sesion P-07 ahora")

    told = await practice.taps_data(ruiz, data_of(ruiz.last(), "Otra sesión"))

    assert told == "Se cruza con otra sesión de ese código."
    assert len(await practice.check_ins()) == 1


async def test_another_session_on_the_same_evening_is_noted_with_one_tap(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.says(ruiz, "/sesion")
    await practice.taps(ruiz, "P-07", "Ha terminado ahora")

    await practice.taps(ruiz, "Otra sesión")

    assert "P-07 · sesión terminada el martes 17 de noviembre a las 18:45 (hora de Madrid)." in ruiz.last().text
    spans = await practice.rows(
        "SELECT substr(starts_at, 12, 5) AS began, substr(ends_at, 12, 5) AS ended FROM sessions ORDER BY 1"
    )
    assert [tuple(span.values()) for span in spans] == [("16:00", "16:50"), ("16:55", "17:45")]


async def test_two_hours_after_a_planned_session_there_is_no_doubt(practice: Practice) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.go_to(datetime(2026, 11, 17, 18, 51, tzinfo=UTC))

    await practice.says(ruiz, "/sesion P-07 ahora")

    assert "P-07 · sesión terminada el martes 17 de noviembre a las 19:51 (hora de Madrid)." in ruiz.last().text


async def test_a_question_back_that_was_left_open_for_long_still_means_the_end_that_was_said(
    practice: Practice,
) -> None:
    ruiz = await planned_until_ten_to_six(practice)
    await practice.says(ruiz, "/sesion P-07 ahora")

    await practice.pass_time(timedelta(hours=3))
    await practice.taps(ruiz, "Otra sesión")

    assert "P-07 · sesión terminada el martes 17 de noviembre a las 18:45 (hora de Madrid)." in ruiz.last().text


async def test_a_session_that_took_longer_ends_where_the_next_one_begins(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await practice.go_to(datetime(2026, 11, 17, 17, 0, tzinfo=UTC))
    await practice.says(ruiz, "/sesion P-07 ahora")
    first = ruiz.last()
    await practice.says(ruiz, "/sesion P-07 terminó a las 17:55")
    await practice.taps(ruiz, "Otra sesión")

    await practice.taps_data(ruiz, data_of(first, "Es la misma"), first)

    spans = await practice.rows(
        "SELECT substr(starts_at, 12, 5) AS began, substr(ends_at, 12, 5) AS ended FROM sessions ORDER BY 1"
    )
    assert [tuple(span.values()) for span in spans] == [("16:00", "16:50"), ("16:50", "16:55")]

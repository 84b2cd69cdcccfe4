"""What a person may always do: pause, come back, choose language and clock, without asking anybody.

A pause is a pause: no question, no reminder, nothing that was put off.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from handlers.actions_settings import WORKING, SetWorking
from handlers.keyboards import encode
from tests.practice import Practice, labels, opened, said

LATE = datetime(2026, 11, 17, 20, 20, tzinfo=UTC)
"""Tuesday, 21:20 in Madrid: a quarter of an hour later the quiet hours have begun."""

HALF_AN_HOUR = timedelta(minutes=30)
MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


async def test_a_paused_patient_is_not_asked(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, "/pausa")
    await practice.session_ends(ruiz)

    assert ana.last().text.startswith("En pausa: no preguntaré nada.")
    assert await practice.check_ins() == ["skipped"]


async def test_after_coming_back_the_next_session_is_asked_about(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "/pausa")

    await practice.says(ana, "/reanudar")
    assert ana.last().text == "En marcha otra vez: preguntaré después de la próxima sesión."
    await practice.session_ends(ruiz)

    assert "1 de 3" in ana.last().text


async def test_a_pause_stops_the_reminder_of_an_open_question(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.says(ana, "/pausa")
    messages = len(ana.messages)
    await practice.pass_time(timedelta(hours=21))
    await practice.pass_time(timedelta(days=3))

    assert len(ana.messages) == messages


async def test_a_pause_stops_what_was_put_off(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Más tarde")

    await practice.says(ana, "/pausa")
    messages = len(ana.messages)
    await practice.pass_time(timedelta(hours=4))

    assert len(ana.messages) == messages


async def test_a_paused_patient_can_still_leave_words(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "/pausa")

    await practice.says(ana, "Necesito un descanso")
    await practice.taps(ana, "Dejárselo")

    assert await practice.words() == [("message", "Necesito un descanso")]


async def test_the_language_changes_everything_that_is_said_from_then_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, "/settings")
    await practice.taps(ana, "Idioma", "English")
    await practice.session_ends(ruiz)

    assert "1 of 3" in ana.last().text
    assert await practice.rows("SELECT text_version FROM check_ins") == [
        {"text_version": "en.usted.comprendido.today.1"}
    ]


async def test_the_zone_moves_the_quiet_hours(practice: Practice) -> None:
    """17:15 in Madrid is 8:15 in Tijuana, where the quiet hours end at 8:30."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Zona horaria", "México", "Tijuana")
    assert "Zona horaria: Tijuana (ahora, 8:00)" in ana.last().text
    await practice.session_ends(ruiz)
    assert "1 de 3" not in said(ana)[-1]
    await practice.pass_time(timedelta(minutes=15))

    assert "1 de 3" in ana.last().text


async def test_settings_lead_back_to_where_they_began(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Idioma", "Volver")

    assert labels(ruiz) == ["Idioma", "Trato", "Zona horaria", "Horas de descanso", "Horario de sesiones"]


async def test_a_country_can_be_typed(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/ajustes argentina")
    assert "Zona horaria: Buenos Aires (ahora, 13:00)" in ruiz.last().text
    await practice.says(ruiz, "/ajustes México")
    assert ruiz.last().text == "¿En qué ciudad es la misma hora que en la suya?"
    await practice.taps(ruiz, "Tijuana")

    assert "Zona horaria: Tijuana (ahora, 8:00)" in ruiz.last().text


async def test_long_labels_of_quiet_hours_have_a_row_of_their_own(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Horas de descanso")

    rows = [[button.label for button in row] for row in ruiz.last().keyboard]
    assert rows[-3:] == [["Las de la consulta (21:00-8:00)"], ["Sin horas de descanso"], ["Volver"]]
    assert all(len(label) <= 20 for row in rows if len(row) > 1 for label in row)


async def test_a_stranger_changes_nothing_in_the_settings(practice: Practice) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")
    await practice.says(stranger, "/ajustes")

    notice = await practice.taps_data(stranger, "sl:en")

    assert notice == "Este botón ya no sirve."
    assert await practice.rows("SELECT * FROM people") == []


async def test_hours_of_rest_are_chosen_by_button(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "/ajustes")
    assert ana.last().text.endswith("Horas de descanso: de 21:30 a 8:30, las de la consulta")

    await practice.taps(ana, "Horas de descanso", "De 22:00 a 10:00")

    assert ana.last().text.endswith("Horas de descanso: de 22:00 a 10:00")
    await practice.taps(ana, "Horas de descanso", "Las de la consulta (21:30-8:30)")
    assert ana.last().text.endswith("de 21:30 a 8:30, las de la consulta")
    await practice.taps(ana, "Horas de descanso", "Sin horas de descanso")
    assert ana.last().text.endswith("Sin horas de descanso")


async def test_hours_of_rest_are_typed_in_one_line_and_hold_the_question_back(practice: Practice) -> None:
    """A session at five in the afternoon, for somebody who works nights and sleeps until seven in the evening."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, "/ajustes 12:00-19:00")
    assert ana.last().text.endswith("Horas de descanso: de 12:00 a 19:00")
    await practice.session_ends(ruiz)
    assert "1 de 3" not in ana.last().text
    await practice.pass_time(timedelta(hours=1, minutes=45))

    assert "1 de 3" in ana.last().text


async def test_what_is_pending_is_planned_anew_for_other_hours_of_rest(tmp_path: Path) -> None:
    """At 21:35 the practice rests; this patient does not, and is asked at once, once."""
    async with opened(tmp_path, start=LATE) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)
        assert not asked(ana)

        await practice.says(ana, "/ajustes 23:00-9:00")
        await practice.settle()
        await practice.go_to(MORNING)

        assert len(asked(ana)) == 1


async def test_a_reminder_and_what_was_put_off_wait_for_the_new_hours(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana, eva = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(ruiz, "P-08")
    await practice.taps(eva, "Más tarde")

    for phone in (ana, eva):
        await practice.says(phone, "/ajustes 13:00-16:00")
        await practice.says(phone, "/ajustes 20:00-16:00")
    await practice.pass_time(timedelta(seconds=11))
    waits = await practice.rows("SELECT remind_at, ask_again_at FROM check_ins ORDER BY id")

    assert [(row["remind_at"] or row["ask_again_at"])[:16] for row in waits] == ["2026-11-18T15:00"] * 2
    assert "Volveré a preguntar mañana a las 16:00" in "".join(said(eva))


async def test_another_zone_plans_the_coming_questions_anew_and_leaves_the_sessions_alone(practice: Practice) -> None:
    """A session tomorrow from 19:00 to 19:50 in Madrid ends at 3:50 in the night of Tokyo."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 19:00 50m")
    before = await practice.rows("SELECT starts_at, ends_at FROM sessions")

    await practice.says(ana, "/ajustes asia/tokyo")

    assert "Zona horaria: Tokio (ahora, 1:00)" in ana.last().text
    assert await practice.rows("SELECT starts_at, ends_at FROM sessions") == before
    assert await practice.rows("SELECT due_at FROM check_ins") == [{"due_at": "2026-11-18T23:30:00.000000Z"}]


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("America/Bogota", "America/Bogota"),
        ("america/bogota", "America/Bogota"),
        ("Bogotá", "America/Bogota"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Tokyo", "Asia/Tokyo"),
    ],
)
async def test_any_zone_may_be_typed(practice: Practice, line: str, zone: str) -> None:
    ana = await practice.patient(await practice.therapist())

    await practice.says(ana, f"/ajustes {line}")

    assert await practice.rows("SELECT zone FROM people WHERE id = 2") == [{"zone": zone}]


async def test_an_unknown_zone_gets_three_examples_and_changes_nothing(practice: Practice) -> None:
    ana = await practice.patient(await practice.therapist())
    before = await practice.rows("SELECT * FROM people")

    await practice.says(ana, "/ajustes Macondo")

    assert ana.last().text.startswith("Eso no lo encuentro.")
    assert ana.last().text.count("\n/ajustes ") == 3
    assert await practice.rows("SELECT * FROM people") == before


@pytest.mark.both
async def test_a_therapist_has_hours_of_rest_of_their_own(tmp_path: Path) -> None:
    async with opened(tmp_path, start=LATE) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.says(ruiz, "/ajustes 23:00-7:00")
        await practice.says(ana, "Tengo algo que contarle")

        await practice.taps(ana, "Dejárselo")

        assert "P-07: ha dejado un mensaje" in ruiz.last().text
        assert await practice.rows("SELECT quiet_from, quiet_until FROM people WHERE id = 1") == [
            {"quiet_from": "23:00", "quiet_until": "07:00"}
        ]


async def test_a_therapist_has_session_hours_of_their_own(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/ajustes")
    assert "Horario de sesiones: de 9:00 a 20:00, el de la consulta" in ruiz.last().text

    await practice.taps(ruiz, "Horario de sesiones", "De 15:00 a 22:00")
    assert "Horario de sesiones: de 15:00 a 22:00" in ruiz.last().text.splitlines()
    await practice.says(ruiz, "/sesion P-07 mañana a las 9")
    assert "de 21:00 a 21:50" in ruiz.last().text
    await practice.says(ruiz, "/sesion")
    await practice.taps(ruiz, "P-07", "Otro día", "jue 19 nov")
    assert (labels(ruiz)[0], "21:30" in labels(ruiz)) == ("15:00", True)
    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Horario de sesiones", "El de la consulta (9:00-20:00)")

    await practice.says(ruiz, "/sesion P-07 el viernes a las 9")
    assert "de 9:00 a 9:50" in ruiz.last().text


@pytest.mark.both
async def test_session_hours_are_typed_in_one_line(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/ajustes trabajo 8:30-17:00")

    assert "Horario de sesiones: de 8:30 a 17:00" in ruiz.last().text.splitlines()
    assert "Horas de descanso: de 21:00 a 8:00, las de la consulta" in ruiz.last().text.splitlines()


@pytest.mark.parametrize("line", ["/ajustes trabajo 25-99", "/ajustes trabajo"])
async def test_session_hours_that_cannot_be_read_are_offered_on_buttons(practice: Practice, line: str) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, line)

    assert ruiz.last().text.endswith("Con otras horas: /ajustes trabajo 8:30-17:00")
    assert "De 9:00 a 14:00" in labels(ruiz)


async def test_a_patient_has_no_session_hours(practice: Practice) -> None:
    ana = await practice.patient(await practice.therapist())

    await practice.says(ana, "/ajustes")
    assert "Horario de sesiones" not in labels(ana)
    told = await practice.taps_data(ana, encode(SetWorking(WORKING[0])))
    await practice.says(ana, "/ajustes trabajo 8:30-17:00")

    assert told == "Este botón ya no sirve."
    assert ana.last().text.startswith("Eso no lo encuentro.")


async def test_who_is_never_written_to_unasked_has_no_hours_of_rest(practice: Practice) -> None:
    leo = await practice.enrolled(Role.SECOND_CONTACT, 112, "Leo")

    await practice.says(leo, "/ajustes")
    assert labels(leo) == ["Idioma", "Trato", "Zona horaria"]
    await practice.says(leo, "/ajustes 22:00-9:00")

    assert await practice.rows("SELECT quiet_from FROM people") == [{"quiet_from": None}]


def asked(phone: Phone) -> list[str]:
    """Return the questions that a person was shown."""
    return [text for text in said(phone) if "1 de 3" in text]


async def words_left_at_night(practice: Practice) -> tuple[Phone, list[str]]:
    """Let words be left for a therapist who rests until 8:00; return her phone, and what it shows at midnight."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.go_to(datetime(2026, 11, 17, 23, 0, tzinfo=UTC))
    await practice.says(ana, "Quería decirle algo")
    await practice.taps(ana, "Dejárselo")
    return ruiz, said(ruiz)


@pytest.mark.parametrize(
    ("change", "leaves_at"),
    [
        ("/ajustes 22:00-10:00", datetime(2026, 11, 18, 9, 0, tzinfo=UTC)),
        ("/ajustes 22:00-7:00", datetime(2026, 11, 18, 6, 0, tzinfo=UTC)),
        ("/ajustes Asia/Shanghai", datetime(2026, 11, 18, 0, 0, tzinfo=UTC)),
    ],
    ids=["longer", "shorter", "another clock"],
)
async def test_a_notice_that_waits_for_the_morning_waits_for_the_new_one(
    practice: Practice, change: str, leaves_at: datetime
) -> None:
    ruiz, _ = await words_left_at_night(practice)
    await practice.says(ruiz, change)
    before = said(ruiz)

    while practice.clock.now() + HALF_AN_HOUR < leaves_at:
        await practice.pass_time(HALF_AN_HOUR)
    await practice.go_to(leaves_at - timedelta(minutes=1))
    assert said(ruiz) == before
    await practice.go_to(leaves_at)

    assert len(said(ruiz)) == len(before) + 1
    assert "P-07: ha dejado un mensaje" in said(ruiz)[-1]


async def test_who_rests_no_more_gets_at_once_what_waited_for_the_morning(practice: Practice) -> None:
    ruiz, before = await words_left_at_night(practice)
    assert not any("ha dejado un mensaje" in text for text in before)

    await practice.says(ruiz, "/ajustes 0:00-0:00")
    await practice.settle()

    assert any("P-07: ha dejado un mensaje" in text for text in said(ruiz))

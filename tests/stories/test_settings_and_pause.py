"""What a person may always do: pause, come back, choose language and clock, without asking anybody.

A pause is a pause: no question, no reminder, nothing that was put off.
"""

from datetime import timedelta

from tests.practice import Practice, labels, said


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
    await practice.taps(ana, "Zona horaria", "Tijuana")
    assert "Zona horaria: Tijuana (ahora, 8:00)" in ana.last().text
    await practice.session_ends(ruiz)
    assert "1 de 3" not in said(ana)[-1]
    await practice.pass_time(timedelta(minutes=15))

    assert "1 de 3" in ana.last().text


async def test_settings_lead_back_to_where_they_began(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Idioma", "Volver")

    assert labels(ruiz) == ["Idioma", "Zona horaria"]


async def test_a_stranger_changes_nothing_in_the_settings(practice: Practice) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")
    await practice.says(stranger, "/ajustes")

    notice = await practice.taps_data(stranger, "sl:en")

    assert notice == "Este botón ya no sirve."
    assert await practice.rows("SELECT * FROM people") == []

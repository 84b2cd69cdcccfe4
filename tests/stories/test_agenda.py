"""`/agenda`: the coming two weeks, and what a therapist notes about a session before or after it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.demo.phone import Phone
from bot.domain.model import SessionId
from handlers.actions_agenda import MoveHour
from handlers.keyboards import encode
from tests.practice import Practice, labels, said

HOUR = timedelta(hours=1)


async def test_without_sessions_it_says_how_to_note_one(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/agenda")

    assert "Para anotar una: /sesion" in ruiz.last().text


async def test_the_coming_two_weeks_are_shown_day_by_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.patient(ruiz, "P-08", 201)
    for line in ("P-07 mañana 17:00 50m", "P-08 mañana 9:00 50m", "P-08 30/11 9:00 50m", "P-07 4/12 9:00 50m"):
        await practice.says(ruiz, f"/sesion {line}")

    await practice.says(ruiz, "/calendar")

    assert ruiz.last().text == (
        "Sus sesiones: ayer, hoy y las próximas dos semanas (hora de Madrid). Pulse una para cambiarla.\n\n"
        "Mié 18 nov\n9:00–9:50 · P-08\n17:00–17:50 · P-07\n\n"
        "Lun 30 nov\n9:00–9:50 · P-08"
    )
    assert labels(ruiz) == ["18 nov · 9:00 · P-08", "18 nov · 17:00 · P-07", "30 nov · 9:00 · P-08"]


async def test_across_months_every_day_says_its_month_in_the_list_and_on_the_buttons(practice: Practice) -> None:
    """«Mar 1» alone could be the first of March."""
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 24/11 17:00 50m")
    await practice.says(ruiz, "/sesion P-07 1/12 17:00 50m")

    await practice.says(ruiz, "/agenda")

    assert "\n\nMar 24 nov\n17:00–17:50 · P-07\n\nMar 1 dic\n17:00–17:50 · P-07" in ruiz.last().text
    await practice.taps(ruiz, "1 dic · 17:00 · P-07", "Mover")
    assert {"lun 30 nov", "mié 2 dic"} <= set(labels(ruiz))
    await practice.taps(ruiz, "mié 2 dic")
    assert ruiz.last().text.startswith("P-07 · el miércoles 2 de diciembre: ¿a qué hora empieza?")


async def test_a_question_far_ahead_is_announced_with_its_month(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.says(ruiz, "/sesion P-07 22/12 17:00 50m")

    assert ruiz.last().text.endswith("\nPreguntaré el martes 22 de diciembre a las 18:05.")


async def test_yesterday_and_the_last_day_are_shown_whole(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 9:00 50m")
    await practice.says(ruiz, "/sesion P-07 3/12 20:00 50m")
    await practice.go_to(datetime(2026, 11, 19, 19, 0, tzinfo=UTC))

    await practice.says(ruiz, "/agenda")

    assert labels(ruiz) == ["18 nov · 9:00 · P-07", "3 dic · 20:00 · P-07"]


async def test_of_another_therapist_nothing_is_seen(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    await practice.says(gil, "/agenda")

    assert "P-07" not in gil.last().text


@pytest.mark.both
async def test_where_a_session_takes_place_is_noted_and_can_be_changed(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")

    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "En línea", "Presencial", "En línea", "Agenda")

    assert "17:00–17:50 · P-07 · en línea" in ruiz.last().text
    assert await practice.rows("SELECT place FROM sessions") == [{"place": "online"}]


async def test_who_did_not_come_is_not_asked_and_an_open_question_ends(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "No vino")

    await practice.pass_time(timedelta(seconds=11))

    assert "No vino: no se preguntará por ella." in ruiz.last().text
    assert await practice.check_ins() == ["cancelled"]
    assert labels(ana) == []


async def test_after_an_answer_the_session_did_take_place(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 ahora")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0])
    page = ruiz.last()
    await practice.pass_time(timedelta(minutes=15))
    await practice.answers(ana, 9, 9, 2)

    (cancel,) = [button.data for row in page.keyboard for button in row if button.label == "Anular"]
    assert await practice.taps_data(ruiz, cancel or "", page) == "Sobre esa sesión ya hay respuesta."
    assert await practice.rows("SELECT state FROM sessions") == [{"state": "planned"}]


async def test_a_session_can_be_moved_only_to_where_there_is_room(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")
    await practice.says(ruiz, "/sesion P-07 20/11 9:00 50m")

    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover", "vie 20 nov")
    page = ruiz.last()
    (taken,) = [button.data for row in page.keyboard for button in row if button.label == "9:30"]
    assert await practice.taps_data(ruiz, taken or "", page) == "Se cruza con otra sesión de ese código."
    await practice.taps(ruiz, "10:00")

    assert "el viernes 20 de noviembre, de 10:00 a 10:50" in ruiz.last().text


async def replies(practice: Practice, phone: Phone, line: str) -> None:
    """Let somebody answer the newest message of the bot, as with Telegram's *Responder*."""
    asked = next(message for message in reversed(phone.messages) if message.from_bot)
    chat = {"id": phone.chat_id, "type": "private"}
    await phone.send(line, reply_to_message=asked.to_json(chat))
    await practice.settle()


async def test_a_session_moves_to_any_time_of_any_day_by_a_typed_line(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 90m")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover")
    assert "se puede responder a este mensaje con una línea" in ruiz.last().text
    page = ruiz.last()

    await replies(practice, ruiz, "lunes 4 de enero a las 17:10")

    assert ruiz.last().text == "P-07 · el lunes 4 de enero, de 17:10 a 18:40 (hora de Madrid)."
    assert page.labels() == []
    assert await practice.rows("SELECT starts_at FROM sessions") == [{"starts_at": "2027-01-04T16:10:00.000000Z"}]
    await practice.go_to(datetime(2027, 1, 4, 17, 55, tzinfo=UTC))
    assert "1 de 3" in ana.last().text


async def test_on_the_page_of_a_day_a_time_alone_is_on_that_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover", "vie 20 nov")

    await replies(practice, ruiz, "a las 5 y cuarto")

    assert ruiz.last().text == "P-07 · el viernes 20 de noviembre, de 17:15 a 18:05 (hora de Madrid)."


async def test_a_series_moves_from_there_on_by_a_typed_line(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00 3 veces")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "24 nov · 17:00 · P-07", "Toda la serie", "Cambiar desde aquí")

    await replies(practice, ruiz, "jueves 26 a las 9:40")

    assert ruiz.last().text.startswith("P-07 · cada jueves a las 9:40, 3 veces (hora de Madrid).")


async def test_a_time_alone_moves_a_session_within_its_own_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 jueves 17:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "19 nov · 17:00 · P-07", "Mover")

    await replies(practice, ruiz, "18:00")
    assert ruiz.last().text == "P-07 · el jueves 19 de noviembre, de 18:00 a 18:50 (hora de Madrid)."
    await practice.taps(ruiz, "Mover")
    await replies(practice, ruiz, "esta tarde a las 7")

    assert ruiz.last().text == "P-07 · el martes 17 de noviembre, de 19:00 a 19:50 (hora de Madrid)."


async def test_a_weekday_that_may_be_of_two_weeks_is_asked_with_a_button_for_each(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 1/12 17:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "1 dic · 17:00 · P-07", "Mover")

    await replies(practice, ruiz, "el lunes a las 10")
    assert ruiz.last().text == "P-07 · ¿qué lunes? Durará 50 minutos."
    assert labels(ruiz) == ["lun 23 nov · 10:00", "lun 30 nov · 10:00"]
    await practice.taps(ruiz, "lun 30 nov · 10:00")

    assert ruiz.last().text == "P-07 · el lunes 30 de noviembre, de 10:00 a 10:50 (hora de Madrid)."


async def test_on_the_page_of_a_day_another_weekday_can_be_typed(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover", "vie 20 nov")

    await replies(practice, ruiz, "sábado a las 10")

    assert ruiz.last().text == "P-07 · el sábado 21 de noviembre, de 10:00 a 10:50 (hora de Madrid)."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("el jueves a las 17:15", "P-07 · cada jueves a las 17:15 (hora de Madrid).\nLa primera, el jueves 3 de dic"),
        ("los jueves a las 9", "P-07 · cada jueves a las 9:00 (hora de Madrid).\nLa primera, el jueves 3 de dic"),
        ("a las 18", "P-07 · cada martes a las 18:00 (hora de Madrid).\nLa primera, el martes 1 de dic"),
        ("20/11 9:00", "La serie no puede seguir desde ese día. Los botones muestran los días posibles."),
        ("jueves 9:00 cada dos semanas", "Aquí cambian el día y la hora de la serie"),
        ("martes y jueves 9:00", "Aquí cambian el día y la hora de la serie"),
    ],
)
async def test_the_line_for_a_series_counts_from_where_it_changes(practice: Practice, line: str, told: str) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "1 dic · 17:00 · P-07", "Toda la serie", "Cambiar desde aquí")

    await replies(practice, ruiz, line)

    assert ruiz.last().text.startswith(told)


async def test_what_repeats_at_either_half_of_the_day_is_asked_for_a_series_too(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "1 dic · 17:00 · P-07", "Toda la serie", "Cambiar desde aquí")

    await replies(practice, ruiz, "los jueves a las 8")
    assert labels(ruiz) == ["jue 3 dic · 8:00", "jue 3 dic · 20:00"]
    await practice.taps(ruiz, "jue 3 dic · 8:00")

    assert ruiz.last().text.startswith("P-07 · cada jueves a las 8:00 (hora de Madrid).")


async def test_no_button_moves_a_session_beyond_a_year(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00")
    (one, *_) = await practice.rows("SELECT id FROM sessions ORDER BY starts_at")

    for whole in (False, True):
        data = encode(MoveHour(SessionId(one["id"]), whole, date(2199, 1, 1), time(9)))
        assert await practice.taps_data(ruiz, data) == "Este botón ya no sirve."


async def test_what_a_move_leaves_open_is_asked_with_buttons(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 90m")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover")

    await replies(practice, ruiz, "lunes 24 a las 10")
    assert labels(ruiz) == ["mar 24 nov · 10:00", "lun 23 nov · 10:00"]
    await practice.taps(ruiz, "lun 23 nov · 10:00")

    assert ruiz.last().text == "P-07 · el lunes 23 de noviembre, de 10:00 a 11:30 (hora de Madrid)."


async def test_where_a_session_cannot_move_it_stays_and_the_page_too(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00")
    await practice.says(ruiz, "/sesion P-07 viernes 9:00")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover")
    page = ruiz.last()

    for line, told in (
        ("pronto", "Falta la hora."),
        ("hoy 10:00", "Esa hora ya pasó."),
        ("hoy 16:30", "Esa hora ya pasó."),
        ("cada martes 17:00", "No he entendido qué día es, o sobra alguna palabra."),
        ("viernes 9:15", "Se cruza con otra sesión de ese código."),
    ):
        await ruiz.send(line, reply_to_message=page.to_json({"id": ruiz.chat_id, "type": "private"}))
        await practice.settle()
        assert ruiz.last().text.startswith(told), line
        assert told.startswith("Se cruza") or ruiz.last().text.endswith("24/11 17:00"), line

    assert len(page.labels()) == 29
    assert [row["starts_at"][:16] for row in await practice.rows("SELECT starts_at FROM sessions ORDER BY id")] == [
        "2026-11-18T16:00",
        "2026-11-20T08:00",
    ]


async def test_nobody_moves_what_is_anothers_and_other_replies_are_words(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00")
    await practice.says(ruiz, "/agenda")
    page = ruiz.last()
    await replies(practice, ruiz, "mañana 18:00")
    assert ruiz.last().text.startswith("Eso no lo entiendo, y no llegó a nadie")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07", "Mover")
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    for phone, told in ((gil, "Este botón ya no sirve."), (ana, "Nadie lee este chat en este momento.")):
        await phone.send("viernes 9:15", reply_to_message=page.to_json({"id": phone.chat_id, "type": "private"}))
        await practice.settle()
        assert phone.last().text.startswith(told)

    assert await practice.rows("SELECT starts_at FROM sessions") == [{"starts_at": "2026-11-18T16:00:00.000000Z"}]


async def test_a_session_that_was_cut_is_not_compared_as_a_fall(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "Falló la conexión")
    assert "lo que conteste se guarda, pero no se compara" in ruiz.last().text

    await practice.answers(ana, 3, 3, 2)
    await practice.pass_time(HOUR)
    await practice.go_to(datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    await practice.week(ruiz, ana, 9, 8, 2)

    assert await practice.rows("SELECT id FROM episodes") == []
    assert [score for _, item, score in await practice.scores() if item == "understood"] == [9, 3, 9]


async def test_what_a_cut_session_raised_is_taken_back_once_that_is_noted(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 3, 3, 2)
    await practice.pass_time(timedelta(minutes=20))
    assert [row["state"] for row in await practice.rows("SELECT state FROM episodes")] == ["open"]

    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "Falló la conexión")

    assert [row["state"] for row in await practice.rows("SELECT state FROM episodes")] == ["withdrawn"]
    assert "P-07: aviso retirado. Después de una corrección, la caída ya no está." in said(ruiz)


async def test_a_page_whose_reply_was_lost_changes_things_once(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 17:00 · P-07")
    page = ruiz.last()
    (cancel,) = [button.data for row in page.keyboard for button in row if button.label == "Anular"]

    for _ in range(3):
        await practice.taps_data(ruiz, cancel or "", page)

    assert await practice.rows("SELECT state FROM sessions") == [{"state": "cancelled"}]


# Taps by mistake, and what the next session does to the question of the one before


async def test_who_came_after_all_is_asked_again(practice: Practice) -> None:
    """*No vino* by mistake, after the question has left: the answer would be lost with it."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "No vino")
    await practice.pass_time(timedelta(seconds=11))
    assert labels(ana) == []

    await practice.taps(ruiz, "Sí tuvo lugar")
    await practice.settle()

    assert "1 de 3" in ana.last().text
    await practice.answers(ana, 9, 8, 2)
    assert [score for _, _, score in await practice.scores()] == [9, 8, 2]


@pytest.mark.both
async def test_a_question_that_is_asked_again_keeps_what_was_scored_and_waits_for_the_morning(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "9")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "Anular")
    await practice.go_to(datetime(2026, 11, 17, 22, 0, tzinfo=UTC))
    before = len(ana.messages)

    await practice.taps(ruiz, "Sí tuvo lugar")
    assert len(ana.messages) == before
    await practice.go_to(datetime(2026, 11, 18, 7, 30, tzinfo=UTC))

    assert "2 de 3" in ana.last().text


async def test_where_it_is_too_late_to_ask_the_page_says_so(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "No vino")
    await practice.pass_time(timedelta(days=4))
    before = len(ana.messages)

    await practice.taps(ruiz, "Sí tuvo lugar")
    await practice.pass_time(HOUR)

    assert "Ya no se preguntará por ella: el plazo ya pasó." in ruiz.last().text
    assert len(ana.messages) == before
    assert await practice.check_ins() == ["cancelled"]


async def closes(practice: Practice) -> list[str]:
    """Return when open questions close (UTC, to the minute)."""
    rows = await practice.rows("SELECT closes_at FROM check_ins WHERE state = 'open'")
    return [row["closes_at"][:16] for row in rows]


async def test_without_the_next_session_a_question_waits_as_long_as_any_other(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 9:00 50m")
    await practice.session_ends(ruiz)
    assert await closes(practice) == ["2026-11-18T07:00"]
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "18 nov · 9:00 · P-07")

    await practice.taps(ruiz, "Anular")
    assert await closes(practice) == ["2026-11-20T16:15"]
    assert await practice.rows("SELECT remind_at FROM check_ins WHERE state = 'open' AND remind_at IS NOT NULL")
    await practice.taps(ruiz, "Sí tiene lugar")
    assert await closes(practice) == ["2026-11-18T07:00"], "the next session is there again"

    await practice.taps(ruiz, "Mover", "jue 19 nov", "9:00")
    assert await closes(practice) == ["2026-11-19T07:00"]


async def test_a_reminder_that_was_sent_does_not_come_again_when_the_next_session_is_cancelled(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 19/11 17:00 50m")
    await practice.session_ends(ruiz)
    await practice.go_to(datetime(2026, 11, 18, 12, 20, tzinfo=UTC))
    assert ana.last().text.startswith("Sigue aquí la pregunta")
    before = len(ana.messages)

    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "19 nov · 17:00 · P-07", "Anular")
    await practice.go_to(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))

    assert len(ana.messages) == before
    assert await closes(practice) == ["2026-11-20T16:15"]


# A question whose time passed without it


async def moved_to_thursday(practice: Practice, ruiz: Phone) -> None:
    """Move the first session of `/agenda` to Thursday at nine, and go to when it is asked about."""
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, labels(ruiz)[0], "Mover", "jue 19 nov", "9:00")
    await practice.go_to(datetime(2026, 11, 19, 9, 5, tzinfo=UTC))


async def test_a_session_whose_question_came_too_late_is_asked_about_where_it_was_moved(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")
    await practice.says(ruiz, "/sesion P-07 mañana 9:00 50m")
    await practice.stop()
    practice.clock.move_to(datetime(2026, 11, 18, 8, 30, tzinfo=UTC))
    await practice.start()
    await practice.settle()
    assert await practice.check_ins() == ["late", "planned"]

    await moved_to_thursday(practice, ruiz)

    assert "1 de 3" in ana.last().text
    assert (await practice.check_ins())[0] == "open"


async def test_a_session_of_a_pause_is_asked_about_where_it_was_moved_after_the_pause(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")
    await practice.says(ana, "/pausa")
    await practice.go_to(datetime(2026, 11, 17, 18, 10, tzinfo=UTC))
    assert await practice.check_ins() == ["skipped"]
    await practice.says(ana, "/reanudar")

    await moved_to_thursday(practice, ruiz)

    assert "1 de 3" in ana.last().text
    assert await practice.check_ins() == ["open"]

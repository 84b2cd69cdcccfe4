"""Not now, not this time, or there was no session: each costs one tap and nothing else.

What is put off comes back once, in its own message; what is declined is never chased.
"""

from datetime import timedelta
from pathlib import Path

from tests.practice import Practice, labels, opened, said

LATER = timedelta(hours=3)
DECLINED = (
    "De acuerdo, esta vez no. No preguntaré más por esta sesión. "
    "Si más tarde quiere contar algo de ella, puede escribirlo aquí."
)


async def test_later_asks_again_after_three_hours_in_a_new_message(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    put_off = ana.last()

    await practice.taps(ana, "Más tarde")
    assert put_off.text.startswith("De acuerdo. Volveré a preguntar hoy a las 20:15.")
    await practice.pass_time(LATER)

    assert ana.last() is not put_off
    assert "1 de 3" in ana.last().text
    assert put_off.labels() == []


async def test_later_keeps_what_was_answered_and_asks_on_from_there(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "7", "Más tarde")
    await practice.pass_time(LATER)

    assert "2 de 3" in ana.last().text
    assert await practice.scores() == [(1, "understood", 7)]


async def test_what_was_put_off_comes_back_once_whatever_becomes_of_the_agenda(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Más tarde")
    await practice.pass_time(LATER)
    messages = len(ana.messages)

    await practice.says(ruiz, "/sesion P-07 24/11 17:00 50m")
    await practice.pass_time(timedelta(days=1))

    assert len(ana.messages) == messages


async def test_what_was_put_off_can_be_answered_at_once(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    messages = len(ana.messages)

    await practice.taps(ana, "Más tarde", "Contestar ahora", "7")
    await practice.pass_time(LATER)

    assert len(ana.messages) == messages, "nobody is asked twice"
    assert await practice.scores() == [(1, "understood", 7)]


async def test_later_in_the_evening_waits_for_the_morning(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.pass_time(timedelta(hours=3))
    await practice.session_ends(ruiz)

    await practice.taps(ana, "Más tarde")

    assert "mañana a las 8:30" in ana.last().text


async def test_later_near_the_closing_says_until_when_an_answer_counts(tmp_path: Path) -> None:
    async with opened(tmp_path, settings='[check_in]\nexpires_after = "2h"\n') as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)

        await practice.taps(ana, "Más tarde")
        assert ana.last().text == "De acuerdo. Puede contestar hasta hoy a las 19:15."
        messages = len(ana.messages)
        await practice.pass_time(LATER)

        assert len(ana.messages) == messages
        assert await practice.check_ins() == ["closed"]


async def test_declining_is_kept_as_such_and_never_chased(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    messages = len(ana.messages)

    await practice.taps(ana, "Esta vez no")
    await practice.pass_time(timedelta(days=4))

    assert ana.last().text == DECLINED
    assert len(ana.messages) == messages
    assert await practice.check_ins() == ["declined"]


async def test_after_declining_the_next_session_asks_as_usual(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Esta vez no")

    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)

    assert "1 de 3" in ana.last().text


async def test_no_session_is_confirmed_by_the_therapist(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "No hubo sesión")
    assert ruiz.last().text == "P-07 dice que no hubo sesión el martes 17."
    await practice.taps(ruiz, "Así es")

    assert ruiz.last().text == "P-07: anotado, no hubo sesión el martes 17."
    assert await practice.check_ins() == ["no_session"]
    assert await practice.rows("SELECT state FROM sessions") == [{"state": "cancelled"}]


async def test_no_session_is_denied_by_the_therapist(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "No hubo sesión")
    await practice.taps(ruiz, "Sí la hubo")

    assert ruiz.last().text == "P-07: anotado, sí hubo sesión el martes 17."
    assert await practice.check_ins() == ["declined"]
    assert await practice.rows("SELECT state FROM sessions") == [{"state": "planned"}]


async def test_another_therapist_cannot_confirm_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "No hubo sesión")

    notice = await practice.taps_data(gil, "nc:1:1")

    assert notice == "Este botón ya no sirve."
    assert await practice.rows("SELECT state FROM sessions") == [{"state": "planned"}]


async def test_a_session_taken_back_withdraws_its_question(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ruiz, "Deshacer")
    await practice.pass_time(timedelta(seconds=11))

    assert said(ruiz)[-1] == "P-07: sesión anulada. No habrá preguntas por ella."
    assert ana.last().text == "Esta pregunta se ha retirado. No hace falta contestar nada."
    assert labels(ana) == []

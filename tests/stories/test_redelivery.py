"""Telegram delivers again what it is not sure was received; the bot may restart in between.

Whatever comes twice has one effect, and whatever comes after a quiet week with small numbers still counts.
"""

from datetime import timedelta
from typing import Any

import pytest

from bot.demo.phone import Phone
from bot.demo.state import Message
from tests.practice import Practice, data_of, said


def again(practice: Practice, phone: Phone, message: Message) -> None:
    """Deliver a message once more, under another update id."""
    practice.telegram.push_raw({"message": message.to_json(phone._chat.to_json())})


async def asked(practice: Practice) -> tuple[Phone, Phone]:
    """Return a therapist and a patient who is being asked the first question."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    return ruiz, ana


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_typed_number_that_comes_twice_answers_one_question(practice: Practice, *, restarted: bool) -> None:
    _, ana = await asked(practice)
    seven = await ana.send("7")
    await practice.settle()
    if restarted:
        await practice.stop()
        await practice.start()

    again(practice, ana, seven)
    await practice.settle()

    assert await practice.scores() == [(1, "understood", 7)]
    assert sum("2 de 3" in text for text in said(ana)) == 1


async def test_a_typed_number_that_comes_twice_in_one_batch_answers_one_question(practice: Practice) -> None:
    _, ana = await asked(practice)

    seven = await ana.send("7")
    for _ in range(5):
        again(practice, ana, seven)
    await practice.settle()

    assert await practice.scores() == [(1, "understood", 7)]


async def test_two_sevens_are_two_answers(practice: Practice) -> None:
    _, ana = await asked(practice)

    await practice.says(ana, "7")
    await practice.says(ana, "7")

    assert [score for _, _, score in await practice.scores()] == [7, 7]


async def test_a_tap_that_comes_twice_counts_once(practice: Practice) -> None:
    _, ana = await asked(practice)
    question = ana.last()
    query: dict[str, Any] = {
        "id": "4242",
        "from": ana.person(),
        "chat_instance": "1",
        "data": data_of(question, "7"),
        "message": question.to_json(ana._chat.to_json()),
    }

    practice.telegram.push_raw({"callback_query": query})
    await practice.settle()
    practice.telegram.push_raw({"callback_query": query})
    await practice.settle()

    assert await practice.scores() == [(1, "understood", 7)]
    assert "2 de 3" in ana.last().text


async def test_a_step_back_that_comes_twice_goes_back_once(practice: Practice) -> None:
    _, ana = await asked(practice)
    await practice.taps(ana, "7")
    question = ana.last()
    query: dict[str, Any] = {
        "id": "4243",
        "from": ana.person(),
        "chat_instance": "1",
        "data": data_of(question, "Atrás"),
        "message": question.to_json(ana._chat.to_json()),
    }
    practice.telegram.push_raw({"callback_query": query})
    await practice.settle()
    await practice.taps(ana, "8")

    practice.telegram.push_raw({"callback_query": query})
    await practice.settle()

    assert "2 de 3" in ana.last().text


async def test_words_that_come_twice_are_kept_once(practice: Practice) -> None:
    _, ana = await asked(practice)
    await practice.taps(ana, "7", "7", "2")
    words = await ana.send("Gracias por hoy")
    await practice.settle()

    again(practice, ana, words)
    await practice.settle()

    assert await practice.words() == [("reflection", "Gracias por hoy")]


async def test_a_message_left_twice_is_left_once(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "He soñado")
    offer, leave = ana.last(), data_of(ana.last(), "Dejárselo")

    await practice.taps(ana, "Dejárselo")
    await practice.taps_data(ana, leave, offer)

    assert await practice.words() == [("message", "He soñado")]
    assert said(ruiz).count("P-07: ha dejado un mensaje.") == 1


async def test_a_session_that_comes_twice_is_one_session(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    noted = await ruiz.send("/sesion P-07 ahora")
    await practice.settle()
    heard = len(ruiz.messages)

    await practice.pass_time(timedelta(minutes=5))
    again(practice, ruiz, noted)
    await practice.settle()

    assert len(await practice.rows("SELECT * FROM sessions")) == 1
    assert len(ruiz.messages) == heard


async def test_an_invitation_that_comes_twice_makes_one_link(practice: Practice) -> None:
    ruiz = await practice.therapist()
    invited = await ruiz.send("/nuevo P-07")
    await practice.settle()

    again(practice, ruiz, invited)
    await practice.settle()

    assert len(await practice.rows("SELECT * FROM invitations WHERE role = 'patient'")) == 1


async def test_crisis_words_that_come_twice_are_one_concern(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    words = await ana.send("quiero morirme")
    await practice.settle()
    heard = len(ruiz.messages)

    again(practice, ana, words)
    await practice.settle()

    assert len(await practice.rows("SELECT * FROM concerns")) == 1
    assert len(ruiz.messages) == heard


@pytest.mark.parametrize("first_id", [1, 900_000_000])
async def test_update_ids_may_begin_again_anywhere(practice: Practice, first_id: int) -> None:
    practice.telegram.next_update_id = 500_000_000
    _, ana = await asked(practice)

    practice.telegram.next_update_id = first_id
    await practice.taps(ana, "7", "6")

    assert [score for _, _, score in await practice.scores()] == [7, 6]
    assert practice.telegram.pending_updates() == 0


async def test_what_came_while_the_bot_was_down_is_worked_after_the_start(practice: Practice) -> None:
    _, ana = await asked(practice)
    await practice.stop()

    await ana.tap("7")
    await ana.send("6")
    await practice.start()
    await practice.settle()

    assert [score for _, _, score in await practice.scores()] == [7, 6]

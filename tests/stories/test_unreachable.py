"""A patient blocks the chat, or closes the account; perhaps opens it again.

The therapist hears of it once, silence is not mistaken for an answer, and coming back takes one tap.
"""

from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from tests.practice import Practice, labels, said

LOST = (
    "P-07: los mensajes ya no le llegan (el chat está bloqueado o la cuenta, cerrada). "
    "Con /nuevo P-07 sale otro enlace."
)


async def in_treatment(practice: Practice) -> tuple[Phone, Phone]:
    """Return the phones of a therapist and a patient."""
    ruiz = await practice.therapist()
    return ruiz, await practice.patient(ruiz)


async def test_blocking_is_told_to_the_therapist_once(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)

    await ana.block()
    await practice.settle()
    await practice.session_ends(ruiz)

    assert said(ruiz).count(LOST) == 1
    assert await practice.check_ins() == ["unreachable"]


@pytest.mark.both
async def test_a_chat_that_is_gone_is_noticed_when_the_question_does_not_arrive(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    ana._chat.blocked = True  # without a word to the bot, as when an account is closed

    await practice.session_ends(ruiz)

    assert said(ruiz).count(LOST) == 1
    assert await practice.rows("SELECT state FROM patients") == [{"state": "unreachable"}]


async def test_a_question_that_never_arrived_is_not_silence(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    ana._chat.blocked = True

    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(days=4))
    await practice.says(ruiz, "/resumen")

    assert await practice.check_ins() == ["unreachable"]
    assert not any("sin respuesta · 17 nov" in text for text in said(ruiz))


async def test_letting_the_bot_in_again_takes_up_the_questions(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await ana.block()
    await practice.settle()

    await ana.unblock()
    await practice.settle()
    await practice.session_ends(ruiz)

    assert "1 de 3" in ana.last().text


async def test_a_new_link_brings_back_who_has_a_new_account(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await ana.block()
    await practice.settle()

    new_phone = await practice.patient(ruiz, user_id=201)
    await practice.session_ends(ruiz)

    assert labels(new_phone)[:11] == [str(number) for number in range(11)]
    assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_a_therapist_who_blocks_the_bot_stops_nobody_else(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)

    await ruiz.block()
    await practice.answers(ana, 8, 8, 2)
    await practice.pass_time(timedelta(days=6))

    assert len(await practice.scores()) == 3
    assert await practice.rows("SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL") == [
        {"n": 0}
    ]


async def test_whoever_writes_can_be_reached_again(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    ana._chat.blocked = True
    await practice.session_ends(ruiz)
    ana._chat.blocked = False

    await practice.says(ana, "quiero morirme")

    assert ruiz.last().text.startswith("P-07: urgente.")

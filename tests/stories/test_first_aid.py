"""The database is away just when somebody writes what cannot wait: help comes from memory, once, and leaves no trace.

Only to the person who wrote, in their own chat.
"""

import sqlite3
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json, Message
from bot.domain.model import Role
from handlers.pacing import Pace
from tests import engines
from tests.practice import Practice, labels, opened, said

CARD = "Si está en peligro o piensa en hacerse daño, llame ahora:"
HURT = "mi pareja me pega"
OFFER = "Si alguien le hace daño o le amenaza, puede llamar:"
FORGET = "Borrar de este chat"
TOO_FAST = "Van demasiados mensajes seguidos"
URGENT = "P-07: urgente."
TOLD = "La Dra. Ruiz ya tiene el aviso."
WITHIN = 20.0


async def house(practice: Practice) -> tuple[Phone, Phone]:
    """Return the phones of a therapist and a patient, in a practice with a second contact."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    return ruiz, ana


def away(practice: Practice) -> AbstractContextManager[None]:
    """Let the bot neither read nor write."""
    return engines.away(practice.database)


def is_card(message: Message) -> bool:
    return message.from_bot and message.text.startswith((CARD, OFFER))


def cards(phone: Phone) -> int:
    return sum(is_card(message) for message in phone.messages)


@pytest.mark.parametrize("words", ["quiero morirme", HURT])
async def test_a_database_lost_between_keeping_and_working_holds_no_card_back(practice: Practice, words: str) -> None:
    ruiz, ana = await house(practice)
    practice.telegram.fault = lambda method, _: Fault.hang(2) if method == "sendMessage" else None
    await ana.send("/pausar")
    await ana.wait_for(lambda message: message.from_bot and "ayuda" in message.text)
    await ana.send(words)
    await practice.telegram.drained()
    assert len(await practice.rows("SELECT id FROM inbox WHERE done_at IS NULL")) == 2

    with away(practice):
        practice.telegram.fault = None
        await ana.wait_for(is_card, timeout=WITHIN)
        await practice.bot.intake.idle()
    await practice.settle()

    assert cards(ana) == 1
    assert (ruiz.last().text.startswith(URGENT), "A nadie" in labels(ana)) == ((words != HURT), (words == HURT))


async def test_an_edited_message_gets_the_card_too(practice: Practice) -> None:
    ruiz, ana = await house(practice)
    message = await ana.send("hola")
    await practice.settle()

    with away(practice):
        await ana.edit(message, "quiero morirme")
        await ana.wait_for(is_card, timeout=WITHIN)
    await practice.settle()

    assert cards(ana) == 1
    assert ruiz.last().text.startswith(URGENT)
    assert said(ana)[-1] == TOLD


@pytest.mark.file
async def test_while_nothing_can_be_written_the_card_comes_once(practice: Practice) -> None:
    ruiz, ana = await house(practice)
    with closing(sqlite3.connect(practice.database, isolation_level=None, check_same_thread=False)) as other:

        def locks(method: str, params: Json) -> None:
            if method == "sendMessage" and str(params.get("text", "")).startswith(CARD) and not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        practice.telegram.fault = locks
        await ana.send("quiero morirme")
        await ana.wait_for(is_card, timeout=WITHIN)
        for _ in range(2):
            await practice.bot.intake.idle()
            await practice.bot.intake.take_up(again=True)
        await practice.bot.intake.idle()
        assert cards(ana) == 1
        assert said(ana)[-1].startswith("Todavía no he podido guardar lo que ha escrito ni avisar a la Dra. Ruiz.")
        assert sum(text.startswith("Todavía no") for text in said(ana)) == 1
        practice.telegram.fault = None
        other.execute("ROLLBACK")
    await practice.settle()

    assert cards(ana) == 1
    assert ruiz.last().text.startswith(URGENT)
    assert said(ana)[-1] == TOLD


async def test_nothing_of_it_is_ever_said_in_a_group(practice: Practice) -> None:
    _, ana = await house(practice)
    group = practice.telegram.group(-1007, "Familia")
    chat = {"id": -1007, "type": "supergroup", "title": "Familia"}
    written = {"date": 0, "chat": chat, "from": ana.person()}

    with away(practice):
        for number, words in enumerate((HURT, "quiero morirme", "/ayuda"), start=5):
            practice.telegram.push_raw({"message": written | {"message_id": number, "text": words}})
        await ana.send("/ayuda")
        await ana.wait_for(lambda message: message.text.startswith(CARD), timeout=WITHIN)
    await practice.settle()

    assert [message.text for message in group.messages if message.from_bot] == []


async def test_one_tap_takes_away_every_offer_about_the_same_message(practice: Practice) -> None:
    _, ana = await house(practice)
    before = [message.message_id for message in ana.messages]
    with away(practice):
        message = await ana.send(HURT)
        await ana.wait_for(is_card, timeout=WITHIN)
    await practice.settle()
    await practice.edits(ana, message, f"{HURT} y me insulta")

    await practice.taps(ana, FORGET)

    assert [message.message_id for message in ana.messages] == before


async def test_after_leaving_no_card_stays_in_the_chat(practice: Practice) -> None:
    _, ana = await house(practice)
    with away(practice):
        await ana.send(HURT)
        await ana.wait_for(is_card, timeout=WITHIN)
        await ana.send("/ayuda")
        await ana.wait_for(lambda message: message.text.startswith(CARD), timeout=WITHIN)
    await practice.settle()

    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")
    await practice.settle()

    assert cards(ana) == 0


async def test_after_leaving_neither_the_notice_of_too_many_messages_stays(tmp_path: Path) -> None:
    pace = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0)
    async with opened(tmp_path, pace=pace) as practice:
        _, ana = await house(practice)
        for _ in range(25):
            await ana.send("/nada")
        await practice.settle()
        assert any(text.startswith(TOO_FAST) for text in said(ana))

        await practice.pass_time(timedelta(minutes=2))
        await practice.says(ana, "/baja")
        await practice.taps(ana, "Sí, darme de baja")
        await practice.settle()

        assert not any(text.startswith(TOO_FAST) for text in said(ana))

"""A patient writes that they want to die while Telegram is slow, or says "too many requests", or writes to many others.

The card is tried first and goes on being tried; the therapist hears of it within seconds all the same.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json, Message
from tests import engines
from tests.practice import Practice, said

CARD = "Si está en peligro o piensa en hacerse daño, llame ahora:"
URGENT = "P-07: urgente."
TOLD = "La Dra. Ruiz ya tiene el aviso."
KEPT = "SELECT (SELECT count(*) FROM concerns) + (SELECT count(*) FROM words) AS kept"
SECONDS = 8.0
"""What a story allows on a machine that has other things to do; without the mending each took twenty and more."""


async def in_treatment(practice: Practice) -> tuple[Phone, Phone]:
    """Return the phones of a therapist and a patient."""
    ruiz = await practice.therapist()
    return ruiz, await practice.patient(ruiz)


async def all_ask(practice: Practice, phones: list[Phone]) -> None:
    for phone in phones:
        phone.started = True
        await phone.send("/ayuda")
    await practice.telegram.drained()


def starts_with(start: str) -> Callable[[Message], bool]:
    return lambda message: message.text.startswith(start)


async def test_no_concern_is_kept_before_the_card_is_on_its_way(practice: Practice) -> None:
    _, ana = await in_treatment(practice)
    found: list[int] = []

    def looks(method: str, params: Json) -> Fault | None:
        if method == "sendMessage" and str(params.get("text", "")).startswith(CARD):
            (row,) = engines.rows(practice.database, KEPT)
            found.append(row["kept"])
        return None

    practice.telegram.fault = looks
    await practice.says(ana, "quiero morirme")

    assert found == [0]
    assert len(await practice.rows("SELECT id FROM concerns")) == 1


async def test_a_card_that_telegram_does_not_confirm_keeps_the_therapist_waiting_for_seconds_only(
    practice: Practice,
) -> None:
    ruiz, ana = await in_treatment(practice)
    hung: list[Json] = []

    def hangs(method: str, params: Json) -> Fault | None:
        if method == "sendMessage" and not hung and str(params.get("text", "")).startswith(CARD):
            hung.append(params)
            return Fault.hang(19)
        return None

    practice.telegram.fault = hangs
    await ana.send("quiero morirme")
    await ruiz.wait_for(starts_with(URGENT), timeout=SECONDS)
    await practice.settle()

    assert hung
    assert said(ana)[-1] == TOLD
    assert [step["step"] for step in await practice.rows("SELECT step FROM concern_steps ORDER BY id LIMIT 2")] == [
        "opened",
        "told",
    ]


async def test_a_patient_whose_chat_is_held_is_told_about_at_once_and_gets_the_card_when_it_is_not(
    practice: Practice,
) -> None:
    ruiz, ana = await in_treatment(practice)
    before = len(ana.messages)
    holds = [Fault.too_many_requests(12)]
    practice.telegram.fault = lambda method, params: (
        holds.pop() if holds and method == "sendMessage" and str(params.get("chat_id")) == str(ana.chat_id) else None
    )
    await ana.send("/pausar")
    await practice.telegram.drained()
    await practice.bot.intake.idle()

    await ana.send("quiero morirme")
    await ruiz.wait_for(starts_with(URGENT), timeout=SECONDS)
    assert not any(message.from_bot for message in ana.messages[before:]), "the chat of the patient is still held"
    for _ in range(20):
        await practice.pass_time(timedelta(seconds=2))
        await asyncio.sleep(1)
        if any(message.text.startswith(CARD) for message in ana.messages):
            break

    assert sum(message.text.startswith(CARD) for message in ana.messages) == 1


async def test_forty_chats_that_telegram_holds_do_not_delay_who_is_in_danger(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    many = [practice.telegram.phone(5000 + number, "Alguien") for number in range(40)]

    def each_for_itself(method: str, params: Json) -> Fault | None:
        number = int(str(params["chat_id"])) - 5000 if method == "sendMessage" else -1
        return Fault.too_many_requests(20 + 30 * number) if number >= 0 else None

    practice.telegram.fault = each_for_itself
    await all_ask(practice, many)
    await practice.bot.intake.idle()
    await all_ask(practice, many)

    await ana.send("quiero morirme")
    await ana.wait_for(starts_with(CARD), timeout=SECONDS)
    await ruiz.wait_for(starts_with(URGENT), timeout=SECONDS)


async def test_forty_chats_whose_answers_hang_do_not_delay_who_is_in_danger(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    many = [practice.telegram.phone(5000 + number, "Alguien") for number in range(40)]
    practice.telegram.fault = lambda method, params: (
        Fault.hang(15) if method == "sendMessage" and int(str(params["chat_id"])) >= 5000 else None
    )
    await all_ask(practice, many)

    await ana.send("quiero morirme")
    await ana.wait_for(starts_with(CARD), timeout=SECONDS)
    await ruiz.wait_for(starts_with(URGENT), timeout=SECONDS)

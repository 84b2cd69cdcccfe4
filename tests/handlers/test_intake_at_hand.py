"""What was just kept is worked without being read back: each update once, in order, whatever comes in meanwhile."""

import asyncio
from typing import Final

from bot.demo.faults import Fault, Rule
from tests.practice import Practice, said
from tests.process import until

HELLO: Final = {
    "update_id": 77,
    "message": {
        "message_id": 99,
        "date": 1_790_000_000,
        "chat": {"id": 200, "type": "private", "first_name": "Ana"},
        "from": {"id": 200, "is_bot": False, "first_name": "Ana"},
        "text": "hola",
    },
}


async def test_batches_of_one_chat_that_come_before_it_has_a_hand_are_all_worked(practice: Practice) -> None:
    held, let_go = asyncio.Event(), asyncio.Event()
    hands = practice.bot.intake._hands  # every hand is taken, as when many chats write at once

    async def take(number: int) -> None:
        async with hands.hand(bytes([number])):  # type: ignore[arg-type]
            held.set()
            await let_go.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(32):
            group.create_task(take(number))
        await held.wait()
        ana = practice.telegram.phone(200, "Ana")
        for number in range(3):
            await ana.send(f"hola {number}")
            await practice.telegram.drained(10)
        let_go.set()
    await practice.settle()

    assert await practice.rows("SELECT count(*) AS number FROM inbox WHERE done_at IS NULL") == [{"number": 0}]
    assert len([message for message in ana.messages if message.from_bot]) == 3


async def test_what_is_brought_again_while_it_is_being_worked_is_not_worked_again(practice: Practice) -> None:
    """The answer of a webhook was lost, and Telegram brings the update once more while Telegram is slow to write."""
    ana, intake = practice.telegram.phone(200, "Ana"), practice.bot.intake
    await practice.says(ana, "buenas")
    answers = len(said(ana))
    slow = practice.telegram.faults.add(Rule(Fault.hang(0.5), "sendMessage", times=1))

    await intake.keep([HELLO])
    await until(lambda: slow.seen > 0, "it is being answered")
    await intake.keep([HELLO])
    await intake.idle()

    assert len(said(ana)) == answers + 1

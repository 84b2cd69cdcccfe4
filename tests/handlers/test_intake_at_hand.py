"""What was just kept is worked without being read back: each update once, in order, whatever comes in meanwhile."""

import asyncio

from tests.practice import Practice


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

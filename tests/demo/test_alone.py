"""The local Bot API server by itself: any bot's author can drive a phone over HTTP."""

import asyncio

import aiohttp
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.alone import opened
from bot.demo.guard import AddressTakenError
from tests.demo.conftest import bot_of


async def test_a_bot_of_somebody_else_and_a_phone_meet(http: aiohttp.ClientSession) -> None:
    async with opened(0, 0) as alone, bot_of(alone.telegram) as bot, asyncio.TaskGroup() as group:
        fetching = group.create_task(bot.get_updates(timeout=10))
        async with http.post(f"{alone.phones}/7", json={"text": "/start"}) as response:
            assert response.status == 200
        (update,) = await fetching
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
        await bot.send_message(7, "Shall we?", reply_markup=keyboard)
        await bot.get_updates(offset=update.update_id + 1, timeout=0)

        async with http.post(f"{alone.phones}/7", json={"tap": "No"}) as response:
            assert response.status == 404
            assert "No button «No» to tap; there are: ['Yes']" in (await response.json())["error"]
        async with http.post(f"{alone.phones}/7", json={"tap": "Yes"}) as response:
            shown = await response.json()
        (tapped,) = await bot.get_updates(offset=update.update_id + 1, timeout=0)

    assert [message["text"] for message in shown["messages"]] == ["/start", "Shall we?"]
    assert tapped.callback_query is not None
    assert tapped.callback_query.data == "yes"


@pytest.mark.parametrize("body", [{}, {"text": " "}, {"text": "a", "tap": "b"}, {"type": "text"}, []])
async def test_what_is_nothing_a_person_does_is_refused(http: aiohttp.ClientSession, body: object) -> None:
    async with opened(0, 0) as alone, http.post(f"{alone.phones}/7", json=body) as response:
        assert response.status == 400


async def test_another_page_does_not_reach_the_phones(http: aiohttp.ClientSession) -> None:
    foreign = {"Origin": "http://evil.example"}

    async with opened(0, 0) as alone, http.get(f"{alone.phones}/7", headers=foreign) as response:
        assert response.status == 403


async def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    async with opened(0, 0) as alone:
        port = int(alone.telegram.url.rpartition(":")[2])

        with pytest.raises(AddressTakenError, match=f"Port {port} cannot be had"):
            async with opened(port, 0):
                pass

"""The local Bot API server by itself: any bot's author can drive a phone over HTTP."""

import asyncio
from datetime import datetime, timedelta

import aiohttp
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError, RetryAfter

from bot.demo.alone import opened
from bot.demo.guard import AddressTakenError
from tests.demo.conftest import bot_of
from tests.demo.pictures import png

PICTURE = png(40, 30)


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


async def test_what_a_bot_sends_can_be_fetched_where_its_message_says(http: aiohttp.ClientSession) -> None:
    async with opened(0, 0) as alone, bot_of(alone.telegram) as bot:
        alone.telegram.phone(7, "Ana").started = True
        await bot.send_photo(7, PICTURE, filename="chart.png")
        await bot.send_document(7, b"a;b", filename="week.csv")
        async with http.get(f"{alone.phones}/7") as response:
            picture, table = [message["media"] for message in (await response.json())["messages"]]
        home = alone.phones.removesuffix("/phones")

        async with http.get(home + picture["url"]) as response:
            assert (response.status, response.content_type, await response.read()) == (200, "image/png", PICTURE)
        async with http.get(home + table["url"]) as response:
            assert (await response.read(), response.content_type) == (b"a;b", "application/octet-stream")
            assert response.headers["Content-Disposition"] == 'attachment; filename="week.csv"'
        async with http.get(f"{home}/file/nothing") as response:
            assert response.status == 404


async def test_faults_are_ordered_and_lifted_over_http(http: aiohttp.ClientSession) -> None:
    async with opened(0, 0) as alone, bot_of(alone.telegram) as bot:
        alone.telegram.phone(7, "Ana").started = True
        slow = {"fault": "too_many_requests", "seconds": 5, "method": "sendMessage", "times": 1}
        async with http.post(alone.faults, json=slow) as response:
            assert response.status == 200

        with pytest.raises(RetryAfter):
            await bot.send_message(7, "now?")
        await bot.send_message(7, "now")
        async with http.post(alone.faults, json={"fault": "html", "status": 503}):
            pass
        with pytest.raises(NetworkError):
            await bot.get_me()
        async with http.delete(alone.faults) as response:
            assert response.status == 200

        assert (await bot.get_me()).is_bot


async def test_time_passes_for_telegram_when_it_is_told_to(http: aiohttp.ClientSession) -> None:
    async with opened(0, 0) as alone:
        phone = alone.telegram.phone(7, "Ana")
        await phone.send("yesterday")
        async with http.post(alone.clock, json={"seconds": 25 * 3600}) as response:
            now = datetime.fromisoformat((await response.json())["now"])
        async with http.get(alone.clock) as response:
            later = datetime.fromisoformat((await response.json())["now"])
        await phone.send("today")

    first, second = phone.messages
    assert second.date - first.date >= timedelta(hours=25)
    assert now <= later


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("faults", {"fault": "fire"}),
        ("faults", {"fault": "hang", "seconds": 0}),
        ("faults", {"fault": "tear", "who": "all"}),
        ("clock", {"seconds": -1}),
        ("clock", []),
    ],
)
async def test_an_order_that_cannot_be_is_refused_with_a_reason(
    http: aiohttp.ClientSession, place: str, order: object
) -> None:
    async with opened(0, 0) as alone, http.post(getattr(alone, place), json=order) as response:
        assert response.status == 400
        assert len((await response.json())["error"]) > 10


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

        phones = int(alone.phones.split(":")[2].partition("/")[0])

        with pytest.raises(AddressTakenError, match=f"Port {port} cannot be had: .+--port takes"):
            async with opened(port, 0):
                pass
        with pytest.raises(AddressTakenError, match=f"Port {phones} cannot be had: .+--phones takes"):
            async with opened(0, phones):
                pass

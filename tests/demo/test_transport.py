"""The HTTP below: four ways to send parameters, and what can go wrong between the bot and Telegram."""

import asyncio
import json

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from tests.demo.conftest import method_url

MARKUP = {"inline_keyboard": [[{"text": "1", "callback_data": "s:1"}]]}


async def test_query_string(telegram: LocalTelegram, ana: Phone, http: aiohttp.ClientSession) -> None:
    query = {"chat_id": "7", "text": "Hola", "reply_markup": json.dumps(MARKUP)}

    await http.get(method_url(telegram, "sendMessage"), params=query)

    assert ana.last().labels() == ["1"]


async def test_json_body(telegram: LocalTelegram, ana: Phone, http: aiohttp.ClientSession) -> None:
    await http.post(method_url(telegram, "SENDMESSAGE"), json={"chat_id": 7, "text": "Hola", "reply_markup": MARKUP})

    assert ana.last().labels() == ["1"]


async def test_urlencoded_form(telegram: LocalTelegram, ana: Phone, http: aiohttp.ClientSession) -> None:
    form = {"chat_id": "7", "text": "Hola", "reply_markup": json.dumps(MARKUP), "protect_content": "true"}

    await http.post(method_url(telegram, "sendmessage"), data=form)

    assert ana.last().labels() == ["1"]
    assert ana.last().protected


async def test_multipart_form(telegram: LocalTelegram, ana: Phone, http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"chat_id": "7", "caption": "¿?", "reply_markup": json.dumps(MARKUP)})
    form.add_field("document", b"data", filename="a.txt", content_type="text/plain")

    await http.post(method_url(telegram, "sendDocument"), data=form)

    assert (ana.last().document, ana.last().labels()) == (b"data", ["1"])


async def test_broken_json_is_refused(telegram: LocalTelegram, ana: Phone, http: aiohttp.ClientSession) -> None:
    form = {"chat_id": "7", "text": "Hola", "reply_markup": "{"}

    async with http.post(method_url(telegram, "sendMessage"), data=form) as response:
        body = await response.json()

    assert body["description"] == "Bad Request: can't parse reply keyboard markup JSON object"
    assert ana.messages == []


async def test_too_many_requests(
    telegram: LocalTelegram, bot: Bot, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # the library warns about whole seconds
    telegram.fault = lambda method, _: Fault.too_many_requests(3) if method == "sendMessage" else None

    with pytest.raises(RetryAfter, match="Retry in 0:00:03"):
        await bot.send_message(7, "Hola")

    assert ana.messages == []


async def test_answer_that_is_not_telegrams(telegram: LocalTelegram, bot: Bot) -> None:
    telegram.fault = lambda *_: Fault.answer(502, b"<html>", {"Content-Type": "text/html"})

    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()


async def test_lost_reply_leaves_the_message_in_the_chat(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.fault = lambda *_: Fault.lose_reply()

    with pytest.raises(NetworkError):
        await bot.send_message(7, "Hola")

    assert ana.last().text == "Hola"
    assert telegram.calls[-1].status == 0


async def test_torn_connection_leaves_nothing(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.fault = lambda *_: Fault.tear()

    with pytest.raises(NetworkError):
        await bot.send_message(7, "Hola")

    assert ana.messages == []


async def test_late_reply_comes_after_the_message(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.fault = lambda *_: Fault.hang(30)

    with pytest.raises(TimedOut):
        await bot.send_message(7, "Hola", read_timeout=0.05)

    assert ana.last().text == "Hola"


async def test_stalled_call_is_never_carried_out(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.fault = lambda *_: Fault.stall(30)

    with pytest.raises(TimedOut):
        await bot.send_message(7, "Hola", read_timeout=0.05)

    assert ana.messages == []


async def test_faults_leave_no_error_in_the_log(
    telegram: LocalTelegram, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    for fault in (Fault.tear(), Fault.lose_reply(), Fault.hang(0.01), Fault.stall(0.01)):
        telegram.fault = lambda *_, fault=fault: fault
        await asyncio.gather(bot.get_me(), return_exceptions=True)

    assert [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []

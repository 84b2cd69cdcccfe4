"""Our own HTTP under python-telegram-bot: what each way of failing is called, and that no error carries the token."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from handlers.request import AiohttpRequest, call
from tests.demo.pictures import png

NOW = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
TOKEN = "1000000001:a-token-that-nobody-may-see-anywhere"
PICTURE = png()
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def client(url: str, token: str = TOKEN) -> AsyncIterator[Bot]:
    """Open a bot that speaks through our request, and close its connections."""
    request = AiohttpRequest()
    await request.initialize()
    try:
        yield Bot(token, base_url=f"{url}/bot", request=request)
    finally:
        await request.shutdown()


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(now=lambda: NOW, token=TOKEN) as running:
        yield running


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with client(telegram.url) as opened:
        yield opened


@pytest.fixture
def ana(telegram: LocalTelegram) -> Phone:
    phone = telegram.phone(7, "Ana")
    phone.started = True
    return phone


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[str]:
    """Serve plain bytes at the address that is returned; leave when every connection has ended."""
    served: set[asyncio.Task[None] | None] = set()

    async def until_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.add(asyncio.current_task())
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(until_the_end, "127.0.0.1", 0)
    async with server:
        yield "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        await asyncio.gather(*filter(None, served))


@asynccontextmanager
async def answering(serve: Serve) -> AsyncIterator[Bot]:
    """Open a bot whose Telegram is `serve`."""
    async with listening(serve) as url, client(url) as bot:
        yield bot


def saying(status: str, body: bytes, *headers: str) -> Serve:
    """Answer everything with one response."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = "\r\n".join(
            [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
        )
        writer.write(head.encode() + body)
        await writer.drain()

    return serve


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and answer nothing until the other side hangs up."""
    del writer
    await reader.read()


async def torn(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up in the middle of the answer."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    await writer.drain()


async def raised_by(call: Awaitable[object]) -> TelegramError:
    """Return the error of a call after looking for the token in every form of it."""
    with pytest.raises(TelegramError) as caught:
        await call
    error = caught.value
    shown = "\n".join([str(error), repr(error), *traceback.format_exception(error)])
    for secret in (TOKEN, TOKEN.partition(":")[2], f"/bot{TOKEN.partition(':')[0]}"):
        assert secret not in shown
    return error


async def test_a_message_and_its_keyboard_arrive(bot: Bot, ana: Phone) -> None:
    message = await bot.send_message(7, "¿Se sintió comprendida hoy? 💛")

    assert (ana.last().text, message.text) == ("¿Se sintió comprendida hoy? 💛", "¿Se sintió comprendida hoy? 💛")


async def test_a_picture_arrives_byte_by_byte_with_its_caption(bot: Bot, ana: Phone) -> None:
    await bot.send_photo(7, PICTURE, caption="La alianza de P-07")

    assert (ana.last().photo, ana.last().text) == (PICTURE, "La alianza de P-07")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.tear(), NetworkError),
        (Fault.lose_reply(), NetworkError),
        (Fault.answer(502, b"<html><body>Bad Gateway</body></html>"), NetworkError),
        (Fault.answer(500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}), NetworkError),
        (Fault.answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}), BadRequest),
        (Fault.answer(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked"}), Forbidden),
        (Fault.answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}), InvalidToken),
        (Fault.answer(502, b"null"), NetworkError),
        (Fault.answer(502, b"[]"), NetworkError),
        (Fault.answer(200, b"<html>Sign in to this network</html>"), TelegramError),
        (Fault.answer(200, b"null"), TelegramError),
        (Fault.answer(200, b'{"status": "blocked by your administrator"}'), TelegramError),
        (Fault.answer(200, b"\xff\xfe\x00"), TelegramError),
        (Fault.too_many_requests(3), RetryAfter),
    ],
)
async def test_whatever_comes_back_is_an_error_of_its_kind_without_the_token(
    telegram: LocalTelegram, bot: Bot, ana: Phone, fault: Fault, kind: type[TelegramError]
) -> None:
    telegram.fault = lambda *_: fault

    error = await raised_by(bot.send_message(ana.chat_id, "Hola"))

    assert isinstance(error, kind)
    assert "no connection" not in str(error), "it had arrived"


async def test_where_nobody_listens_there_is_no_connection(telegram: LocalTelegram) -> None:
    url = telegram.url
    await telegram.__aexit__(None, None, None)

    async with client(url) as bot:
        error = await raised_by(bot.get_me())

    assert isinstance(error, NetworkError)
    assert str(error) == "no connection (ClientConnectorError)"


async def test_a_name_that_leads_nowhere_is_no_connection() -> None:
    async with client("http://telegram.invalid") as bot:
        error = await raised_by(bot.get_me())

    assert isinstance(error, NetworkError)
    assert str(error).startswith("no connection")


async def test_an_answer_that_does_not_come_is_a_timeout() -> None:
    async with answering(silent) as bot:
        error = await raised_by(bot.get_me(read_timeout=0.05))

    assert isinstance(error, TimedOut)


@pytest.mark.parametrize("ask", [lambda bot: bot.get_me(), lambda bot: call(bot, "getMe", {})], ids=["PTB", "call"])
async def test_what_is_asked_without_a_limit_of_its_own_is_given_up_at_the_usual_one(
    ask: Callable[[Bot], Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.request.READ_WITHIN", 0.05)
    async with answering(silent) as bot:
        error = await raised_by(ask(bot))

    assert isinstance(error, TimedOut)


async def test_half_an_answer_is_a_network_error() -> None:
    async with answering(torn) as bot:
        error = await raised_by(bot.get_me())

    assert isinstance(error, NetworkError)
    assert str(error).startswith("connection lost")


@pytest.mark.parametrize("answer", [b"\x00\x01\x02\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b""])
async def test_who_does_not_speak_http_is_a_network_error(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with answering(serve) as bot:
        assert isinstance(await raised_by(bot.get_me()), NetworkError)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
async def test_nobody_else_is_told_what_was_meant_for_telegram(status: str) -> None:
    overheard: list[bytes] = []

    async def overhear(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        overheard.append(await reader.readline())

    async with listening(overhear) as elsewhere, answering(saying(status, b"", f"Location: {elsewhere}/")) as bot:
        error = await raised_by(bot.send_message(7, "Fue muy deprisa"))

    assert isinstance(error, NetworkError)
    assert overheard == []


@pytest.mark.parametrize("url", ["http://", "http://[", "nothing at all", "http://127.0.0.1:99999"])
async def test_an_address_that_is_none_is_an_error_without_the_token(url: str) -> None:
    async with client(url) as bot:
        error = await raised_by(bot.get_me())

    assert isinstance(error, NetworkError)
    assert str(error) == "connection lost (InvalidUrlClientError)"


async def test_a_request_that_was_closed_says_so_without_the_token(telegram: LocalTelegram) -> None:
    async with client(telegram.url) as bot:
        pass

    error = await raised_by(bot.get_me())

    assert "this request was not initialized" in str(error)


async def test_no_payload_is_ever_logged(telegram: LocalTelegram, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    telegram.fault = lambda *_: Fault.answer(200, b"not json: Fue muy deprisa")

    await raised_by(bot.get_me())

    assert "deprisa" not in caplog.text

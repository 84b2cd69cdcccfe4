"""What whoever knocks at one of our own web servers can take of it: somebody slow, greedy or long-winded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.entrance import LONGEST_LINE, Limits, opened

LONG: float = 30.0
"""Seconds after which a test has failed: nothing is waited for that long."""


async def answer(_: web.Request) -> web.Response:
    return web.Response(text="here")


Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Knock = Callable[[bytes], Awaitable[Client]]


@asynccontextmanager
async def entrance(port: int, limits: Limits) -> AsyncIterator[Knock]:
    """Open an entrance; what it yields connects and says something."""
    application, clients = web.Application(), []
    application.router.add_get("/", answer)

    async def knock(words: bytes) -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        clients.append(writer)
        writer.write(words)
        return reader, writer

    async with asyncio.timeout(LONG), opened(application, "127.0.0.1", port, limits, 0.1):
        yield knock
        for writer in clients:
            writer.close()


async def heard(client: Client) -> bytes:
    """Return everything until the other side closes."""
    try:
        return await client[0].read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("words", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "], ids=len)
async def test_whoever_does_not_finish_asking_is_not_waited_for(unused_tcp_port: int, words: bytes) -> None:
    async with entrance(unused_tcp_port, Limits(within=0.05)) as knock:
        assert await heard(await knock(words)) == b""


async def test_whoever_keeps_the_line_open_takes_no_room_from_others_for_long(unused_tcp_port: int) -> None:
    async with entrance(unused_tcp_port, Limits(connections=3, within=0.2)) as knock:
        slow = [await knock(b"GET /") for _ in range(3)]
        await asyncio.sleep(0.05)
        refused = await heard(await knock(b"GET / HTTP/1.0\r\n\r\n"))
        assert [await heard(one) for one in slow] == [b"", b"", b""]
        heard_then = await heard(await knock(b"GET / HTTP/1.0\r\n\r\n"))

    assert refused == b""
    assert heard_then.endswith(b"here")


async def test_a_connection_is_for_one_request_and_says_nothing_of_the_program(unused_tcp_port: int) -> None:
    async with entrance(unused_tcp_port, Limits()) as knock:
        said = await heard(await knock(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n" * 2))

    assert said.count(b"HTTP/1.1 200") == 1
    assert b"Server:" not in said
    assert b"Connection: close" in said


async def test_a_header_without_end_is_refused(unused_tcp_port: int) -> None:
    async with entrance(unused_tcp_port, Limits()) as knock:
        said = await heard(await knock(b"GET / HTTP/1.1\r\nX: " + b"a" * (LONGEST_LINE + 1) + b"\r\n\r\n"))

    assert said.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))

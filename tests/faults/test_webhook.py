"""The door that Telegram brings updates to: who is let in, what is kept, and what becomes of it when we go away."""

import asyncio
import contextlib
import json
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import pytest
from telegram import Bot

from bot.demo.faults import Fault, Rule
from bot.demo.webhook import DELIVERY
from bot.domain.errors import ConfigurationError
from bot.domain.post import Incoming
from bot.domain.trouble import Trouble, TroubleKind
from bot.entrance import USUAL, Limits
from handlers.intake import LARGEST
from handlers.webhook import SECRET, Letterbox, Webhook, WebhookAddress, secret_of
from tests.practice import SHORT, Practice, by_webhook, opened
from tests.process import until

NEWS: Final = {"update_id": 77, "message": {}}
A_MINUTE: Final = timedelta(minutes=1)


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice whose bot waits for Telegram to come."""
    async with opened(tmp_path, mode=by_webhook()) as running:
        await until(lambda: running.bot.intake.well_at is not None, "the webhook is set")
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def address(practice: Practice) -> str:
    """Return the URL that Telegram was told."""
    return str(told(practice)["url"])


def told(practice: Practice) -> dict[str, Any]:
    """Return what Telegram was told of the webhook."""
    return next(dict(call.params) for call in practice.telegram.calls if call.method == "setWebhook")


async def answered(
    practice: Practice,
    http: aiohttp.ClientSession,
    body: Any,
    *,
    method: str = "POST",
    path: str = "/telegram",
    secret: str = "",
) -> tuple[int, bytes]:
    """Knock; return the status and body of the answer."""
    url = address(practice).replace("/telegram", path)
    headers = {SECRET: secret or secret_of(practice.telegram.token)}
    data = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    async with http.request(method, url, data=data, headers=headers) as response:
        return response.status, await response.read()


async def kept(practice: Practice) -> int:
    """Count what was kept."""
    [row] = await practice.rows("SELECT count(*) AS number FROM inbox")
    return int(row["number"])


async def test_telegram_is_told_where_what_and_a_secret_that_nobody_else_knows(practice: Practice) -> None:
    assert json.loads(str(told(practice)["max_connections"])) == 20
    assert "my_chat_member" in told(practice)["allowed_updates"]
    assert len(told(practice)["secret_token"]) == 64
    assert practice.telegram.token not in told(practice)["secret_token"]
    assert "drop_pending_updates" not in told(practice)


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "guessed"},
        {"secret": "ñ"},
        {"path": "/"},
        {"path": "/telegram/"},
        {"method": "GET"},
        {"method": "PUT"},
    ],
    ids=lambda wrong: " ".join(wrong.values()),
)
async def test_whoever_is_not_telegram_is_told_nothing(
    practice: Practice, http: aiohttp.ClientSession, wrong: dict[str, str]
) -> None:
    assert await answered(practice, http, NEWS, **wrong) == (404, b"")
    assert await kept(practice) == 0


async def test_a_knock_without_any_secret_is_told_nothing(practice: Practice, http: aiohttp.ClientSession) -> None:
    async with http.post(address(practice), json=NEWS) as response:
        assert (response.status, await response.read()) == (404, b"")
        assert "Server" not in response.headers
    assert await kept(practice) == 0


BODIES: Final = {
    "an update": (NEWS, 200, 1),
    "no JSON": (b'{"update_id": 77, "mess', 400, 0),
    "nothing": (b"", 400, 0),
    "nested for ever": (b"[" * 100_000 + b"]" * 100_000, 400, 0),
    "not UTF-8": (b"\xff\xfe\x00", 400, 0),
    "a list": ([NEWS], 200, 0),
    "no update": ({"message": {}}, 200, 0),
    "too large": ({"update_id": 77, "message": {"text": "a" * LARGEST}}, 413, 0),
}


async def test_each_body_has_its_answer(practice: Practice, http: aiohttp.ClientSession) -> None:
    found = {}
    for name, (body, _, _) in BODIES.items():
        before = await kept(practice)
        status, _ = await answered(practice, http, body)
        found[name] = (status, await kept(practice) - before)

    assert found == {name: (status, number) for name, (_, status, number) in BODIES.items()}


async def test_an_update_brought_twice_at_once_is_kept_once(practice: Practice, http: aiohttp.ClientSession) -> None:
    answers = await asyncio.gather(*(answered(practice, http, NEWS) for _ in range(5)))

    assert {status for status, _ in answers} == {200}
    assert await kept(practice) == 1


@asynccontextmanager
async def door(practice: Practice, port: int = 0, limits: Limits = USUAL) -> AsyncIterator[None]:
    """Open a second door, of a bot that cannot reach Telegram, on the same intake."""
    where = WebhookAddress("http://127.0.0.1/", "127.0.0.1", port, "secret", body_within=0.05, limits=limits)
    bot = Bot("1:nowhere", base_url="http://127.0.0.1:9/bot")
    async with Webhook(bot, practice.bot.intake, Letterbox(where), SHORT).open():
        yield


async def test_a_body_that_does_not_come_is_not_waited_for(
    practice: Practice, http: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b'{"update_id":'
        await asyncio.sleep(5)

    async with door(practice, unused_tcp_port):
        url = f"http://127.0.0.1:{unused_tcp_port}/"
        async with http.post(url, data=never(), headers={SECRET: "secret"}) as response:
            assert response.status == 408
    assert await kept(practice) == 0


async def test_whoever_connects_and_says_nothing_is_not_waited_for(practice: Practice, unused_tcp_port: int) -> None:
    async with door(practice, unused_tcp_port, Limits(within=0.05)), asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()


async def test_an_address_that_is_taken_is_said(practice: Practice) -> None:
    taken = int(address(practice).rpartition(":")[2].partition("/")[0])

    with pytest.raises(ConfigurationError, match=f"webhook_listen 127.0.0.1:{taken} cannot be used"):
        async with door(practice, taken):
            pass


async def test_while_the_database_is_away_telegram_keeps_the_update_and_help_comes_once(practice: Practice) -> None:
    ana = practice.telegram.phone(200, "Ana")
    knocks = practice.telegram.faults.add(Rule(Fault.tear(), DELIVERY, times=0))
    with locked(practice) as database:
        await ana.send("/ayuda")
        await until(lambda: knocks.seen > 1, "Telegram tries again")
        assert sum("024" in message.text for message in ana.messages) == 1
        assert practice.bot.intake.trouble is not None
        assert practice.telegram.pending_updates() == 1
        database.rollback()
    await practice.settle()

    assert await kept(practice) == 1
    assert practice.bot.intake.trouble is None


@contextmanager
def locked(practice: Practice) -> Iterator[sqlite3.Connection]:
    """Keep the bot from writing until the connection is rolled back."""
    with closing(sqlite3.connect(practice.database)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield database


async def test_what_was_accepted_is_kept_before_the_door_closes(practice: Practice) -> None:
    eva = practice.telegram.phone(300, "Eva")
    knocks = practice.telegram.faults.add(Rule(Fault.tear(), DELIVERY, times=0))
    host, port = urlsplit(address(practice)).hostname or "", urlsplit(address(practice)).port or 0

    async def unlock_when_closed(database: sqlite3.Connection) -> None:
        await until(lambda: not _listens(host, port), "nothing new is accepted")
        database.rollback()

    with locked(practice) as database:
        await eva.send("/ayuda")
        await until(lambda: knocks.seen == 1, "Telegram knocks")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(unlock_when_closed(database))
            await practice.stop()

    assert practice.telegram.pending_updates() == 0
    assert await kept(practice) == 1


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_server((host, port)).close()
    except OSError:
        return True
    return False


class Hesitant:
    """Whoever keeps what comes, once it is told to."""

    def __init__(self) -> None:
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()
        self.kept: list[Any] = []

    async def keep(self, batch: Sequence[Any]) -> None:
        self.asked.set()
        await self.goes_on.wait()
        self.kept += batch

    async def newest(self) -> datetime | None:
        return None

    def turned(self, trouble: Trouble | None = None) -> None:
        del trouble


async def test_whoever_is_followed_keeps_what_is_on_its_way_to_them_and_is_gone_only_then(
    http: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    box = Letterbox(WebhookAddress("http://127.0.0.1/", "127.0.0.1", unused_tcp_port, "secret"))
    before, next_one = Hesitant(), Hesitant()
    next_one.goes_on.set()
    async with box.open(), asyncio.TaskGroup() as group, AsyncExitStack() as followed:
        await followed.enter_async_context(box.leads_to(before))

        async def brings(number: int) -> int:
            update = {"update_id": number, "message": {}}
            url = f"http://127.0.0.1:{unused_tcp_port}/"
            async with http.post(url, json=update, headers={SECRET: "secret"}) as response:
                return response.status

        bringing = group.create_task(brings(1))
        await before.asked.wait()
        async with box.leads_to(next_one):
            leaving = group.create_task(followed.aclose())
            assert await brings(2) == 200
            assert not leaving.done()
            before.goes_on.set()
            await leaving
        assert [update["update_id"] for update in before.kept + next_one.kept] == [1, 2]
        assert await bringing == 200
        assert await brings(3) == 503


async def test_a_quiet_night_is_no_trouble(practice: Practice) -> None:
    practice.clock.advance(timedelta(hours=8))

    await until(lambda: practice.bot.intake.well_at == practice.clock.now(), "the bot looks again")

    assert practice.bot.intake.trouble is None


async def test_what_telegram_cannot_bring_is_trouble_until_it_can(practice: Practice) -> None:
    intake = practice.bot.intake
    torn = practice.telegram.faults.add(Rule(Fault.tear(), DELIVERY))
    await practice.telegram.phone(300, "Eva").send("/ayuda")
    await until(lambda: intake.trouble is not None, "the bot hears of it")

    assert intake.trouble is not None
    assert intake.trouble.kind is TroubleKind.WEBHOOK_UNREACHED
    said = {**await practice.bot.health.reasons(), **await practice.bot.health.warnings()}
    assert "Connection failed" in said["poller"]

    torn.lift()
    await practice.settle()
    assert intake.trouble is None


async def test_what_telegram_could_bring_to_another_process_since_is_no_trouble(practice: Practice) -> None:
    """Telegram knows one address, and says the last error there, not whom it asked."""
    intake, store = practice.bot.intake, practice.bot.store
    practice.telegram.faults.add(Rule(Fault.tear(), DELIVERY))
    await practice.telegram.phone(300, "Eva").send("/ayuda")
    await until(lambda: intake.trouble is not None, "the bot hears of it")

    practice.clock.advance(timedelta(seconds=1))
    async with store.transaction() as tx:  # as another process does
        await tx.inbox.keep([Incoming("message:301:1", 301, "{}")], practice.clock.now() + A_MINUTE)

    await until(lambda: intake.trouble is None, "the bot has seen so")


async def test_another_programs_webhook_is_left_alone(practice: Practice, http: aiohttp.ClientSession) -> None:
    url = f"{practice.telegram.url}/bot{practice.telegram.token}/setWebhook"
    await http.post(url, json={"url": "http://127.0.0.1:9/"})
    await until(lambda: practice.bot.intake.trouble is not None, "the bot notices")

    assert practice.bot.intake.trouble is not None
    assert practice.bot.intake.trouble.kind is TroubleKind.ANOTHER_POLLER
    assert [call.method for call in practice.telegram.calls].count("setWebhook") == 2


async def test_a_webhook_that_was_deleted_is_set_again(practice: Practice, http: aiohttp.ClientSession) -> None:
    await http.post(f"{practice.telegram.url}/bot{practice.telegram.token}/deleteWebhook")

    await practice.says(practice.telegram.phone(300, "Eva"), "/ayuda")

    assert await kept(practice) == 1


async def test_back_to_polling_the_webhook_is_deleted_and_what_waited_comes(practice: Practice) -> None:
    eva = practice.telegram.phone(300, "Eva")
    await practice.stop()
    await eva.send("/ayuda")
    practice.mode = ""
    await practice.start()
    await practice.settle()

    assert [call.method for call in practice.telegram.calls].count("deleteWebhook") == 1
    assert "024" in eva.last().text

"""How updates reach the bot: confirmation, redelivery, waiting, one poller at a time, webhook."""

import asyncio
import sys

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, Conflict

from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from tests.demo.conftest import Moment, bot_of, method_url


async def test_update_comes_again_until_it_is_confirmed(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    await ana.send("Hola")

    [first] = await bot.get_updates()
    [again] = await bot.get_updates()
    nothing = await bot.get_updates(offset=first.update_id + 1)

    assert first == again
    assert nothing == ()
    await telegram.drained(timeout=0)


async def test_waiting_poll_returns_as_soon_as_somebody_writes(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(bot.get_updates(timeout=30))
        await telegram.polled()
        await ana.send("Hola")

    assert len(poll.result()) == 1


async def test_limit_is_respected(bot: Bot, ana: Phone) -> None:
    for word in ("uno", "dos", "tres"):
        await ana.send(word)

    updates = await bot.get_updates(limit=2)

    assert [update.message.text for update in updates if update.message] == ["uno", "dos"]


async def test_negative_offset_keeps_only_the_newest(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    for word in ("uno", "dos", "tres"):
        await ana.send(word)

    [newest] = await bot.get_updates(offset=-1)

    assert newest.message is not None
    assert newest.message.text == "tres"
    assert telegram.pending_updates() == 1


async def test_updates_are_kept_for_a_day(telegram: LocalTelegram, bot: Bot, ana: Phone, now: Moment) -> None:
    await ana.send("ayer")
    now.advance(hours=23)
    await ana.send("hoy")
    now.advance(hours=1, seconds=1)

    updates = await bot.get_updates()

    assert [update.message.text for update in updates if update.message] == ["hoy"]
    assert telegram.pending_updates() == 1


async def test_kinds_that_were_not_asked_for_never_exist(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    await bot.get_updates(allowed_updates=["message"])

    await ana.block()
    await ana.unblock()
    await ana.send("Hola")

    assert telegram.pending_updates() == 1


async def test_second_poller_ends_the_first_with_a_conflict(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    async with bot_of(telegram) as rival, asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        older = tasks.create_task(_outcome(bot))
        await telegram.polled()
        newer = tasks.create_task(_outcome(rival))
        await older
        await ana.send("Hola")

    assert older.result().startswith("Conflict: terminated by other getUpdates request; make sure that only one bot")
    assert newer.result() == "1 updates"


async def _outcome(bot: Bot) -> str:
    try:
        return f"{len(await bot.get_updates(timeout=10))} updates"
    except Conflict as conflict:
        return conflict.message


async def test_poller_that_died_does_not_stand_in_the_way(
    telegram: LocalTelegram, bot: Bot, ana: Phone, http: aiohttp.ClientSession
) -> None:
    with pytest.raises(TimeoutError):
        await http.get(method_url(telegram, "getUpdates?timeout=30"), timeout=aiohttp.ClientTimeout(total=0.05))

    await telegram.unpolled()
    await ana.send("Hola")

    assert len(await bot.get_updates(timeout=5)) == 1


async def test_bot_that_was_killed_finds_its_updates_after_the_restart(
    telegram: LocalTelegram, bot: Bot, ana: Phone
) -> None:
    script = f"import urllib.request as r; r.urlopen('{method_url(telegram, 'getUpdates?timeout=50')}')"
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    await telegram.polled()

    killed.kill()
    await killed.wait()
    await ana.send("Hola")

    assert len(await bot.get_updates(timeout=5)) == 1


async def test_ids_can_start_again_at_random(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.next_update_id = 900
    await ana.send("antes")
    await bot.get_updates(offset=901)

    telegram.next_update_id = 50
    await ana.send("después")
    updates = await bot.get_updates(offset=901)

    assert [update.update_id for update in updates] == [50]


async def test_ids_do_not_start_again_over_pending_updates(telegram: LocalTelegram, ana: Phone) -> None:
    telegram.next_update_id = 900
    await ana.send("pendiente")

    with pytest.raises(ValueError, match="let the bot confirm them first"):
        telegram.next_update_id = 50


async def test_hand_made_update_is_delivered_with_an_id(telegram: LocalTelegram, http: aiohttp.ClientSession) -> None:
    telegram.push_raw({"message": {"text": 7}})

    async with http.get(method_url(telegram, "getUpdates")) as response:
        body = await response.json()

    assert body == {"ok": True, "result": [{"update_id": 1, "message": {"text": 7}}]}


async def test_drained_says_what_is_left(telegram: LocalTelegram, ana: Phone) -> None:
    await ana.send("Hola")

    with pytest.raises(TimeoutError, match="1 updates were not confirmed"):
        await telegram.drained(timeout=0.01)


async def test_stopping_ends_a_waiting_poll(now: Moment, http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks, LocalTelegram(now=now) as telegram:
        poll = tasks.create_task(_polled_to_the_end(http, telegram))
        await telegram.polled()
        assert not poll.done()

    assert poll.result() == {"ok": True, "result": []}


async def _polled_to_the_end(http: aiohttp.ClientSession, telegram: LocalTelegram) -> object:
    async with http.get(method_url(telegram, "getUpdates?timeout=50")) as response:
        return await response.json()


async def test_server_comes_back_on_its_port_with_everything_remembered(
    now: Moment, http: aiohttp.ClientSession
) -> None:
    telegram = LocalTelegram(now=now)
    async with telegram:
        first_url = telegram.url
        await telegram.phone(7, "Ana").send("Hola")

    async with telegram, http.get(method_url(telegram, "getUpdates")) as response:
        body = await response.json()

    assert telegram.url == first_url
    assert len(body["result"]) == 1


class Hook:
    """A bot's webhook that refuses as often as it is told to."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.secrets: list[str] = []
        self.texts: list[str] = []

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=500)
        self.texts.append((await request.json())["message"]["text"])
        return web.Response()


async def _serve(hook: "Hook | Slow") -> tuple[web.AppRunner, str]:
    application = web.Application()
    application.router.add_post("/hook", hook.receive)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"


async def test_webhook_receives_updates_in_order_until_it_takes_them(
    telegram: LocalTelegram, bot: Bot, ana: Phone
) -> None:
    hook = Hook(refusals=2)
    runner, url = await _serve(hook)
    await bot.set_webhook(url, secret_token="s3cret")

    for word in ("uno", "dos"):
        await ana.send(word)
    await telegram.drained()
    await runner.cleanup()

    assert hook.texts == ["uno", "dos"]
    assert hook.secrets == ["s3cret"] * 4


class Slow:
    """A bot's webhook that takes nothing until it is told to, and writes down what it is brought meanwhile."""

    def __init__(self) -> None:
        self.takes = asyncio.Event()
        self.brought: list[str] = []

    async def receive(self, request: web.Request) -> web.Response:
        self.brought.append((await request.json())["message"]["text"])
        await self.takes.wait()
        return web.Response()


@pytest.mark.parametrize(("connections", "at_once"), [(None, 3), (2, 2)])
async def test_chats_are_brought_to_a_webhook_beside_each_other_and_each_in_order(
    telegram: LocalTelegram, bot: Bot, connections: int | None, at_once: int
) -> None:
    hook = Slow()
    runner, url = await _serve(hook)
    await bot.set_webhook(url, max_connections=connections)
    assert (await bot.get_webhook_info()).max_connections == (connections or 40)
    for word in ("uno", "dos"):
        for number in range(3):
            await telegram.phone(70 + number, f"Ana {number}").send(f"{word} {number}")

    async with asyncio.timeout(10):
        while len(hook.brought) < at_once:  # noqa: ASYNC110 - the server sends no event
            await asyncio.sleep(0.01)
    assert hook.brought == [f"uno {number}" for number in range(at_once)]
    hook.takes.set()
    await telegram.drained()
    await runner.cleanup()

    assert [said for said in hook.brought if said.endswith("1")] == ["uno 1", "dos 1"]
    assert len(hook.brought) == 6


async def test_webhook_that_is_down_is_reported(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    await ana.send("Hola")

    backend = telegram._backend
    assert await backend.updates.signal.until(lambda: bool(backend.settings["webhook_error"]), 5)
    info = await bot.get_webhook_info()

    assert (info.pending_update_count, info.last_error_message) == (1, "Connection failed")


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()

    assert await bot.get_updates() == ()


async def test_deleting_the_webhook_can_drop_what_waits(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    await ana.send("Hola")

    await bot.delete_webhook(drop_pending_updates=True)

    assert telegram.pending_updates() == 0


async def test_webhook_elsewhere_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="loopback"):
        await bot.set_webhook("https://example.org/hook")


async def test_tap_is_answered_within_seconds_or_never(bot: Bot, ana: Phone, now: Moment) -> None:
    await bot.send_message(7, "¿?")
    tap = await ana.tap_data("s:1", ana.last())

    now.advance(seconds=16)

    with pytest.raises(BadRequest, match=r"[Qq]uery is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(tap.id)

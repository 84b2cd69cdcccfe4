"""Both sides of the bot in a browser: what a visitor does reaches the real bot; nothing is lost when it is killed."""

import asyncio
import os
import re
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest

from bot.demo.web import actions
from bot.demo.web.window import ZONE
from bot.demo.web.words import words
from bot.domain.model import Language
from tests.demo.web.browsers import Browser, browsing, visited

RUIZ, PATIENT = 100, 201


async def comes_in(browser: Browser) -> None:
    """Open the link on the therapist's phone, accept, and plan a session."""
    link = next(found[0] for one in browser.messages(RUIZ) if (found := re.search(r"https://t\.me/\S+", one["text"])))
    status, said = await browser.do("open_link", chat=None, url=link)
    assert (status, said["chat"]) == (200, PATIENT)
    await browser.until(lambda page: page.reads(PATIENT, "Este chat es un programa"))
    assert browser.world["people"][-1]["name"] == "Persona 1"
    await browser.until(lambda page: page.messages(PATIENT)[-1]["keyboard"])
    await browser.tap(PATIENT, "Acepto")
    await browser.until(lambda page: page.reads(RUIZ, "P-07 ha aceptado"))
    await browser.do("send", chat=RUIZ, text="/sesion P-07 hoy 17:00 50m")
    await browser.until(lambda page: jump(page, "session"))


def jump(page: Browser, name: str) -> str | None:
    jumps: dict[str, str | None] = {one["jump"]: one["at"] for one in page.world["clock"]["jumps"]}
    return jumps[name]


def leads(page: Browser, name: str) -> tuple[str, str]:
    """Say what a jump leads to, and at what hour of the practice."""
    return next((one["to"], one["at"][11:16]) for one in page.world["clock"]["jumps"] if one["jump"] == name)


def hour(page: Browser) -> str:
    return datetime.fromisoformat(page.world["clock"]["now"]).astimezone(ZONE).strftime("%H:%M")


def is_there(folder: str) -> bool:
    return Path(folder).exists()


def counts(page: Browser) -> tuple[int, int]:
    return page.world["counts"]["answers_given"], page.world["counts"]["answers_stored"]


def waits(page: Browser) -> int:
    return int(page.world["counts"]["waiting"])


async def test_a_patient_comes_in_is_asked_and_an_answer_given_while_the_bot_is_dead_is_kept() -> None:
    async with visited() as (theatre, browser):
        scene = theatre.scene
        assert scene is not None
        await comes_in(browser)
        await is_asked(browser)

        await browser.tap(PATIENT, "8")
        await browser.until(lambda page: page.reads(PATIENT, "2 de 3") and counts(page) == (1, 1))
        first_life = scene.bot.pid
        assert (await browser.do("kill"))[0] == 200
        await browser.until(lambda page: page.world["bot"]["state"] == "killed")
        await browser.tap(PATIENT, "7")
        await browser.until(lambda page: counts(page) == (2, 1) and page.world["counts"]["waiting"])
        assert (await browser.do("clock", jump="digest"))[0] == 409  # Telegram would forget the tap on the way
        assert (await browser.do("clock", jump="minutes", minutes=5))[0] == 200
        assert (await browser.do("restart"))[0] == 200

        await browser.until(lambda page: page.reads(PATIENT, "3 de 3") and counts(page) == (2, 2))
        assert scene.bot.pid != first_life
        with pytest.raises(ProcessLookupError):
            os.kill(first_life or 0, 0)
        folder = browser.world["folder"]
        assert is_there(folder)
        last_life = scene.bot.pid
    assert not is_there(folder)
    with pytest.raises(ProcessLookupError):
        os.kill(last_life or 0, 0)


async def is_asked(browser: Browser) -> None:
    """Let the session end; a quarter of an hour later the question comes."""
    for jump_ in ({"jump": "session"}, {"jump": "minutes", "minutes": 15}):
        assert (await browser.do("clock", **jump_))[0] == 200
    await browser.until(lambda page: page.reads(PATIENT, "1 de 3"))


async def test_the_clock_goes_to_the_end_of_a_session_and_only_then_to_its_question() -> None:
    async with visited() as (_, browser):
        await comes_in(browser)
        assert leads(browser, "session") == ("session", "15:50")

        assert (await browser.do("clock", jump="session"))[0] == 200
        await browser.until(lambda page: hour(page) == "17:50" and leads(page, "session") == ("question", "16:05"))
        assert not browser.reads(PATIENT, "1 de 3")

        assert (await browser.do("clock", jump="session"))[0] == 200
        await browser.until(lambda page: page.reads(PATIENT, "1 de 3"))
        assert hour(browser) == "18:05"


async def test_what_is_due_and_has_not_left_is_counted_as_waiting_before_it_was_ever_tried() -> None:
    async with visited() as (_, browser):
        await comes_in(browser)
        await browser.do("clock", jump="session")
        await browser.until(lambda page: leads(page, "session")[0] == "question" and waits(page) == 0)

        await browser.do("kill")
        await browser.until(lambda page: page.world["bot"]["state"] == "killed")
        await browser.do("clock", jump="session")
        await browser.until(lambda page: waits(page) == 1)
        assert not browser.reads(PATIENT, "1 de 3")

        await browser.do("restart")
        await browser.until(lambda page: page.reads(PATIENT, "1 de 3") and waits(page) == 0)


async def test_what_has_left_is_not_counted_as_waiting_any_more() -> None:
    async with visited() as (_, browser):
        await comes_in(browser)

        for jump_ in ("session", "session", "digest"):
            assert (await browser.do("clock", jump=jump_))[0] == 200
            await browser.until(lambda page: waits(page) == 0)

        assert leads(browser, "digest")[0] == "digest"


async def test_what_is_done_without_a_network_arrives_when_it_is_back_and_429_is_waited_out() -> None:
    async with visited() as (theatre, browser), browsing(browser.address) as other:
        await browser.do("fault", fault="no_network", seconds=60)
        await browser.do("send", chat=RUIZ, text="/pacientes")
        await browser.until(lambda page: page.world["faults"] and page.world["counts"]["waiting"] == 1)
        assert browser.world["faults"][0]["fault"] == "no_network"
        assert (await browser.do("lift"))[0] == 200
        await other.until(
            lambda page: page.world["counts"]["waiting"] == 0 and page.messages(RUIZ)[-1]["from"] == "bot"
        )

        await browser.do("fault", fault="slow_down", seconds=1)
        seen = len(browser.messages(RUIZ))
        await browser.do("send", chat=RUIZ, text="/ayuda")
        await browser.until(lambda page: any(k == "call" and c["status"] == 429 for k, c in page.passed))
        await browser.until(lambda page: len(page.messages(RUIZ)) >= seen + 2)

        await other.until(lambda page: page.messages(RUIZ) == browser.messages(RUIZ))
        assert theatre.stopped is None


async def test_every_way_to_act_on_a_phone_reaches_the_bot_or_is_refused_in_a_sentence() -> None:
    async with visited() as (_, browser):
        new = (await browser.do("person", name="Ana"))[1]["chat"]
        await browser.do("send", chat=new, text="hola")
        await browser.until(lambda page: page.messages(new) and page.messages(new)[-1]["from"] == "bot")
        mine = browser.messages(new)[0]["id"]

        for act in ("photo", "voice", "sticker", "document"):
            assert (await browser.do(act, chat=new))[0] == 200
        assert (await browser.do("edit", chat=new, message=mine, text="adiós"))[0] == 200
        assert (await browser.do("send", chat=new, text="sí", reply_to=mine))[0] == 200
        await browser.until(lambda page: page.messages(new)[0]["edited"] and page.known["chat", new]["commands"])
        await browser.until(lambda page: any(one["reply_to"] == mine for one in page.messages(new)))
        assert (await browser.do("delete", chat=new, message=mine))[0] == 200
        assert (await browser.do("block", chat=new))[0] == 200

        assert await browser.do("send", chat=new, text="hola") == (
            409,
            {"error": "En este teléfono el bot está bloqueado. Desbloquéelo antes."},
        )
        assert (await browser.do("unblock", chat=new))[0] == 200
        refusals = [
            await browser.do("send", chat=999, text="hola"),
            await browser.do("send", chat=new, text="  "),
            await browser.do("tap", chat=new, message=999_999, data="x"),
            await browser.do("edit", chat=RUIZ, message=browser.messages(RUIZ)[-1]["id"], text="x"),
            await browser.do("open_link", url="https://t.me/another_bot?start=x"),
            await browser.do("clock", jump="session"),
            await browser.do("restart"),
        ]
        assert [status for status, _ in refusals] == [404, 400, 404, 400, 400, 409, 409]
        assert all(said["error"].endswith(".") for _, said in refusals)


@pytest.mark.parametrize(
    ("name", "language", "chat", "words"),
    [
        ("vignette", "es", PATIENT, "1 de 3"),
        ("slide", "en", RUIZ, "P-07:"),
        ("silent", "es", RUIZ, "P-07 (dos sesiones en silencio)"),
    ],
)
async def test_a_story_is_played_to_its_end(name: str, language: str, chat: int, words: str) -> None:
    wanted = actions.ACTION.validate_python({"act": "story", "name": name, "language": language})
    assert isinstance(wanted, actions.Tell)

    async with visited(wanted) as (theatre, browser):
        assert theatre.stopped is None
        await browser.until(lambda page: page.reads(chat, words) and page.world["playing"] is None)
        given, stored = counts(browser)

        assert given == stored > 0
        if name == "slide":
            await browser.until(lambda page: page.known["inside", 0]["rules"])
            assert browser.known["inside", 0]["rules"][0]["lines"][-3:] == [
                "(9 + 9) ÷ 2 = 9",
                "(8 + 7) ÷ 2 = 7.5",
                "9 − 7.5 = 1.5 ≥ 1.5",
            ]


async def test_every_chore_that_is_due_has_plain_words_in_both_languages() -> None:
    async with visited() as (_, browser):
        await browser.until(lambda page: ("inside", 0) in page.known)
        chores = {one["what"] for one in browser.known["inside", 0]["due"] if one["kind"] == "chore"}

    assert chores
    for language in Language:
        assert {f"chore-{one}" for one in chores} <= words(language).keys()


async def test_a_story_that_cannot_be_played_to_its_end_says_so_and_another_one_can_be_begun() -> None:
    async with visited() as (theatre, browser):
        assert not browser.world["stopped"]
        await browser.do("story", name="slide", language="es")
        await browser.until(lambda page: page.world["playing"] and page.world["playing"]["step"] > 1)
        assert theatre.scene is not None

        await theatre.scene.bot.kill()

        await browser.until(lambda page: page.world["stopped"] and page.world["playing"] is None)
        assert theatre.stopped is not None
        assert (await browser.do("restart"))[0] == 200
        await browser.until(lambda page: page.world["bot"]["state"] == "running")
        assert (await browser.do("story", name="empty", language="en"))[0] == 200
        await browser.until(lambda page: not page.world["stopped"] and page.world["language"] == "en")


async def test_a_bot_that_says_it_types_is_seen_typing_until_its_message_comes(http: aiohttp.ClientSession) -> None:
    async with visited() as (theatre, browser):
        assert theatre.scene is not None
        telegram = theatre.scene.telegram
        bot, chat = f"{telegram.url}/bot{telegram.token}", {"chat_id": RUIZ}

        await (await http.post(f"{bot}/sendChatAction", json=chat | {"action": "typing"})).read()
        await browser.until(lambda page: page.known["chat", RUIZ]["typing"])
        await (await http.post(f"{bot}/sendMessage", json=chat | {"text": "ya"})).read()

        await browser.until(lambda page: page.reads(RUIZ, "ya") and not page.known["chat", RUIZ]["typing"])


async def test_while_a_story_plays_the_visitor_is_asked_to_wait_and_then_has_another_world() -> None:
    async with visited() as (theatre, browser):
        before = browser.world["folder"]
        assert (await browser.do("story", name="empty", language="en"))[0] == 200

        status, said = await browser.do("send", chat=RUIZ, text="hola")
        assert (status, said["error"]) == (409, "La historia todavía avanza. Espere un momento.")
        async with asyncio.timeout(60):
            await theatre.ready()
        await browser.until(lambda page: page.world["folder"] != before and page.world["playing"] is None)
        await browser.until(lambda page: page.reads(RUIZ, "personal link"))
        assert not is_there(before)

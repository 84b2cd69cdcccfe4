"""The process as an operator meets it: how it stops, what it refuses, what it says when something is away."""

import asyncio
import json
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.demo.faults import Fault
from bot.demo.server import LocalTelegram
from bot.demo.state import Json
from bot.keys import write_keys
from tests.faults.people import Said, calendar, code, enrol
from tests.process import BotProcess, free_address, housed, until

CONFIGURATION, REFUSED, UNAVAILABLE = 78, 65, 69
"""Exit codes."""


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Furnish a folder; nothing runs yet."""
    async with housed(tmp_path) as furnished:
        yield furnished


def one_sentence(text: str) -> str:
    """Return what was said, which is one line and no traceback."""
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


# Stopping


async def test_told_to_stop_while_it_waits_for_updates_it_ends_with_0(bot: BotProcess) -> None:
    await bot.start()

    assert await bot.stop() == 0
    assert '"stopping"' in bot.said


async def test_told_to_stop_while_telegram_is_slow_it_still_ends_within_ten_seconds(bot: BotProcess) -> None:
    _, phones = await enrol(bot, 6)
    hanging: list[str] = []

    def hang(method: str, _: Json) -> Fault | None:
        if method not in {"sendMessage", "editMessageText"}:
            return None
        hanging.append(method)
        return Fault.hang(60)

    await bot.start()
    bot.telegram.fault = hang
    for phone in phones:
        await phone.send("/ayuda")  # the intake hangs
    async with calendar(bot, Said()) as book:
        await book.note(code(1))  # and so does the tick
    await until(lambda: len(hanging) == 7, "every message hangs")

    assert await bot.stop() == 0


async def test_told_to_stop_while_messages_wait_for_their_turn_it_still_ends_within_ten_seconds(
    bot: BotProcess,
) -> None:
    await enrol(bot, 1)
    async with calendar(bot, Said()) as book:
        for _ in range(25):
            await book.note(code(1))  # a confirmation each, all to one chat: most of half a minute

    await bot.start()
    await until(lambda: bot.telegram.calls[-1].method == "sendMessage", "it is sending")

    assert await bot.stop() == 0


async def test_told_to_stop_while_it_looks_for_telegram_it_ends_at_once_with_0(bot: BotProcess) -> None:
    nowhere(bot)
    await bot.spawn()
    await until(lambda: "trying again" in bot.said, "it says that it tries again")

    assert await bot.stop() == 0


def nowhere(bot: BotProcess) -> int:
    """Point the settings at a port where nobody listens; return the port."""
    address = free_address()
    bot.telegram.url = f"http://{address}"
    bot.furnish()
    return int(address.partition(":")[2])


# Telegram away, or wrong


async def test_without_network_it_keeps_trying_visibly_and_runs_once_telegram_is_there(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        port = nowhere(bot)
        await bot.spawn()
        await until(lambda: "Telegram cannot be reached; trying again" in bot.said, "it says that it tries again")

        async with LocalTelegram(now=SystemClock().now, port=port, token=bot.telegram.token) as telegram:
            await telegram.polled(timeout=30)
            ana = telegram.phone(7, "Ana")
            await ana.send("/ayuda")
            await ana.wait_for(lambda message: "024" in message.text)
            assert await bot.stop() == 0


async def test_wrong_token_is_one_sentence_without_the_token(bot: BotProcess) -> None:
    wrong = "1000000001:a-token-that-nobody-gave-to-anybody-ever"
    bot.config_file.write_text(bot.config_file.read_text().replace(bot.telegram.token, wrong))

    await bot.spawn()

    assert await bot.ended(30) == UNAVAILABLE
    assert one_sentence(bot.said).startswith("Telegram does not know the token.")
    assert wrong.partition(":")[2] not in bot.said


async def test_missing_token_is_one_sentence_that_says_where_to_get_one(bot: BotProcess) -> None:
    bot.config_file.write_text(f'[telegram]\napi_url = "{bot.telegram.url}"\n[practice]\ncountry = "ES"\n')

    await bot.spawn()

    assert await bot.ended(30) == CONFIGURATION
    assert "[telegram] token is missing; write /newbot to @BotFather" in one_sentence(bot.said)


# The database


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_locked_database_is_said_and_left_alone(bot: BotProcess) -> None:
    await _once(bot)
    before = bot.database.read_bytes()

    with _locked(bot.database):
        await bot.spawn()
        code_ = await bot.ended(30)

    assert code_ == UNAVAILABLE
    assert "database is locked. Another program is writing to it" in one_sentence(last_life(bot))
    assert bot.database.read_bytes() == before


def _not_a_database(bot: BotProcess) -> None:
    bot.database.write_bytes(b"Estimada Dra. Ruiz: esto es una carta y no una base de datos.\n" * 100)


def _newer(bot: BotProcess) -> None:
    with closing(sqlite3.connect(bot.database)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()


def _other_keys(bot: BotProcess) -> None:
    bot.config.privacy.key_file.unlink()
    write_keys(bot.config.privacy.key_file)


def _damaged(bot: BotProcess) -> None:
    with bot.database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(8192))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (_not_a_database, "is not a sound database (file is not a database). It was left untouched."),
        (_newer, "was written by a newer version of Microchequeo (schema 9999). It was left untouched"),
        (_other_keys, "The keys do not"),
        (_damaged, "database"),
    ],
    ids=["not a database", "newer schema", "other keys", "damaged"],
)
async def test_database_that_must_not_be_used_is_refused_and_left_as_it_is(
    bot: BotProcess, harm: Callable[[BotProcess], None], sentence: str
) -> None:
    await _once(bot)
    harm(bot)
    before = bot.database.read_bytes()

    await bot.spawn()

    assert await bot.ended(30) == REFUSED
    assert sentence in one_sentence(last_life(bot))
    assert bot.database.read_bytes() == before


async def _once(bot: BotProcess) -> None:
    """Let the bot run once, so that there is a database, and forget what it said."""
    await bot.start()
    assert await bot.stop() == 0
    await bot.telegram.unpolled()
    (bot.folder / "stderr.txt").unlink()


def last_life(bot: BotProcess) -> str:
    """Return what was said since `_once`."""
    return bot.said


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        # Root may write everywhere, so mode bits would prove nothing: a folder and the kernel's own file system refuse
        # root too.
        ("data", "unable to open database file"),
        ("/proc/1/microchequeo.db", "unable to open database file|No such file|cannot be used"),
        ("/dev/null/microchequeo.db", "Not a directory|cannot be used"),
    ],
    ids=["a folder", "a file system that takes no files", "below a file"],
)
async def test_place_that_cannot_be_written_is_said_with_the_remedy(bot: BotProcess, url: str, reason: str) -> None:
    bot.config_file.write_text(bot.config_file.read_text() + f'\n[database]\nurl = "sqlite+aiosqlite:///{url}"\n')

    await bot.spawn()

    assert await bot.ended(30) == UNAVAILABLE
    assert re.search(reason, one_sentence(bot.said))


async def test_answers_typed_before_the_database_was_locked_are_kept_in_their_order(bot: BotProcess) -> None:
    """Another program writes for longer than SQLite waits: nothing is lost, and no number answers another question."""
    _, [ana] = await enrol(bot, 1)
    await bot.start()
    async with calendar(bot, Said()) as book:
        await book.note(code(1))
    await ana.wait_for(lambda message: "10" in message.labels())

    with _locked_at_the_next_message(bot):
        await ana.send("/ayuda")
        await ana.send("7")
        await ana.send("3")
        await until(lambda: bot.said.count("waits for the database") > 1, "they wait for the database", within=60)
    await ana.wait_for(lambda message: "pendiente" in message.text, timeout=30)

    with closing(sqlite3.connect(bot.database)) as db:
        stored = db.execute("SELECT item, score FROM answers ORDER BY rowid").fetchall()
    assert stored == [("understood", 7), ("sense", 3)]


@contextmanager
def _locked_at_the_next_message(bot: BotProcess) -> Iterator[None]:
    """Lock the database when the bot sends something; what came after has been kept by then and waits behind it."""
    with closing(sqlite3.connect(bot.database, isolation_level=None)) as other:

        def lock(method: str, _: Json) -> Fault | None:
            if method != "sendMessage" or other.in_transaction:
                return None
            other.execute("BEGIN IMMEDIATE")
            return Fault.hang(1)

        bot.telegram.fault = lock
        yield
        bot.telegram.fault = None
        other.execute("ROLLBACK")


async def test_help_is_given_while_the_database_is_locked(bot: BotProcess) -> None:
    _, [ana] = await enrol(bot, 1)
    await bot.start()

    with _locked(bot.database):
        await ana.send("/ayuda")
        card = await ana.wait_for(lambda message: "024" in message.text, timeout=20)

    assert "112" in card.text
    assert bot.running


# Health


async def test_health_says_ok_then_what_is_away_and_metrics_are_text(tmp_path: Path) -> None:
    address = free_address()
    async with (
        housed(tmp_path, settings=f'\n[health]\nlisten = "{address}"\n') as bot,
        aiohttp.ClientSession(f"http://{address}") as http,
    ):
        await bot.start()
        await _answers(http, 200)
        health = json.loads(await _text(http, "/healthz"))
        assert (health["status"], health["reasons"]) == ("ok", {})
        assert (health["oldest_unsent"], health["oldest_unacknowledged"]) == (None, None)
        metrics = await _text(http, "/metrics")
        assert 'microchequeo_up{part="poller"} 1.0' in metrics
        assert re.search(r'^microchequeo_waiting{box="outbox"} 0.0$', metrics, re.MULTILINE)

        async with bot.telegram.outage():
            await _warns(http, "poller")
            assert "cannot be reached" in json.loads(await _text(http, "/healthz"))["warnings"]["poller"]
            assert 'microchequeo_up{part="poller"} 0.0' in await _text(http, "/metrics")
            await _answers(http, 200)


async def _text(http: aiohttp.ClientSession, path: str) -> str:
    async with http.get(path) as response:
        return await response.text()


async def _answers(http: aiohttp.ClientSession, status: int) -> None:
    """Ask until the status is this one."""
    async with asyncio.timeout(20):
        while True:
            async with http.get("/healthz") as response:
                if response.status == status:
                    return
            await asyncio.sleep(0.05)


async def _warns(http: aiohttp.ClientSession, part: str) -> None:
    """Ask until there is a warning about a part."""
    async with asyncio.timeout(20):
        while True:
            if part in json.loads(await _text(http, "/healthz")).get("warnings", {}):
                return
            await asyncio.sleep(0.05)


# Other commands


async def test_invite_prints_the_link_and_nothing_else(bot: BotProcess) -> None:
    done = await bot.command("invite", "--therapist", "Dra. Ruiz")

    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(rf"https://t\.me/{bot.telegram.username}\?start=[0-9a-f]{{48}}\n", done.out)


async def test_invite_works_beside_a_running_bot_and_the_link_opens(bot: BotProcess) -> None:
    await bot.start()

    done = await bot.command("invite", "--therapist", "Dra. Ruiz")
    ruiz = bot.telegram.phone(100, "Ruiz")
    await ruiz.start(done.out.strip().partition("start=")[2])
    offer = await ruiz.wait_for(lambda message: bool(message.keyboard))

    assert bot.running
    assert "la Dra. Ruiz" in offer.labels()


async def test_invite_without_network_and_without_a_remembered_name_exits_69(bot: BotProcess) -> None:
    nowhere(bot)

    done = await bot.command("invite", "--therapist", "Dra. Ruiz")

    assert (done.code, done.out) == (UNAVAILABLE, "")
    assert "Telegram cannot be reached now" in one_sentence(done.err)


async def test_invite_without_network_knows_the_name_from_an_earlier_run(bot: BotProcess) -> None:
    await bot.command("invite", "--therapist", "Dra. Ruiz")
    nowhere(bot)

    done = await bot.command("invite", "--therapist", "Dr. Gil")

    assert (done.code, done.err) == (0, "")


async def test_check_is_fine_before_the_first_start_and_writes_nothing(bot: BotProcess) -> None:
    done = await bot.command("check")

    assert (done.code, done.err) == (0, "")
    assert f"@{bot.telegram.username}" in done.out
    assert "will be made at the first start" in done.out
    assert not bot.database.exists()


async def test_check_beside_a_running_bot_is_fine(bot: BotProcess) -> None:
    await bot.start()

    done = await bot.command("check")

    assert (done.code, done.err) == (0, "")
    assert "!  operator" in done.out, "nobody hears when something breaks"


async def test_check_without_network_says_so_and_looks_at_the_rest(bot: BotProcess) -> None:
    nowhere(bot)

    done = await bot.command("check")

    assert done.code == UNAVAILABLE
    assert "Telegram cannot be reached now" in done.out
    assert "will be made at the first start" in done.out
    assert bot.telegram.token not in done.out


async def test_check_names_a_newer_database(bot: BotProcess) -> None:
    await _once(bot)
    _newer(bot)

    done = await bot.command("check")

    assert done.code != 0
    assert "9999" in done.out

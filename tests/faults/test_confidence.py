"""The process as an operator runs it, talkative to the utmost: what it says and keeps tells nothing of anybody.

A story is told in words that occur nowhere else, with an outage, a refusal and a handler that fails in its midst.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json
from tests.faults.people import code
from tests.process import BotProcess, housed, until

NAME, CODE = "Dra. Zyxkanari", "KANARI-7"
THERAPIST, PATIENT, STRANGER = 7_310_246_801, 7_310_246_802, 7_310_246_803
REFLECTION, LEFT, GUESS, BROKEN, CRISIS = "kolibriwort", "tukanbrief", "pinguinnein", "quetzalsatz", "albatrosruf"
CANARIES: Final = (  # the code is the patient's pseudonym: it stands in the database, and in no log
    *("zyxkanari", "fremdling", str(THERAPIST), str(PATIENT), str(STRANGER)),
    *(REFLECTION, LEFT, GUESS, BROKEN, CRISIS, "morirme"),
)


async def test_at_debug_neither_the_log_nor_any_file_says_who_or_what(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        token = bot.telegram.token.lower()
        await bot.start("--log-level", "DEBUG")
        await story(bot)
        copied = backup(bot, tmp_path / "copied.db")
        await bot.stop()

        said, kept = bot.said.lower(), files(tmp_path)
        secrets = [token, token.partition(":")[2], *CANARIES]
        assert [secret for secret in [*secrets, CODE.lower()] if secret in said] == []
        assert [(secret, name) for secret in secrets for name, held in kept.items() if secret.encode() in held] == []
        assert copied.name in kept
        heard = {json.loads(line)["event"] for line in bot.said.splitlines()}
        assert {"a handler raised", "an update failed", "a tap was refused"} <= heard, "the log was listening"


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies in the folder, in small letters; only the settings may name the token."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != "config.toml"]
    return {path.name: path.read_bytes().lower() for path in found}


def backup(bot: BotProcess, to: Path) -> Path:
    """Copy the database and its log while the bot is at work, as a backup of the disk would."""
    with closing(sqlite3.connect(bot.database)) as db, closing(sqlite3.connect(to)) as copy:
        db.backup(copy)
    shutil.copy(f"{bot.database}-wal", f"{to}-wal-as-it-was")
    return to


async def story(bot: BotProcess) -> None:
    """Let somebody come in, answer, write, leave words, cry for help; and let things go wrong."""
    zyx, ana = bot.telegram.phone(THERAPIST, NAME), bot.telegram.phone(PATIENT, CODE)
    invited = await bot.command("invite", "--therapist", NAME)
    await zyx.send(f"/start {invited.out.strip().partition('start=')[2]}")
    await shows(zyx, f"la {NAME}")
    await zyx.tap(f"la {NAME}")
    await zyx.send(f"/nuevo {CODE}")
    link = await zyx.wait_for(lambda message: "start=" in message.text, timeout=30)
    await ana.send(f"/start {link.text.partition('start=')[2].split()[0]}")
    await shows(ana, "Acepto")
    await ana.tap("Acepto")
    stranger = bot.telegram.phone(STRANGER, "Fremdling")
    await stranger.send(f"/start {GUESS}")
    await zyx.send(f"/sesion {CODE} ahora")
    await shows(ana, "10")
    question = ana.last()
    await things_go_wrong(bot, ana)
    for progress in ("1 de 3", "2 de 3", "3 de 3"):
        await reads(ana, progress)
        await ana.tap("5")
    await shows(ana, "Listo")
    await ana.send(REFLECTION)
    await shows(ana, "Corregir")
    await ana.tap_data("s:1:u:5", question)
    await ana.send(f"quiero morirme {CRISIS}")
    await shows(zyx, "Leer sus palabras")
    await zyx.tap("Leer sus palabras")
    await reads(zyx, CRISIS)
    await zyx.send("/resumen")
    await reads(zyx, "emana")
    await until(lambda: '"a handler raised"' in bot.said, "a handler fails")


async def things_go_wrong(bot: BotProcess, ana: Phone) -> None:
    """Refuse a reply in words that quote it, tear a connection, and send what no handler can read."""
    faults = [Fault.answer(400, refusal()), Fault.tear()]

    def fault(method: str, _: Json) -> Fault | None:
        return faults.pop() if faults and method == "sendMessage" else None

    bot.telegram.fault = fault
    await ana.send(f"/nada {LEFT}")
    await until(lambda: not faults, "both faults were met", within=60)
    bot.telegram.fault = None
    chat = {"id": PATIENT, "type": "private"}
    for text in ([BROKEN], {"words": BROKEN}):
        message = {"message_id": 90_000 + len(text), "date": 0, "chat": chat, "from": ana.person(), "text": text}
        bot.telegram.push_raw({"message": message})


def refusal() -> bytes:
    """Make an answer of Telegram that quotes what was sent."""
    answer = {"ok": False, "error_code": 400, "description": f"Bad Request: cannot send «{LEFT} {code(7)} {CODE}»"}
    return json.dumps(answer).encode()


async def reads(phone: Phone, words: str) -> None:
    """Wait until words are there."""
    await phone.wait_for(lambda message: words in message.text, timeout=30)


async def shows(phone: Phone, label: str) -> None:
    """Wait until a button is there."""
    await phone.wait_for(lambda message: label in message.labels(), timeout=30)

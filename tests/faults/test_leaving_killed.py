"""Patients leave while the bot is killed with SIGKILL, at every turn that a leaving takes.

Each patient's leaving is stopped at a turn of its own, and the process is killed.  Turns that Telegram sees are held
there, for everybody at once: a call that was carried out and never answered, or that was never carried out.  At the
others the process kills itself.  Nobody taps twice, and in the end everybody has left.
"""

import asyncio
import json
import re
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json, Tap
from storage import erasures
from tests.commands import Begun, begin, done
from tests.faults.people import THERAPIST, code, within
from tests.faults.points import LEAVING
from tests.practice import WITH_BACKUPS, Practice
from tests.process import START_WITHIN, STOP_WITHIN, BotProcess, housed, until

AT_ONCE: Final = f'\n{WITH_BACKUPS}\n[privacy]\nexport_within = "0s"\n'
"""The scores stay; the words go in a step of their own, as when nobody takes them over."""

FIRST_PATIENT: Final = 7_310_246_800
THERE: Final = 30.0
"""Seconds until a turn has come."""

SEEN: Final = [
    *(("answerCallbackQuery", "callback_query_id", 1), ("sendMessage", "text", 1), ("sendMessage", "chat_id", 1)),
    *(("deleteMessage", "chat_id", nth) for nth in (1, 2, 3, 4)),
]
"""Calls of a leaving: the tap is answered, the therapist told, the patient told, each message deleted."""

WRITTEN_TWICE: Final = {"leaving: on the list", "leaving: stopped, not committed"}
"""Between the line in the list and what it announces: the tap is worked again, and writes a line again."""

LEAVERS: Final = 2 * len(SEEN) + len(LEAVING)


@dataclass
class Leaver:
    """A patient who has asked to leave and is about to tap that they mean it."""

    phone: Phone
    code: str
    patient_id: int
    person_id: int
    tap: Tap | None = None

    @property
    def words(self) -> str:
        return f"kolibriwort von {self.code}"

    async def leaves(self) -> None:
        self.tap = await self.phone.tap("Sí, darme de baja")

    def told(self, ruiz: Phone) -> int:
        """Count how often the therapist was told."""
        return sum(message.text.startswith(f"{self.code} se ha dado de baja") for message in ruiz.messages)


@dataclass
class Turn:
    """The call at which a leaving is held until the kill."""

    leaver: Leaver
    method: str
    about: str
    left: int
    fault: Fault
    come: asyncio.Event = field(default_factory=asyncio.Event)

    def holds(self, method: str, params: Json) -> bool:
        """Count a call; True from the one on that this is about."""
        tap = self.leaver.tap
        mine = {
            "chat_id": str(self.leaver.phone.chat_id),
            "text": self.leaver.code,
            "callback_query_id": tap and tap.id,
        }
        if method != self.method or not str(params.get(self.about)).startswith(mine[self.about] or "-"):
            return False
        self.left -= 1
        if self.left <= 0:
            self.come.set()
        return self.come.is_set()


@asynccontextmanager
async def life(bot: BotProcess, point: str = "") -> AsyncIterator[Begun]:
    """Let the bot live in a process that is killed in the end."""
    log = bot.folder / "stderr.txt"
    process = begin("run", "--config", str(bot.config_file), point=point, out=log, err=log)
    try:
        await bot.telegram.polled(START_WITHIN)
        await until(lambda: received(bot) == 0, "what an earlier life has left unworked is worked")
        yield process
    finally:
        process.kill()
        await process.ended()
        await bot.telegram.unpolled()


async def killed_while_held(bot: BotProcess, leavers: Sequence[Leaver], fault: Fault) -> None:
    """Let everybody leave, hold each at another call, and kill the process."""
    turns = [Turn(leaver, *seen, fault) for leaver, seen in zip(leavers, SEEN, strict=True)]

    def hold(method: str, params: Json) -> Fault | None:
        return next((turn.fault for turn in turns if turn.holds(method, params)), None)

    async with life(bot):
        bot.telegram.fault = hold
        for leaver in leavers:
            await leaver.leaves()
        for turn in turns:
            await asyncio.wait_for(turn.come.wait(), THERE)
    bot.telegram.fault = None


async def killed_at(bot: BotProcess, leaver: Leaver, point: str) -> None:
    """Let one patient leave; the process kills itself at the point."""
    named = point.format(patient=leaver.patient_id, person=leaver.person_id)
    async with life(bot, named) as process:
        await leaver.leaves()
        assert await asyncio.wait_for(process.ended(), THERE) == -signal.SIGKILL, f"{named} did not come"


async def told_everything(practice: Practice) -> tuple[Phone, list[Leaver]]:
    """Let the leavers and one who stays come in, tell things and have a session tomorrow; the leavers ask to leave."""
    ruiz = await practice.therapist(THERAPIST)
    stays = await practice.patient(ruiz, code(0), FIRST_PATIENT)
    await practice.session_ends(ruiz, code(0), ask=False)
    await practice.answers(stays, 9, 8, 2, words="was bleibt")
    await practice.pass_time(timedelta(seconds=5))
    phones = {code(n): practice.telegram.phone(FIRST_PATIENT + n, code(n)) for n in range(1, LEAVERS + 1)}
    for name in phones:
        await ruiz.send(f"/nuevo {name}")
    await practice.settle()
    for phone, token in zip(phones.values(), tokens_in(ruiz)[1:], strict=True):
        await phone.start(token)
    await practice.settle()
    await all_tap(practice, phones.values(), "Acepto")
    for name, phone in phones.items():
        await ruiz.send(f"/sesion {name} mañana 17:00")
        await phone.send(f"kolibriwort von {name}")
    await practice.settle()
    await all_tap(practice, phones.values(), "Dejárselo")
    for phone in phones.values():
        await phone.send("/baja")
    await practice.settle()
    found = {row["code"]: row for row in await practice.rows("SELECT id, person_id, code FROM patients")}
    return ruiz, [Leaver(phone, name, found[name]["id"], found[name]["person_id"]) for name, phone in phones.items()]


def tokens_in(phone: Phone) -> list[str]:
    """Return the tokens of all links that a person was shown."""
    return re.findall(r"start=([\w-]+)", "\n".join(message.text for message in phone.messages))


async def all_tap(practice: Practice, phones: Iterable[Phone], label: str) -> None:
    for phone in phones:
        await phone.tap(label)
    await practice.settle()


def rows(bot: BotProcess, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Look into the database."""
    with closing(sqlite3.connect(bot.database)) as db:
        return db.execute(sql, values).fetchall()


def held_about(bot: BotProcess, patient_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that is about a patient, as it lies in the file."""
    sessions = "SELECT id FROM sessions WHERE treatment_id IN (SELECT id FROM treatments WHERE patient_id = ?)"
    check_ins = f"SELECT id FROM check_ins WHERE session_id IN ({sessions})"  # noqa: S608 - our own
    account = "(SELECT person_id FROM patients WHERE id = ?)"
    where = {
        **dict.fromkeys(("words", "treatments", "consents"), "patient_id = ?"),
        "patients": "id = ?",
        "sessions": f"id IN ({sessions})",
        "check_ins": f"id IN ({check_ins})",
        "answers": f"check_in_id IN ({check_ins})",
        "people": f"id = {account}",
        "sent_messages": f"person_id = {account}",
    }
    return {table: rows(bot, f"SELECT * FROM {table} WHERE {about}", patient_id) for table, about in where.items()}  # noqa: S608


def sealed_of(bot: BotProcess) -> list[bytes]:
    """Return, as they lie in the file, the chats and the words of everybody who is about to leave."""
    return [
        *(chat for (chat,) in rows(bot, "SELECT chat FROM people WHERE id > 2")),
        *(body for (body,) in rows(bot, "SELECT body FROM words WHERE patient_id > 1")),
    ]


def files(bot: BotProcess) -> Iterator[tuple[str, bytes]]:
    """Return the database and its log, which is folded in as the bot does it."""
    rows(bot, "PRAGMA wal_checkpoint(TRUNCATE)")
    for path in bot.database.parent.glob("microchequeo.db*"):
        yield path.name, path.read_bytes()


def received(bot: BotProcess) -> int:
    """Count the updates that are still to be worked, on either side."""
    [(kept,)] = rows(bot, "SELECT count(*) FROM inbox WHERE done_at IS NULL")
    return bot.telegram.pending_updates() + int(kept)


def unfinished(bot: BotProcess) -> int:
    """Count what is still to be done about those who leave."""
    [(count,)] = rows(
        bot,
        "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL)"
        " + (SELECT count(*) FROM erasures) + (SELECT count(*) FROM people WHERE forget_at IS NOT NULL)",
    )
    return int(count)


async def test_whoever_leaves_has_left_whenever_the_bot_is_killed(tmp_path: Path) -> None:
    async with housed(tmp_path, settings=AT_ONCE) as bot:
        async with within(bot) as practice:
            ruiz, leavers = await told_everything(practice)
        before, sealed, backup = held_about(bot, 1), sealed_of(bot), backed_up(bot)
        hung, stalled, at_points = leavers[: len(SEEN)], leavers[len(SEEN) : 2 * len(SEEN)], leavers[2 * len(SEEN) :]

        for leaver, point in zip(at_points, LEAVING.values(), strict=True):
            await killed_at(bot, leaver, point)
        await killed_while_held(bot, hung, Fault.hang(600))
        await killed_while_held(bot, stalled, Fault.stall(600))
        await finishes(bot)

        nothing_is_left(bot, leavers, sealed)
        for leaver in leavers:
            the_chat_is_empty(leaver)
        assert [leaver.code for leaver in leavers if not leaver.told(ruiz)] == []
        the_list_names(bot, leavers)
        assert held_about(bot, 1) == before
        restored_without(bot, backup, leavers)
        assert held_about(bot, 1) == before


async def finishes(bot: BotProcess) -> None:
    """Let the bot live until everybody has left, and stop it as an operator does."""
    async with life(bot) as process:
        await until(lambda: unfinished(bot) == 0, "everybody has left", 60)
        process.send(signal.SIGTERM)
        assert await asyncio.wait_for(process.ended(), STOP_WITHIN) == 0


def nothing_is_left(bot: BotProcess, leavers: Sequence[Leaver], sealed: Sequence[bytes]) -> None:
    """Neither words nor accounts, sealed or open, are in the files or in what was logged; nothing will be asked."""
    assert len(sealed) == 2 * len(leavers)
    open_ = [value for leaver in leavers for value in (leaver.words, str(leaver.phone.chat_id))]
    kept = dict(files(bot))
    assert [name for name, held in kept.items() for value in sealed if value in held] == []
    assert [(value, name) for name, held in kept.items() for value in open_ if value.encode() in held] == []
    assert [value for value in open_ if value in bot.said] == []
    assert rows(bot, "SELECT id FROM people WHERE id > 2") == []
    assert rows(bot, "SELECT DISTINCT state, person_id FROM patients WHERE id > 1") == [("left", None)]
    theirs = "FROM check_ins WHERE session_id IN (SELECT id FROM sessions WHERE treatment_id > 1)"
    assert rows(bot, f"SELECT DISTINCT state, next_at, lag_at {theirs}") == [("skipped", None, None)]


def the_chat_is_empty(leaver: Leaver) -> None:
    """Of all that the bot wrote only the goodbye is left: twice at most, since one may have been on its way."""
    texts = [message.text for message in leaver.phone.messages if message.from_bot]
    assert 1 <= len(texts) <= 2, leaver.phone.transcript()
    assert {text.partition(".")[0] for text in texts} == {"Hecho"}
    assert not any(message.keyboard for message in leaver.phone.messages)


def the_list_names(bot: BotProcess, leavers: Sequence[Leaver]) -> None:
    """One line for each, and a second one where the first had been written for nothing."""
    lines = (bot.database.parent / "backups" / erasures.FILE).read_text().splitlines()
    names = [""] * 2 * len(SEEN) + list(LEAVING)
    expected = {
        leaver.patient_id: 2 if name in WRITTEN_TWICE else 1 for leaver, name in zip(leavers, names, strict=True)
    }
    assert Counter(json.loads(line)["patient_id"] for line in lines) == expected


def backed_up(bot: BotProcess) -> str:
    """Make a backup in which everybody still is."""
    finished = done("backup", "--config", str(bot.config_file))
    assert finished.code == 0, finished.err
    return finished.out.removeprefix("wrote ").strip()


def restored_without(bot: BotProcess, backup: str, leavers: Sequence[Leaver]) -> None:
    """Restore the backup: it does not bring them back, and counts each of them once."""
    finished = done("restore", backup, "--force", "--config", str(bot.config_file))
    assert finished.code == 0, finished.err
    assert f"Erased again, because they left after that: {len(leavers)}." in finished.out
    assert rows(bot, "SELECT id FROM people WHERE id > 2") == []
    assert rows(bot, "SELECT id FROM words WHERE patient_id > 1") == []

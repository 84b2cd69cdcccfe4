"""The drill: people answer a bot that runs, copies are made meanwhile by another process, and each copy is restored.

What a patient had seen acknowledged when a backup began is in it, and nothing that nobody said.  The short form, with
the bot in the same process, is in tests/stories/test_daily_backup.py.
"""

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.keys import load_keys
from bot.vault import erasure_log
from storage.opening import prepare
from tests.commands import done
from tests.faults.people import STEADY, Calendar, Patient, Said, calendar, code, enrol, ring
from tests.process import BotProcess, housed, until

PATIENTS, COPIES = 8, 12


@dataclass
class Acknowledged:
    """What the patients have seen taken: each of their check-ins up to its summary."""

    scores: dict[tuple[int, str], int] = field(default_factory=dict)
    words: Counter[tuple[int, str, str]] = field(default_factory=Counter)

    def now(self) -> "Acknowledged":
        return Acknowledged(dict(self.scores), Counter(self.words))


async def answers(book: Calendar, phone: Phone, number: int, taken: Acknowledged, over: asyncio.Event) -> Said:
    """Let one patient answer one session after the other; return all that was said."""
    rng, said = random.Random(number), Said()  # noqa: S311 - a game of chance, no secret
    patient = Patient(phone, code(number), rng, said)
    while not over.is_set():
        await book.note(patient.name)
        await patient.answers(rng.choice(STEADY))
        taken.scores |= said.scores
        taken.words |= said.words
    return said


async def backed_up(bot: BotProcess, taken: Acknowledged) -> tuple[Path, Acknowledged]:
    """Make a backup once something new was acknowledged; return it with what had been by then."""
    had = len(taken.scores)
    await until(lambda: len(taken.scores) > had, "somebody is through with a check-in")
    before = taken.now()
    beside_the_erasures = str(erasure_log(bot.config).parent)
    finished = await asyncio.to_thread(done, "backup", "--to", beside_the_erasures, "--config", str(bot.config_file))
    assert finished.code == 0, finished.err
    return Path(finished.out.removeprefix("wrote ").strip()), before


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_every_answer_acknowledged_before_a_backup_is_in_it(tmp_path: Path) -> None:
    taken, over = Acknowledged(), asyncio.Event()
    async with housed(tmp_path) as bot:
        _, phones = await enrol(bot, PATIENTS)
        await bot.start()
        async with calendar(bot, Said()) as book, asyncio.TaskGroup() as group:
            people = [
                group.create_task(answers(book, phone, number, taken, over)) for number, phone in enumerate(phones, 1)
            ]
            copies = [await backed_up(bot, taken) for _ in range(COPIES)]
            over.set()
        assert await bot.stop() == 0

        for number, (file, before) in enumerate(copies):
            found = await asyncio.to_thread(restored, bot, file, tmp_path / f"restored-{number}")
            assert before.scores.items() <= found.scores.items()
            assert before.words <= found.words
            assert found.scores.items() <= taken.scores.items()
        assert taken.scores == {key: score for person in people for key, score in person.result().scores.items()}


def restored(bot: BotProcess, file: Path, folder: Path) -> Acknowledged:
    """Restore a backup on another machine; return what is in it."""
    there = BotProcess(folder, bot.telegram)
    folder.mkdir()
    there.furnish()
    there.config.privacy.key_file.write_bytes(bot.config.privacy.key_file.read_bytes())
    finished = done("restore", str(file), "--config", str(there.config_file))
    assert finished.code == 0, finished.err
    keys = ring(load_keys(there.config))
    prepare(there.database, keys)
    with closing(sqlite3.connect(there.database)) as db:
        scores = {(row[0], row[1]): row[2] for row in db.execute("SELECT check_in_id, item, score FROM answers")}
        words = db.execute("SELECT check_in_id, kind, body FROM words").fetchall()
    return Acknowledged(scores, Counter((row[0], row[1], keys.unseal(row[2])) for row in words))

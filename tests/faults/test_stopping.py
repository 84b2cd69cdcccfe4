"""Told to stop at any instant: the bot ends by itself, within seconds, with exit code 0 and without a complaint.

Patients answer meanwhile; a stop is no excuse for losing what they said.
"""

import asyncio
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.errors import StoreUnavailableError
from tests.faults.people import STEADY, Calendar, Patient, Said, calendar, code, enrol
from tests.faults.stopping import Stopper
from tests.faults.witness import Witness
from tests.process import BotProcess, housed

SEED = 20261122
PATIENTS = 6


async def answers(book: Calendar, phone: Phone, number: int, said: Said, over: asyncio.Event) -> None:
    """Let one patient answer one session after the other."""
    rng = random.Random(f"{SEED} {number}")  # noqa: S311 - a game of chance, no secret
    patient = Patient(phone, code(number), rng, said)
    while not over.is_set():
        await noted(book, patient.name)
        await patient.answers(rng.choice(STEADY))


async def noted(book: Calendar, name: str) -> None:
    """Note a session, however long another program holds the database."""
    while True:
        try:
            return await book.note(name)
        except StoreUnavailableError:
            continue


def complaints(bot: BotProcess) -> list[str]:
    """Return what the bot said that is no line of its log, or is an error; that a held database is away is none."""
    return [line for line in bot.said.splitlines() if not line.startswith("{") or _is_error(line)]


def _is_error(line: str) -> bool:
    entry = json.loads(line)
    is_bad = entry["level"] in {"error", "critical"} and entry.get("error") != StoreUnavailableError.__name__
    return is_bad or "exception" in entry


async def it_ends_well(folder: Path, measured: Callable[[str], None], *, stops: int, seed: int) -> None:
    said, over, began = Said(), asyncio.Event(), time.monotonic()
    measured(f"seed {seed}")
    async with housed(folder) as bot:
        _, phones = await enrol(bot, PATIENTS)
        stopper = Stopper(bot, random.Random(seed))  # noqa: S311 - as above
        async with calendar(bot, said) as book, asyncio.TaskGroup() as group:
            for number, phone in enumerate(phones, 1):
                group.create_task(answers(book, phone, number, said, over))
            for number in range(stops):
                await stopper.live_and_stop(number)
            over.set()
            await bot.start()
        witness = Witness(bot)
        await witness.peace()

        measured(
            f"seed {seed}: {stops} stops in {time.monotonic() - began:.0f} s, longest took {max(stopper.took):.1f}; "
            f"{len(said.scores)} answers, lost {witness.lost(said)}, repeated {len(witness.copies(stopper))}"
        )
        assert complaints(bot) == []
        assert witness.scores() == said.scores
        assert witness.words() == said.words
        witness.all_is_sound(stopper)


async def test_a_bot_told_to_stop_at_any_instant_ends_well(tmp_path: Path, measured: Callable[[str], None]) -> None:
    await it_ends_well(tmp_path, measured, stops=6, seed=SEED)


async def test_a_bot_told_to_stop_before_it_has_read_its_settings_ends_well(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        bot.config_file.unlink()
        os.mkfifo(bot.config_file)
        await bot.spawn()
        settings = await asyncio.to_thread(bot.config_file.open, "w")  # open once the process reads

        assert await bot.stop() == 0

        settings.close()
        assert bot.said == ""


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_bot_told_to_stop_a_hundred_times_ends_well(tmp_path: Path, measured: Callable[[str], None]) -> None:
    seed = random.SystemRandom().randrange(10**6)
    await it_ends_well(tmp_path, measured, stops=100, seed=seed)

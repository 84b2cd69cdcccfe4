"""A clinic's promise: three processes behind nginx on a PostgreSQL that restarts, and no answer is lost or kept twice.

Patients answer while the server is started again every few seconds and processes are killed; each says everything once.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from bot.demo.phone import Phone
from tests.engines import POSTGRESQL
from tests.faults.nginx import Nginx, balancing, needs_nginx
from tests.faults.people import STEADY, Calendar, Patient, Said, calendar, code, enrol
from tests.faults.replicas import ways
from tests.faults.services import EXPECTED, Climate, Services, Weather, services
from tests.faults.witness import LIVES_AFTER_THE_LAST_KILL, Witness
from tests.process import BotProcess, free_address, housed, until
from tests.server import Server

pytestmark = [pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True), needs_nginx]

PROCESSES: Final = 3
EACH: Final = 5
"""Patients of one therapist, who is told of every session that was noted: one message a second goes to a chat."""


@dataclass
class Story:
    """One run."""

    bot: BotProcess
    nginx: Nginx
    services: Services
    weather: Weather
    answers: int
    said: Said = field(default_factory=Said)

    @property
    def witness(self) -> Witness:
        return Witness(self.bot)

    @property
    def is_enough(self) -> bool:
        return len(self.said.scores) >= self.answers and self.weather.has_come

    async def play(self, phones: list[Phone]) -> None:
        """Let everybody answer until it is enough, and what is left be done in peace."""
        async with calendar(self.bot, self.said, therapists=len(phones) // EACH) as book, asyncio.TaskGroup() as group:
            group.create_task(self.weather.blow())
            async with asyncio.TaskGroup() as answering:
                for number, phone in enumerate(phones, 1):
                    answering.create_task(self._sessions(book, phone, code(number)))
            self.weather.over.set()
        await self.bot.telegram.drained(LIVES_AFTER_THE_LAST_KILL)
        await until(lambda: self.witness.waiting() == 0, "all is done", LIVES_AFTER_THE_LAST_KILL)

    async def _sessions(self, book: Calendar, phone: Phone, name: str) -> None:
        rng = random.Random(f"{self.weather.rng.random()} {name}")  # noqa: S311 - a game of chance, no secret
        patient = Patient(phone, name, rng, self.said)
        while not self.is_enough:
            await book.note(name)
            await patient.answers(rng.choice(STEADY))

    def figures(self, seed: int, seconds: float) -> str:
        """Say what was measured."""
        weather, nginx, witness = self.weather, self.nginx, self.witness
        kills = ", ".join(f"{kind} {number}" for kind, number in sorted(weather.kills.items()))
        return (
            f"\nseed {seed}: {len(self.said.scores)} answers and {self.said.words.total()} words"
            f" in {self.said.sessions} check-ins in {seconds:.0f} s;"
            f" the server was restarted {weather.restarts} times; kills: {kills};"
            f" ended with: {dict(self.services.codes)}; lost {witness.lost(self.said)};"
            f" {len(self.services.ledger.sent)} messages, {len(witness.copies(self.services.ledger))} twice;"
            f" nginx was told {dict(nginx.answered)} and said {dict(nginx.statuses)}"
        )


async def promise_is_kept(
    folder: Path, server: Server, measured: Callable[[str], None], *, answers: int, patients: int, climate: Climate
) -> None:
    """Play the story and compare what was said with what is there."""
    began, seed = time.monotonic(), random.SystemRandom().randrange(10**6)
    measured(f"seed {seed}")
    rng, addresses = random.Random(seed), [free_address() for _ in range(PROCESSES)]  # noqa: S311 - as above
    async with housed(folder) as bot, balancing(folder / "nginx", addresses) as nginx:
        _, phones = await enrol(bot, patients, therapists=patients // EACH)
        async with services(bot, [ways(nginx.url, address) for address in addresses]) as kept:
            weather = Weather(bot, server, kept, rng, climate)
            story = Story(bot, nginx, kept, weather, answers)
            await story.play(phones)

            measured(story.figures(seed, time.monotonic() - began))
            all_is_there_once(story)


def all_is_there_once(story: Story) -> None:
    """Find what people said as they said it, each update kept once, each question asked."""
    witness, said = story.witness, story.said
    assert witness.scores() == said.scores
    assert witness.rows("SELECT count(*) FROM answers") == [(len(said.scores),)]
    assert witness.words() == said.words
    assert witness.rows("SELECT count(*) FROM sessions") == [(said.sessions,)]
    assert witness.rows("SELECT count(*) FROM inbox") == [(story.bot.telegram.next_update_id - 1,)]
    witness.every_question_was_seen()
    witness.all_is_sound(story.services.ledger)
    assert set(story.services.codes) <= EXPECTED


@pytest.mark.timeout(300)
async def test_restarts_of_the_server_and_kills_lose_no_answer_and_keep_none_twice(
    tmp_path: Path, postgresql: Server, measured: Callable[[str], None]
) -> None:
    climate = Climate((2.0, 4.0), (3.0, 5.0), restarts=1, kills=2)
    await promise_is_kept(tmp_path, postgresql, measured, answers=60, patients=15, climate=climate)


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_ten_thousand_answers_while_the_server_restarts_and_processes_die(
    tmp_path: Path, postgresql: Server, measured: Callable[[str], None]
) -> None:
    await promise_is_kept(tmp_path, postgresql, measured, answers=10_000, patients=100, climate=Climate())

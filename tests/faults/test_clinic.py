"""A clinic's promise: three processes behind nginx on a PostgreSQL that restarts, and no answer is lost or kept twice.

Patients answer while the server is started again every few seconds and processes are killed; each says everything once.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from bot.demo.phone import Phone
from bot.demo.state import Json, Message
from bot.standing_by import WORKS
from tests.engines import POSTGRESQL
from tests.faults.killing import FIRST
from tests.faults.nginx import Nginx, balancing, needs_nginx
from tests.faults.people import STEADY, Calendar, Patient, Said, calendar, code, enrol
from tests.faults.points import BROUGHT
from tests.faults.replicas import beside_each_other, leaders, spawned, ways
from tests.faults.services import EXPECTED, KILLED, Climate, Services, Weather, services
from tests.faults.witness import LIVES_AFTER_THE_LAST_KILL, Witness
from tests.process import START_WITHIN, BotProcess, free_address, housed, until
from tests.server import Server

pytestmark = [pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True), needs_nginx]

PROCESSES: Final = 3
EACH: Final = 10
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
            try:
                await patient.answers(rng.choice(STEADY))
            except TimeoutError as waited:
                raise AssertionError(f"{waited}\n{self.witness.situation()}") from None

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


@dataclass
class Clinic:
    """Processes behind a balancer, and those who write to them."""

    bot: BotProcess
    nginx: Nginx
    addresses: list[str]
    patients: list[Phone]

    @property
    def ways(self) -> list[dict[str, str]]:
        """Return the settings of each process."""
        return [ways(self.nginx.url, address) for address in self.addresses]


@asynccontextmanager
async def clinic(
    folder: Path, *, patients: int, therapists: int = 1, processes: int = PROCESSES
) -> AsyncIterator[Clinic]:
    """Open a practice and its balancer; the processes are not started yet."""
    addresses = [free_address() for _ in range(processes)]
    async with housed(folder) as bot, balancing(folder / "nginx", addresses) as nginx:
        _, phones = await enrol(bot, patients, therapists=therapists)
        yield Clinic(bot, nginx, addresses, phones)


async def promise_is_kept(
    folder: Path, server: Server, measured: Callable[[str], None], *, answers: int, patients: int, climate: Climate
) -> None:
    """Play the story and compare what was said with what is there."""
    began, seed = time.monotonic(), random.SystemRandom().randrange(10**6)
    measured(f"seed {seed}")
    rng = random.Random(seed)  # noqa: S311 - as above
    async with (
        clinic(folder, patients=patients, therapists=patients // EACH) as around,
        services(around.bot, around.ways) as kept,
    ):
        story = Story(around.bot, around.nginx, kept, Weather(around.bot, server, kept, rng, climate), answers)
        await story.play(around.patients)

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
    await promise_is_kept(tmp_path, postgresql, measured, answers=60, patients=20, climate=climate)


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_ten_thousand_answers_while_the_server_restarts_and_processes_die(
    tmp_path: Path, postgresql: Server, measured: Callable[[str], None]
) -> None:
    await promise_is_kept(tmp_path, postgresql, measured, answers=10_000, patients=300, climate=Climate())


async def test_when_the_owner_is_killed_as_it_sends_nothing_else_comes_twice(tmp_path: Path) -> None:
    async with clinic(tmp_path, patients=6) as around, services(around.bot, around.ways) as kept:
        bot, witness = around.bot, Witness(around.bot)
        struck: list[int] = []

        def strikes(method: str, params: Json) -> None:
            if not struck and method.lower() == "sendmessage" and FIRST in str(params["text"]):
                struck.append(int(params["chat_id"]))
                for owner in leaders(kept.replicas):
                    owner.kill()

        bot.telegram.fault = strikes
        async with calendar(bot, Said()) as book:
            for number in range(1, len(around.patients) + 1):
                await book.note(code(number))
        await until(lambda: kept.codes[KILLED] == 1, "the owner is dead", START_WITHIN)
        for ana in around.patients:
            await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
        await until(lambda: witness.waiting() == 0, "all is done", START_WITHIN)

        times = {ana.chat_id: sum(FIRST in message.text for message in ana.messages) for ana in around.patients}
        assert times[struck[0]] == 2
        assert set(times.values()) <= {1, 2}
        witness.every_question_was_seen()
        witness.all_is_sound(kept.ledger)


def asks(which: str) -> Callable[[Message], bool]:
    """Say which question a message is to ask."""
    return lambda message: which in message.text


def invites(message: Message) -> bool:
    """Say whether a message invites to write, after the last question."""
    return "Listo" in message.labels()


@pytest.mark.parametrize("where", BROUGHT.values(), ids=BROUGHT)
async def test_when_another_dies_over_what_it_is_brought_that_is_kept_and_worked_once(
    tmp_path: Path, where: str
) -> None:
    async with clinic(tmp_path, patients=1, processes=2) as around:
        bot, [ana] = around.bot, around.patients
        async with beside_each_other(bot, 1, around.ways[:1]) as replicas:
            other = spawned(bot, 1, point=where, **around.ways[1])
            replicas.append(other)
            await until(lambda: WORKS in other.said, "the other works", START_WITHIN)
            async with calendar(bot, Said()) as book:
                await book.note(code(1))
            await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)

            for label, following in (("7", asks("2 de 3")), ("8", asks("3 de 3")), ("2", invites)):
                await ana.tap(label)
                await ana.wait_for(following, timeout=START_WITHIN)

            assert await asyncio.wait_for(other.process.ended(), START_WITHIN) == KILLED
            assert around.nginx.answered[around.addresses[1], 502] == 1
            assert set(around.nginx.statuses) == {200}
            witness = Witness(bot)
            assert Counter(witness.scores().values()) == {2: 1, 7: 1, 8: 1}
            assert witness.rows("SELECT count(*) FROM inbox") == [(bot.telegram.next_update_id - 1,)]

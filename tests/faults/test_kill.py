"""The promise: no answer that Telegram delivered is lost, no alert is lost, whatever kills the process.

Patients answer while the bot is killed with SIGKILL and started again, at random and at every point that answering
passes.  They tap or type each answer once and wait for the next question; nobody helps the bot by repeating anything.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from handlers import actions, actions_alerts
from tests.commands import OURS
from tests.faults.killing import Killer, Left, moment, on_their_way
from tests.faults.people import FALLEN, STEADY, Calendar, Patient, Said, calendar, code, enrol
from tests.faults.points import ANSWERING, CRISIS, EVERY, TABLES
from tests.faults.witness import Witness, buttons
from tests.process import BotProcess, housed

PATIENTS = 8
WORDS = "Quiero morirme"


@dataclass
class Story:
    """One run: who took part, what was said, who killed."""

    bot: BotProcess
    ruiz: Phone
    phones: list[Phone]
    seed: int
    kills: int
    said: Said = field(default_factory=Said)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def witness(self) -> Witness:
        return Witness(self.bot)

    async def play(self) -> Killer:
        """Let everybody answer while the process dies and comes back; then let it finish in peace."""
        killer = Killer(self.bot, random.Random(self.seed), ANSWERING)  # noqa: S311 - a game of chance, no secret
        async with calendar(self.bot, self.said) as book, asyncio.TaskGroup() as group:
            for number, phone in enumerate(self.phones, 1):
                group.create_task(self._sessions(book, phone, number))
            while killer.kinds.total() < self.kills or killer.not_come:
                await killer.live_and_die()
            self.over.set()
            await self.bot.start()
        await self.witness.peace()
        return killer

    async def _sessions(self, book: Calendar, phone: Phone, number: int) -> None:
        """Give one patient one session after the other; all but the first patient feel worse from some day on."""
        rng = random.Random(f"{self.seed} {number}")  # noqa: S311 - as above
        patient = Patient(phone, code(number), rng, self.said)
        steady = rng.randint(1, 3)
        for _ in range(steady):
            await self._one(book, patient, rng.choice(STEADY))
        levels = STEADY
        if number > 1:
            self.said.fallen.add(patient.name)
            levels = FALLEN
            await self._one(book, patient, rng.choice(levels))
        while not self.over.is_set():
            await self._one(book, patient, rng.choice(levels))

    async def _one(self, book: Calendar, patient: Patient, scores: tuple[int, int]) -> None:
        await book.note(patient.name)
        await patient.answers(scores)


async def promise_is_kept(folder: Path, measured: Callable[[str], None], *, kills: int) -> None:
    """Play the story and compare what was said with what is there."""
    began, seed = time.monotonic(), random.SystemRandom().randrange(10**6)
    measured(f"seed {seed}")
    async with housed(folder) as bot:
        ruiz, phones = await enrol(bot, PATIENTS)
        story = Story(bot, ruiz, phones, seed, kills)
        killer, witness = await story.play(), story.witness

        measured(figures(story, killer, time.monotonic() - began))
        assert witness.scores() == story.said.scores
        assert witness.words() == story.said.words
        assert witness.rows("SELECT count(*) FROM sessions") == [(story.said.sessions,)]
        witness.all_is_sound(killer)
        witness.every_question_was_seen()
        every_fall_was_told_once(story)


def every_fall_was_told_once(story: Story) -> None:
    """One episode for each patient who fell, never repaired, and the therapist has its alert."""
    told = story.witness.rows(
        "SELECT patients.code, episodes.id FROM episodes JOIN treatments ON treatments.id = treatment_id"
        " JOIN patients ON patients.id = patient_id WHERE episodes.state IN ('open', 'unrepaired')"
    )
    assert Counter(row[0] for row in told) == Counter(story.said.fallen)
    assert story.witness.rows("SELECT count(*) FROM episodes") == [(len(told),)]
    assert buttons(story.ruiz, actions_alerts.See) == {row[1] for row in told}


def figures(story: Story, killer: Killer, seconds: float) -> str:
    """Say what was measured."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(killer.kinds.items()))
    lost, repeated = story.witness.lost(story.said), len(story.witness.copies(killer))
    points = "\n".join(f"{count:6} {name}" for name, count in sorted(killer.hits.items()))
    return (
        f"\nseed {story.seed}: {killer.kinds.total()} kills in {seconds:.0f} s ({kinds}); "
        f"{story.said.sessions} check-ins, {len(story.said.scores)} answers, {story.said.words.total()} words, "
        f"{len(story.said.fallen)} falls, {len(killer.sent)} messages; "
        f"lost {lost}, repeated {repeated}\n{points}"
    )


@pytest.mark.timeout(600)
async def test_sixty_kills_lose_no_answer_and_no_alert(tmp_path: Path, measured: Callable[[str], None]) -> None:
    await promise_is_kept(tmp_path, measured, kills=60)


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_a_thousand_kills_lose_no_answer_and_no_alert(tmp_path: Path, measured: Callable[[str], None]) -> None:
    await promise_is_kept(tmp_path, measured, kills=1000)


def test_each_point_has_a_name_of_its_own_and_names_a_function_that_is_there() -> None:
    files = [file for folder in ("bot", "handlers", "storage") for file in Path(OURS, folder).rglob("*.py")]
    there = set(re.findall(r"(?:def|class) (\w+)", "\n".join(file.read_text("utf-8") for file in files)))
    named = {where.split(":")[1] for where in EVERY.values() if moment(where) is None}

    assert len(EVERY) == sum(len(points) for points in TABLES) >= 25
    assert {name for function in named for name in function.split(".")} <= there


def test_only_a_question_beside_a_reply_may_be_on_its_way_before_the_last_message() -> None:
    question, reply = Left(1, is_unasked=True), Left(2, is_unasked=False)

    assert on_their_way([reply]) == {2}
    assert on_their_way([question, reply]) == on_their_way([reply, question]) == {1, 2}
    assert on_their_way([Left(1, is_unasked=False), reply]) == {2}
    assert on_their_way([question, Left(2, is_unasked=True)]) == {2}


async def test_crisis_words_reach_the_therapist_whenever_the_bot_is_killed(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        ruiz, phones = await enrol(bot, len(CRISIS))
        killer = Killer(bot, random.Random(0), {})  # noqa: S311 - not used here
        for phone, (name, where) in zip(phones, CRISIS.items(), strict=True):
            assert await killer.dies(where, partial(phone.send, WORDS)), name
        await bot.start()
        witness = Witness(bot)
        await witness.peace()

        cards = [[message for message in phone.messages if "024" in message.text] for phone in phones]
        assert all(cards), [phone.transcript() for phone in phones]
        concerns = {row[0] for row in witness.rows("SELECT id FROM concerns")}
        assert len(concerns) == len(phones)
        assert buttons(ruiz, actions.ConcernSeen) == concerns
        assert Counter(text for _, _, text in witness.words().elements()) == {WORDS: len(phones)}
        witness.all_is_sound(killer, replies=[card.message_id for some in cards for card in some])

"""The promise: no answer that Telegram delivered is lost, no alert is lost, whatever kills the process.

Patients answer while the bot is killed with SIGKILL and started again.  They tap or type each answer once and wait
for the next question; nobody helps the bot by repeating anything.
"""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, dataclass, field
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.keys import load_keys
from handlers import actions, actions_alerts, keyboards
from tests.faults.killing import Killer, Moment
from tests.faults.people import FALLEN, STEADY, Calendar, Patient, Said, calendar, code, enrol, ring
from tests.process import BotProcess, housed, until

PATIENTS = 8
LIVES_AFTER_THE_LAST_KILL = 120.0


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

    async def play(self) -> Killer:
        """Let everybody answer while the process dies and comes back; then let it finish in peace."""
        killer = Killer(self.bot, random.Random(self.seed))  # noqa: S311 - a game of chance, no secret
        async with calendar(self.bot, self.said) as book, asyncio.TaskGroup() as group:
            for number, phone in enumerate(self.phones, 1):
                group.create_task(self._sessions(book, phone, number))
            for _ in range(self.kills):
                await killer.live_and_die()
            self.over.set()
            await self.bot.start()
        await until(lambda: self.waiting() == 0, "the bot is done with everything", LIVES_AFTER_THE_LAST_KILL)
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

    # The database as a witness

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Look into the database, which another process is writing."""
        with closing(sqlite3.connect(f"file:{self.bot.database}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def waiting(self) -> int:
        """Count what is still to be done: updates, notices, verdicts."""
        [(count,)] = self.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE done_at IS NULL)"
            " + (SELECT count(*) FROM outbox WHERE sent_at IS NULL)"
            " + (SELECT count(*) FROM check_ins WHERE settles_at IS NOT NULL OR state = 'planned')"
        )
        assert isinstance(count, int)
        return count

    def scores(self) -> dict[tuple[object, object], object]:
        """Return every stored answer."""
        return {(row[0], row[1]): row[2] for row in self.rows("SELECT check_in_id, item, score FROM answers")}

    def words(self) -> Counter[tuple[object, object, str]]:
        """Return all words, opened."""
        keys = ring(load_keys(self.bot.config))
        found: Counter[tuple[object, object, str]] = Counter()
        for check_in, kind, body in self.rows("SELECT check_in_id, kind, body FROM words"):
            assert isinstance(body, bytes)
            found[check_in, kind, keys.unseal(body)] += 1
        return found


async def promise_is_kept(folder: Path, measured: Callable[[str], None], *, seed: int, kills: int) -> None:
    """Play the story and compare what was said with what is there."""
    began = time.monotonic()
    async with housed(folder) as bot:
        ruiz, phones = await enrol(bot, PATIENTS)
        story = Story(bot, ruiz, phones, seed, kills)
        killer = await story.play()
        assert await bot.stop() == 0

        copies = extra_copies(story, killer)
        measured(figures(story, killer, len(copies), time.monotonic() - began))
        assert story.scores() == story.said.scores
        assert story.words() == story.said.words
        assert story.rows("PRAGMA quick_check") == [("ok",)]
        assert story.rows("SELECT * FROM inbox WHERE done_at IS NULL OR parked_at IS NOT NULL") == []
        assert story.rows("SELECT * FROM outbox WHERE gave_up_at IS NOT NULL") == []
        assert story.rows("SELECT count(*) FROM sessions") == [(story.said.sessions,)]
        every_question_was_seen(story)
        every_fall_was_told_once(story)
        assert copies <= killer.lasts, "a message came twice although nobody killed its sender"
        assert "Traceback" not in bot.said


def extra_copies(story: Story, killer: Killer) -> set[int]:
    """Return the messages that the bot sent without knowing: each was on its way when the process died."""
    known = {row[0] for row in story.rows("SELECT message_id FROM outbox")}
    return {message_id for message_id in killer.sent if message_id not in known}


def every_question_was_seen(story: Story) -> None:
    """Each check-in was asked, by a message that Telegram took."""
    asked = story.rows("SELECT check_in_id FROM outbox WHERE key LIKE 'ask:%' AND message_id IS NOT NULL")
    assert {row[0] for row in asked} == {row[0] for row in story.rows("SELECT id FROM check_ins")}


def every_fall_was_told_once(story: Story) -> None:
    """One episode for each patient who fell, never repaired, and the therapist has its alert."""
    told = story.rows(
        "SELECT patients.code, episodes.id FROM episodes JOIN treatments ON treatments.id = treatment_id"
        " JOIN patients ON patients.id = patient_id WHERE episodes.state IN ('open', 'unrepaired')"
    )
    assert Counter(row[0] for row in told) == Counter(story.said.fallen)
    assert story.rows("SELECT count(*) FROM episodes") == [(len(told),)]
    assert buttons(story.ruiz, actions_alerts.See) == {row[1] for row in told}


def buttons(phone: Phone, kind: type[actions_alerts.See | actions.ConcernSeen]) -> set[object]:
    """Return what the buttons of one kind on a phone are about."""
    data = (button.data or "" for message in phone.messages for row in message.keyboard for button in row)
    return {astuple(action)[0] for action in map(keyboards.decode, data) if isinstance(action, kind)}


def figures(story: Story, killer: Killer, copies: int, seconds: float) -> str:
    """Say what was measured."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(killer.kinds.items()))
    return (
        f"\nseed {story.seed}: {story.kills} kills in {seconds:.0f} s ({kinds}); {story.said.sessions} check-ins, "
        f"{len(story.said.scores)} answers, {story.said.words.total()} words, {len(story.said.fallen)} falls, "
        f"{len(killer.sent)} messages; lost 0, repeated {copies}"
    )


@pytest.mark.timeout(400)
async def test_thirty_kills_lose_no_answer_and_no_alert(tmp_path: Path, measured: Callable[[str], None]) -> None:
    await promise_is_kept(tmp_path, measured, seed=random.SystemRandom().randrange(10**6), kills=30)


CRISIS_MOMENTS = [
    Moment(method, answered=answered, countdown=countdown)
    for method, countdown in (("getupdates", 1), ("sendmessage", 1), ("sendmessage", 2))
    for answered in (False, True)
]
"""Killed while the update travels, while the help card leaves, while the therapist and the patient are told."""


async def test_crisis_words_reach_the_therapist_whenever_the_bot_is_killed(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        ruiz, phones = await enrol(bot, len(CRISIS_MOMENTS))
        killer = Killer(bot, random.Random(0))  # noqa: S311 - not used here
        for phone, moment in zip(phones, CRISIS_MOMENTS, strict=True):
            await bot.start()
            killer.aim(moment)
            await phone.send("Quiero morirme")
            assert await killer.hit(within=20), moment
            await bot.killed()
        await bot.start()
        story = Story(bot, ruiz, phones, seed=0, kills=0)
        await until(lambda: story.waiting() == 0, "the bot is done with everything")

        for phone in phones:
            assert any("024" in message.text for message in phone.messages), phone.transcript()
        concerns = {row[0] for row in story.rows("SELECT id FROM concerns")}
        assert len(concerns) == len(phones)
        assert buttons(ruiz, actions.ConcernSeen) == concerns
        assert Counter(text for _, _, text in story.words().elements()) == {"Quiero morirme": len(phones)}


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_three_hundred_kills_lose_no_answer_and_no_alert(tmp_path: Path, measured: Callable[[str], None]) -> None:
    await promise_is_kept(tmp_path, measured, seed=random.SystemRandom().randrange(10**6), kills=300)

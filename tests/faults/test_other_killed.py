"""Whoever works beside the owner dies in the middle of an answer: another gives it, and nothing else comes again.

It edits the question after a tap, and sends what changes nothing, such as help; everything else is the owner's to send.
Telegram has it or not, and has said so or not.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.server import Call
from bot.demo.state import Json, Message
from bot.standing_by import WORKS
from tests.engines import POSTGRESQL
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.replicas import Replica, beside_each_other, spawned, ways
from tests.faults.services import KILLED
from tests.faults.witness import Witness
from tests.process import START_WITHIN, BotProcess, free_address, housed, until

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

PATIENTS: Final = 2


@dataclass
class Blow:
    """The death of a process as its answer comes to Telegram, which drops it, or takes it, or has said that it did."""

    method: str
    when: str
    bot: BotProcess
    victim: Replica
    chats: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bot.telegram.fault = self._arrives
        self.bot.telegram.on_call(self._is_answered)

    def _arrives(self, method: str, params: Json) -> Fault | None:
        if self.when == "answered" or not self._is_it(method):
            return None
        self._falls(params)
        return Fault.tear() if self.when == "dropped" else None

    def _is_answered(self, call: Call) -> None:
        if self.when == "answered" and self._is_it(call.method):
            self._falls(call.params)

    def _is_it(self, method: str) -> bool:
        return not self.chats and method.lower() == self.method

    def _falls(self, params: Json) -> None:
        self.chats.append(int(params["chat_id"]))
        self.victim.kill()


@dataclass
class Pair:
    """The owner, and another to which Telegram brings everything; patients who have been asked."""

    bot: BotProcess
    replicas: list[Replica]
    around: dict[str, str]
    patients: list[Phone]

    @property
    def other(self) -> Replica:
        return self.replicas[-1]

    async def start_another(self) -> None:
        """Start a process in the place of the one that died, and wait until it works."""
        self.replicas.append(spawned(self.bot, len(self.replicas), **self.around))
        await until(lambda: WORKS in self.other.said, "another works", START_WITHIN)


@asynccontextmanager
async def pair(folder: Path) -> AsyncIterator[Pair]:
    """Open a practice of two processes."""
    addresses = [free_address() for _ in range(2)]
    around = [ways(f"http://{addresses[1]}/telegram", address) for address in addresses]
    async with housed(folder) as bot:
        _, patients = await enrol(bot, PATIENTS)
        async with beside_each_other(bot, 2, around) as replicas:
            both = Pair(bot, replicas, around[1], patients)
            await until(lambda: WORKS in both.other.said, "the other works", START_WITHIN)
            async with calendar(bot, Said()) as book:
                for number in range(1, PATIENTS + 1):
                    await book.note(code(number))
            for ana in patients:
                await ana.wait_for(lambda message: "10" in message.labels(), timeout=START_WITHIN)
            yield both


@dataclass(frozen=True)
class Way:
    """One way in which a process answers: what a patient does, what they then see, and how often if it comes twice."""

    method: str
    does: str
    sees: str
    at_most: int

    async def begins(self, ana: Phone) -> None:
        """Let a patient do it."""
        await (ana.send(self.does) if self.does.startswith("/") else ana.tap(self.does))

    def seen(self, ana: Phone) -> int:
        """Count the messages in which it stands."""
        return sum(self.sees in message.text for message in ana.messages)


WAYS: Final = {
    "a question is edited": Way("editmessagetext", "7", "2 de 3", at_most=1),
    "a message is sent": Way("sendmessage", "/ayuda", "024", at_most=2),
}
REST: Final = (("1 de 3", "7"), ("2 de 3", "8"), ("3 de 3", "2"))


async def answers_the_rest(ana: Phone) -> None:
    """Answer from the question that can be answered to the last."""
    [standing] = [number for number, (which, _) in enumerate(REST) if any(asks(which, one) for one in ana.messages)]
    for which, label in REST[standing:]:
        await ana.tap(label, message=await ana.wait_for(partial(asks, which), timeout=START_WITHIN))
    await ana.wait_for(lambda message: "Listo" in message.labels(), timeout=START_WITHIN)


def asks(which: str, message: Message) -> bool:
    """Say whether a message asks a question and can be answered."""
    return which in message.text and "10" in message.labels()


def not_shown(witness: Witness) -> int:
    """Count the check-ins of which Telegram is not known to show how they stand."""
    [(number,)] = witness.rows("SELECT count(*) FROM check_ins WHERE lag_at IS NOT NULL")
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize("when", ["dropped", "taken", "answered"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_when_another_than_the_owner_dies_as_it_answers_the_answer_comes_and_nothing_else_does(
    tmp_path: Path, way: Way, when: str
) -> None:
    async with pair(tmp_path) as both:
        bot, dead, witness = both.bot, both.other, Witness(both.bot)
        blow = Blow(way.method, when, bot, dead)
        for ana in both.patients:
            await way.begins(ana)
        assert await asyncio.wait_for(dead.process.ended(), START_WITHIN) == KILLED
        await both.start_another()
        await until(lambda: all(way.seen(ana) for ana in both.patients), "each has an answer", START_WITHIN)
        await until(lambda: witness.waiting() + not_shown(witness) == 0, "all is done and shown", START_WITHIN)

        times = {ana.chat_id: way.seen(ana) for ana in both.patients}
        assert [times.pop(chat) for chat in blow.chats] == [1 if when == "dropped" else way.at_most]
        assert list(times.values()) == [1] * (PATIENTS - 1)
        for ana in both.patients:
            await answers_the_rest(ana)
        assert Counter(witness.scores().values()) == {2: PATIENTS, 7: PATIENTS, 8: PATIENTS}
        assert witness.rows("SELECT count(*) FROM inbox") == [(bot.telegram.next_update_id - 1,)]
        assert both.replicas[0].leads

"""Weather, on a clock that is moved: the machine's clock jumps, the machine sleeps for days, the network is gone for hours.

What a person sees meanwhile, and what comes right by itself: nobody is asked twice, nothing is lost, nobody is woken up.
Disks and certificates: `test_weather_machine.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.domain.model import Role
from tests.practice import TUESDAY, Practice, said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALERT = "P-07: caída de la alianza percibida."
URGENT = "P-07: urgente."
REMINDED = "Sigue aquí la pregunta sobre la sesión del"
CLOSED = "Esta pregunta ya se ha cerrado."
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""Friday, 17:00 in Madrid: the digest is due two days later."""


def counted(phone: Phone, part: str) -> int:
    return sum(part in text for text in said(phone))


# The clock jumps


@dataclass
class Machine:
    """A practice whose machine may have a wrong clock; Telegram's is always right."""

    practice: Practice
    right: VirtualClock
    wrong_by: timedelta = timedelta()

    async def goes_wrong_by(self, span: timedelta) -> None:
        """Let the machine's clock jump, so that it differs from Telegram's by `span` from now on."""
        self.wrong_by = span
        await self.passes(timedelta())

    async def passes(self, span: timedelta) -> None:
        """Let time pass."""
        self.right.advance(span)
        await self.practice.go_to(self.right.now() + self.wrong_by)

    async def asked(self) -> tuple[Phone, Phone]:
        """Return a therapist, and a patient who is being asked the first question."""
        ruiz = await self.practice.therapist()
        ana = await self.practice.patient(ruiz)
        await self.practice.says(ruiz, "/sesion P-07 ahora")
        await self.passes(timedelta(minutes=15))
        return ruiz, ana


@asynccontextmanager
async def machine_at(folder: Path, start: datetime) -> AsyncIterator[Machine]:
    right, own = VirtualClock(start), VirtualClock(start)
    async with LocalTelegram(now=right.now) as telegram:
        practice = Practice(folder, own, telegram)
        await practice.start()
        try:
            yield Machine(practice, right)
        finally:
            await practice.stop()


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with machine_at(tmp_path, TUESDAY) as opened:
        yield opened


async def test_a_clock_set_back_an_hour_asks_nobody_twice_and_keeps_every_answer(machine: Machine) -> None:
    ruiz, ana = await machine.asked()

    await machine.goes_wrong_by(-HOUR)
    await machine.practice.taps(ana, "8")
    await machine.practice.says(ana, "9")
    await machine.passes(timedelta(minutes=90))
    await machine.practice.taps(ana, "2", "Listo")
    await machine.passes(timedelta(minutes=30))

    assert [score for _, _, score in await machine.practice.scores()] == [8, 9, 2]
    assert await machine.practice.check_ins() == ["done"]
    assert (counted(ana, "1 de 3"), counted(ana, REMINDED)) == (0, 0), "the one question became the summary"
    assert counted(ruiz, "P-07") == len(said(ruiz)) - 1

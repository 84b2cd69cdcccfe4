"""Weather, on a clock that is moved: it jumps, the machine sleeps for days, the network is gone for hours.

What a person sees meanwhile, and what comes right by itself: nobody is asked twice, nothing is lost, nobody woken up.
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
from tests.practice import TUESDAY, Practice, opened, said

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
    _, ana = await machine.asked()

    await machine.goes_wrong_by(-HOUR)
    await machine.practice.taps(ana, "8")
    await machine.practice.says(ana, "9")
    await machine.passes(timedelta(minutes=90))
    await machine.practice.taps(ana, "2", "Listo")
    await machine.passes(timedelta(minutes=30))

    assert [score for _, _, score in await machine.practice.scores()] == [8, 9, 2]
    assert await machine.practice.check_ins() == ["done"]
    assert counted(ana, "1 de 3") + counted(ana, REMINDED) == 0, "the one question became the summary"
    assert await machine.practice.rows("SELECT id FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL") == []


async def test_a_clock_set_back_an_hour_delays_a_reminder_and_never_repeats_it(machine: Machine) -> None:
    _, ana = await machine.asked()

    await machine.goes_wrong_by(-HOUR)
    await machine.passes(timedelta(hours=20))
    assert counted(ana, REMINDED) == 0
    await machine.passes(HOUR)
    await machine.goes_wrong_by(timedelta())
    await machine.passes(timedelta(hours=3))
    await machine.goes_wrong_by(-HOUR)
    await machine.passes(timedelta(hours=3))

    assert counted(ana, REMINDED) == 1


async def test_a_fall_that_is_answered_while_the_clock_goes_back_is_told_once(machine: Machine) -> None:
    ruiz, ana = await machine.asked()
    await machine.practice.answers(ana, 9, 9, 0)
    await machine.passes(7 * DAY)
    await machine.practice.says(ruiz, "/sesion P-07 ahora")
    await machine.passes(timedelta(minutes=15))

    await machine.practice.taps(ana, "5")
    await machine.goes_wrong_by(-HOUR)
    await machine.practice.taps(ana, "5", "0", "Listo")
    await machine.passes(timedelta(minutes=20))
    await machine.goes_wrong_by(timedelta())
    await machine.passes(timedelta(minutes=20))

    assert counted(ruiz, ALERT) == 1


async def test_a_day_ahead_and_back_brings_one_question_and_one_digest(tmp_path: Path) -> None:
    async with machine_at(tmp_path, FRIDAY + timedelta(hours=22)) as machine:
        ruiz, ana = await machine.asked()

        await machine.goes_wrong_by(DAY + timedelta(hours=4))
        assert counted(ruiz, "Semana del") == 1, "it believes its clock: Sunday evening has come"
        await machine.passes(HOUR)
        await machine.goes_wrong_by(timedelta())
        await machine.practice.answers(ana, 8, 8, 1)
        await machine.passes(2 * DAY)

        assert counted(ruiz, "Semana del") == 1
        assert await machine.practice.check_ins() == ["done"]
        assert [score for _, _, score in await machine.practice.scores()] == [8, 8, 1]
        assert not any("10" in message.labels() for message in ana.messages), "nothing is asked any more"


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_urgent_words_written_while_the_clock_was_a_day_ahead_are_followed_up_as_soon_as_it_is_right(
    machine: Machine, *, restarted: bool
) -> None:
    ruiz = await machine.practice.therapist()
    ana = await machine.practice.patient(ruiz)
    soto = await machine.practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await machine.goes_wrong_by(DAY)
    await machine.practice.says(ana, "quiero morirme")

    if restarted:
        await machine.practice.stop()
        machine.practice.clock.move_to(machine.right.now())
        await machine.practice.start()
    await machine.goes_wrong_by(timedelta())
    await machine.passes(timedelta(minutes=6))
    assert (counted(ruiz, URGENT), counted(ruiz, "P-07: urgente, sin ver todavía")) == (1, 1)
    await machine.passes(timedelta(minutes=30))

    assert counted(soto, "P-07, paciente de la Dra. Ruiz: urgente") == 1


# The machine is suspended: days pass, then all is there at once


async def test_suspended_for_three_days_every_question_that_is_over_closes_kindly(practice: Practice) -> None:
    """Ana was asked before it, Berta would have been asked during it, and Clara is, right after it."""
    ruiz = await practice.therapist()
    ana, berta, clara = [await practice.patient(ruiz, f"P-0{n}", 200 + n) for n in (1, 2, 3)]
    await practice.session_ends(ruiz, "P-01")
    await practice.says(ruiz, "/sesion P-02 hoy 18:00 50m")
    await practice.says(ruiz, "/sesion P-03 viernes 18:00 50m")

    await practice.pass_time(3 * DAY + timedelta(hours=2))
    await practice.pass_time(timedelta(seconds=11))

    assert await practice.check_ins() == ["closed", "late", "open"]
    assert ana.last().text.startswith(CLOSED)
    assert counted(ana, REMINDED) == 0
    assert counted(berta, "de 3") == 0
    assert "Sesión de hoy con la Dra. Ruiz · 1 de 3" in clara.last().text


async def test_suspended_for_thirty_hours_a_person_gets_one_reminder_that_names_the_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    berta = await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz)
    await practice.says(ruiz, "/sesion P-08 hoy 18:00 50m")

    await practice.pass_time(timedelta(hours=20, minutes=30))

    assert counted(ana, "Sigue aquí la pregunta sobre la sesión del martes") == 1
    assert "Sesión del martes 17 con la Dra. Ruiz · 1 de 3" in berta.last().text


async def test_suspended_over_a_weekend_one_digest_tells_of_the_silence(tmp_path: Path) -> None:
    async with opened(tmp_path, start=FRIDAY) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)
        await practice.session_ends(ruiz)

        await practice.pass_time(3 * DAY)
        await practice.pass_time(DAY)

        digests = [text for text in said(ruiz) if text.startswith("Semana del")]
        assert len(digests) == 1
        assert "16 al 22 de noviembre" in digests[0]


async def test_suspended_for_three_days_an_urgent_alert_is_repeated_once_and_passed_on(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await practice.says(ana, "quiero morirme")

    await practice.pass_time(3 * DAY)

    assert (counted(ruiz, URGENT), counted(ruiz, "P-07: urgente, sin ver todavía")) == (1, 1)
    assert counted(soto, "P-07, paciente de la Dra. Ruiz: urgente") == 1


# The network is gone for six hours


async def test_after_six_hours_without_network_all_arrives_once_urgent_first_and_nobody_is_woken_up(
    tmp_path: Path,
) -> None:
    """From 17:20 to 23:20: an urgent message and a tap wait at Telegram's, questions and an alert on this side."""
    async with opened(tmp_path) as practice:
        ruiz = await practice.therapist()
        ana, berta, clara = [await practice.patient(ruiz, f"P-0{n}", 200 + n) for n in (1, 2, 3)]
        await practice.week(ruiz, ana, 9, 9, 0, code="P-01")
        await practice.session_ends(ruiz, "P-01")
        await practice.says(ruiz, "/sesion P-02 hoy 18:00 50m")
        await practice.answers(ana, 4, 4, 0)
        told = len(said(ruiz))

        practice.telegram.fault = lambda *_: Fault.tear()
        await clara.send("quiero morirme")
        for _ in range(6):
            practice.clock.advance(HOUR)
            await practice.bot.settled()
        practice.telegram.fault = None
        await practice.pass_time(timedelta(minutes=11))
        at_night = said(ruiz)[told:]
        await practice.go_to(datetime(2026, 11, 25, 8, 31, tzinfo=UTC))

        assert at_night[0].startswith("P-03: urgente.")
        assert counted(clara, "llame ahora:") == 1
        assert not any("caída" in text for text in at_night)
        assert counted(ruiz, "P-01: caída de la alianza percibida.") == 1
        assert (counted(ana, "de 3"), counted(berta, "Sesión del martes 24 con la Dra. Ruiz · 1 de 3")) == (0, 1)


async def test_what_was_queued_without_network_arrives_in_the_order_in_which_it_was_said(practice: Practice) -> None:
    ruiz = await practice.therapist()
    before = len(said(ruiz))
    practice.telegram.fault = lambda method, _: None if method == "getUpdates" else Fault.tear()

    for number in range(1, 6):
        await ruiz.send(f"/nuevo P-0{number}")
        await practice.settle()
        await practice.pass_time(HOUR)
    practice.telegram.fault = None
    for _ in range(8):
        await practice.pass_time(timedelta(minutes=10))

    codes = [text.partition(":")[0].partition(" ")[0] for text in said(ruiz)[before:]]
    assert codes == [f"P-0{number}" for number in range(1, 6)]

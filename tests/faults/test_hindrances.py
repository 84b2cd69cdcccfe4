"""A server that gives up, refuses or keeps somebody waiting: the update is worked again, and nobody loses an answer."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from handlers.first_aid import PATIENCE
from storage.postgres.numbers import WRITER
from storage.session import CONNECTIONS
from tests.engines import POSTGRESQL, rows
from tests.faults.hindrances import full, given_up, locked, raising, set_to, waiting
from tests.practice import Practice

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

FIRST, SECOND = "1 de 3", "2 de 3"
SOON = 4.5
"""Seconds until the next question where another transaction was in the way: before the next look at what is due, every
five."""

IN_THE_END = 30.0
SCORES = "SELECT item, score FROM answers"


@pytest.fixture
async def ana(practice: Practice) -> Phone:
    """Let a patient be asked the first question."""
    ruiz = await practice.therapist()
    patient = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    assert FIRST in patient.last().text
    return patient


async def seconds_until_asked(ana: Phone) -> float:
    """Return how long it takes until the second question is there, and see that it is there once."""
    began = time.monotonic()
    await ana.wait_for(lambda message: SECOND in message.text, IN_THE_END)
    assert sum("de 3" in message.text for message in ana.messages) == 1
    return time.monotonic() - began


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_what_was_given_up_for_another_is_tried_again_at_once(practice: Practice, ana: Phone, code: str) -> None:
    with raising(practice.database, "answers", code, times=2):
        await ana.tap("7")

        assert await seconds_until_asked(ana) < SOON
        assert rows(practice.database, SCORES) == [{"item": "understood", "score": 7}]
        await practice.settle()


@pytest.mark.parametrize(("code", "times"), [("40001", 4), ("53200", 1)])
async def test_what_fails_for_a_while_is_worked_in_the_end(
    practice: Practice, ana: Phone, code: str, times: int
) -> None:
    with raising(practice.database, "answers", code, times):
        await ana.tap("7")

        await seconds_until_asked(ana)
        assert rows(practice.database, SCORES) == [{"item": "understood", "score": 7}]
        await practice.settle()


async def test_the_victim_of_a_deadlock_is_worked_again_and_its_person_hardly_waits(
    practice: Practice, ana: Phone, measured: Callable[[str], None]
) -> None:
    with locked(practice.database, "answers") as other:
        await ana.tap("7")
        await waiting(practice.database, 1)
        began = time.monotonic()
        await asyncio.to_thread(other.execute, f"SELECT pg_advisory_xact_lock({WRITER})")
    chosen = time.monotonic() - began
    waited = await seconds_until_asked(ana)
    measured(f"the server chose its victim within {chosen:.1f} s; the next question came {waited:.2f} s later")

    assert waited < SOON
    assert rows(practice.database, SCORES) == [{"item": "understood", "score": 7}]


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
async def test_a_table_that_somebody_holds_for_long_costs_nobody_an_answer(
    practice: Practice, ana: Phone, limit: str
) -> None:
    with set_to(practice.database, **{limit: "300ms"}):
        with locked(practice.database, "answers"):
            await ana.tap("7")
            await waiting(practice.database, 1)
            await given_up(practice.database)
        await seconds_until_asked(ana)
    assert rows(practice.database, SCORES) == [{"item": "understood", "score": 7}]


async def test_when_all_connections_wait_for_a_table_whoever_comes_next_waits_and_nobody_is_lost(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    codes = [f"P-{number:02}" for number in range(CONNECTIONS + 2)]
    patients = [await practice.patient(ruiz, code, 200 + number) for number, code in enumerate(codes)]
    for code in codes:
        await practice.session_ends(ruiz, code, ask=False)
    await practice.pass_time(timedelta(minutes=15))

    with locked(practice.database, "people"):
        for patient in patients:
            await patient.tap("7")
        await waiting(practice.database, CONNECTIONS)
        await patients[-1].send("/ayuda")
        await patients[-1].wait_for(lambda message: "024" in message.text, PATIENCE + SOON)
    for patient in patients:
        await seconds_until_asked(patient)
    await practice.settle()

    assert [row["score"] for row in rows(practice.database, SCORES)] == [7] * len(codes)


async def test_a_server_that_has_no_connection_left_is_one_that_is_away_for_a_while(
    practice: Practice, ana: Phone
) -> None:
    with full(practice.database):
        await ana.tap("7")
        await ana.send("/ayuda")
        await ana.wait_for(lambda message: "024" in message.text, IN_THE_END)
    await seconds_until_asked(ana)
    await practice.settle()

    assert rows(practice.database, SCORES) == [{"item": "understood", "score": 7}]

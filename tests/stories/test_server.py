"""A clinic keeps its practice on a server with PostgreSQL, and the server is stopped, started and taken away meanwhile.

Patients notice what they notice when a file is held by somebody else: help comes, and nothing they said is lost.
"""

import asyncio
from datetime import timedelta

import pytest

from bot.app import started
from bot.config import load
from bot.demo.phone import Phone
from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.keys import new_keys
from handlers.pacing import UNLIMITED
from storage.locks import OwnedElsewhereError
from tests.engines import POSTGRESQL, Chosen
from tests.practice import Practice, labels, said
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

CARD = "Si está en peligro o piensa en hacerse daño, llame ahora:"
WITHIN = 20.0


@pytest.fixture
def server(engine: str, postgresql: Server) -> Server:
    """Return the server that the practice is on."""
    assert (engine, Chosen.server) == (POSTGRESQL, postgresql)
    return postgresql


async def asked(practice: Practice) -> tuple[Phone, Phone]:
    """Return a therapist and a patient who is being asked the first question."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    return ruiz, ana


async def test_who_answers_after_the_server_was_started_again_notices_nothing(
    practice: Practice, server: Server
) -> None:
    _, ana = await asked(practice)
    await practice.taps(ana, "7")

    server.restart()
    await practice.taps(ana, "8", "2")

    assert [score for _, _, score in await practice.scores()] == [7, 8, 2]
    assert "Listo" in labels(ana)


async def test_an_answer_given_while_the_server_is_away_is_kept_once_it_is_back(
    practice: Practice, server: Server
) -> None:
    _, ana = await asked(practice)

    with server.stopped():
        await ana.tap("7")
        await until_away(practice)
    await back(practice)

    assert await practice.scores() == [(1, "understood", 7)]
    assert "2 de 3" in ana.last().text


async def test_help_comes_while_the_server_is_away_and_the_alert_once_it_is_back(
    practice: Practice, server: Server
) -> None:
    ruiz, ana = await asked(practice)

    with server.stopped():
        await ana.send("quiero morirme")
        await ana.wait_for(lambda message: message.from_bot and message.text.startswith(CARD), timeout=WITHIN)
    await back(practice)

    assert ruiz.last().text.startswith("P-07: urgente.")
    assert sum(text.startswith(CARD) for text in said(ana)) == 1


async def until_away(practice: Practice) -> None:
    """Wait until the bot has noticed."""
    async with asyncio.timeout(WITHIN):
        while (await practice.bot.health.reasons()).get("database") is None:  # noqa: ASYNC110 - nothing else tells of it
            await asyncio.sleep(0.05)


async def back(practice: Practice) -> None:
    """Let the bot notice that the server is back: it looks again after a while, as at a file."""
    async with asyncio.timeout(WITHIN):
        while (await practice.bot.health.reasons()).get("database") is not None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    await practice.pass_time(timedelta(minutes=1))
    await practice.settle()


async def test_a_server_that_is_away_at_the_start_is_said_in_one_sentence(practice: Practice, server: Server) -> None:
    await practice.stop()

    with server.stopped(), pytest.raises(StoreUnavailableError, match="Check that the server runs"):
        await practice.start()


async def test_other_keys_are_refused(practice: Practice, server: Server) -> None:
    del server
    await practice.stop()
    practice.keys = new_keys()

    with pytest.raises(StoreRefusedError):
        await practice.start()


async def test_of_two_bots_on_one_database_the_second_gives_way(practice: Practice, server: Server) -> None:
    del server
    config = load(practice.folder / "config.toml")

    with pytest.raises(OwnedElsewhereError, match="already running on postgresql://practice@"):
        async with started(config, practice.keys, practice.clock, UNLIMITED):
            pass

"""Whatever arrives, the bot goes on: no handler raises on what can be read, and nothing wrong is stored.

`FUZZ_EXAMPLES` (`make fuzz`) says how many updates; a failure prints the update.  What fails is not shrunk, because the
bot remembers what came before.
"""

import asyncio
import copy
import json
import os
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.demo.phone import Phone
from tests.fuzz.shapes import AsTelegramWrites
from tests.fuzz.updates import GROUP, Json, Numbers, mutated, real
from tests.practice import Practice

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
RUIZ, ANA, STRANGER = 100, 200, 900
TABLES = (
    "answers",
    "check_ins",
    "words",
    "patients",
    "consents",
    "episodes",
    "alerts",
    "concerns",
    "sessions",
    "audit",
)

pytestmark = pytest.mark.timeout(7200 if EXAMPLES > 1000 else 120)


async def inhabited(practice: Practice) -> tuple[Phone, Phone]:
    """Let a therapist, a patient with an alert behind her and an open question, a stranger and a group be there."""
    ruiz = await practice.therapist(RUIZ)
    ana = await practice.patient(ruiz, "P-01", ANA)
    await practice.week(ruiz, ana, 9, 9, 2, code="P-01")
    await practice.week(ruiz, ana, 4, 4, 8, code="P-01", words="Fue muy deprisa")
    await practice.session_ends(ruiz, "P-01")
    practice.telegram.phone(STRANGER, "Nadie").started = True
    practice.telegram.group(GROUP, "Familia")
    return ruiz, ana


async def bombard(updates: st.SearchStrategy[Json], look: Callable[[Json], Coroutine[Any, Any, None]]) -> None:
    """Draw updates in another thread and let each be looked at in this loop, where the bot runs."""
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(updates)
    def each(update: Json) -> None:
        note(json.dumps(update))
        asyncio.run_coroutine_threadsafe(look(copy.deepcopy(update)), loop).result(30)

    await asyncio.to_thread(each)


async def receive(practice: Practice, update: Json) -> None:
    """Deliver an update and let the bot be done with it."""
    practice.telegram.push_raw(update)
    await practice.settle()


class Failures:
    """Tells the updates on which something raised although they could be read."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._known: set[int] = set()

    async def news(self, update: Json) -> list[str]:
        """Return what was raised since the last look; what Telegram never sends may wait and be parked."""
        rows = await self._practice.rows("SELECT id, last_error FROM inbox WHERE attempts > 0")
        new = {row["id"]: row["last_error"] for row in rows if row["id"] not in self._known}
        self._known |= new.keys()
        return list(new.values()) if is_readable(update) else []


def is_readable(update: Json) -> bool:
    """Say whether the update is one that Telegram could send."""
    try:
        AsTelegramWrites.model_validate(update)
    except ValidationError:
        return False
    return True


async def state(practice: Practice) -> list[Any]:
    """Return everything a person could have changed."""
    return [await practice.rows(f"SELECT * FROM {table}") for table in TABLES]  # noqa: S608 - our own names


async def test_nothing_that_can_be_read_makes_a_handler_raise(practice: Practice) -> None:
    _, ana = await inhabited(practice)
    failures, numbers = Failures(practice), Numbers()
    updates = real([RUIZ, ANA, STRANGER], numbers) | mutated(real([RUIZ, ANA, STRANGER], numbers))

    async def look(update: Json) -> None:
        await receive(practice, update)
        assert await failures.news(update) == []

    await bombard(updates, look)

    await still_helps(practice, ana)


async def test_strangers_and_forged_buttons_change_nothing(practice: Practice) -> None:
    _, ana = await inhabited(practice)
    numbers = Numbers()
    forged = real([STRANGER], numbers) | mutated(real([STRANGER], numbers))
    before = await state(practice)

    async def look(update: Json) -> None:
        await receive(practice, update)
        assert await state(practice) == before

    await bombard(forged, look)

    await still_helps(practice, ana)


async def still_helps(practice: Practice, ana: Phone) -> None:
    """Ask for help and get it."""
    await ana.unblock()
    await practice.says(ana, "/ayuda")
    assert any("024" in message.text for message in ana.messages[-2:])

"""Whatever arrives, the bot goes on: no handler raises on what can be read, and nothing wrong is stored.

`FUZZ_EXAMPLES` (`make fuzz`) says how many updates in all, `FUZZ_SEED` which ones.  They come in batches, as after an
outage; a failure prints the update.
"""

import json
import os
import time
import typing
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from bot.demo.phone import Phone
from handlers.actions import Action
from handlers.pacing import Pace
from storage.columns import KeyRing
from tests.doors import differing, everything
from tests.fuzz.shapes import AsTelegramWrites
from tests.fuzz.updates import GROUP, Json, Writer
from tests.practice import Practice, opened

EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "3000"))
SEED: Final = int(os.environ.get("FUZZ_SEED", "1"))
BATCH: Final = 250
AT_MOST: Final = 0.05
"""Seconds of the processor that an update may cost, Telegram's side of it included."""

RUIZ, ANA = 100, 200
STRANGERS: Final = tuple(range(900, 925))
AS_EVER: Final = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0)
"""With the limit of twenty replies a minute: what is held back runs through the same rooms."""

pytestmark = pytest.mark.timeout(36000)


async def inhabited(practice: Practice) -> Phone:
    """Let a therapist, a patient with an alert behind her and an open question, strangers and a group be there."""
    ruiz = await practice.therapist(RUIZ)
    ana = await practice.patient(ruiz, "P-01", ANA)
    await practice.week(ruiz, ana, 9, 9, 2, code="P-01")
    await practice.week(ruiz, ana, 4, 4, 8, code="P-01", words="Fue muy deprisa")
    await practice.session_ends(ruiz, "P-01")
    for stranger in STRANGERS:
        practice.telegram.phone(stranger, "Nadie").started = True
    practice.telegram.group(GROUP, "Familia")
    return ana


async def receive(practice: Practice, updates: list[Json]) -> float:
    """Deliver a batch and let the bot be done with it; return the processor's seconds that it took."""
    began = time.process_time()
    for update in updates:
        practice.telegram.push_raw(update)
    await practice.settle()
    return time.process_time() - began


async def failures(practice: Practice) -> list[tuple[str, str]]:
    """Return (error, update) of everything that raised although Telegram could have sent it."""
    ring = KeyRing(practice.keys.seal, practice.keys.index)
    rows = await practice.rows("SELECT last_error, body FROM inbox WHERE attempts > 0 AND body IS NOT NULL")
    found = [(row["last_error"], ring.unseal(row["body"])) for row in rows]
    return [(error, body) for error, body in found if is_readable(json.loads(body))]


def is_readable(update: Json) -> bool:
    """Say whether the update is one that Telegram could send."""
    try:
        AsTelegramWrites.model_validate(update)
    except ValidationError:
        return False
    return True


async def bombarded(practice: Practice, writer: Writer, number: int) -> float:
    """Let so many updates come, spoiled ones and sound ones; return the seconds that they took."""
    taken = 0.0
    for _ in range(0, number, BATCH):
        taken += await receive(practice, [one for _ in range(BATCH // 2) for one in (writer.real(), writer.mutated())])
        assert await failures(practice) == []
    return taken


def test_every_button_is_drawn() -> None:
    writer = Writer([ANA], SEED)

    assert {type(writer.action()) for _ in range(5000)} == set(typing.get_args(Action))


async def test_nothing_that_can_be_read_makes_a_handler_raise(tmp_path: Path) -> None:
    async with opened(tmp_path, pace=AS_EVER) as practice:
        ana = await inhabited(practice)
        writer, taken = Writer([RUIZ, ANA, *STRANGERS[:3]], SEED), 0.0

        for _ in range(0, EXAMPLES // 2, 2 * BATCH):
            taken += await bombarded(practice, writer, 2 * BATCH)
            await practice.pass_time(timedelta(minutes=1))

        print(f"{taken / EXAMPLES * 2e3:.1f} ms an update")  # noqa: T201 - what `make fuzz` tells
        assert taken / (EXAMPLES // 2) < AT_MOST
        await still_helps(practice, ana)


async def test_strangers_and_forged_buttons_change_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, pace=AS_EVER) as practice:
        ana = await inhabited(practice)
        before = everything(practice)

        taken = await bombarded(practice, Writer(STRANGERS, SEED + 1), EXAMPLES // 2)

        print(f"{taken / EXAMPLES * 2e3:.1f} ms an update")  # noqa: T201 - what `make fuzz` tells
        assert differing(before, everything(practice)) <= {"failed_starts"}, "links that were guessed are counted"
        assert taken / (EXAMPLES // 2) < AT_MOST
        await still_helps(practice, ana)


async def still_helps(practice: Practice, ana: Phone) -> None:
    """Ask for help and get it."""
    await ana.unblock()
    await practice.says(ana, "/ayuda")
    assert any("024" in message.text for message in ana.messages[-2:])

"""Whatever arrives, the bot goes on: no handler raises on what can be read, and nothing wrong is stored.

`FUZZ_EXAMPLES` (`make fuzz`) says how many updates in all, `FUZZ_SEED` which ones.  They come in batches, as after an
outage; a failure prints the update.
"""

import asyncio
import json
import os
import time
import typing
from collections.abc import Callable
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
from tests.measuring import undisturbed
from tests.practice import Practice, opened

IN_MAKE_TEST: Final = 20_000
EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", IN_MAKE_TEST))
PARTS: Final = 4
"""Each half comes in so many parts, so that several processes can share them."""

SEED: Final = int(os.environ.get("FUZZ_SEED", "1"))
BATCH: Final = 250
AT_MOST: Final = 0.05
"""Seconds of the processor that an update may cost, Telegram's side of it included."""
LEAVES: Final = frozenset({"sendMessage", "editMessageText", "deleteMessage"})
ALONE: Final = 100
"""Updates that come one at a time and are measured one at a time."""

RUIZ, ANA = 100, 200
STRANGERS: Final = tuple(range(900, 925))
AS_EVER: Final = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0)
"""With the limit of twenty replies a minute: what is held back runs through the same rooms."""

pytestmark = pytest.mark.timeout(36000 if EXAMPLES > IN_MAKE_TEST else 300)


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

    assert {type(writer.action()) for _ in range(10_000)} == set(typing.get_args(Action))


@pytest.mark.parametrize("part", range(PARTS))
async def test_nothing_that_can_be_read_makes_a_handler_raise(
    tmp_path: Path, part: int, measured: Callable[[str], None]
) -> None:
    async with opened(tmp_path, pace=AS_EVER) as practice:
        ana = await inhabited(practice)
        writer, taken, number = Writer([RUIZ, ANA, *STRANGERS[:3]], SEED + part), 0.0, EXAMPLES // 2 // PARTS

        for _ in range(0, number, 2 * BATCH):
            taken += await bombarded(practice, writer, 2 * BATCH)
            await practice.pass_time(timedelta(minutes=1))

        measured(f"seed {SEED}: {number} updates, {taken / number * 1e3:.1f} ms of the processor each")
        assert taken / number < AT_MOST
        await still_helps(practice, ana)


@pytest.mark.parametrize("part", range(PARTS))
async def test_strangers_and_forged_buttons_change_nothing(
    tmp_path: Path, part: int, measured: Callable[[str], None]
) -> None:
    async with opened(tmp_path, pace=AS_EVER) as practice:
        ana, number = await inhabited(practice), EXAMPLES // 2 // PARTS
        before = everything(practice)

        taken = await bombarded(practice, Writer(STRANGERS, SEED + PARTS + part), number)

        measured(f"seed {SEED}: {number} updates, {taken / number * 1e3:.1f} ms of the processor each")
        assert differing(before, everything(practice)) <= {"failed_starts"}, "links that were guessed are counted"
        assert taken / number < AT_MOST
        await still_helps(practice, ana)


async def test_no_update_takes_long(tmp_path: Path, measured: Callable[[str], None]) -> None:
    """A mean would hide the one that takes a second: the same updates, one at a time, in two practices.

    Words that cannot wait make several messages leave, and each of these may take as long as an update.
    """
    passes = [await taken_alone(tmp_path / str(number)) for number in range(2)]
    best = [min(times) for times in zip(*passes, strict=True)]

    measured(f"of {ALONE} updates, one at a time: {max(best) * 1e3:.0f} ms of the processor at most")
    assert max(best) <= AT_MOST


async def taken_alone(folder: Path) -> list[float]:
    """Return the processor's seconds that each update takes, once every room has been entered for the first time."""
    await asyncio.to_thread(folder.mkdir)
    async with opened(folder, pace=AS_EVER) as practice:
        await inhabited(practice)
        writer = Writer([RUIZ, ANA, *STRANGERS[:3]], SEED - 1)
        await bombarded(practice, writer, BATCH)
        left: list[str] = []
        practice.telegram.on_call(lambda call: left.append(call.method) if call.method in LEAVES else None)
        with undisturbed():
            return [await taken_each(practice, writer.mutated(), left) for _ in range(ALONE)]


async def taken_each(practice: Practice, update: Json, left: list[str]) -> float:
    """Return the processor's seconds that an update takes, or each of the messages that it makes leave."""
    left.clear()
    taken = await receive(practice, [update])
    return taken / max(1, len(left))


async def still_helps(practice: Practice, ana: Phone) -> None:
    """Ask for help and get it."""
    await ana.unblock()
    await practice.says(ana, "/ayuda")
    assert any("024" in message.text for message in ana.messages[-2:])

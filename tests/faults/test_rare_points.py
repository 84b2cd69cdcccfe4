"""Killed where a bot seldom is: whatever was due arrives all the same.

That is: when an alert, a digest, a reminder or a second contact's turn has just come, when something is parked or
deleted, while it starts and while it stops.  A day ago one patient was asked and never answered, one fell, and one
wrote that they want to die, which nobody has seen.  What falls due is made due for one life at a time.
"""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.demo.phone import Phone
from bot.domain.model import Role
from bot.keys import load_keys
from handlers.actions_alerts import See
from tests.faults.killing import Killer
from tests.faults.people import THERAPIST, ring, within
from tests.faults.points import (
    ALERT,
    DIGEST,
    EMPTYING,
    ESCALATION,
    PARKING,
    REMINDER,
    RETENTION,
    STARTING,
    STOPPING,
    Points,
)
from tests.faults.witness import Witness, buttons
from tests.process import BotProcess, housed

AGO = timedelta(hours=28, minutes=30)
PAST, FUTURE = "2020-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z"

HUSHED = (
    "UPDATE check_ins SET next_at = NULL",
    "UPDATE concerns SET next_at = NULL",
    "UPDATE therapists SET digest_at = :future",
)
POISON = "INSERT INTO inbox (key_ref, lane_ref, body, received_at, attempts) VALUES (x'00', x'00', :poison, :past, 4)"
"""An update that nobody can work, before the last of its five tries."""

FALLS_DUE: list[tuple[Points, Sequence[str]]] = [
    (ALERT, ["UPDATE check_ins SET next_at = :past WHERE settles_at IS NOT NULL"]),
    (DIGEST, ["UPDATE therapists SET digest_at = (SELECT max(received_at) FROM inbox)"]),
    (REMINDER, ["UPDATE check_ins SET next_at = :past, remind_at = :past WHERE state = 'open'"]),
    (ESCALATION, ["UPDATE concerns SET next_at = :past"]),
    (
        RETENTION,
        [
            "UPDATE chores SET next_at = :past WHERE name = 'retention'",
            "UPDATE inbox SET done_at = :past WHERE id = 1",
        ],
    ),
    (EMPTYING, ["UPDATE chores SET next_at = :past WHERE name = 'checkpoint'"]),
    (PARKING, [POISON]),
]
"""What is done to the rows so that each comes to be due."""


@dataclass(frozen=True)
class Stage:
    """Who was there a day ago."""

    bot: BotProcess
    ruiz: Phone
    gil: Phone
    asked: Phone

    @property
    def was_due(self) -> list[tuple[Phone, str]]:
        """Return what is to reach whom."""
        to_gil, to_patient = (self.gil, "crisis_second"), (self.asked, "remind")
        return [(self.ruiz, "alert"), (self.ruiz, "digest"), to_gil, to_patient]

    def falls_due(self, statements: Sequence[str]) -> None:
        """Change rows while nothing runs."""
        poison = ring(load_keys(self.bot.config)).seal("[]")
        with closing(sqlite3.connect(self.bot.database)) as db:
            for statement in statements:
                db.execute(statement, {"past": PAST, "future": FUTURE, "poison": poison})
            db.commit()


async def set_up(bot: BotProcess) -> Stage:
    async with within(bot, AGO) as practice:
        ruiz = await practice.therapist(THERAPIST)
        gil = await practice.enrolled(Role.SECOND_CONTACT, THERAPIST + 1, "Dr. Gil", "el Dr. Gil")
        phones = [await practice.patient(ruiz, f"P-0{number}", 200 + number) for number in (1, 2, 3)]
        asked, falls, despairs = phones
        for scores in ((9, 9, 2), (3, 4, 2)):
            await practice.pass_time(timedelta(hours=1))
            await practice.session_ends(ruiz, "P-02", ask=False)
            await practice.answers(falls, *scores)
        await practice.session_ends(ruiz, "P-01", ask=False)
        await practice.says(despairs, "Quiero morirme")
    stage = Stage(bot, ruiz, gil, asked)
    stage.falls_due(HUSHED)
    return stage


async def test_what_is_rarely_due_arrives_whenever_the_bot_is_killed(tmp_path: Path) -> None:
    async with housed(tmp_path) as bot:
        stage = await set_up(bot)
        killer = Killer(bot, random.Random(0), {})  # noqa: S311 - not used here
        for points, statements in FALLS_DUE:
            stage.falls_due(statements)
            for name, where in points.items():
                assert await killer.dies(where, nothing), name
        for name, where in STARTING.items():
            assert await killer.dies(where, nothing), name
        for name, where in STOPPING.items():
            assert await killer.dies(where, partial(told_to_stop, bot)), name
        await bot.start()
        witness = Witness(bot)
        await witness.peace()

        for phone, kind in stage.was_due:
            arrived(witness, phone, kind)
        assert buttons(stage.ruiz, See) == {number for (number,) in witness.rows("SELECT id FROM episodes")}
        assert witness.rows("SELECT id FROM inbox WHERE id = 1") == []
        assert witness.rows("SELECT attempts FROM inbox WHERE parked_at IS NOT NULL") == [(5,)]
        witness.all_is_sound(killer, parked=[b"\0"])


async def nothing() -> None:
    """Let it come by itself."""


async def told_to_stop(bot: BotProcess) -> None:
    """Stop it as an operator does; it dies before it has."""
    bot.ask_to_stop()


def arrived(witness: Witness, phone: Phone, kind: str) -> None:
    """One message of a kind was written, for one reason, and stands on the phone."""
    [(message_id,)] = witness.rows(f"SELECT message_id FROM outbox WHERE key LIKE '{kind}:%'")  # noqa: S608 - our own
    assert message_id in {message.message_id for message in phone.messages}, kind

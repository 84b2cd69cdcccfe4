"""A page with one person's rows is damaged: what needs them cannot be done, and nobody else waits for it."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.faults.broken_disk import kind_of
from tests.practice import Practice, opened, said
from tests.stories.test_parked import INSTEAD, fallen

pytestmark = pytest.mark.file

QUARTER = timedelta(minutes=15)


@dataclass
class Damage:
    """Which statements (verb and table, values) meet a damaged page; none at first."""

    lies_there: Callable[[str, tuple[Any, ...]], bool] = lambda _kind, _values: False


class Damaged(sqlite3.Connection):
    """SQLite's own connection, which says of such a statement what SQLite says."""

    def __init__(self, damage: Damage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._damage = damage

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        """Run one statement, or fail."""
        if self._damage.lies_there(kind_of(sql), tuple(args[0]) if args else ()):
            raise sqlite3.DatabaseError("database disk image is malformed")
        return super().execute(sql, *args)


@pytest.fixture
def damage() -> Iterator[Damage]:
    """Let every connection that is opened meanwhile know of the damage."""
    found = Damage()

    def use(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        parameters["factory"] = partial(Damaged, found)

    event.listen(Engine, "do_connect", use)
    yield found
    event.remove(Engine, "do_connect", use)


@pytest.fixture
async def practice(tmp_path: Path, damage: Damage) -> AsyncIterator[Practice]:
    """Open a practice on a disk that can be damaged."""
    assert not damage.lies_there("", ())
    async with opened(tmp_path) as running:
        yield running


async def test_whose_check_in_is_not_damaged_is_asked(practice: Practice, damage: Damage) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    eva = await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(ruiz, "P-08", ask=False)
    damage.lies_there = lambda kind, values: kind == "SELECT answers" and 1 in values

    for _ in range(20):
        await practice.pass_time(QUARTER)

    assert "1 de 3" in eva.last().text


async def test_whose_answers_are_not_damaged_is_judged(practice: Practice, damage: Damage) -> None:
    ruiz = await practice.therapist()
    ana, eva = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(ruiz, "P-08")
    await practice.answers(ana, 5, 5, 2)
    await practice.answers(eva, 5, 5, 2)
    settling = "SELECT id FROM check_ins WHERE settles_at IS NOT NULL ORDER BY settles_at, id"
    [first, _] = await practice.rows(settling)
    damage.lies_there = lambda kind, values: kind == "SELECT answers" and first["id"] in values

    for _ in range(4):
        await practice.pass_time(QUARTER)

    assert await practice.rows(settling) == [first]


async def test_damage_in_what_came_in_keeps_nothing_that_is_due_from_being_done(
    practice: Practice, damage: Damage
) -> None:
    ruiz = await practice.therapist()
    eva = await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, "P-08", ask=False)
    await practice.stop()
    damage.lies_there = lambda kind, _values: kind == "SELECT inbox"
    await practice.start()

    for _ in range(8):
        await practice.pass_time(QUARTER)

    assert "1 de 3" in eva.last().text


async def test_in_place_of_an_alert_whose_facts_are_damaged_a_plain_line_comes(
    practice: Practice, damage: Damage
) -> None:
    ruiz, _ = await fallen(practice)

    def is_the_alert(kind: str, values: tuple[Any, ...]) -> bool:
        if kind != "SELECT outbox" or len(values) < len(("row", "now")):
            return False
        with closing(sqlite3.connect(practice.database)) as db:
            alerts = db.execute("SELECT id FROM outbox WHERE kind = 'alert_raised'").fetchall()
        return any(row in values for (row,) in alerts)

    damage.lies_there = is_the_alert
    for _ in range(12):
        await practice.pass_time(timedelta(minutes=5))

    assert said(ruiz).count(INSTEAD) == 1

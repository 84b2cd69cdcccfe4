"""A part of the database's file is damaged: what lies there cannot be done, and nobody else waits for it.

The driver says it as SQLite does, at one statement; everything else is the real thing.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot.domain.model import OutboxId
from storage import check_ins
from storage.post import InboxRows, OutboxRows
from storage.prepared import DIALECT
from storage.session import Session
from tests.practice import Practice, said
from tests.stories.test_parked import INSTEAD, fallen

QUARTER = timedelta(minutes=15)


def malformed() -> DBAPIError:
    """Return what SQLAlchemy raises of a page that cannot be read."""
    cause = sqlite3.DatabaseError("database disk image is malformed")
    found = DBAPIError.instance(None, None, cause, sqlite3.Error, hide_parameters=True, dialect=DIALECT)
    assert isinstance(found, DBAPIError)
    return found


def damage(monkeypatch: pytest.MonkeyPatch, lies_there: Callable[[Any, Any], bool]) -> None:
    """Let whatever asks for this find a damaged page."""
    whole = Session.ask

    async def ask(self: Session, *questions: Any) -> Any:
        if any(lies_there(statement, values) for statement, values in questions):
            raise malformed()
        return await whole(self, *questions)

    monkeypatch.setattr(Session, "ask", ask)


async def test_whose_check_in_is_not_damaged_is_asked(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    eva = await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(ruiz, "P-08", ask=False)
    damage(monkeypatch, lambda asked, values: asked is check_ins._SCORES and values.get("check_in") == 1)

    for _ in range(20):
        await practice.pass_time(QUARTER)

    assert "1 de 3" in eva.last().text


async def test_whose_answers_are_not_damaged_is_judged(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    ruiz = await practice.therapist()
    ana, eva = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, ask=False)
    await practice.session_ends(ruiz, "P-08")
    await practice.answers(ana, 5, 5, 2)
    await practice.answers(eva, 5, 5, 2)
    settling = "SELECT id FROM check_ins WHERE settles_at IS NOT NULL ORDER BY settles_at, id"
    [first, _] = await practice.rows(settling)
    damage(monkeypatch, lambda asked, values: asked is check_ins._SCORES and values.get("check_in") == first["id"])

    for _ in range(4):
        await practice.pass_time(QUARTER)

    assert await practice.rows(settling) == [first]


async def test_a_damaged_list_of_what_came_in_keeps_nothing_that_is_due(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruiz = await practice.therapist()
    eva = await practice.patient(ruiz, "P-08", 201)
    await practice.session_ends(ruiz, "P-08", ask=False)

    async def lanes(_: InboxRows, *_given: Any) -> None:
        raise malformed()

    monkeypatch.setattr(InboxRows, "lanes", lanes)
    monkeypatch.setattr(InboxRows, "lanes_again", lanes)
    practice.bot.intake._anything = True

    for _ in range(8):
        await practice.pass_time(QUARTER)

    assert "1 de 3" in eva.last().text


async def test_of_an_alert_whose_facts_are_damaged_a_plain_line_comes(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruiz, _ = await fallen(practice)
    whole = OutboxRows.standing

    async def standing(self: OutboxRows, row_id: OutboxId, now: datetime) -> Any:
        if {"id": row_id} in await practice.rows("SELECT id FROM outbox WHERE kind = 'alert_raised'"):
            raise malformed()
        return await whole(self, row_id, now)

    monkeypatch.setattr(OutboxRows, "standing", standing)
    for _ in range(12):
        await practice.pass_time(timedelta(minutes=5))

    assert said(ruiz).count(INSTEAD) == 1

"""A mark of what was shown goes along with the next transaction; it says what a look at the row would have said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.check_in import face
from bot.domain.model import CheckIn, CheckInState, PersonId, Step
from bot.domain.post import Sent
from bot.domain.timing import LAG
from storage.database import Database, Rooms
from tests.storage.records import HOUR, NOW, WEEK, again, ask, furnish, rows

pytestmark = pytest.mark.both

MARKED = "SELECT shown, message_id, text_version, sent_at, lag_at FROM check_ins ORDER BY id"


def as_shown(check_in: CheckIn) -> CheckIn:
    return check_in


def moved_on(check_in: CheckIn) -> CheckIn:
    return replace(check_in, step=Step.PENDING)


def put_off(check_in: CheckIn) -> CheckIn:
    return replace(check_in, ask_again_at=NOW + HOUR)


def declined(check_in: CheckIn) -> CheckIn:
    return replace(check_in, state=CheckInState.DECLINED)


def planned_anew(check_in: CheckIn) -> CheckIn:
    return replace(check_in, state=CheckInState.PLANNED, asked_at=None, sent_at=None)


def with_words(check_in: CheckIn) -> CheckIn:
    return replace(check_in, step=Step.SUMMARY, has_words=True)


@pytest.mark.parametrize("meanwhile", [as_shown, moved_on, put_off, declined, planned_anew, with_words])
@pytest.mark.parametrize("step", [Step.SENSE, Step.SUMMARY])
@pytest.mark.parametrize("version", [None, "es.usted.comprendido.today.1"])
async def test_a_mark_without_a_look_says_the_same(
    store: Database, path: Path, meanwhile: Callable[[CheckIn], CheckIn], step: Step, version: str | None
) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        both = [await ask(tx, room), await ask(tx, room, NOW + HOUR)]
        shown = [replace(one, step=step, opened_at=NOW, sent_at=None) for one in both]
        for one in shown:
            await tx.check_ins.save(meanwhile(one), NOW)

    async with store.transaction() as tx:
        looked, blind = shown
        await tx.check_ins.mark_shown(looked.id, face(looked) or "", 5, version, NOW + HOUR)
        await tx.check_ins.mark_face(blind, Sent(5, face(blind), version), NOW + HOUR)

    by_look, without = rows(path, MARKED)
    assert without == by_look


async def test_a_mark_goes_along_with_the_next_transaction(store: Database) -> None:
    opened = await _moved(store)

    store.along(lambda tx: tx.check_ins.mark_face(opened, Sent(5, "sense"), NOW), _person(opened))
    async with store.transaction() as tx:
        marked = await again(tx, opened.id)
        lagging = await tx.check_ins.lagging(NOW + WEEK, limit=10)

    assert (marked.shown, lagging) == ("sense", [])


async def test_a_mark_of_an_older_message_says_nothing(store: Database) -> None:
    opened = await _moved(store)
    async with store.transaction() as tx:
        await tx.check_ins.mark_shown(opened.id, "sense", 6, None, NOW)
        await tx.check_ins.mark_face(opened, Sent(5, "understood"), NOW)

    async with store.reading() as tx:
        marked = await again(tx, opened.id)
    assert (marked.message_id, marked.shown) == (6, "sense")


async def test_a_mark_that_waits_is_written_when_it_is_looked_for(store: Database) -> None:
    opened = await _moved(store)
    store.along(lambda tx: tx.check_ins.mark_face(opened, Sent(5, "sense"), NOW), _person(opened))

    await store.catch_up()

    async with store.reading() as tx:
        assert (await again(tx, opened.id)).shown == "sense"


async def test_what_cannot_go_along_is_lost_and_the_next_transaction_is_whole(store: Database) -> None:
    async def break_it(_: Rooms) -> None:
        raise RuntimeError

    opened = await _moved(store)
    store.along(break_it, _person(opened))
    with pytest.raises(RuntimeError):
        await store.catch_up()

    async with store.transaction() as tx:
        lagging = await tx.check_ins.lagging(NOW + LAG, limit=10)

    assert [*lagging] == [opened.id], "the tick shows it again"


async def _moved(store: Database) -> CheckIn:
    """Return a check-in that has moved on and was not shown since."""
    async with store.transaction() as tx:
        moved = replace(await ask(tx, await furnish(tx)), step=Step.SENSE)
        await tx.check_ins.save(moved, NOW)
    return moved


def _person(check_in: CheckIn) -> PersonId:
    assert check_in.person_id is not None
    return check_in.person_id

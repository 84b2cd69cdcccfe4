"""Inbox and outbox: each update and each notice once, in order, until it is done; wiped afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain.alliance import Rules, evaluate
from bot.domain.model import CheckInId, EpisodeId, InboxId, OutboxId, Step, Urgency
from bot.domain.notices import Enrolled, Notice, PatientDecided, Question, WeeklyDigest
from bot.domain.post import Due, InboxRow, Incoming
from bot.domain.recurrence import Recurrence
from bot.domain.timing import LAG
from storage.database import Database, Rooms
from storage.post import NOTICE
from tests.storage.records import HOUR, NOW, WEEK, Room, answer, ask, furnish, raw, rows, waiting_in

pytestmark = pytest.mark.both

TEN = dict.fromkeys(Urgency, 10)
DIGEST = WeeklyDigest(NOW - timedelta(days=7), NOW)


def update(number: int, chat_id: int = 200) -> Incoming:
    return Incoming(f"message:{chat_id}:{number}", chat_id, f'{{"update_id": {number}}}')


async def kept(tx: Rooms, *updates: Incoming) -> list[InboxRow]:
    await tx.inbox.keep(updates, NOW)
    return await waiting_in(tx)


async def test_a_redelivered_update_is_kept_once(store: Database) -> None:
    async with store.transaction() as tx:
        await kept(tx, update(1))

        waiting = await kept(tx, update(1), update(2), update(2))

    assert [row.body for row in waiting] == ['{"update_id": 1}', '{"update_id": 2}']


async def test_a_redelivery_of_what_is_done_is_not_worked_again(store: Database) -> None:
    async with store.transaction() as tx:
        (row,) = await kept(tx, update(1))
        await tx.inbox.finish(row.id, NOW)

        assert await kept(tx, update(1)) == []


@pytest.mark.file
async def test_an_update_of_which_only_the_dates_are_damaged_is_worked_all_the_same(
    store: Database, path: Path
) -> None:
    async with store.transaction() as tx:
        (row,) = await kept(tx, update(1))
    with raw(path) as db:
        db.execute("UPDATE inbox SET received_at = 'nonsense', attempts = 'nonsense'")

    async with store.transaction() as tx:
        assert await waiting_in(tx) == [row]


async def test_an_empty_batch_is_kept_without_complaint(store: Database) -> None:
    async with store.transaction() as tx:
        assert await kept(tx) == []


async def test_the_updates_of_one_chat_share_a_lane(store: Database) -> None:
    async with store.transaction() as tx:
        ana, leo = await tx.inbox.keep([update(1), update(2), update(1, chat_id=201)], NOW)

        assert [len(await tx.inbox.pending(lane, NOW, 10)) for lane in (ana, leo)] == [2, 1]


async def test_a_redelivery_names_its_lane_again(store: Database) -> None:
    async with store.transaction() as tx:
        first = await tx.inbox.keep([update(1)], NOW)

        assert list(await tx.inbox.keep([update(1)], NOW)) == list(first) == list(await tx.inbox.lanes(NOW))


async def test_a_key_that_two_chats_claim_stays_in_the_lane_of_the_first(store: Database) -> None:
    async with store.transaction() as tx:
        (first,) = await tx.inbox.keep([Incoming("callback:1", 200, "{}")], NOW)
        (second,) = (again := await tx.inbox.keep([Incoming("callback:1", 201, "{}")], NOW))

        assert again[second] == []
        assert [len(await tx.inbox.pending(lane, NOW, 10)) for lane in (first, second)] == [1, 0]


async def test_a_lane_is_read_a_page_at_a_time_in_the_order_of_arrival(store: Database) -> None:
    async with store.transaction() as tx:
        (lane,) = await tx.inbox.keep([update(number) for number in range(50)], NOW)

        first = await tx.inbox.pending(lane, NOW, 20)
        for row in first:
            await tx.inbox.finish(row.id, NOW)
        second = await tx.inbox.pending(lane, NOW, 20)

    assert [row.body for row in (*first, *second)] == [f'{{"update_id": {number}}}' for number in range(40)]


async def test_a_done_update_is_wiped(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        (row,) = await kept(tx, update(1))
        await tx.inbox.finish(row.id, NOW)
        await tx.inbox.finish(row.id, NOW + HOUR)

    (wiped,) = rows(path, "SELECT body, done_at FROM inbox")
    assert wiped == {"body": None, "done_at": "2026-11-17T16:00:00.000000Z"}


async def test_a_failed_update_waits_for_its_time(store: Database) -> None:
    async with store.transaction() as tx:
        (row,) = await kept(tx, update(1))
        await tx.inbox.failed(row.id, NOW + HOUR, "KeyError", NOW)

        assert (await waiting_in(tx), await tx.inbox.lanes_again(NOW)) == ([], [])
        (again,) = await waiting_in(tx, NOW + HOUR)
        assert (again.id, again.attempts) == (row.id, 1)
        assert await tx.inbox.lanes_again(NOW + HOUR) == await tx.inbox.lanes(NOW + HOUR)


async def test_a_parked_update_waits_for_nobody_and_keeps_its_body(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        (row,) = await kept(tx, update(1))
        await tx.inbox.failed(row.id, None, "KeyError", NOW)

        assert await tx.inbox.lanes(NOW + WEEK) == []
        assert await tx.inbox.lanes_again(NOW + 100 * WEEK) == []
    assert rows(path, "SELECT body IS NOT NULL AS body FROM inbox") == [{"body": 1}]
    assert (await store.waiting())["parked"] == 1


async def test_a_failure_after_the_work_was_done_changes_nothing(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        (row,) = await kept(tx, update(1))
        await tx.inbox.finish(row.id, NOW)
        await tx.inbox.failed(row.id, NOW, "TimedOut", NOW)

    assert rows(path, "SELECT attempts, again_at, last_error FROM inbox") == [
        {"attempts": 0, "again_at": None, "last_error": None}
    ]


async def test_what_is_added_without_asking_is_there_once_for_a_key(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        for notice in (DIGEST, Enrolled()):
            await tx.outbox.add(notice, room.therapist, Urgency.BULK, NOW, "digest:1")

    async with store.reading() as tx:
        assert [row.notice for row in await tx.outbox.due(NOW, TEN)] == [DIGEST]


async def test_a_notice_is_put_once_per_key(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)

        assert await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, "digest:1")
        assert not await tx.outbox.put(Enrolled(), room.therapist, Urgency.BULK, NOW, "digest:1")
        assert [row.notice for row in await tx.outbox.due(NOW, TEN)] == [DIGEST]


async def test_a_key_stays_taken_after_its_notice_was_sent(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, "digest:1")
        await tx.outbox.mark_sent(OutboxId(1), NOW, 77)

        assert not await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, "digest:1")


async def test_the_most_urgent_leaves_first_then_the_longest_waiting(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        for key, urgency, due_at in [
            ("bulk", Urgency.BULK, NOW - 2 * HOUR),
            ("alert-late", Urgency.ALERT, NOW),
            ("reply", Urgency.REPLY, NOW),
            ("alert-early", Urgency.ALERT, NOW - HOUR),
            ("tomorrow", Urgency.REPLY, NOW + HOUR),
        ]:
            await tx.outbox.put(PatientDecided(key, accepted=True), room.therapist, urgency, due_at, key)

        due = await tx.outbox.due(NOW, TEN)

    assert [row.notice.code for row in due if isinstance(row.notice, PatientDecided)] == [
        "reply",
        "alert-early",
        "alert-late",
        "bulk",
    ]


@pytest.mark.parametrize("way", ["sent", "given up"])
async def test_what_has_left_or_was_given_up_is_wiped_and_not_due(store: Database, path: Path, way: str) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, "digest:1")
        if way == "sent":
            await tx.outbox.mark_sent(OutboxId(1), NOW, 77)
        else:
            await tx.outbox.give_up(OutboxId(1), NOW, "chat not found")

        assert await tx.outbox.due(NOW + WEEK, TEN) == []
    assert rows(path, "SELECT body FROM outbox") == [{"body": None}]


async def test_a_postponed_notice_comes_again_and_counts_its_tries(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW, "digest:1")
        await tx.outbox.postpone(OutboxId(1), NOW + HOUR, "x" * 500)

        assert await tx.outbox.due(NOW, TEN) == []
        (row,) = await tx.outbox.due(NOW + HOUR, TEN)
        assert (row.attempts, row.notice) == (1, DIGEST)
    assert [len(row["last_error"]) for row in rows(path, "SELECT last_error FROM outbox")] == [200]


st.register_type_strategy(
    Recurrence,
    st.builds(
        Recurrence,
        first=st.dates(),
        at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        length=st.timedeltas(timedelta(minutes=1), timedelta(days=1)),
        weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        every=st.integers(1, 12),
        count=st.none() | st.integers(1, 1000),
    ),
)
NOTICES = st.one_of(*(st.from_type(kind) for kind in get_args(Notice)))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(NOTICES)
def test_every_notice_comes_back_from_its_stored_form(notice: Notice) -> None:
    stored = NOTICE.dump_json(notice)

    assert NOTICE.dump_json(TypeAdapter(Notice).validate_json(stored)) == stored
    assert type(NOTICE.validate_json(stored)) is type(notice)


def test_notices_are_told_apart_by_their_kind() -> None:
    kinds = [kind.__dataclass_fields__["kind"].default for kind in get_args(Notice)]

    assert len(set(kinds)) == len(kinds)


async def test_what_waits_is_counted(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await kept(tx, update(1), update(2), update(3))
        await tx.inbox.failed(InboxId(1), None, "KeyError", NOW)
        await tx.inbox.finish(InboxId(2), NOW)
        await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW + WEEK, "digest:1")

    assert await store.waiting() == {"inbox": 1, "parked": 1, "outbox": 1, "parked_notices": 0}


async def an_episode(tx: Rooms, room: Room) -> EpisodeId:
    """Open an episode between two check-ins that the rules have seen and the patient was shown."""
    done = [await answer(tx, room, value, value, ends_at=NOW + number * HOUR) for number, value in enumerate((9, 3))]
    for each in done:
        await tx.check_ins.settled(each.id)
        await tx.check_ins.mark_shown(each.id, "final", 5, None, NOW)
    course = await tx.courses.of_treatment(room.patient.treatment_id)
    (fall,) = evaluate(course[-2:], done[-1].id, Rules())
    return await tx.alerts.open_episode(room.patient.treatment_id, fall, NOW)


async def prepared(tx: Rooms, kind: str, at: datetime) -> None:
    """Let exactly one kind of row fall due at `at`; the therapist's digest is due later than any of them."""
    room = await furnish(tx)
    match kind:
        case "question":
            await ask(tx, room, ends_at=at - 3 * WEEK)
        case "rules":
            done = await answer(tx, room, 7, 8, ends_at=at - HOUR)
            await tx.check_ins.mark_shown(done.id, "final", 5, None, NOW)
        case "lost reply":
            opened = await ask(tx, room)
            await tx.check_ins.save(replace(opened, step=Step.SENSE), at - LAG)
        case "unseen alert":
            await tx.alerts.repeat_at(await an_episode(tx, room), at)
        case "notice":
            await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, at, "digest:1")
        case "retry":
            (row,) = await kept(tx, update(1))
            await tx.inbox.failed(row.id, at, "KeyError", NOW)
        case _:
            therapist = (await tx.people.visitor(100)).therapist
            assert therapist is not None
            await tx.people.set_digest_at(therapist.id, at)


KINDS = {
    "question": Due.CHECK_IN,
    "rules": Due.CHECK_IN,
    "lost reply": Due.FACE,
    "unseen alert": Due.EPISODE,
    "notice": Due.NOTICE,
    "retry": Due.UPDATE,
    "digest": Due.DIGEST,
}


@pytest.mark.parametrize(("kind", "due"), KINDS.items())
async def test_each_kind_of_row_says_when_it_falls_due(store: Database, kind: str, due: Due) -> None:
    at = NOW + timedelta(days=3, microseconds=1)
    async with store.transaction() as tx:
        await prepared(tx, kind, at)

    assert (await store.dues())[due] == at


async def test_what_is_sent_done_or_parked_is_never_due_again(store: Database) -> None:
    async with store.transaction() as tx:
        await prepared(tx, "notice", NOW)
        await prepared(tx, "retry", NOW)
        await tx.outbox.mark_sent(OutboxId(1), NOW, 1)
        await tx.inbox.failed(InboxId(1), None, "KeyError", NOW)

    assert await store.dues() == {Due.DIGEST: NOW + WEEK}


async def test_what_has_not_left_is_told_by_when_it_should_whatever_holds_it_up(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        for number in range(1, 7):
            await tx.outbox.put(DIGEST, room.therapist, Urgency.BULK, NOW + number * HOUR, f"digest:{number}")
        await tx.outbox.mark_sent(OutboxId(1), NOW, 1)
        await tx.outbox.give_up(OutboxId(2), NOW, "chat not found")
        await tx.outbox.hold(OutboxId(3), NOW + WEEK)
        await tx.outbox.postpone(OutboxId(4), NOW + WEEK, "no network")
        await tx.outbox.put_off(OutboxId(5), NOW + WEEK)

    assert await store.unsent(9) == [NOW + 3 * HOUR, NOW + 4 * HOUR, NOW + 6 * HOUR, NOW + WEEK]
    assert await store.unsent(1) == [NOW + 3 * HOUR]


async def test_in_an_empty_practice_nothing_is_ever_due(store: Database) -> None:
    assert await store.dues() == {}


@pytest.mark.parametrize(("tries", "late"), [(0, False), (1, True)])
async def test_a_question_came_late_if_it_left_later_after_a_try_that_failed(
    tries: int, store: Database, *, late: bool
) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        for key in ("ask:1", "again:1"):
            await tx.outbox.put(Question(CheckInId(opened.id)), room.person, Urgency.BULK, NOW, key)
        assert not await tx.outbox.came_late(CheckInId(opened.id), NOW), "it has not left yet"
        for _ in range(tries):
            await tx.outbox.postpone(OutboxId(1), NOW + HOUR, "no network")
        await tx.outbox.mark_sent(OutboxId(1), NOW + HOUR, 7)
        await tx.outbox.mark_sent(OutboxId(2), NOW + 2 * HOUR, 8)

        assert await tx.outbox.came_late(CheckInId(opened.id), NOW) is late
        assert not await tx.outbox.came_late(CheckInId(opened.id), NOW + HOUR), "the first time counts"


async def test_a_question_notice_knows_its_check_in(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        opened = await ask(tx, room)
        await tx.outbox.put(Question(CheckInId(opened.id)), room.person, Urgency.BULK, NOW, "ask:1")

    assert rows(path, "SELECT check_in_id FROM outbox") == [{"check_in_id": opened.id}]

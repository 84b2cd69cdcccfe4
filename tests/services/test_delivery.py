"""Out of the outbox: what left is marked, what did not is tried again, what cannot is kept on record."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.demo.faults import Fault
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.hours import QuietHours
from bot.domain.model import CheckIn, CheckInState, Person, PersonId, Urgency, WordsKind
from bot.domain.notices import CrisisDelivered, CrisisRaised, Notice, PatientDecided, Question, WeeklyDigest
from bot.domain.post import Sent, Source
from bot.services.delivery import LONGEST_FOR_URGENT, LONGEST_WAIT, TRIES, Delivery, QuietTimes
from bot.services.escalation import Escalation
from bot.services.ports import Tx
from storage.database import Database
from storage.opening import prepare
from tests.practice import Practice
from tests.storage.records import NOW, Room, ask, furnish, new_ring, open_database, rows

NEVER = QuietHours(time(0), time(0))

DIGEST = WeeklyDigest(datetime(2026, 11, 10, 18, 0, tzinfo=UTC), datetime(2026, 11, 17, 18, 0, tzinfo=UTC))
HELD = UndeliverableError("too many requests", permanent=False, retry_after=30.0)
AWAY = UndeliverableError("TimedOut", permanent=False)
REFUSED = UndeliverableError("refused: message is too long", permanent=False)
BLOCKED = UndeliverableError("bot was blocked", permanent=True)


@dataclass
class Phones:
    """A messenger that writes down what it sends, after the errors it was told to raise."""

    errors: list[Exception] = field(default_factory=list)
    sent: list[tuple[int, Notice]] = field(default_factory=list)
    retired: list[int] = field(default_factory=list)

    async def deliver(self, to: Person, notice: Notice, urgency: Urgency) -> Sent:
        del urgency
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((to.chat_id, notice))
        face = "understood" if isinstance(notice, Question) else None
        return Sent(100 + len(self.sent), face, "es.1" if face else None)

    async def refresh(self, to: Person, check_in: CheckIn) -> Sent:
        raise NotImplementedError

    async def retire(self, chat_id: int, message_id: int, urgency: Urgency) -> None:
        del chat_id, urgency
        self.retired.append(message_id)


@dataclass
class Post:
    """The post office of a practice with one therapist (chat 100) and one patient (chat 200)."""

    file: Path
    store: Database
    room: Room
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    phones: Phones = field(default_factory=Phones)
    lost: list[Person] = field(default_factory=list)
    quiet: QuietTimes = field(default_factory=lambda: QuietTimes(NEVER, NEVER))

    async def put(
        self,
        notice: Notice,
        key: str,
        *,
        to_patient: bool = False,
        good_for: timedelta | None = None,
        urgency: Urgency = Urgency.BULK,
    ) -> None:
        until = NOW + good_for if good_for is not None else None
        person = self.room.person if to_patient else self.room.therapist
        async with self.store.transaction() as tx:
            await tx.outbox.put(notice, person, urgency, NOW, key, until)

    async def lost_one(self, person: Person) -> None:
        self.lost.append(person)

    async def run(self) -> int:
        posts = [Escalation(self.store, self.clock)]
        async with Delivery(self.store, self.clock, self.phones, self.lost_one, posts, self.quiet) as delivery:
            begun = 0
            while taken_up := await delivery.run_due():
                begun += taken_up
                await delivery.idle()
        return begun

    def row(self, key: str) -> dict[str, object]:
        return next(row for row in rows(self.file, "SELECT * FROM outbox") if row["key"] == key)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    file, ring = tmp_path / "microchequeo.db", new_ring()
    prepare(file, ring)
    async with open_database(file, ring) as store:
        async with store.transaction() as tx:
            room = await furnish(tx)
        yield Post(file, store, room)


def decided(code: str) -> PatientDecided:
    return PatientDecided(code, accepted=True)


async def test_what_left_is_marked_and_does_not_leave_again(post: Post) -> None:
    await post.put(DIGEST, "digest")

    assert (await post.run(), await post.run()) == (1, 0)

    assert post.phones.sent == [(100, DIGEST)]
    assert (post.row("digest")["message_id"], post.row("digest")["body"]) == (101, None)


@pytest.mark.parametrize(
    ("urgency", "error", "longest"),
    [
        (Urgency.BULK, AWAY, LONGEST_WAIT),
        (Urgency.ALERT, AWAY, LONGEST_WAIT),
        (Urgency.URGENT, AWAY, LONGEST_FOR_URGENT),
        (Urgency.URGENT, BLOCKED, LONGEST_WAIT),
    ],
    ids=["bulk", "alert", "urgent", "urgent, the chat is lost"],
)
async def test_what_did_not_leave_is_tried_again_later_and_later(
    post: Post, urgency: Urgency, error: UndeliverableError, longest: timedelta
) -> None:
    post.phones.errors = [error] * 30
    await post.put(DIGEST, "digest", urgency=urgency)

    waits = []
    for _ in range(12):
        await post.run()
        due_at = min((await post.store.dues()).values())
        waits.append(due_at - post.clock.now())
        post.clock.move_to(due_at)

    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=2), longest)
    assert post.row("digest")["attempts"] == 12


async def test_trouble_on_the_way_is_never_the_fault_of_the_message(post: Post) -> None:
    post.phones.errors = [REFUSED, AWAY, REFUSED, HELD, REFUSED, AWAY, REFUSED, *[AWAY] * 9]
    await post.put(DIGEST, "digest")

    for _ in range(17):
        await post.run()
        post.clock.advance(LONGEST_WAIT)

    assert (post.row("digest")["attempts"], post.row("digest")["faults"]) == (16, TRIES - 1)
    assert post.phones.sent == [(100, DIGEST)]


async def test_what_is_refused_for_its_own_sake_holds_up_nothing_and_is_parked(post: Post) -> None:
    post.phones.errors = [REFUSED]
    await post.put(decided("P-01"), "first")
    await post.put(decided("P-02"), "second")
    sealed = post.row("first")["body"]
    await post.run()
    assert post.phones.sent == [(100, decided("P-02"))]

    post.phones.errors = [REFUSED] * TRIES
    for _ in range(TRIES):
        post.clock.advance(LONGEST_WAIT)
        await post.run()

    assert post.phones.errors == [REFUSED]
    assert post.row("first")["parked_at"] is not None
    assert post.row("first")["body"] == sealed, "it can be tried again"


async def test_a_chat_that_fails_waits_as_a_whole(post: Post) -> None:
    post.phones.errors = [AWAY]
    await post.put(decided("P-01"), "first")
    await post.put(decided("P-02"), "second")
    await post.run()
    assert post.row("first")["due_at"] == post.row("second")["due_at"]

    post.clock.advance(timedelta(seconds=2))
    await post.run()

    assert [notice for _, notice in post.phones.sent] == [decided("P-01"), decided("P-02")]


class SlowPhones(Phones):
    """Phones of which some take their time."""

    def __init__(self) -> None:
        super().__init__()
        self.slow, self.quick = asyncio.Event(), asyncio.Event()

    async def deliver(self, to: Person, notice: Notice, urgency: Urgency) -> Sent:
        if isinstance(notice, WeeklyDigest):
            await self.slow.wait()
        sent = await super().deliver(to, notice, urgency)
        self.quick.set()
        return sent


async def test_what_is_urgent_does_not_wait_for_what_is_on_its_way_to_the_same_chat(post: Post) -> None:
    post.phones = phones = SlowPhones()
    await post.put(DIGEST, "slow")
    async with Delivery(post.store, post.clock, phones, post.lost_one, [], QuietTimes(NEVER, NEVER)) as delivery:
        assert await delivery.run_due() == 1
        async with post.store.transaction() as tx:
            await tx.outbox.put(decided("P-01"), post.room.therapist, Urgency.URGENT, NOW, "urgent")
            await tx.outbox.put(decided("P-02"), post.room.therapist, Urgency.ALERT, NOW, "alert")

        assert await delivery.run_due() == 1
        await asyncio.wait_for(phones.quick.wait(), 30)
        sent_meanwhile = list(phones.sent)
        phones.slow.set()
        await delivery.idle()

    assert sent_meanwhile == [(100, decided("P-01"))]


async def test_a_429_is_waited_out_exactly(post: Post) -> None:
    post.phones.errors = [HELD]
    await post.put(DIGEST, "digest")
    await post.run()

    post.clock.advance(timedelta(seconds=29))
    assert await post.run() == 0
    post.clock.advance(timedelta(seconds=1))
    assert await post.run() == 1


async def test_a_chat_keeps_its_order_when_its_first_message_fails(post: Post) -> None:
    post.phones.errors = [AWAY]
    await post.put(decided("P-01"), "first")
    await post.put(decided("P-02"), "second")

    await post.run()

    assert post.phones.sent == []


async def test_one_chat_that_fails_stops_nobody_else(post: Post) -> None:
    await post.put(DIGEST, "digest")
    post.phones.errors = [AWAY]
    await post.put(DIGEST, "patient", to_patient=True)

    await post.run()

    assert len(post.phones.sent) == 1


async def test_what_fails_again_and_again_into_the_night_leaves_in_the_morning(post: Post) -> None:
    """An evening without network: each try moves when the row is due, so that it is never late by that."""
    night = QuietHours(time(22), time(8, 30))
    post.quiet = QuietTimes(night, night)
    await post.put(DIGEST, "digest")
    while post.clock.now() < datetime(2026, 11, 17, 21, 5, tzinfo=UTC):
        post.phones.errors = [AWAY]
        await post.run()
        post.clock.move_to(due_at(post, "digest"))

    post.phones.errors = []
    await post.run()
    assert post.phones.sent == []
    post.clock.move_to(datetime(2026, 11, 18, 7, 30, tzinfo=UTC))
    await post.run()

    assert post.phones.sent == [(100, DIGEST)]


def due_at(post: Post, key: str) -> datetime:
    return datetime.fromisoformat(str(post.row(key)["due_at"]))


class Full:
    """A post office that can write nothing down."""

    async def delivered(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        del tx, notice, person_id, at
        raise StoreUnavailableError("The disk is full.")

    async def undeliverable(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        await self.delivered(tx, notice, person_id, at)


async def test_what_left_and_cannot_be_marked_is_not_looked_for_at_once_for_ever(post: Post) -> None:
    looks: list[int] = []
    await post.put(DIGEST, "digest")
    async with Delivery(post.store, post.clock, post.phones, post.lost_one, [Full()], post.quiet) as delivery:
        delivery.chat_done = delivery.hand_free = lambda: looks.append(1)
        for _ in range(3):
            assert await delivery.run_due() == 1
            await delivery.idle()

    assert (len(post.phones.sent), looks) == (1, [])


class FullAtFirst(Full):
    """A post office where there is room again after the first try."""

    def __init__(self) -> None:
        self.tries = 0

    async def delivered(self, tx: Tx, notice: Notice, person_id: PersonId, at: datetime) -> None:
        self.tries += 1
        if self.tries == 1:
            await super().delivered(tx, notice, person_id, at)


async def test_a_question_that_was_seen_and_is_over_before_it_can_be_marked_is_sent_on_record(post: Post) -> None:
    async with post.store.transaction() as tx:
        check_in = await ask(tx, post.room, message_id=None)
    await post.put(Question(check_in.id), "question", to_patient=True, good_for=timedelta(hours=1))
    async with Delivery(post.store, post.clock, post.phones, post.lost_one, [FullAtFirst()], post.quiet) as delivery:
        await delivery.run_due()
        await delivery.idle()
        async with post.store.transaction() as tx:
            await tx.check_ins.save(replace(check_in, state=CheckInState.CLOSED, closes_at=None), post.clock.now())
        post.clock.advance(timedelta(hours=2))
        await delivery.run_due()
        await delivery.idle()

    row = post.row("question")
    assert (row["message_id"], row["last_error"], row["gave_up_at"]) == (101, None, None)
    assert len(post.phones.sent) == 1


async def test_a_reminder_of_what_is_over_does_not_leave(post: Post) -> None:
    async with post.store.transaction() as tx:
        check_in = await ask(tx, post.room, message_id=7)
        await tx.check_ins.save(replace(check_in, state=CheckInState.CLOSED, closes_at=None), post.clock.now())
    await post.put(Question(check_in.id, reminder=True), "reminder", to_patient=True)

    await post.run()

    assert post.phones.sent == []
    assert post.row("reminder")["last_error"] == "over before it left"


async def test_a_chat_that_is_gone_is_lost_once_and_kept_on_record(post: Post) -> None:
    post.phones.errors = [BLOCKED]
    await post.put(DIGEST, "digest", to_patient=True)

    await post.run()
    await post.run()

    assert [person.chat_id for person in post.lost] == [200]
    assert post.row("digest")["last_error"] == "bot was blocked"
    assert post.row("digest")["gave_up_at"] is not None


async def test_what_is_past_its_time_is_given_up_and_the_next_goes_on(post: Post) -> None:
    await post.put(decided("P-01"), "stale", good_for=timedelta(hours=1))
    await post.put(decided("P-02"), "fresh")
    post.clock.advance(timedelta(hours=1))

    await post.run()

    assert post.phones.sent == [(100, decided("P-02"))]
    assert post.row("stale")["last_error"] == "past its time"


async def test_a_fault_in_one_message_is_tried_again_and_told_without_its_words(post: Post) -> None:
    post.phones.errors = [ValueError("Fue muy deprisa")]
    await post.put(DIGEST, "digest")

    await post.run()

    assert post.row("digest")["last_error"] == "fault: ValueError"


async def test_a_new_question_takes_the_keyboard_off_the_one_before(post: Post) -> None:
    async with post.store.transaction() as tx:
        opened = await ask(tx, post.room, message_id=5)
    await post.put(Question(opened.id), "again", to_patient=True)

    await post.run()

    assert post.phones.retired == [5]
    async with post.store.reading() as tx:
        now = await tx.check_ins.get(opened.id)
    assert now is not None
    assert (now.message_id, now.shown, now.text_version) == (101, "understood", "es.1")


async def test_the_patient_hears_that_the_therapist_has_it_only_when_it_is_true(post: Post) -> None:
    async with post.store.transaction() as tx:
        patient = post.room.patient
        words_id = await tx.check_ins.add_words(patient.id, None, WordsKind.CRISIS, "…", Source(200, 1), NOW)
        concern_id = (await tx.concerns.open(patient.id, words_id, NOW)).id
    post.phones.errors = [AWAY]
    await post.put(CrisisRaised(concern_id, "P-07"), "crisis")
    await post.run()
    assert [row["key"] for row in rows(post.file, "SELECT key FROM outbox")] == ["crisis"]

    post.clock.advance(LONGEST_WAIT)
    await post.run()
    await post.run()

    assert post.phones.sent[-1] == (200, CrisisDelivered(patient.id, concern_id))


async def test_a_chat_that_telegram_holds_keeps_nobody_else_waiting(practice: Practice) -> None:
    ruiz = await practice.therapist(100)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    practice.telegram.fault = lambda method, params: (
        Fault.too_many_requests(600) if method == "sendMessage" and str(params["chat_id"]) == "100" else None
    )
    async with practice.bot.store.transaction() as tx:
        for key, chat_id in (("1", 100), ("2", 100), ("3", 101)):
            person = (await tx.people.visitor(chat_id)).person
            assert person is not None
            await tx.outbox.put(decided(f"P-{key}"), person.id, Urgency.BULK, practice.clock.now(), key)

    async with asyncio.timeout(30):
        await practice.settle()

    assert "P-3" in (gil.last().text or "")
    assert "P-1" not in (ruiz.last().text or "")

"""Two hundred patients in eight zones on a virtual clock: services, rows, schedule and delivery are real.

Only Telegram is missing: a fake stands at the `Messenger` port and notes who was sent what, and when.  The clock jumps
from one due row, or from one thing that somebody does, to the next.  Patients answer through the services.
"""

import heapq
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.app import _agenda, _forgetting, _supervision, _tick
from bot.clock import VirtualClock
from bot.config import Config, load
from bot.domain import timing
from bot.domain.check_in import face
from bot.domain.model import (
    Article,
    Called,
    CheckIn,
    CheckInId,
    PatientState,
    Person,
    PersonId,
    Role,
    Score,
    SessionId,
    SessionState,
    Step,
    Therapist,
    Urgency,
    Visitor,
)
from bot.domain.notices import Notice, Question
from bot.domain.post import Incoming, Receipt, Sent, Source
from bot.domain.recurrence import Recurrence
from bot.keys import new_keys
from bot.services.checkins import Tap
from bot.services.chores import Chore, Chores
from bot.services.delivery import Delivery, QuietTimes
from bot.services.faces import Faces
from bot.services.in_hand import InHand
from bot.terms import consent_terms
from bot.wiring import Services, make_services, open_store
from storage.database import Database
from tests.practice import lay_out

ZONES: Final = (
    "Europe/Madrid",
    "Atlantic/Canary",
    "America/Mexico_City",
    "America/Bogota",
    "America/Argentina/Buenos_Aires",
    "America/Santiago",
    "America/New_York",
    "Australia/Adelaide",
)
"""Both hemispheres, with and without summer time, and one that is half an hour off."""

PRACTICE: Final = ZoneInfo(ZONES[0])
BEGINS: Final = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
LENGTH: Final = timedelta(minutes=50)
A_MINUTE: Final = timedelta(minutes=1)
A_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Push:
    """Something that was sent."""

    person: PersonId
    notice: Notice
    at: datetime


@dataclass(frozen=True, slots=True)
class Somebody:
    """A patient of the simulation."""

    code: str
    chat_id: int
    person_id: PersonId
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Therapies:
    """How the patients are treated: so many of them without an end, the others in courses of so many sessions."""

    endless: int
    courses: Sequence[int]


class Post:
    """Stands at the `Messenger` port: notes what leaves, and lets whoever lives there hear of questions."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.pushes: list[Push] = []
        self.asked: Callable[[PersonId, Question], None] = lambda _person, _question: None

    async def deliver(self, to: Person, notice: Notice, _urgency: Urgency) -> Sent:
        self.pushes.append(Push(to.id, notice, self._clock.now()))
        if isinstance(notice, Question):
            self.asked(to.id, notice)
            return Sent(len(self.pushes), "understood", "es.1")
        return Sent(len(self.pushes))

    async def refresh(self, _to: Person, check_in: CheckIn) -> Sent:
        return Sent(check_in.message_id, face(check_in))

    async def retire(self, chat_id: int, message_id: int, urgency: Urgency) -> None:
        """Do nothing: nobody looks at keyboards here."""


@dataclass
class Year:
    """A practice of several therapists whose patients live their lives; `random` decides what they do."""

    clock: VirtualClock
    config: Config
    store: Database
    services: Services
    post: Post
    delivery: Delivery
    chores: Chores
    faces: Faces
    random: Random
    therapies: Therapies
    begin_within: timedelta
    look: Callable[[], Awaitable[datetime | None]]
    people: dict[PersonId, Somebody] = field(default_factory=dict)
    therapists: list[Therapist] = field(default_factory=list)
    pauses: dict[PersonId, tuple[datetime, datetime]] = field(default_factory=dict)
    did: Counter[str] = field(default_factory=Counter)
    put_off: Counter[int] = field(default_factory=Counter)
    _plans: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    _order: Any = field(default_factory=count)
    _receipts: Any = field(default_factory=lambda: count(1_000_000))

    def plan(self, at: datetime, what: Callable[[], Awaitable[None]]) -> None:
        """Let somebody do something then."""
        heapq.heappush(self._plans, (at, next(self._order), what))

    async def lives_until(self, end: datetime) -> None:
        """Jump from one due row, or from what somebody does, to the next."""
        due = await self.settled()
        while True:
            plans = [self._plans[0][0]] if self._plans else []
            at = min([*plans, *([due] if due else [])], default=end)
            if at > end:
                return
            self.clock.move_to(max(at, self.clock.now()))
            while self._plans and self._plans[0][0] <= self.clock.now():
                await heapq.heappop(self._plans)[2]()
            due = await self.settled()

    async def settled(self) -> datetime | None:
        """Do what is due now; return when the next thing is.

        Trap: what a look has begun may end, and write a row that is due, after the look has read when the next one is.
        """
        hands: Sequence[InHand[Any]] = (self.delivery, self.chores, self.faces)
        while True:
            ended = [one.ended for one in hands]
            due = await self.look()
            if not any(one.busy for one in hands) and ended == [one.ended for one in hands]:
                return due
            for one in hands:
                await one.idle()

    # People

    async def settles(self, therapists: int, patients: int) -> None:
        """Let everybody enrol, and let the sessions of a year be noted as series."""
        for number in range(therapists):
            await self._enrols(number, ZoneInfo(ZONES[number % len(ZONES)]))
        for number in range(patients):
            await self._begins(number, self.therapists[number % therapists], ZoneInfo(ZONES[number % len(ZONES)]))

    async def _enrols(self, number: int, zone: ZoneInfo) -> None:
        now, digest = self.clock.now(), self.config.digest
        voice = timing_voice(self.config, zone)
        async with self.store.transaction() as tx:
            person = await tx.people.remember(10_000 + number, voice)
            digest_at = timing.next_weekly(now, digest.weekday, digest.hour, zone)
            made = await tx.people.add_therapist(person, Called(f"T{number}", Article.NONE), digest_at, now)
            self.therapists.append(await tx.people.therapist(made))
            if not number:
                await tx.people.add_contact(person, Role.SUPERVISOR, Called("S", Article.NONE), now)

    async def _begins(self, number: int, therapist: Therapist, zone: ZoneInfo) -> None:
        now, terms = self.clock.now(), consent_terms(self.config)
        code, chat_id = f"P-{number:03}", 20_000 + number
        async with self.store.transaction() as tx:
            person = await tx.people.remember(chat_id, timing_voice(self.config, zone))
            patient = await tx.people.add_patient(code, therapist.id, now)
            assert patient is not None
            await tx.people.bind_patient(patient.id, person)
            await tx.people.set_patient_state(patient.id, PatientState.ACTIVE, now)
            await tx.people.add_consent(patient.id, terms.version, "0" * 64, "es", now, accepted=True)
        self.people[person] = Somebody(code, chat_id, person, zone)
        await self.services.series.note(therapist, code, self._rhythm(number), Receipt(next(self._receipts)))
        if self.random.random() < 0.1:
            self._plans_pause(person)

    def _rhythm(self, number: int) -> Recurrence:
        """Choose when a therapy begins, its weekday, its hour (in the evening too) and how long it goes on."""
        endless = number < self.therapies.endless
        days = 14 if endless else self.begin_within.days
        first = date(2026, 9, 2) + timedelta(days=self.random.randrange(days))
        at = time(self.random.randrange(8, 22), self.random.choice((0, 30)))
        every = (2 if number // len(ZONES) % 4 == 1 else 1) if endless else self.random.choice(EVERY)
        sessions = None if endless else self.random.choice(self.therapies.courses)
        return Recurrence(first, at, LENGTH, (first.weekday(),), every=every, count=sessions)

    def _plans_pause(self, person: PersonId) -> None:
        since = BEGINS + self.random.randrange(5, 40) * A_WEEK
        self.pauses[person] = since, since + 3 * A_WEEK
        self.plan(since, lambda: self._pauses(person, self.services.rights.pause))
        self.plan(since + 3 * A_WEEK, lambda: self._pauses(person, self.services.rights.resume))

    async def _pauses(self, person: PersonId, how: Callable[[Any], Awaitable[None]]) -> None:
        await how(await self.services.people.visitor(self.people[person].chat_id))
        self.did["pauses and returns"] += 1

    # What patients do with a question

    def is_asked(self, person: PersonId, question: Question) -> None:
        """Decide what becomes of a question; a reminder reaches those who had forgotten."""
        fate, now = self.random.random(), self.clock.now()
        if question.reminder:
            after = timedelta(hours=5)
        else:
            after = self.random.randrange(1, 180) * A_MINUTE if fate < 0.65 else timedelta(hours=26)
        if fate < 0.72:
            self.plan(now + after, lambda: self._answers(person, question.check_in_id))
        elif fate < 0.76:
            self.plan(now + A_MINUTE, lambda: self._does("declined", person, question.check_in_id))
        elif fate < 0.80 and not question.reminder:
            self.plan(now + A_MINUTE, lambda: self._does("put off", person, question.check_in_id))

    async def _answers(self, person: PersonId, check_in: CheckInId) -> None:
        visitor = await self.services.people.visitor(self.people[person].chat_id)
        level, verbs = self.random.randrange(5, 10), self.services.check_ins
        for step in (Step.UNDERSTOOD, Step.SENSE, Step.PENDING):
            value = Score(level + self.random.randrange(2) if step is not Step.PENDING else 2)
            await verbs.score(visitor, check_in, step, value, Receipt(next(self._receipts)))
        if self.random.random() < WRITES:
            await self._writes(visitor, self.people[person].chat_id)
            return
        last = await verbs.done(visitor, check_in, Step.REFLECTION, Receipt(next(self._receipts)))
        if last.tap is Tap.KEPT and last.check_in is not None:
            await verbs.shown(last.check_in, Sent(last.check_in.message_id, face(last.check_in)))
        self.did[f"answers {last.tap}"] += 1

    async def _writes(self, visitor: Visitor, chat_id: int) -> None:
        number = next(self._receipts)
        source, receipt = Source(chat_id, number), Receipt(number)
        await self.services.check_ins.typed(visitor, "Fue muy deprisa.", source, receipt, silently=True)
        self.did["wrote"] += 1

    async def _does(self, what: str, person: PersonId, check_in: CheckInId) -> None:
        visitor, receipt = (
            await self.services.people.visitor(self.people[person].chat_id),
            Receipt(next(self._receipts)),
        )
        if what == "declined":
            await self.services.check_ins.decline(visitor, check_in, receipt)
        else:
            await self.services.check_ins.later(visitor, check_in, Step.UNDERSTOOD, receipt)
            self.put_off[check_in] += 1
        self.did[what] += 1

    # What therapists do

    async def tidies(self) -> None:
        """Move or cancel a few sessions of the week to come, and do so again in a week."""
        now = self.clock.now()
        for therapist in self.therapists:
            async with self.store.reading() as tx:
                coming = await tx.sessions.between(therapist.id, now, now + A_WEEK)
            for one in coming:
                if one.state is SessionState.PLANNED and one.starts_at > now and not one.asked:
                    await self._changes(therapist, one.id, one.starts_at)
        self.plan(now + A_WEEK, self.tidies)

    async def _changes(self, therapist: Therapist, session: SessionId, starts_at: datetime) -> None:
        fate = self.random.random()
        if fate < 0.05:
            to = starts_at + timedelta(hours=self.random.choice((2, 26, 49)))
            await self.services.appointments.move(therapist, session, to, await self._receipt())
            self.did["moved"] += 1
        elif fate < 0.10:
            cancelled = SessionState.CANCELLED
            await self.services.appointments.call_off(therapist, session, cancelled, await self._receipt())
            self.did["cancelled"] += 1

    async def _receipt(self) -> Receipt:
        """Keep an update, so that what it asks for takes effect once."""
        key = f"simulated:{next(self._receipts)}"
        async with self.store.transaction() as tx:
            (lane,) = await tx.inbox.keep([Incoming(key, 1, "{}")], self.clock.now())
            (row,) = await tx.inbox.pending(lane, self.clock.now(), 1)
            receipt = Receipt(row.id)
            await tx.inbox.finish(row.id, self.clock.now())
        return receipt


EVERY: Final = (1, 1, 2, 4)
"""Weeks between two sessions of a patient whose therapy ends."""

WRITES: Final = 0.1
"""How often somebody who answers writes something too."""


def timing_voice(config: Config, zone: ZoneInfo) -> Any:
    """Return the practice's voice on somebody's clock."""
    voice = config.default_voice()
    return type(voice)(voice.language, voice.register, voice.form, zone)


@asynccontextmanager
async def simulated(folder: Path, seed: int, therapies: Therapies, begin_within: timedelta) -> AsyncIterator[Year]:
    """Put a practice together as `bot.app` does, without Telegram; courses begin within so long."""
    (folder / "config.toml").write_text(
        '[telegram]\ntoken = "1:x"\n[practice]\ncountry = "ES"\nsupervisor = true\n[backup]\nfolder = ""\n'
    )
    clock, config = VirtualClock(BEGINS), load(folder / "config.toml")
    lay_out(config.database.path)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(config, new_keys(), clock))
        services, post = make_services(config, store, clock), Post(clock)
        quiet = QuietTimes(config.check_in_times().quiet, config.therapist_quiet())
        posts = (services.escalation, services.disclosures)
        delivery = await stack.enter_async_context(Delivery(store, clock, post, services.reach.lost, posts, quiet))
        weekly = [_once_a_week(chore) for chore in _forgetting(config, services.retention)]
        others = [_agenda(config, services), *_supervision(config, services)]
        chores = await stack.enter_async_context(Chores(store, clock, [*weekly, *others]))
        intake: Any = SimpleNamespace(take_up=_nothing)
        telegram: Any = post
        showing = Faces(clock, telegram, services.check_ins.lagging, services.check_ins.shown)
        faces = await stack.enter_async_context(showing)
        tick = _tick(store, clock, services, delivery, chores, faces, intake)
        chance = Random(seed)  # noqa: S311 - what people do is no secret
        year = Year(
            clock, config, store, services, post, delivery, chores, faces, chance, therapies, begin_within, tick.run
        )
        post.asked = year.is_asked
        yield year


def _once_a_week(chore: Chore) -> Chore:
    """Look every Monday at what is old: daily it costs the processor a sixth of the year, and finds little."""
    return replace(chore, next_at=lambda after: timing.next_weekly(after, 0, 4, PRACTICE))


async def _nothing(_again: bool) -> None:  # noqa: FBT001 - as the intake takes it
    pass


def rests(push: Push, zone: ZoneInfo, hours: Sequence[time]) -> bool:
    """Say whether something was sent in the quiet hours of whoever got it."""
    local = push.at.astimezone(zone).time()
    return local >= hours[0] or local < hours[1]

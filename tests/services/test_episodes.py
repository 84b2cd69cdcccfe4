"""Any weeks, taps, corrections and restarts, through the services over real SQLite: what always holds of episodes."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.clock import VirtualClock
from bot.domain.alliance import Entry, Outcome, Rule, Rules, is_back
from bot.domain.episodes import LIVE_EPISODE, UNTALKED, Episode, EpisodeState, Event, Family
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import CheckInId, CheckInState, EpisodeId, InboxId, Item, Score
from bot.domain.post import Incoming, Receipt
from bot.services.alerts import Alerts
from bot.services.episodes import WORDS, Episodes
from storage.database import Database, Rooms
from storage.opening import prepare
from tests.storage.records import NOW, WEEK, Room, again, ask, furnish, new_ring, open_database, rows

NEVER_QUIET = QuietHours(time(0), time(0))
WORKING = WorkingHours(time(9), time(19))
THERAPIST = 100
RULES = Rules()

HIGH = st.tuples(st.integers(7, 10), st.integers(7, 10))
SCORES = HIGH | st.tuples(st.integers(0, 10), st.integers(0, 10))


class AnyTreatment(RuleBasedStateMachine):
    """One treatment, week after week; what the rows say after each step is checked by the invariants."""

    ring = new_ring()
    empty: ClassVar[bytes] = b""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "microchequeo.db"
        if not AnyTreatment.empty:
            prepare(self.path, self.ring)
            AnyTreatment.empty = self.path.read_bytes()
        self.path.write_bytes(self.empty)
        self.runner = asyncio.Runner()
        self.clock = VirtualClock(NOW)
        self.last: CheckInId | None = None
        self.closed: dict[EpisodeId, str] = {}
        self.receipts = 0
        self.rows: tuple[list[Episode], list[Entry]] | None = None
        self.store = self._opened()
        self.run(self._begin)

    def teardown(self) -> None:
        self.runner.run(self.store.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    def _opened(self) -> Database:
        return self.runner.run(open_database(self.path, self.ring).__aenter__())

    def run(self, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
        self.rows = None
        return self.runner.run(work(self.store))

    def change(self, work: Callable[[Rooms], Awaitable[Any]]) -> Any:
        async def changed(store: Database) -> Any:
            async with store.transaction() as tx:
                return await work(tx)

        return self.run(changed)

    def settle(self) -> None:
        async def settled(store: Database) -> None:
            await Alerts(store, self.clock, RULES, NEVER_QUIET, WORKING).settle_due()

        self.run(settled)

    async def _begin(self, store: Database) -> None:
        async with store.transaction() as tx:
            self.room: Room = await furnish(tx, therapist_chat=THERAPIST)

    # What happens

    @rule(scores=SCORES)
    def a_week_is_answered(self, scores: tuple[int, int]) -> None:
        standing = self.standing()
        self._week(CheckInState.DONE, scores)
        fell = standing is not None and standing - sum(scores) >= RULES.drop
        if fell:
            (fall,) = [one for one in self.live() if one.family is Family.FALL]
            assert (fall.state, fall.current_id) == (EpisodeState.OPEN, self.last)

    @rule(score=st.none() | st.integers(0, 10))
    def a_week_closes_without_an_answer(self, score: int | None) -> None:
        self._week(CheckInState.CLOSED, () if score is None else (score,))

    @rule()
    def a_week_is_declined(self) -> None:
        self._week(CheckInState.DECLINED, ())

    def _week(self, state: CheckInState, scores: tuple[int, ...]) -> None:
        self.clock.advance(WEEK)
        now = self.clock.now()

        async def asked(tx: Rooms) -> CheckInId:
            opened = await ask(tx, self.room, now)
            answered_at = now if len(scores) == 2 else None
            ended = replace(opened, state=state, closes_at=None, answered_at=answered_at, settles_at=now)
            await tx.check_ins.save(replace(ended, scores=given(scores)), now)
            return opened.id

        self.last = self.change(asked)
        self.settle()

    @precondition(lambda self: self.outcome() is Outcome.ANSWERED)
    @rule(scores=SCORES)
    def the_last_answer_is_corrected(self, scores: tuple[int, int]) -> None:
        async def corrected(tx: Rooms) -> None:
            assert self.last is not None
            current = await again(tx, self.last)
            now = self.clock.now()
            await tx.check_ins.save(replace(current, scores=given(scores), settles_at=now), now)

        self.change(corrected)
        self.settle()

    @precondition(lambda self: self.last is not None)
    @rule(cut=st.booleans())
    def the_connection_is_said_to_have_failed_or_not(self, *, cut: bool) -> None:
        async def noted(tx: Rooms) -> None:
            assert self.last is not None
            current = await again(tx, self.last)
            await tx.sessions.set_cut(current.session_id, cut=cut)
            await tx.check_ins.save(replace(current, settles_at=self.clock.now()), self.clock.now())

        self.change(noted)
        self.settle()

    @rule(word=st.sampled_from(WORDS), choice=st.integers(0, 50))
    def the_therapist_says_something(self, word: Event, choice: int) -> None:
        every = self.every()
        if not every:
            return
        episode, receipt = every[choice % len(every)], self._receipt()

        async def said(store: Database) -> Episode | None:
            async with store.reading() as tx:
                visitor = await tx.people.visitor(THERAPIST)
            service = Episodes(store, self.clock)
            first = await service.say(visitor, episode.id, word, receipt)
            assert await service.say(visitor, episode.id, word, receipt) == first
            return first

        now = self.run(said)
        if episode.live and word is Event.NOT_THAT:
            assert now.state is EpisodeState.FALSE_ALARM
        if episode.live and word is Event.TALKED:
            assert now.state is EpisodeState.TALKED

    @rule()
    def a_day_passes(self) -> None:
        self.clock.advance(timedelta(days=1))

        async def repeated(store: Database) -> None:
            await Alerts(store, self.clock, RULES, NEVER_QUIET, WORKING).repeat_due()

        before = self.pushes()
        seen = {one.id for one in self.every() if one.state is not EpisodeState.OPEN}
        self.run(repeated)
        assert seen.isdisjoint({one.id for one in self.every() if one.repeated_at == self.clock.now()})
        self.run(repeated)
        assert self.pushes() - before <= len(self.live())

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_last_check_in_is_looked_at_again(self) -> None:
        before = rows(self.path, "SELECT * FROM episodes"), rows(self.path, "SELECT * FROM alerts"), self.pushes()

        async def again_due(tx: Rooms) -> None:
            assert self.last is not None
            current = await again(tx, self.last)
            await tx.check_ins.save(replace(current, settles_at=self.clock.now()), self.clock.now())

        self.change(again_due)
        self.settle()
        self._restarted()
        self.settle()

        after = rows(self.path, "SELECT * FROM episodes"), rows(self.path, "SELECT * FROM alerts"), self.pushes()
        assert after == before

    def _restarted(self) -> None:
        self.runner.run(self.store.__aexit__(None, None, None))
        self.store = self._opened()

    def _receipt(self) -> Receipt:
        self.receipts += 1
        self.change(lambda tx: tx.inbox.keep([Incoming(f"tap {self.receipts}", THERAPIST, "{}")], self.clock.now()))
        return Receipt(InboxId(self.receipts))

    # What the rows say

    def read(self) -> tuple[list[Episode], list[Entry]]:
        """Return every episode and the course, read once after each change."""

        async def reading(store: Database) -> tuple[list[Episode], list[Entry]]:
            async with store.reading() as tx:
                episodes = await tx.alerts.episodes(self.room.patient.therapist_id, NOW)
                return list(episodes), list(await tx.courses.of_treatment(self.room.patient.treatment_id))

        found = self.rows or self.run(reading)
        self.rows = found
        return found

    def every(self) -> list[Episode]:
        return self.read()[0]

    def live(self) -> list[Episode]:
        return [one for one in self.every() if one.live]

    def course(self) -> list[Entry]:
        return self.read()[1]

    def outcome(self) -> Outcome | None:
        return self.course()[-1].outcome if self.last is not None else None

    def standing(self) -> int | None:
        answered = [entry for entry in self.course() if entry.outcome is Outcome.ANSWERED] if self.last else []
        return answered[-1].alliance if answered else None

    def pushes(self) -> int:
        return len(rows(self.path, "SELECT id FROM outbox WHERE kind = 'alert_raised'"))

    # What always holds

    @invariant()
    def there_is_one_live_episode_of_a_family_at_most(self) -> None:
        assert all(count == 1 for count in Counter(one.family for one in self.live()).values())

    @invariant()
    def what_was_closed_is_closed_for_good(self) -> None:
        every = {one.id: one for one in self.every()}
        for number, state in self.closed.items():
            assert every[number].state == state
        self.closed |= {number: one.state for number, one in every.items() if not one.live}

    @invariant()
    def an_alliance_that_is_back_leaves_nothing_open(self) -> None:
        course = self.course()
        if not course or course[-1].outcome is not Outcome.ANSWERED:
            return
        for one in self.live():
            assert one.family is not Family.SILENCE
            raised_now = one.current_id == course[-1].check_in_id
            one_item = one.rule is Rule.ITEM_DROP  # the sum alone does not bring it back
            back = one.level_before is not None and is_back(one.level_before, course[-1], RULES)
            assert raised_now or one_item or not back

    @invariant()
    def nothing_stays_untalked_for_more_than_two_answers(self) -> None:
        places = {entry.check_in_id: place for place, entry in enumerate(self.course())}
        for one in self.live():
            after = self.course()[places[one.current_id] + 1 :]
            answered = sum(entry.outcome is Outcome.ANSWERED for entry in after)
            assert answered < RULES.unrepaired_after or one.state not in UNTALKED or self._not_looked_at_anew(one)

    def _not_looked_at_anew(self, one: Episode) -> bool:
        """Say whether no answer has looked at it since a session that was cut, or was not, brought it back."""
        return one.current_id != self.last and self.outcome() is not Outcome.ANSWERED

    @invariant()
    def only_what_nobody_has_seen_is_pushed_again(self) -> None:
        waiting = rows(self.path, "SELECT state FROM episodes WHERE next_at IS NOT NULL")
        assert {row["state"] for row in waiting} <= {EpisodeState.OPEN}

    @invariant()
    def a_talk_and_an_end_have_their_instants(self) -> None:
        for one in self.every():
            assert (one.closed_at is None) is (one.state in LIVE_EPISODE)
            assert one.talked_at is not None or one.state is not EpisodeState.TALKED


def given(scores: tuple[int, ...]) -> dict[Item, Score]:
    return {item: Score(value) for item, value in zip(Item, scores, strict=False)}


TestAnyTreatment = AnyTreatment.TestCase
TestAnyTreatment.settings = settings(max_examples=10, stateful_step_count=12, deadline=None)

"""Answers out of order, sessions noted later as cut, corrections: what was judged before is looked at again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.domain.alliance import Rules
from bot.domain.episodes import Event
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import CheckInId, CheckInState, EpisodeId, InboxId, PatientState
from bot.domain.post import Incoming, Receipt
from bot.services.alerts import Alerts
from bot.services.digests import Digests
from bot.services.episodes import Episodes
from storage.database import Database
from storage.opening import prepare
from tests.services.test_episodes import given
from tests.storage.records import NOW, WEEK, Room, again, ask, furnish, new_ring, open_database, rows

THERAPIST = 100
FULL, LOW = (10, 10), (6, 6)


@dataclass
class Treatment:
    """One treatment over SQLite; sessions are counted from 1."""

    store: Database
    path: Path
    clock: VirtualClock
    room: Room
    asked: list[CheckInId]

    async def weeks(self, *scores: tuple[int, int] | None) -> None:
        """Let a session a week be asked about, and answered at once unless None."""
        for each in scores:
            self.clock.advance(WEEK)
            async with self.store.transaction() as tx:
                self.asked.append((await ask(tx, self.room, self.clock.now())).id)
            if each is not None:
                await self.answers(len(self.asked), each)

    async def answers(self, session: int, scores: tuple[int, int]) -> None:
        """Answer, or correct what was answered."""
        now = self.clock.now()
        async with self.store.transaction() as tx:
            current = await again(tx, self.asked[session - 1])
            done = replace(current, state=CheckInState.DONE, scores=given(scores), answered_at=now, closes_at=None)
            await tx.check_ins.save(replace(done, settles_at=now), now)
        await self.settle()

    async def connection(self, session: int, *, cut: bool) -> None:
        """Note that it failed, or that it did not."""
        now = self.clock.now()
        async with self.store.transaction() as tx:
            current = await again(tx, self.asked[session - 1])
            await tx.sessions.set_cut(current.session_id, cut=cut)
            await tx.check_ins.save(replace(current, settles_at=now), now)
        await self.settle()

    async def settle(self) -> None:
        await self._alerts().settle_due()

    async def a_day_passes(self) -> None:
        self.clock.advance(timedelta(days=1))
        await self._alerts().repeat_due()

    def _alerts(self) -> Alerts:
        quiet = QuietHours(time(0), time(0))
        return Alerts(self.store, self.clock, Rules(), quiet, WorkingHours(time(9), time(19)))

    async def says(self, word: Event) -> None:
        """Let the therapist say something about the newest episode."""
        async with self.store.transaction() as tx:
            await tx.inbox.keep([Incoming(f"tap {word}", THERAPIST, "{}")], self.clock.now())
        async with self.store.reading() as tx:
            visitor = await tx.people.visitor(THERAPIST)
        newest = EpisodeId(rows(self.path, "SELECT max(id) AS id FROM episodes")[0]["id"])
        receipt = Receipt(InboxId(rows(self.path, "SELECT max(id) AS id FROM inbox")[0]["id"]))
        assert await Episodes(self.store, self.clock).say(visitor, newest, word, receipt)

    async def followed(self) -> tuple[list[str], list[str]]:
        """Return the states of what /alertas lists, and of what the digest does."""
        async with self.store.reading() as tx:
            therapist = await tx.people.therapist(self.room.patient.therapist_id)
        _, live = await Episodes(self.store, self.clock).following(therapist)
        digests = Digests(self.store, self.clock, 6, 19, Rules())
        view = await digests.view(therapist, self.clock.now() - WEEK, self.clock.now())
        return [one.state for one in live], [one.state for one in view.to_open]

    @property
    def episodes(self) -> list[tuple[str, str, int]]:
        """Return rule, state and session of each episode."""
        found = rows(self.path, "SELECT rule, state, current_id FROM episodes ORDER BY id")
        return [(row["rule"], row["state"], self.asked.index(row["current_id"]) + 1) for row in found]

    @property
    def pushed(self) -> list[str]:
        """Return what was sent about alerts."""
        sent = "SELECT kind FROM outbox WHERE kind IN ('alert_raised', 'alert_withdrawn') ORDER BY id"
        return [row["kind"].removeprefix("alert_") for row in rows(self.path, sent)]


@pytest.fixture
async def treatment(tmp_path: Path) -> AsyncIterator[Treatment]:
    ring, path = new_ring(), tmp_path / "microchequeo.db"
    prepare(path, ring)
    async with open_database(path, ring) as store:
        async with store.transaction() as tx:
            room = await furnish(tx, therapist_chat=THERAPIST)
        yield Treatment(store, path, VirtualClock(NOW), room, [])


async def test_a_fall_that_a_cut_session_hid_is_told_once_that_is_noted(treatment: Treatment) -> None:
    await treatment.weeks(FULL, LOW, LOW)
    assert treatment.episodes == [("drop", "open", 2)]

    await treatment.connection(2, cut=True)

    assert treatment.episodes == [("drop", "withdrawn", 2), ("drop", "open", 3)]
    assert treatment.pushed == ["raised", "withdrawn", "raised"]


@pytest.mark.parametrize(
    ("weeks", "told"),
    [
        ([(10, 9), (4, 5), (5, 3), (4, 3)], [("drop", "unrepaired", 2)]),
        ([(9, 9), (9, 9), (4, 5), (4, 4), (4, 5)], [("drop", "unrepaired", 3)]),
        ([(9, 9), (9, 9), (9, 9), (8, 7), (8, 7), (5, 5), (8, 7)], [("drop", "repaired", 6)]),
        ([(10, 9), (4, 5), (5, 3), (4, 3), (3, 3)], [("drop", "unrepaired", 2), ("slide", "open", 5)]),
    ],
)
async def test_a_fall_that_ends_with_a_check_in_leaves_no_slide_behind_when_that_is_looked_at_again(
    treatment: Treatment, weeks: list[tuple[int, int]], told: list[tuple[str, str, int]]
) -> None:
    await treatment.weeks(*weeks)
    assert treatment.episodes == told

    await treatment.answers(len(weeks), weeks[-1])

    assert treatment.episodes == told


async def test_a_fall_is_told_also_where_the_answer_it_fell_from_comes_after_it(treatment: Treatment) -> None:
    await treatment.weeks(LOW, None, LOW)
    assert treatment.episodes == []

    await treatment.answers(2, FULL)

    assert treatment.episodes == [("drop", "open", 3)]
    assert treatment.pushed == ["raised"]


async def test_a_fall_that_comes_to_light_late_is_closed_by_the_answer_that_was_back(treatment: Treatment) -> None:
    await treatment.weeks(FULL, None, FULL)

    await treatment.answers(2, LOW)

    assert treatment.episodes == [("drop", "repaired", 2)]


async def test_a_fall_long_over_is_not_told_when_a_session_before_it_is_noted_as_cut(treatment: Treatment) -> None:
    await treatment.weeks(FULL, (9, 8), (8, 7), FULL)

    await treatment.connection(2, cut=True)

    assert treatment.episodes == [("drop", "repaired", 3)]
    assert treatment.pushed == []


async def test_answers_out_of_order_count_as_two_without_a_repair(treatment: Treatment) -> None:
    await treatment.weeks(FULL, LOW, None, LOW)

    await treatment.answers(3, LOW)

    assert treatment.episodes == [("drop", "unrepaired", 2)]


@pytest.mark.parametrize(("word", "state"), [(Event.TALKED, "talked"), (Event.SEEN, "open")])
async def test_a_further_fall_that_is_withdrawn_leaves_what_was_said_before(
    treatment: Treatment, word: Event, state: str
) -> None:
    await treatment.weeks(FULL, LOW)
    await treatment.says(word)
    await treatment.weeks((2, 2))
    assert treatment.episodes == [("drop", "open", 3)]

    await treatment.answers(3, LOW)
    await treatment.a_day_passes()

    assert treatment.episodes == [("drop", state, 2)]
    assert treatment.pushed == ["raised", "raised", "withdrawn"], "and nothing once more the next morning"


async def test_what_stays_open_of_a_patient_who_left_is_followed_until_it_is_seen(treatment: Treatment) -> None:
    await treatment.weeks(FULL, LOW)
    async with treatment.store.transaction() as tx:
        await tx.people.set_patient_state(treatment.room.patient.id, PatientState.LEFT, treatment.clock.now())
    assert await treatment.followed() == (["open"], ["open"]), "the last word of somebody who left is not lost"

    await treatment.says(Event.SEEN)

    assert await treatment.followed() == ([], []), "no answer will come, and there is no next session to talk"
    assert treatment.episodes == [("drop", "seen", 2)]

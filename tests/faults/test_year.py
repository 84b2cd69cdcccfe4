"""A practice lives for a year: two hundred patients in eight zones are asked what is due, once, never at night.

The promises are reckoned from the sessions as they took place in the end, without the bot's code (`life_model`).
`make test` lives a year in which two patients of each zone, one of them every other week, are in therapy all the time
and the others come a few times, from three sessions to six: a whole year of weekly sessions for everybody (more than
eight thousand questions) takes several minutes of the processor, and is lived by `make soak`, as are ten years in which
each patient has one course of ten, twenty or forty sessions.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Any, Final

import aiosqlite
import pytest

from bot.domain.notices import Question, WeeklyDigest
from bot.domain.notices_alerts import AlertRaised
from bot.domain.notices_reports import SupervisionReading
from tests.faults import life_model as model
from tests.faults import year as simulation
from tests.faults.year import BEGINS, ZONES, Push, Somebody, Therapies, Year

THERAPISTS: Final = 8
PATIENTS: Final = 200
A_YEAR: Final = timedelta(days=365)
LAST_WEEKS: Final = timedelta(weeks=4)
SOME: Final = Therapies(endless=2 * len(ZONES), courses=(3, 4, 5, 6))
ALL: Final = Therapies(endless=PATIENTS, courses=())
LONG: Final = Therapies(endless=0, courses=(10, 20, 40))

SEED: Final = 20260901

SESSIONS: Final = (
    "SELECT check_ins.id, person_id, ends_at, sessions.state, check_ins.state AS stands, next_at, answered_at "
    "FROM check_ins JOIN sessions ON sessions.id = session_id "
    "JOIN treatments ON treatments.id = treatment_id JOIN patients ON patients.id = patient_id"
)


async def _lived(folder: Path, seed: int, how_long: timedelta, patients: int, therapies: Therapies) -> str:
    """Live, hold every promise against what was sent, and say the figures."""
    async with simulation.simulated(folder, seed, therapies, how_long - LAST_WEEKS) as year:
        began = time.process_time()
        await year.settles(THERAPISTS, patients)
        year.plan(BEGINS + timedelta(days=1), year.tidies)
        known = Known(year)
        await known.noted()
        await year.lives_until(BEGINS + how_long)
        spent = time.process_time() - began
        rows = await known.rows()
        due = _asked_once_and_in_time(year, rows)
        reminders = _reminded_once(year)
        _nobody_at_night(year)
        _closed_in_time(year, rows)
        digests, readings = _told_once(year, how_long)
        alerts = _therapists_rest(year)
        stands = Counter(row["stands"] for row in rows)
        return (
            f"seed {seed}: {patients} patients, {how_long.days} days, {spent:.0f} s of CPU; {due} questions due and "
            f"asked, {reminders} reminders, {digests} digests, {readings} readings, {alerts} alerts; "
            f"{dict(stands)}; {dict(year.did)}"
        )


@dataclass
class Known:
    """Every check-in there ever was, as it stood last: what is old is deleted one day (`storage.retention`)."""

    year: Year
    seen: dict[int, dict[str, Any]] = field(default_factory=dict)

    async def noted(self) -> None:
        """Note them all, and do so again long before any of these is old."""
        await self._look()
        self.year.plan(self.year.clock.now() + A_YEAR / 2, self.noted)

    async def rows(self) -> list[dict[str, Any]]:
        """Return them, with what has been deleted."""
        await self._look()
        return list(self.seen.values())

    async def _look(self) -> None:
        async with aiosqlite.connect(f"file:{self.year.config.database.path}?mode=ro", uri=True) as db:
            db.row_factory = aiosqlite.Row
            for row in await db.execute_fetchall(SESSIONS):
                before = self.seen.get(row["id"])
                assert before is None or before["person_id"] == row["person_id"], "a number is given out once"
                self.seen[row["id"]] = dict(row)


def _questions(year: Year) -> list[tuple[Push, Question]]:
    return [(push, push.notice) for push in year.post.pushes if isinstance(push.notice, Question)]


def _asked_once_and_in_time(year: Year, rows: list[dict[str, Any]]) -> int:
    """Each session that took place is asked about once, a quarter of an hour later or as the night is over."""
    asked: dict[int, datetime] = {}
    for push, question in _questions(year):
        if not question.reminder:
            asked.setdefault(question.check_in_id, push.at)
    wanted = {
        row["id"]: due_at
        for row in rows
        if row["state"] == "planned"
        and (due_at := _due(row, year.people[row["person_id"]])) <= year.clock.now()
        and not _is_pausing(year, row["person_id"], due_at)
    }
    assert {number: at for number, at in asked.items() if number in wanted} == wanted
    called_off = {row["id"] for row in rows if row["state"] != "planned"}
    assert asked.keys() <= wanted.keys() | called_off
    again = Counter(question.check_in_id for _, question in _questions(year) if not question.reminder)
    assert {number for number, count in again.items() if count > 1 + year.put_off[number]} == set(), (
        "a question comes back once for each time that it was put off"
    )
    return len(wanted)


def _due(row: dict[str, Any], who: Somebody) -> datetime:
    return model.out_of_quiet(datetime.fromisoformat(row["ends_at"]) + model.DELAY, who.zone)


def _is_pausing(year: Year, person: Any, at: datetime) -> bool:
    since, until = year.pauses.get(person, (at + A_YEAR, at + A_YEAR))
    return since <= at < until


def _reminded_once(year: Year) -> int:
    """Nobody is reminded twice, and not before twenty hours have passed."""
    first = {question.check_in_id: push.at for push, question in reversed(_questions(year)) if not question.reminder}
    reminders = [(push, question) for push, question in _questions(year) if question.reminder]
    assert max(Counter(question.check_in_id for _, question in reminders).values()) == 1
    for push, question in reminders:
        zone = year.people[push.person].zone
        assert push.at == model.out_of_quiet(first[question.check_in_id] + model.REMINDER_AFTER, zone)
    return len(reminders)


def _nobody_at_night(year: Year) -> None:
    for push, _ in _questions(year):
        assert not model.is_quiet(push.at, year.people[push.person].zone)


def _closed_in_time(year: Year, rows: list[dict[str, Any]]) -> None:
    """Nothing stays open beyond its time, and whatever ended has nothing left to do."""
    now = year.clock.now()
    assert [row for row in rows if row["next_at"] and datetime.fromisoformat(row["next_at"]) < now] == []
    assert {row["stands"] for row in rows} <= {"planned", "open", "done", "declined", "closed", "cancelled", "skipped"}


def _told_once(year: Year, how_long: timedelta) -> tuple[int, int]:
    """Every therapist has a digest a week, on Sunday at seven by their clock; the supervisor a reading a month."""
    digests = [push for push in year.post.pushes if isinstance(push.notice, WeeklyDigest)]
    for therapist in year.therapists:
        mine = [push.at.astimezone(therapist.zone) for push in digests if push.person == therapist.person_id]
        assert {(at.weekday(), at.hour, at.minute) for at in mine} == {(6, 19, 0)}
        assert len(mine) == len({at.date() for at in mine}) == how_long // simulation.A_WEEK
    readings = [push.at.astimezone(simulation.PRACTICE) for push in year.post.pushes if _is_reading(push)]
    assert len(readings) == len({(at.year, at.month) for at in readings})
    assert {at.day for at in readings} == {1}
    return len(digests), len(readings)


def _therapists_rest(year: Year) -> int:
    """Alerts come, and none in the therapist's night."""
    zones = {therapist.person_id: therapist.zone for therapist in year.therapists}
    alerts = [push for push in year.post.pushes if isinstance(push.notice, AlertRaised)]
    hours = model.THERAPIST_QUIET_FROM, model.THERAPIST_QUIET_UNTIL
    assert [push for push in alerts if model.is_quiet(push.at, zones[push.person], *hours)] == []
    assert alerts
    return len(alerts)


def _is_reading(push: Push) -> bool:
    return isinstance(push.notice, SupervisionReading)


@pytest.mark.timeout(600)
def test_in_a_year_each_due_question_is_asked_once_and_none_at_night(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    measured(asyncio.run(_lived(tmp_path, SEED, A_YEAR, PATIENTS, SOME)))


@pytest.mark.soak
def test_in_a_year_of_weekly_sessions_each_due_question_is_asked_once_and_none_at_night(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    seed = SystemRandom().getrandbits(32)
    measured(f"seed {seed}")
    measured(asyncio.run(_lived(tmp_path, seed, A_YEAR, PATIENTS, ALL)))


@pytest.mark.soak
def test_in_ten_years_each_due_question_is_asked_once_and_none_at_night(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    seed = SystemRandom().getrandbits(32)
    measured(f"seed {seed}")
    measured(asyncio.run(_lived(tmp_path, seed, 10 * A_YEAR, PATIENTS, LONG)))

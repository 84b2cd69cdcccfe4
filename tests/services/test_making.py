"""The rows of series: what is to be made is found by one look, and a look that finds nothing costs nothing else."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import VirtualClock
from bot.config import load
from bot.domain import recurrence
from bot.domain.appointments import HORIZON
from bot.domain.model import Article, Called, InboxId
from bot.domain.post import Receipt
from bot.domain.recurrence import Recurrence
from bot.keys import new_keys
from bot.wiring import Services, make_services, open_store
from storage.database import Database
from tests.practice import lay_out

BEGINS = datetime(2026, 9, 28, 2, 20, tzinfo=UTC)
"""Some weeks before the clocks of Europe and America change."""

DAY = timedelta(days=1)
LENGTH = timedelta(minutes=50)

WEEKLY = Recurrence(date(2026, 9, 29), time(17), LENGTH, (1,))
TWICE = Recurrence(date(2026, 10, 1), time(2, 30), LENGTH, (3, 6), every=2)
RARELY = Recurrence(date(2026, 10, 2), time(9), LENGTH, (4,), every=12)
SOON_OVER = Recurrence(date(2026, 9, 30), time(8), LENGTH, (2,), count=11)
LATER = Recurrence(date(2027, 2, 1), time(20), LENGTH, (0,), until=date(2027, 3, 1))
SESSIONS = (
    "SELECT code, starts_at FROM sessions JOIN treatments ON treatments.id = treatment_id "
    "JOIN patients ON patients.id = patient_id ORDER BY code, starts_at"
)
RULES = (WEEKLY, TWICE, RARELY, SOON_OVER, LATER)


@asynccontextmanager
async def noted(folder: Path, zone: str) -> AsyncIterator[tuple[VirtualClock, Database, Services]]:
    """Open a store in which a therapist has noted a series for each of some patients."""
    (folder / "config.toml").write_text('[telegram]\ntoken = "1:x"\n[practice]\ncountry = "ES"\n')
    clock, config = VirtualClock(BEGINS), load(folder / "config.toml")
    lay_out(config.database.path)
    async with open_store(config, new_keys(), clock) as store:
        services = make_services(config, store, clock)
        voice = config.default_voice()
        async with store.transaction() as tx:
            person = await tx.people.remember(
                100, type(voice)(voice.language, voice.register, voice.form, ZoneInfo(zone))
            )
            made = await tx.people.add_therapist(person, Called("T", Article.NONE), BEGINS + 999 * DAY, BEGINS)
            therapist = await tx.people.therapist(made)
            for number in range(len(RULES)):
                await tx.people.add_patient(f"P-{number}", therapist.id, BEGINS)
        for number, rule in enumerate(RULES):
            await services.series.note(therapist, f"P-{number}", rule, Receipt(InboxId(number + 1)))
        yield clock, store, services


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Santiago", "Australia/Adelaide"])
async def test_the_sessions_of_eight_weeks_are_there_each_once_whatever_the_clocks_do(
    tmp_path: Path, zone: str
) -> None:
    async with noted(tmp_path, zone) as (clock, _, services):
        for _ in range(80):
            clock.advance(DAY)
            await services.series.make_due()

        there = _sessions(tmp_path)

    until = (clock.now() + HORIZON).astimezone(ZoneInfo(zone)).date()
    for number, rule in enumerate(RULES):
        spans = recurrence.spans(rule, ZoneInfo(zone), rule.first, until)
        assert there.get(f"P-{number}", []) == [one.starts_at for one in spans]


async def test_nothing_is_written_on_a_day_on_which_no_session_comes_into_sight(tmp_path: Path) -> None:
    async with noted(tmp_path, "America/Santiago") as (clock, _, services):
        written, made = [], []
        with _watched(tmp_path) as version:
            for _ in range(80):
                clock.advance(DAY)
                before = version()
                made.append(await services.series.make_due() > 0)
                written.append(version() != before)

    assert written == made
    assert 25 < sum(made) < 40


async def test_what_was_noted_is_looked_at_again_when_its_next_session_comes_into_sight(tmp_path: Path) -> None:
    async with noted(tmp_path, "Europe/Madrid") as (clock, store, _):

        async def waiting(day: date) -> list[Recurrence]:
            async with store.reading() as tx:
                return [one.rule for one in await tx.series.to_make(day)]

        sight = (clock.now() + HORIZON).date()
        assert await waiting(sight) == []
        assert await waiting(LATER.first - DAY) == [WEEKLY, TWICE, RARELY, SOON_OVER]
        assert await waiting(LATER.first) == list(RULES)


def test_a_series_without_an_end_has_a_next_day_and_one_that_is_over_has_none() -> None:
    assert recurrence.next_day(WEEKLY, date(2026, 9, 29)) == date(2026, 10, 6)
    assert recurrence.next_day(TWICE, date(2026, 10, 4)) == date(2026, 10, 15)
    assert recurrence.next_day(RARELY, date(2026, 10, 2)) == date(2026, 12, 25)
    assert recurrence.next_day(LATER, date(2026, 1, 1)) == date(2027, 2, 1)
    assert recurrence.next_day(LATER, date(2027, 3, 1)) is None
    assert recurrence.next_day(SOON_OVER, date(2026, 12, 9)) is None
    assert recurrence.next_day(replace(WEEKLY, first=date.max, weekdays=(4,)), date(2026, 1, 1)) == date.max


def _sessions(folder: Path) -> dict[str, list[datetime]]:
    """Return when the sessions of each patient begin."""
    found: dict[str, list[datetime]] = {}
    with closing(sqlite3.connect(folder / "data" / "microchequeo.db")) as db:
        for code, at in db.execute(SESSIONS):
            found.setdefault(code, []).append(datetime.fromisoformat(at))
    return found


@contextmanager
def _watched(folder: Path) -> Iterator[Callable[[], int]]:
    """Yield what says a number that is another one after anybody has written."""
    with closing(sqlite3.connect(folder / "data" / "microchequeo.db")) as db:
        yield lambda: int(db.execute("PRAGMA data_version").fetchone()[0])

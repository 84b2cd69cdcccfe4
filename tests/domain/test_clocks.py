"""A patient's whole week by the clocks, in four hundred places of the world, 2024–2030, at hours that may not exist.

Drawn with a seed that every failure names; `CLOCKS_SEED` draws others.
"""

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain import check_in as transitions
from bot.domain import timing
from bot.domain.hours import QuietHours
from bot.domain.instrument import THREE_ITEMS
from bot.domain.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    PatientId,
    PersonId,
    SessionId,
    Step,
    TreatmentId,
)
from bot.domain.recurrence import Recurrence, spans
from bot.domain.timing import CheckInTimes

SEED: Final = int(os.environ.get("CLOCKS_SEED", "20240915"))
PLACES: Final = 400
YEARS: Final = range(2024, 2031)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HALF_HOURS: Final = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
QUIET: Final = QuietHours(time(21, 30), time(8, 30))
TIMES: Final = CheckInTimes(15 * MINUTE, QUIET, 20 * HOUR, 72 * HOUR, 5 * MINUTE)
OWN: Final = (None, QuietHours(time(22), time(10)), QuietHours(time(0, 30), time(2, 30)), QuietHours(time(6), time(21)))


@dataclass(frozen=True, slots=True)
class Life:
    """Somebody's place, own quiet hours and weekly session, in weeks of which one may change the clock."""

    zone: ZoneInfo
    own: QuietHours | None
    rule: Recurrence

    @property
    def times(self) -> CheckInTimes:
        """Return the times that hold for this person."""
        return TIMES.resting(self.own)


def lives() -> Iterator[Life]:
    """Draw lives: every place once, each in every year, half of them around a change of its clock."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    names = sorted(available_timezones() - {"Factory", "localtime"})
    for name in chance.sample(names, PLACES):
        zone = ZoneInfo(name)
        for year in YEARS:
            yield _life(chance, zone, year)


def _life(chance: random.Random, zone: ZoneInfo, year: int) -> Life:
    days = [date(year, 1, 1) + number * DAY for number in range(360)]
    changing = [day for day in days if _offset(day, zone) != _offset(day + DAY, zone)]
    day = chance.choice(changing if changing and chance.random() < 0.5 else days)
    own = chance.choice((*OWN, QuietHours(chance.choice(HALF_HOURS), chance.choice(HALF_HOURS))))
    weekdays = tuple(sorted({day.weekday(), (day.weekday() + chance.randrange(7)) % 7}))
    length = chance.choice((30, 50, 90)) * MINUTE
    return Life(zone, own, Recurrence(day - 7 * DAY, chance.choice(HALF_HOURS), length, weekdays, count=5))


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, time(0), zone).utcoffset()


LIVES: Final = tuple(lives())


@pytest.fixture(autouse=True)
def seed() -> None:
    """Print the seed with every failure."""
    print(f"CLOCKS_SEED={SEED}, {len(LIVES)} lives in {PLACES} places")  # noqa: T201


def is_quiet(instant: datetime, life: Life) -> bool:
    return instant.astimezone(life.zone).time() in life.times.quiet


def test_nobody_is_asked_reminded_or_asked_again_in_their_quiet_hours_nor_before_the_session_ends() -> None:
    for life in LIVES:
        for occurrence in spans(life.rule, life.zone, date.min, date.max - DAY):
            asked_at = timing.due(occurrence.ends_at, life.times, life.zone)
            closes_at = timing.closing(asked_at, None, life.times)
            reminder = timing.reminder(asked_at, closes_at, life.times, life.zone)
            again = timing.asked_again(asked_at, closes_at, life.times, life.zone)

            written = [at for at in (asked_at, reminder, again) if at is not None]
            assert not any(is_quiet(at, life) for at in written), (life, occurrence)
            assert min(written) >= occurrence.ends_at + TIMES.delay, (life, occurrence)
            assert max(written) < closes_at, (life, occurrence)


def test_a_series_keeps_its_hour_on_the_wall_and_each_day_has_one_session_and_one_question() -> None:
    for life in LIVES:
        made = spans(life.rule, life.zone, date.min, date.max - DAY)
        starts = [occurrence.starts_at for occurrence in made]

        assert len({occurrence.on for occurrence in made}) == len(set(starts)) == len(made) == 5, life
        assert starts == sorted(starts), life
        for occurrence in made:
            assert on_the_wall(occurrence.on, life), (life, occurrence)


def on_the_wall(on: date, life: Life) -> bool:
    """Say whether the session begins at its hour, or where that hour is missing, as much later as the clock jumps."""
    wall = datetime.combine(on, life.rule.at)
    at = timing.to_utc(wall, life.zone)
    shown = at.astimezone(life.zone).replace(tzinfo=None)
    before, after = (wall.replace(tzinfo=life.zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    missing = max(after - before, timedelta(0))
    return shown == wall + missing and at.astimezone(life.zone).fold == 0


def test_an_hour_that_does_not_exist_or_exists_twice_is_one_instant() -> None:
    odd = 0
    for life in LIVES:
        for occurrence in spans(life.rule, life.zone, date.min, date.max - DAY):
            for at in HALF_HOURS[:8]:
                wall = datetime.combine(occurrence.on, at)
                first, second = (wall.replace(tzinfo=life.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
                odd += first != second
                assert timing.to_utc(wall, life.zone) == first, (life, wall)

    assert odd > 100, "hours that are missing or double were among them"


def test_moving_elsewhere_or_resting_otherwise_never_asks_early_nor_at_night() -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    for before, after in zip(LIVES, chance.sample(LIVES, len(LIVES)), strict=True):
        occurrence = spans(before.rule, before.zone, date.min, date.max - DAY)[0]
        due_at = timing.due(occurrence.ends_at, before.times, before.zone)
        now = occurrence.starts_at + chance.random() * (due_at - occurrence.starts_at)
        planned = transitions.replanned(_planned(occurrence.ends_at, due_at), now, after.times, after.zone)
        asked_at = max(now, due_at)
        open_ = transitions.replanned(_open(occurrence.ends_at, asked_at, before), asked_at, after.times, after.zone)

        assert planned.state is CheckInState.PLANNED
        assert planned.due_at is not None
        assert planned.due_at >= max(now, occurrence.ends_at + TIMES.delay), (before, after)
        assert planned.due_at == now or not is_quiet(planned.due_at, after), (before, after)
        assert (open_.asked_at, open_.closes_at) == (asked_at, asked_at + TIMES.expires_after)
        assert open_.remind_at is None or not is_quiet(open_.remind_at, after), (before, after)
        assert open_.remind_at is None or open_.remind_at >= asked_at + TIMES.reminder_after, (before, after)


def test_moving_elsewhere_or_resting_otherwise_asks_and_reminds_once_whenever_and_however_often() -> None:
    """Play each life from the session's end to the closing; meanwhile its person moves or rests otherwise six times."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    for before in LIVES:
        occurrence = spans(before.rule, before.zone, date.min, date.max - DAY)[0]
        due_at = timing.due(occurrence.ends_at, before.times, before.zone)
        changes = sorted(occurrence.starts_at + chance.random() * 5 * DAY for _ in range(6))
        asked, reminded = _played(
            _planned(occurrence.ends_at, due_at), before, zip(changes, chance.sample(LIVES, 6), strict=True)
        )

        assert len(asked) == 1, before
        assert len(reminded) <= 1, before
        assert all(at > asked[0] for at in reminded), before
        assert asked[0] >= occurrence.ends_at + TIMES.delay, before


def _played(
    check_in: CheckIn, life: Life, changes: Iterable[tuple[datetime, Life]]
) -> tuple[list[datetime], list[datetime]]:
    """Let a check-in take its course, planned anew with each change; return when it was asked and when reminded."""
    asked: list[datetime] = []
    reminded: list[datetime] = []
    for until, other in [*changes, (datetime.max.replace(tzinfo=UTC), life)]:
        while (at := transitions.next_at(check_in)) is not None and at <= until:
            if check_in.state is CheckInState.PLANNED:
                asked.append(at)
                check_in = _open(check_in.session_ends_at, at, life)
            elif check_in.remind_at == at:
                reminded.append(at)
                check_in = replace(check_in, remind_at=None)
            else:
                check_in = transitions.closed(check_in)
        life = other
        check_in = transitions.replanned(check_in, until, life.times, life.zone)
    return asked, reminded


def test_what_is_over_is_never_planned_again() -> None:
    over = [state for state in CheckInState if state not in (CheckInState.PLANNED, CheckInState.OPEN)]
    for life in LIVES[: len(over) * 50]:
        occurrence = spans(life.rule, life.zone, date.min, date.max - DAY)[0]
        for state in over:
            check_in = replace(_open(occurrence.ends_at, occurrence.ends_at + HOUR, life), state=state)
            assert transitions.replanned(check_in, occurrence.ends_at, life.times, life.zone) == check_in


def _planned(ends_at: datetime, due_at: datetime) -> CheckIn:
    return CheckIn(
        CheckInId(1),
        SessionId(1),
        TreatmentId(1),
        PatientId(1),
        PersonId(1),
        CheckInState.PLANNED,
        Step.UNDERSTOOD,
        THREE_ITEMS,
        {},
        ends_at,
        due_at=due_at,
    )


def _open(ends_at: datetime, asked_at: datetime, life: Life) -> CheckIn:
    closes_at = timing.closing(asked_at, None, TIMES)
    remind_at = timing.reminder(asked_at, closes_at, life.times, life.zone)
    one = replace(_planned(ends_at, asked_at), state=CheckInState.OPEN)
    return replace(one, asked_at=asked_at, closes_at=closes_at, remind_at=remind_at, shown="understood")

"""A supervisor reads sums of a team: nothing about few people, and nothing that could be subtracted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alliance import Entry, Outcome, Rule
from bot.domain.episodes import Episode, EpisodeState, Family
from bot.domain.model import (
    CheckInId,
    CheckInLine,
    CheckInState,
    EpisodeId,
    Item,
    PatientId,
    Points,
    Score,
    TherapistId,
    TreatmentId,
)
from bot.domain.supervision import Caseload, Reading, Tally, bounds, month_before, next_reading, reading

MADRID = ZoneInfo("Europe/Madrid")
NOVEMBER = date(2026, 11, 1)
TENTH = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)
DONE, DECLINED, CLOSED = CheckInState.DONE, CheckInState.DECLINED, CheckInState.CLOSED


def line(patient: int, week: int = 0, state: CheckInState = DONE, alliance: int | None = 18) -> CheckInLine:
    return CheckInLine(
        CheckInId(100 * patient + week),
        PatientId(patient),
        f"P-{patient:02}",
        state,
        TENTH + timedelta(weeks=week),
        Points(alliance) if state is DONE and alliance is not None else None,
        None,
        has_words=False,
    )


def entry(line: CheckInLine) -> Entry:
    sums = line.alliance
    scores = {} if sums is None else {Item.UNDERSTOOD: Score(sums // 2), Item.SENSE: Score(sums - sums // 2)}
    return Entry(line.id, line.session_ends_at, Outcome.ANSWERED if scores else Outcome.UNANSWERED, scores)


def episode(patient: int, state: EpisodeState, opened: int = 0, closed: int | None = None) -> Episode:
    return Episode(
        EpisodeId(patient),
        TreatmentId(patient),
        TherapistId(1),
        f"P-{patient:02}",
        Rule.DROP,
        Family.FALL,
        state,
        CheckInId(100 * patient - 1),
        CheckInId(100 * patient),
        Points(18),
        TENTH + timedelta(days=opened),
        closed_at=None if closed is None else TENTH + timedelta(days=closed),
    )


def caseload(therapist: int, lines: Sequence[CheckInLine], episodes: Sequence[Episode] = ()) -> Caseload:
    courses: dict[TreatmentId, list[Entry]] = {}
    for one in sorted(lines, key=lambda each: each.session_ends_at):
        courses.setdefault(TreatmentId(one.patient_id), []).append(entry(one))
    return Caseload(TherapistId(therapist), lines, courses, episodes)


def of_team(lines: Sequence[CheckInLine], episodes: Sequence[Episode] = ()) -> Reading:
    """Read November of a team in which the patients with even numbers are one therapist's."""
    halves = [[one for one in lines if one.patient_id % 2 == half] for half in (0, 1)]
    loads = [caseload(number, half) for number, half in enumerate(halves, start=1)]
    return reading(NOVEMBER, MADRID, [*loads, caseload(3, [], episodes)])


def test_a_month_of_a_team_is_counted() -> None:
    view = of_team([*map(line, range(1, 11)), *(line(one, 1, CLOSED) for one in range(1, 6))])

    assert (view.therapists, view.patients, view.sessions) == (2, 10, 15)
    assert [part.told for part in view.parts] == [10, 0, 5]
    assert not view.too_small


def test_sessions_of_another_month_are_not_in_it() -> None:
    view = of_team([*map(line, range(1, 11)), line(1, -2), line(1, 3)])

    assert view.sessions == 10


@pytest.mark.parametrize("state", [CheckInState.OPEN, CheckInState.STOPPED, CheckInState.NO_SESSION])
def test_what_says_nothing_or_is_still_open_is_not_in_it(state: CheckInState) -> None:
    assert of_team([*map(line, range(1, 11)), line(11, 0, state)]).sessions == 10


@pytest.mark.parametrize(("patients", "small"), [(4, True), (5, False)])
def test_fewer_than_five_patients_are_not_shown(patients: int, small: bool) -> None:  # noqa: FBT001 - a column
    assert of_team([line(one) for one in range(1, patients + 1)]).too_small is small


def test_the_patients_of_one_therapist_are_not_shown_however_many() -> None:
    assert of_team([line(one) for one in range(2, 42, 2)]).too_small


def test_a_month_without_questions_is_empty() -> None:
    assert of_team([line(1, -2)]).empty


def test_small_parts_are_put_together_first() -> None:
    lines = [*map(line, range(1, 11))]
    lines += [line(one, 1, DECLINED) for one in (1, 2, 3)] + [line(one, 1, CLOSED) for one in (4, 5)]

    assert [part.told for part in of_team(lines).parts] == [10, 5]


def test_what_could_be_subtracted_is_not_divided_at_all() -> None:
    view = of_team([*map(line, range(1, 11)), line(1, 1, DECLINED)])

    assert view.parts == ()
    assert view.attunement is None, "its share would tell how many answered"


def test_attunement_is_high_and_not_falling() -> None:
    lines = [line(one, week, DONE, sums) for one in range(1, 11) for week, sums in enumerate([18, 20, 19])]

    assert of_team(lines).attunement == Tally(20, 10)


def test_rising_below_nine_is_no_attunement() -> None:
    lines = [line(one, week, DONE, sums) for one in range(1, 11) for week, sums in enumerate([10, 17])]

    assert of_team(lines).attunement == Tally(0, 0)


def test_attunement_that_only_a_few_lack_is_not_told() -> None:
    assert of_team([*map(line, range(1, 11)), line(1, 1, DONE, 12)]).attunement is None


def test_falls_and_what_became_of_them_stand_each_for_itself() -> None:
    repaired = [episode(one, EpisodeState.REPAIRED, opened=-20, closed=one) for one in range(1, 6)]
    opened = [episode(one, EpisodeState.OPEN) for one in range(6, 9)]

    view = of_team([*map(line, range(1, 11))], [*repaired, *opened, episode(9, EpisodeState.WITHDRAWN, 0, 1)])

    assert (view.dropped.told, view.repaired.told, view.unrepaired.told) == (None, 5, 0)
    assert view.dropped.count == 3, "found this month; the repaired ones were found before"


def test_the_time_until_repair_is_a_median_of_days_and_answered_sessions() -> None:
    lines = [line(one, week) for one in range(1, 6) for week in range(2)]
    repaired = [episode(one, EpisodeState.REPAIRED, opened=0, closed=6 + one) for one in range(1, 6)]

    view = of_team(lines, repaired)

    assert (view.days, view.sessions_until) == (9, 1)


def test_the_time_until_few_repairs_is_not_told() -> None:
    assert of_team([*map(line, range(1, 11))], [episode(1, EpisodeState.REPAIRED, 0, 7)]).days is None


@pytest.mark.parametrize(("patients", "told"), [(0, 0), (4, None), (5, 6)])
def test_markers_are_counted_unless_they_are_about_few_patients(patients: int, told: int | None) -> None:
    lines = [*map(line, range(1, 11))]
    noted = [TreatmentId(one) for one in (*range(1, patients + 1), 1)][: patients and patients + 1]
    loads = [replace(caseload(1, lines[:5]), markers=noted), caseload(2, lines[5:])]

    assert reading(NOVEMBER, MADRID, loads).markers.told == told


def test_silence_is_no_fall() -> None:
    silences = [
        Episode(
            EpisodeId(one),
            TreatmentId(one),
            TherapistId(1),
            "P",
            Rule.SILENCE,
            Family.SILENCE,
            EpisodeState.OPEN,
            None,
            CheckInId(100 * one),
            None,
            TENTH,
        )
        for one in range(1, 9)
    ]

    assert of_team([*map(line, range(1, 11))], silences).dropped.count == 0


WEEKS = st.lists(st.tuples(st.integers(1, 12), st.sampled_from([DONE, DECLINED, CLOSED]), st.integers(0, 20)))


@given(WEEKS)
def test_nothing_that_is_told_or_can_be_subtracted_is_about_one_to_four_patients(
    weeks: list[tuple[int, CheckInState, int]],
) -> None:
    lines = [line(patient, number % 3, state, sums) for number, (patient, state, sums) in enumerate(weeks)]
    view = of_team(lines)

    shown = [*view.parts, *([view.attunement] if view.attunement else [])]

    assert all(part.patients not in range(1, 5) for part in shown)
    assert not view.parts or sum(part.count for part in view.parts) == view.sessions
    if view.attunement:
        assert view.unattuned.patients not in range(1, 5)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)),
        (datetime(2026, 12, 1, 17, 59, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)),
        (datetime(2026, 12, 1, 18, tzinfo=UTC), datetime(2027, 1, 1, 18, tzinfo=UTC)),
        (datetime(2027, 3, 31, 23, tzinfo=UTC), datetime(2027, 4, 1, 17, tzinfo=UTC)),
    ],
    ids=str,
)
def test_the_reading_is_due_on_the_first_day_of_the_month_on_the_practices_clock(now: datetime, due: datetime) -> None:
    assert next_reading(now, 19, MADRID) == due


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 12, 1, 18, tzinfo=UTC), NOVEMBER),
        (datetime(2026, 12, 9, 3, tzinfo=UTC), NOVEMBER),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), NOVEMBER),
        (datetime(2027, 1, 1, 18, tzinfo=UTC), date(2026, 12, 1)),
    ],
    ids=str,
)
def test_the_month_that_is_read_ended_last(now: datetime, month: date) -> None:
    assert month_before(now, MADRID) == month


def test_a_month_ends_where_the_next_begins_on_the_local_clock() -> None:
    assert bounds(NOVEMBER, MADRID) == (
        datetime(2026, 10, 31, 23, tzinfo=UTC),
        datetime(2026, 11, 30, 23, tzinfo=UTC),
    )

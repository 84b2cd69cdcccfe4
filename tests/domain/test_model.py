"""A value that exists is valid."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import QuietHours
from bot.domain.instrument import ALLIANCE, THREE_ITEMS, TWO_ITEMS
from bot.domain.model import (
    Article,
    Called,
    CheckInId,
    Item,
    Patient,
    PatientId,
    PatientState,
    Rating,
    Score,
    Step,
    TherapistId,
    TreatmentId,
    Visitor,
)


@pytest.mark.parametrize("value", range(11))
def test_each_number_from_0_to_10_is_a_score(value: int) -> None:
    assert Score(value) == value


@given(st.integers().filter(lambda value: not 0 <= value <= 10))
def test_no_other_number_is_a_score(value: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 10"):
        Score(value)


@pytest.mark.parametrize("value", [11, -1])
def test_just_beyond_the_ends_there_is_no_score(value: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 10"):
        Score(value)


@pytest.mark.parametrize(
    ("quiet", "inside", "outside"),
    [
        ((time(22), time(9)), ["22:00", "23:59", "00:00", "08:59"], ["09:00", "12:00", "21:59"]),
        ((time(13), time(15, 30)), ["13:00", "15:29"], ["12:59", "15:30", "00:00"]),
        ((time(0), time(9)), ["00:00", "08:59"], ["09:00", "23:59"]),
        ((time(22), time(0)), ["22:00", "23:59"], ["00:00", "21:59"]),
        ((time(9), time(9)), [], ["08:59", "09:00", "00:00"]),
        ((time(0), time(0)), [], ["00:00", "12:00"]),
    ],
)
def test_quiet_hours_may_cross_midnight_and_equal_ends_mean_none(
    quiet: tuple[time, time], inside: list[str], outside: list[str]
) -> None:
    hours = QuietHours(*quiet)

    assert [text for text in inside + outside if time.fromisoformat(text) in hours] == inside


@given(st.times(), st.times(), st.times())
def test_of_two_spans_that_share_their_ends_one_holds_each_time(one: time, other: time, local: time) -> None:
    if one != other:
        assert (local in QuietHours(one, other)) is not (local in QuietHours(other, one))


def test_the_alliance_is_the_sum_of_its_two_items_without_what_is_pending() -> None:
    scores = {Item.UNDERSTOOD: Score(7), Item.SENSE: Score(8), Item.PENDING: Score(10)}

    assert Rating(CheckInId(1), datetime(2026, 11, 17, tzinfo=UTC), scores).alliance == 15


def test_every_item_is_a_step_and_both_forms_ask_the_alliance_first() -> None:
    assert {Step(item) for item in Item} <= set(Step)
    assert THREE_ITEMS[:2] == TWO_ITEMS == ALLIANCE


def patient(code: str, state: PatientState) -> Patient:
    called = Called("Dra. Ruiz", Article.LA)
    return Patient(PatientId(len(code)), code, state, TreatmentId(1), TherapistId(1), called, None)


def test_an_account_answers_as_the_patient_in_treatment() -> None:
    gone, here = patient("P-07", PatientState.PAUSED), patient("P-8", PatientState.ACTIVE)

    assert Visitor(200, patients=(gone, here)).patient == here
    assert Visitor(200, patients=(gone,)).patient == gone
    assert Visitor(200).patient is None


def test_values_do_not_change_under_those_who_hold_them() -> None:
    called = Called("Dra. Ruiz", Article.LA)

    with pytest.raises(FrozenInstanceError):
        called.name = "Dr. Gil"  # type: ignore[misc]
    assert replace(called, name="Dra. Gil").name == "Dra. Gil"

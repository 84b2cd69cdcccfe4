"""Intervals against published values, and against patients whose sessions resemble each other."""

from random import Random

import pytest

from bot.evidence.intervals import byar, design_effect, per_session, per_year, wilson


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombes_table(found: int, of: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17, 1998, 857–872, table I, method 3."""
    assert wilson(found, of) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_byars_interval_is_near_the_exact_one(found: int, low: float, high: float) -> None:
    """The exact ones are half the quantiles of chi-square (Garwood 1936; Breslow & Day 1987, table 2.10)."""
    assert byar(found) == pytest.approx((low, high), abs=0.1)


def test_patients_who_are_alike_leave_the_interval_as_it_is() -> None:
    estimate = per_session([1] * 100, [10] * 100)

    assert (estimate.low, estimate.high) == wilson(100, 1000)


def test_when_all_alerts_are_those_of_a_few_the_interval_is_wider() -> None:
    few = per_session([10] * 10 + [0] * 90, [10] * 100)

    assert (few.low, few.high) == pytest.approx(wilson(10, 100), abs=0.001)  # as if each patient were one session


def test_one_patient_has_no_scatter() -> None:
    assert design_effect([3], [10], 2.1) == 1.0


def test_no_alert_is_no_proof_that_there_is_none() -> None:
    assert per_session([0] * 5, [4] * 5).high == pytest.approx(0.1611, abs=0.0001)


def test_a_rate_per_year_has_the_unit_of_the_years() -> None:
    estimate = per_year([1] * 10, [0.5] * 10)

    assert estimate is not None
    assert (estimate.rate, estimate.low, estimate.high) == pytest.approx((2.0, 4.795 / 5, 18.39 / 5), abs=0.01)


def test_without_time_there_is_no_rate_per_year() -> None:
    assert per_year([1], [0.0]) is None


def test_the_interval_holds_the_truth_as_often_as_it_says_where_patients_differ() -> None:
    """Forty patients with twelve sessions each, whose own rate lies anywhere around one in ten (beta 0.5, 4.5)."""
    chance = Random(1)  # noqa: S311
    sessions, samples = [12] * 40, 400
    holds = naive = 0
    for _ in range(samples):
        own = [chance.betavariate(0.5, 4.5) for _ in sessions]
        alerts = [sum(chance.random() < rate for _ in range(12)) for rate in own]
        estimate, (low, high) = per_session(alerts, sessions), wilson(sum(alerts), 480)
        holds += estimate.low <= 0.1 <= estimate.high
        naive += low <= 0.1 <= high

    assert holds / samples > 0.9
    assert naive / samples < 0.85

"""The rules of the bot, let loose on made-up patients, give the figures of FIELD 3.4 within sampling error."""

import pytest

from bot.domain.alliance import Outcome, Rule, Rules
from bot.evidence import published, trials
from bot.evidence.counting import PUSHES
from bot.evidence.generator import FALL, REPAIRED, SCENARIOS, SLIDE, STABLE, Change, Shape, courses
from bot.evidence.published import Compared
from bot.evidence.run import Run

RUN = Run(patients=1_000)
FEW = Run(patients=300)


def test_the_table_of_field_is_reproduced() -> None:
    table = published.table(RUN)

    figures = [one for row in table.values() for one in row]
    assert len(figures) == 52
    assert [f"{one.name}: {one.ours:.2f}, not {one.published}" for one in figures if not one.agrees] == []


def test_the_sensitivities_of_field_are_reproduced() -> None:
    figures = published.sensitivities(RUN)

    assert len(figures) == 8
    assert [f"{one.name}: {one.ours:.1f}, not {one.published}" for one in figures if not one.agrees] == []


def test_agreement_is_no_matter_of_course() -> None:
    """A thousand patients tell FIELD's scenarios apart: its four columns do not agree with each other's patients."""
    mistaken = published._compared(SCENARIOS[0], 2, Run(patients=1_000, missing=0.0))

    assert sum(not one.agrees for one in mistaken.values()) >= 8


def test_figures_agree_within_three_errors_and_half_of_the_last_digit() -> None:
    assert Compared("", 8.2 + 0.35 - 1e-9, 0.1, 0, "8.2").agrees
    assert not Compared("", 8.2 + 0.35 + 1e-9, 0.1, 0, "8.2").agrees
    assert Compared("", 57 + 0.8 - 1e-9, 0.1, 0, "57").agrees


def test_the_same_seed_makes_the_same_patients_and_another_others() -> None:
    first, again, other = (list(courses(SCENARIOS[0], run)) for run in (FEW, FEW, Run(patients=300, seed=9)))

    assert first == again
    assert first != other


def test_a_change_changes_nothing_before_it_begins() -> None:
    stable, fallen = (list(courses(SCENARIOS[0], FEW, change)) for change in (STABLE, FALL))

    assert [one[: FEW.begins] for one in stable] == [one[: FEW.begins] for one in fallen]
    assert [one[FEW.begins] for one in stable] != [one[FEW.begins] for one in fallen]


@pytest.mark.parametrize(
    ("change", "lowers"),
    [
        (STABLE, [0, 0, 0, 0, 0]),
        (Change(Shape.ABRUPT, 2), [2, 2, 2, 2, 2]),
        (SLIDE, [0.75, 1.5, 2.25, 3, 3]),
        (REPAIRED, [3, 1.5, 0, 0, 0]),
    ],
)
def test_the_shapes_of_changes(change: Change, lowers: list[float]) -> None:
    assert [change.lowers(since) for since in range(5)] == lowers


def test_answers_are_missing_as_often_as_asked() -> None:
    entries = [entry for one in courses(SCENARIOS[0], Run(patients=1_000, missing=0.2)) for entry in one]

    silent = sum(entry.outcome is Outcome.UNANSWERED for entry in entries)
    assert silent / len(entries) == pytest.approx(0.2, abs=3 * (0.2 * 0.8 / 12_000) ** 0.5)


def test_what_happened_is_found_more_often_than_nothing_is() -> None:
    found = {
        change: trials.detections(SCENARIOS[0], FEW, change, Rules()) for change in (STABLE, FALL, SLIDE, REPAIRED)
    }

    for row in (Rule.DROP, Rule.SLIDE, PUSHES):
        chance = found[STABLE][row].share
        assert all(found[change][row].share.low > chance.high for change in (FALL, SLIDE, REPAIRED))
    assert found[FALL][Rule.DROP].delay == 0
    assert found[SLIDE][Rule.DROP].delay in {1, 2}
    assert found[FALL][Rule.PENDING].delay is None


def test_rules_that_are_off_find_nothing() -> None:
    alarms = trials.false_alarms(SCENARIOS[0], FEW, Rules(on=frozenset({Rule.DROP})))

    assert {row: sum(each) > 0 for row, each in alarms.alerts.items() if sum(each)} == {Rule.DROP: True, PUSHES: True}

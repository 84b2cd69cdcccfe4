"""What the rules find is counted per patient and rule, and so is what is pushed."""

from bot.domain.alliance import Rule, Rules
from bot.domain.model import Points
from bot.evidence.counting import PUSHES, Tally, pushes, tally, told
from bot.evidence.reading import read
from tests.domain.test_rules import Told, course

RULES = Rules()


def counted(text: str) -> Tally:
    return tally(read(text.encode()).courses, RULES)


def pushed(*weeks: Told, rules: Rules = RULES) -> list[bool]:
    return list(pushes(told(course(*weeks), rules), rules))


def test_findings_are_counted_for_each_patient() -> None:
    found = counted(
        "patient,session,understood,sense\n"
        "A,1,9,9\nA,2,6,6\nA,3,9,9\nA,4,7,7\n"  # two drops, and a slide in the fourth
        "B,1,10,10\nB,2,10,10\nB,3,10,10\nB,4,,\nB,5,,\n"
        "C,1,3,3\n"
    )

    assert found.sessions == (4, 5, 1)
    assert found.alerts[Rule.DROP] == (2, 0, 0)
    assert found.alerts[Rule.SLIDE] == (1, 0, 0)
    assert found.alerts[Rule.CEILING] == (0, 1, 0)
    assert found.alerts[Rule.SILENCE] == (0, 1, 0)
    assert found.alerts[Rule.LOW_START] == (0, 0, 1)
    assert found.alerts[PUSHES] == (2, 0, 0)
    assert found.patients_with(Rule.DROP) == 1


def test_years_are_the_time_from_the_first_to_the_last_session() -> None:
    found = counted("patient,date,understood,sense\nA,2025-01-01,9,9\nA,2026-01-01,9,9\nB,2026-01-01,9,9\n")

    assert found.years == (365 / 365.25, 0.0)


def test_without_days_there_are_no_years() -> None:
    assert counted("patient,session,understood,sense\nA,1,9,9\n").years is None


def test_a_slide_is_pushed_once_until_the_alliance_is_back() -> None:
    start = [(9, 9), (9, 9), (9, 9), (9, 9)]

    assert pushed(*start, (7, 7), (7, 7), (7, 6)) == [False] * 4 + [True, False, False]
    gently = [(8, 8), (8, 7), (7, 7)]
    assert pushed(*start, *gently, (7, 7), (9, 9), (8, 8), (8, 7), (7, 7))[4:] == [
        *(False, False, True),
        *(False, False),
        *(False, False, True),
    ]


def test_every_further_drop_is_pushed() -> None:
    assert pushed((10, 10), (8, 8), (6, 6)) == [False, True, True]


def test_silence_is_pushed_right_after_a_drop_only_and_once() -> None:
    assert pushed((9, 9), (7, 7), None, None) == [False, True, True, False]
    assert pushed((9, 9), None, None, None) == [False] * 4


def test_other_thresholds_find_more() -> None:
    weeks = [(9, 9), (8, 8)]

    assert pushed(*weeks) == [False, False]
    assert pushed(*weeks, rules=Rules(drop=Points(2))) == [False, True]

"""What deserves a therapist's first look in a week, and what is passed over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alliance import Entry, Outcome, Rule, Rules
from bot.domain.episodes import Episode, EpisodeState, Family, Precision
from bot.domain.marks import marked
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
from bot.domain.weeks import DigestView, by_code, noted

MADRID = ZoneInfo("Europe/Madrid")
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ANSWERED, UNANSWERED, PASSED = Outcome.ANSWERED, Outcome.UNANSWERED, Outcome.PASSED
ANA, EVA = 7, 8
LINE = CheckInLine(CheckInId(1), PatientId(ANA), "P-07", CheckInState.DONE, TUESDAY, Points(16), None, has_words=False)
EPISODE = Episode(
    EpisodeId(1),
    TreatmentId(1),
    TherapistId(1),
    "P-07",
    Rule.DROP,
    Family.FALL,
    EpisodeState.OPEN,
    CheckInId(1),
    CheckInId(2),
    Points(18),
    TUESDAY,
)


def entry(weeks_ago: int, *scores: int, outcome: Outcome = ANSWERED, words: bool = False) -> Entry:
    """Give a session so many weeks before this one; its number is its check-in."""
    given = dict(zip(Item, map(Score, scores), strict=False))
    return Entry(CheckInId(50 - weeks_ago), TUESDAY - weeks_ago * WEEK, outcome, given, words)


def silent(weeks_ago: int) -> Entry:
    return entry(weeks_ago, outcome=UNANSWERED)


def passed(weeks_ago: int) -> Entry:
    return entry(weeks_ago, outcome=PASSED)


def found(*course: Entry, rules: Rules | None = None) -> list[tuple[Rule, int]]:
    """Return what is noted about a course whose last session is this week's, as (rule, count)."""
    told = noted({"P-07": course}, {CheckInId(50)}, MONDAY, MADRID, rules or Rules())
    return [(one.finding.rule, one.finding.count) for one in told]


def test_what_was_left_pending_is_noted_by_its_number_or_its_words() -> None:
    assert found(entry(1, 9, 9, 0), entry(0, 9, 9, 7)) == [(Rule.PENDING, 1)]
    assert found(entry(1, 9, 9, 0), entry(0, 9, 9, 6)) == []
    assert found(entry(1, 9, 9, 0), entry(0, 9, 9, 2, words=True)) == [(Rule.PENDING, 1)]


def test_what_was_pending_last_week_was_said_last_week() -> None:
    assert found(entry(1, 9, 9, 9), entry(0, 9, 9, 1)) == []


def test_a_low_first_answer_and_a_third_ten_are_noted() -> None:
    assert found(entry(0, 6, 7)) == [(Rule.LOW_START, 1)]
    assert found(entry(2, 10, 10), entry(1, 10, 10), entry(0, 10, 10)) == [(Rule.CEILING, 3)]


def test_what_opens_an_episode_is_told_by_the_episode() -> None:
    assert found(entry(1, 9, 9), entry(0, 5, 5)) == []


def test_a_rule_that_is_off_notes_nothing() -> None:
    assert found(entry(0, 6, 7, 9), rules=Rules(on=frozenset({Rule.DROP}))) == []


@pytest.mark.parametrize(
    ("course", "length", "_why"),
    [
        ([silent(0)], 0, "once is not silence"),
        ([silent(1), silent(0)], 2, "twice in a row is"),
        ([silent(2), silent(1), silent(0)], 3, "and so on"),
        ([silent(2), entry(1, 9, 9), silent(0)], 0, "an answer breaks the run"),
        ([silent(2), silent(1), entry(0, 9, 9)], 0, "an answer after it ends it"),
        ([silent(2), passed(1), silent(0)], 2, "declined, stopped, no session: neither counts nor breaks"),
        ([silent(2), silent(1), passed(0)], 2, "nor after it"),
        ([entry(2, 9, 9), entry(1, 5, 5), silent(0)], 1, "the first right after a drop"),
        ([silent(3), silent(2)], 0, "older silence has been said already"),
        ([silent(2), silent(1)], 2, "that of the week before closed in this one"),
    ],
)
def test_silence_is_said_as_it_stands_at_the_end_of_the_week(course: Sequence[Entry], length: int, _why: str) -> None:
    assert found(*course) == ([(Rule.SILENCE, length)] if length else [])


def test_courses_go_under_codes_in_order_and_end_where_the_history_ends() -> None:
    history = [replace(LINE, id=CheckInId(49), code="P-11"), replace(LINE, id=CheckInId(48), code="P-03")]
    courses = {TreatmentId(1): [entry(1, 9, 9), entry(0, 5, 5)], TreatmentId(2): [entry(2, 9, 9)]}

    told = by_code(courses, history)

    assert [(code, len(course)) for code, course in told.items()] == [("P-03", 1), ("P-11", 1)]


def week(*episodes: Episode, lines: Sequence[CheckInLine] = (), history: Sequence[CheckInLine] = ()) -> DigestView:
    return DigestView(MONDAY, SUNDAY, MADRID, lines, history or lines, episodes, (), len(lines), 2)


def test_what_asks_for_a_step_comes_by_its_state() -> None:
    episodes = [replace(EPISODE, id=EpisodeId(number), state=state) for number, state in enumerate(EpisodeState)]

    assert [one.state for one in week(*episodes).to_open] == [
        EpisodeState.OPEN,
        EpisodeState.SEEN,
        EpisodeState.UNREPAIRED,
        EpisodeState.TALKED,
    ]


AFTER_A_DROP = [entry(2, 9, 9), entry(1, 5, 5), silent(0)]
WITHOUT_A_DROP = [entry(2, 9, 9), silent(1), silent(0)]


def in_silence(course: Sequence[Entry], state: EpisodeState) -> DigestView:
    """Return a week in which a silence has an episode."""
    alert = replace(EPISODE, rule=Rule.SILENCE, family=Family.SILENCE, state=state, current_id=CheckInId(50))
    courses = {"P-07": course}
    return replace(week(alert), courses=courses, noted=noted(courses, {CheckInId(50)}, MONDAY, MADRID, Rules()))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (EpisodeState.OPEN, False),
        (EpisodeState.SEEN, True),
        (EpisodeState.TALKED, False),
        (EpisodeState.FALSE_ALARM, False),
    ],
)
def test_a_silence_is_not_said_beside_its_alert_nor_once_it_is_talked_about(state: EpisodeState, *, said: bool) -> None:
    assert bool(in_silence(AFTER_A_DROP, state).silent) is said


def test_a_silence_stands_among_the_unseen_alerts_only_where_one_was_pushed() -> None:
    pushed, told = in_silence(AFTER_A_DROP, EpisodeState.OPEN), in_silence(WITHOUT_A_DROP, EpisodeState.OPEN)

    assert (len(pushed.unseen), len(pushed.silent)) == (1, 0)
    assert (len(told.unseen), len(told.silent)) == (0, 1)


@pytest.mark.parametrize(("closed", "told"), [(4, False), (5, True)])
def test_how_often_a_rule_was_right_is_said_from_five_closed_episodes_on(closed: int, told: bool) -> None:  # noqa: FBT001 - a column
    view = replace(week(), precision={Rule.DROP: Precision(closed, 1)})

    assert (Rule.DROP in view.measured) is told


def test_answered_is_what_has_an_alliance_this_week() -> None:
    silence = replace(LINE, id=CheckInId(2), code="P-08", state=CheckInState.CLOSED, alliance=None)

    assert [each.code for each in week(lines=[LINE, silence]).answered] == ["P-07"]


def test_the_last_alliance_is_the_newest_answer_however_old() -> None:
    old = replace(LINE, session_ends_at=TUESDAY - 3 * WEEK, alliance=Points(12))
    silence = replace(LINE, state=CheckInState.CLOSED, alliance=None)
    hers = replace(LINE, patient_id=PatientId(EVA), code="P-08", alliance=Points(3))

    view = week(history=[old, silence, hers])

    assert view.last_alliance("P-07") == 12
    assert view.last_alliance("P-99") is None


def test_the_alliance_before_is_the_same_patients_earlier_answer() -> None:
    old = replace(LINE, session_ends_at=TUESDAY - 3 * WEEK, alliance=Points(18))
    hers = replace(LINE, patient_id=PatientId(EVA), session_ends_at=TUESDAY - WEEK, alliance=Points(5))

    view = week(history=[old, hers, LINE])

    assert view.alliance_before(LINE) == 18
    assert view.alliance_before(old) is None


# What charts mark


def marks(*course: Entry, episodes: Sequence[Episode] = (), rules: Rules | None = None) -> list[str | None]:
    return [one.mark for one in marked(course, episodes, rules or Rules())]


FALL = (entry(3, 9, 9), entry(2, 6, 6), entry(1, 7, 7), entry(0, 9, 9))
FALL_EPISODE = replace(EPISODE, previous_id=CheckInId(47), current_id=CheckInId(48))


def test_a_chart_marks_falls_by_the_rule_whatever_was_said_about_them() -> None:
    false = replace(FALL_EPISODE, state=EpisodeState.FALSE_ALARM)

    assert marks(*FALL) == [None, "drop", None, None]
    assert marks(*FALL, episodes=[false]) == [None, "drop", None, None]


def test_a_chart_marks_the_answer_with_which_a_repaired_alliance_was_back() -> None:
    repaired = replace(FALL_EPISODE, state=EpisodeState.REPAIRED)

    assert marks(*FALL, episodes=[repaired]) == [None, "drop", None, "repaired"]


def test_a_repair_that_was_only_said_has_no_session() -> None:
    repaired = replace(FALL_EPISODE, state=EpisodeState.REPAIRED)

    assert marks(*FALL[:3], episodes=[repaired]) == [None, "drop", None]


@pytest.mark.parametrize(
    ("state", "mark"),
    [(EpisodeState.OPEN, "drop"), (EpisodeState.FALSE_ALARM, None), (EpisodeState.WITHDRAWN, None)],
)
def test_a_slow_decline_is_marked_where_its_episode_stands(state: EpisodeState, mark: str | None) -> None:
    slide = replace(FALL_EPISODE, rule=Rule.SLIDE, family=Family.SLIDE, state=state)

    assert marks(entry(3, 9, 9), entry(2, 8, 9), episodes=[slide]) == [None, mark]


def test_without_the_rule_no_fall_is_marked() -> None:
    assert marks(*FALL, rules=Rules(on=frozenset())) == [None] * 4


def test_what_was_declined_or_cut_has_no_place_in_a_chart_and_silence_is_a_gap() -> None:
    shown = marked([entry(3, 9, 9), passed(2), silent(1), entry(0, 7, outcome=Outcome.PARTLY)], (), Rules())

    assert [one.mean for one in shown] == [9.0, None, None]


def test_a_small_chart_shows_the_newest_sessions() -> None:
    shown = marked([entry(weeks, 8, 8) for weeks in range(20, -1, -1)], (), Rules(), 12)

    assert [one.check_in_id for one in shown] == list(range(39, 51))

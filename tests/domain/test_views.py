"""What deserves a therapist's first look in a week, and what is passed over."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alliance import Rule
from bot.domain.episodes import FAMILIES, Episode, EpisodeState
from bot.domain.model import (
    CheckInId,
    CheckInLine,
    CheckInState,
    EpisodeId,
    PatientId,
    Points,
    Score,
    TherapistId,
    TreatmentId,
)
from bot.domain.views import DigestView, Silence

MADRID = ZoneInfo("Europe/Madrid")
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
CLOSED, OPEN = CheckInState.CLOSED, CheckInState.OPEN
ANA, EVA = 7, 8


def line(
    weeks_ago: int,
    state: CheckInState = CheckInState.DONE,
    alliance: int | None = None,
    pending: int | None = None,
    patient: int = ANA,
) -> CheckInLine:
    if state is CheckInState.DONE and alliance is None:
        alliance = 16
    return CheckInLine(
        CheckInId(100 * patient - weeks_ago),
        PatientId(patient),
        f"P-{patient:02}",
        state,
        TUESDAY - weeks_ago * WEEK,
        Points(alliance) if alliance is not None else None,
        Score(pending) if pending is not None else None,
        has_words=False,
    )


def week(*history: CheckInLine, episodes: tuple[Episode, ...] = ()) -> DigestView:
    ordered = sorted(history, key=lambda each: each.session_ends_at)
    lines = [each for each in ordered if each.session_ends_at.date() >= MONDAY]
    return DigestView(MONDAY, SUNDAY, MADRID, lines, ordered, episodes, (), len(lines), 2)


def episode(state: EpisodeState, rule: Rule = Rule.DROP) -> Episode:
    return Episode(
        EpisodeId(1),
        TreatmentId(1),
        TherapistId(1),
        "P-07",
        rule,
        FAMILIES[rule],
        state,
        CheckInId(1),
        CheckInId(2),
        None if rule is Rule.SILENCE else Points(18),
        TUESDAY,
    )


def test_answered_is_what_has_an_alliance_this_week() -> None:
    view = week(line(0), line(0, CLOSED, patient=EVA), line(1))

    assert [each.code for each in view.answered] == ["P-07"]


@pytest.mark.parametrize("state", EpisodeState)
@pytest.mark.parametrize("rule", [Rule.DROP, Rule.ITEM_DROP, Rule.SLIDE])
def test_a_fall_is_untalked_while_nobody_talked_about_it_and_repaired_when_it_is(
    state: EpisodeState, rule: Rule
) -> None:
    view = week(episodes=(episode(state, rule),))

    assert bool(view.untalked) is (state in (EpisodeState.OPEN, EpisodeState.SEEN))
    assert bool(view.repaired) is (state is EpisodeState.REPAIRED)


def test_what_nobody_has_seen_stands_before_what_was_seen() -> None:
    view = week(episodes=(episode(EpisodeState.SEEN), episode(EpisodeState.OPEN)))

    assert [one.state for one in view.untalked] == [EpisodeState.OPEN, EpisodeState.SEEN]


@pytest.mark.parametrize("state", EpisodeState)
def test_a_silence_is_no_fall(state: EpisodeState) -> None:
    view = week(episodes=(episode(state, Rule.SILENCE),))

    assert (view.untalked, view.repaired) == ([], [])


@pytest.mark.parametrize(("pending", "much"), [(None, False), (0, False), (6, False), (7, True), (10, True)])
def test_much_pending_begins_at_seven(pending: int | None, much: bool) -> None:  # noqa: FBT001 - a column
    assert bool(week(line(0, pending=pending)).much_pending) is much


def test_what_was_pending_last_week_was_said_last_week() -> None:
    assert week(line(1, pending=9), line(0, pending=1)).much_pending == []


@pytest.mark.parametrize(
    ("states", "length", "_why"),
    [
        ([CLOSED], 0, "once is not silence"),
        ([CLOSED, CLOSED], 2, "twice in a row is"),
        ([CLOSED, CLOSED, CLOSED], 3, "and so on"),
        ([CLOSED, CheckInState.DONE, CLOSED], 0, "an answer breaks the run"),
        ([CheckInState.DONE, CLOSED, CLOSED], 2, "an answer before it does not"),
        ([CLOSED, CLOSED, CheckInState.DONE], 0, "an answer after it ends it"),
        ([CLOSED, CheckInState.DECLINED, CLOSED], 2, "declined neither counts nor breaks"),
        ([CLOSED, CheckInState.NO_SESSION, CLOSED], 2, "nor does a session that did not take place"),
        ([CLOSED, CheckInState.STOPPED, CLOSED], 2, "nor one that was stopped"),
        ([CLOSED, CheckInState.SKIPPED, CLOSED], 2, "nor one that was never asked"),
        ([CLOSED, CLOSED, OPEN], 2, "nor one that is still open"),
        ([CheckInState.DECLINED, CheckInState.DECLINED], 0, "declining is an answer of its own"),
    ],
)
def test_silence_is_two_questions_in_a_row_left_unanswered(states: list[CheckInState], length: int, _why: str) -> None:
    newest = len(states) - 1

    view = week(*(line(newest - number, state) for number, state in enumerate(states)))

    assert view.silent == ([Silence("P-07", length)] if length else [])


def test_an_answer_that_is_still_open_breaks_the_run() -> None:
    assert week(line(2, CLOSED), line(1, CLOSED), line(0, OPEN, alliance=15)).silent == []


@pytest.mark.parametrize(("weeks_ago", "said"), [(0, True), (1, True), (2, False), (9, False)])
def test_old_silence_has_been_said(weeks_ago: int, said: bool) -> None:  # noqa: FBT001 - a column
    view = week(line(weeks_ago, CLOSED), line(weeks_ago + 1, CLOSED))

    assert bool(view.silent) is said


def test_the_silence_of_one_patient_is_not_anothers() -> None:
    view = week(line(1, CLOSED), line(0, CLOSED), line(1, CLOSED, patient=EVA), line(0, patient=EVA))

    assert view.silent == [Silence("P-07", 2)]


def test_the_last_alliance_is_the_newest_answer_however_old() -> None:
    view = week(line(3, alliance=12), line(2, alliance=14), line(0, CLOSED), line(0, alliance=3, patient=EVA))

    assert view.last_alliance("P-07") == 14
    assert view.last_alliance("P-99") is None


def test_the_alliance_before_is_the_same_patients_earlier_answer() -> None:
    now = line(0, alliance=10)
    view = week(line(3, alliance=18), line(1, CLOSED), line(1, alliance=5, patient=EVA), now)

    assert view.alliance_before(now) == 18
    assert view.alliance_before(line(3, alliance=18)) is None

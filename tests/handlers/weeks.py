"""Invented weeks of one therapist, and what the reports show of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.alliance import Entry, Outcome, Rule, Rules
from bot.domain.episodes import FAMILIES, Episode, EpisodeState, Precision
from bot.domain.histories import History, rows
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
from bot.domain.records import Record, RecordId, RecordKind
from bot.domain.supervision import Reading, Tally
from bot.domain.weeks import DigestView, noted

MADRID = ZoneInfo("Europe/Madrid")
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
BEGINS = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)
"""When the digest before was written."""

DECLINED, SILENT, OPEN = CheckInState.DECLINED, CheckInState.CLOSED, CheckInState.OPEN


@dataclass(frozen=True)
class Asked:
    """One session of November 2026 and what became of its questions."""

    day: int
    scores: tuple[int, ...] = ()
    state: CheckInState = CheckInState.DONE
    words: bool = False
    pending_words: bool = False


def on(day: int, *scores: int, words: bool = False, pending_words: bool = False) -> Asked:
    """Give an answered session; days below 1 are of October and before."""
    return Asked(day, scores, words=words, pending_words=pending_words)


def not_answered(day: int, state: CheckInState = SILENT, *, words: bool = False) -> Asked:
    """Give a session whose questions were not answered."""
    return Asked(day, (), state, words)


Sessions = Mapping[str, Sequence[Asked]]


def ended(day: int) -> datetime:
    """Return when the session of a day ended."""
    return datetime(2026, 10, 31, 17, 0, tzinfo=UTC) + timedelta(days=day)


def numbered(sessions: Sessions) -> list[tuple[int, str, int, Asked]]:
    """Return every session with the numbers of its check-in and of its patient."""
    return [
        (100 * patient + place, code, patient, one)
        for patient, (code, asked) in enumerate(sessions.items(), start=1)
        for place, one in enumerate(asked)
    ]


def lines_of(sessions: Sessions) -> list[CheckInLine]:
    """Return the check-ins as rows, by session."""
    found = [
        CheckInLine(
            CheckInId(number),
            PatientId(patient),
            code,
            one.state,
            ended(one.day),
            Points(sum(one.scores[:2])) if one.state is CheckInState.DONE else None,
            Score(one.scores[2]) if len(one.scores) > 2 else None,
            one.words,
        )
        for number, code, patient, one in numbered(sessions)
    ]
    return sorted(found, key=lambda line: line.session_ends_at)


def courses_of(sessions: Sessions) -> dict[str, list[Entry]]:
    """Return the check-ins as the rules see them, by code."""
    outcomes = {CheckInState.DONE: Outcome.ANSWERED, SILENT: Outcome.UNANSWERED}
    courses: dict[str, list[Entry]] = {}
    for number, code, _, one in numbered(sessions):
        scores = dict(zip(Item, map(Score, one.scores), strict=False))
        outcome = outcomes.get(one.state, Outcome.PASSED)
        entry = Entry(CheckInId(number), ended(one.day), outcome, scores, one.pending_words)
        courses.setdefault(code, []).append(entry)
    return dict(sorted(courses.items()))


def episode(
    sessions: Sessions, code: str, at: int, state: EpisodeState, rule: Rule = Rule.DROP, level: int | None = 18
) -> Episode:
    """Give an episode that the session number `at` of a patient opened."""
    patient = list(sessions).index(code) + 1
    current = CheckInId(100 * patient + at)
    return Episode(
        EpisodeId(current),
        TreatmentId(patient),
        TherapistId(1),
        code,
        rule,
        FAMILIES[rule],
        state,
        CheckInId(current - 1),
        current,
        None if level is None else Points(level),
        ended(sessions[code][at].day),
    )


def agreed(code: str, text: str) -> Record:
    """Give an agreement of 17 November that stands."""
    ids = RecordId(1), TreatmentId(1), PatientId(1), TherapistId(1)
    return Record(*ids, code, RecordKind.AGREEMENT, text, ended(17))


def week(sessions: Sessions, *episodes: Episode, **more: object) -> DigestView:
    """Return the week of 16–22 November 2026 with what came before it."""
    history, courses = lines_of(sessions), courses_of(sessions)
    lines = [line for line in history if line.session_ends_at > BEGINS]
    view = DigestView(
        MONDAY,
        SUNDAY,
        MADRID,
        lines,
        history,
        episodes,
        (),
        len(lines),
        len(sessions),
        courses,
        noted(courses, {line.id for line in lines}, MONDAY, MADRID, Rules()),
        charted=episodes,
    )
    return replace(view, **more)  # type: ignore[arg-type]


def history(sessions: Sessions, code: str, *episodes: Episode) -> History:
    """Return what `/historial` shows of one patient."""
    mine = [line for line in lines_of(sessions) if line.code == code]
    course = courses_of(sessions).get(code, [])
    number = PatientId(list(sessions).index(code) + 1)
    return History(number, TreatmentId(number), code, MADRID, course, rows(course, mine), episodes)


RICH: Sessions = {
    "P-01": [on(10, 9, 9), on(17, 6, 6, 2, words=True)],
    "P-02": [on(3, 9, 9), on(10, 6, 6), on(17, 6, 7, 1)],
    "P-03": [not_answered(10), not_answered(17)],
    "P-04": [on(5, 9, 9), on(12, 6, 7), on(19, 7, 7)],
    "P-05": [on(12, 8, 8, 1), on(19, 9, 8, 8)],
    "P-06": [on(13, 8, 8), not_answered(20, DECLINED, words=True)],
    "P-07": [on(10, 9, 9), on(17, 9, 9, 3, pending_words=True)],
    "P-08": [on(17, 6, 6, 2)],
    "P-09": [on(3, 10, 10), on(10, 10, 10), on(17, 10, 10, 0)],
    "P-10": [on(6, 7, 8), on(13, 9, 9), on(20, 8, 9, 0)],
    "P-11": [on(4, 9, 9), on(11, 6, 6), on(18, 9, 9, 0)],
    "P-12": [on(12, 8, 8), not_answered(19, OPEN)],
    "P-13": [on(3, 9, 9), on(10, 6, 6), not_answered(17)],
}
RICH_EPISODES = (
    episode(RICH, "P-01", 1, EpisodeState.OPEN),
    episode(RICH, "P-02", 1, EpisodeState.UNREPAIRED),
    episode(RICH, "P-04", 1, EpisodeState.TALKED),
    episode(RICH, "P-10", 2, EpisodeState.SEEN, Rule.SLIDE),
    episode(RICH, "P-11", 1, EpisodeState.REPAIRED),
    episode(RICH, "P-13", 2, EpisodeState.OPEN, Rule.SILENCE, None),
)
AGREEMENTS = (
    agreed("P-01", "Una pauta de sueño"),
    agreed(
        "P-07",
        "Cuando el pecho se cierra, paramos\ny respiramos; y lo decimos, aunque sea con una palabra: "
        "para, o espera, o más despacio.",
    ),
)
RICH_WEEK = week(
    RICH,
    *RICH_EPISODES,
    agreements=AGREEMENTS,
    precision={Rule.DROP: Precision(6, 2), Rule.SLIDE: Precision(4, 4), Rule.ITEM_DROP: Precision(5, 0)},
)
QUIET_WEEK = week({"P-07": [on(11, 8, 8), on(18, 8, 9, 1)], "P-09": [on(12, 9, 9), on(19, 9, 9, 0)]})
NO_WEEK = week({})
FULL_WEEK = week(
    {
        f"CENTRO-SUR-{number:02}": [on(day - 7, 8, 8), *(on(day + ahead, 8, 8, words=True) for ahead in (0, 2, 4))]
        for number in range(1, 41)
        for day in (17,)
    }
)
"""Forty patients with three sessions each: more than one message holds."""

A_MONTH = Reading(
    date(2026, 11, 1),
    therapists=3,
    patients=14,
    sessions=41,
    answered=Tally(30, 13),
    declined=Tally(5, 5),
    silent=Tally(6, 5),
    unanswered=Tally(11, 8),
    attuned=Tally(16, 9),
    unattuned=Tally(14, 8),
    dropped=Tally(7, 6),
    repaired=Tally(5, 5),
    unrepaired=Tally(0, 0),
    not_that=Tally(2, 2),
    markers=Tally(12, 7),
    days=9.5,
    sessions_until=2,
)
A_SMALL_MONTH = replace(
    A_MONTH,
    declined=Tally(1, 1),
    unanswered=Tally(1, 1),
    attuned=Tally(3, 2),
    repaired=Tally(1, 1),
    markers=Tally(4, 3),
    days=None,
)

"""Treatments as the rules of the alliance see them: what became of each asked check-in, and its scores."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, exists, func, select

from bot.domain.alliance import Entry, Outcome
from bot.domain.instrument import ALLIANCE
from bot.domain.model import CheckInId, CheckInState, Item, Score, TherapistId, TreatmentId, WordsKind
from storage.rows import Rows
from storage.schema import answers, check_ins, sessions, treatments, words
from storage.words import NOT_COMPARED, scored

_SPOKEN: Final = (
    exists().where(words.c.check_in_id == check_ins.c.id, words.c.kind == WordsKind.PENDING).label("spoken")
)
_SCORES: Final = {item: scored(func.max(answers.c.score), [item], item) for item in Item}


class CourseRows(Rows):
    """Implements `bot.services.ports_courses.Courses`."""

    async def of_treatment(self, treatment_id: TreatmentId) -> Sequence[Entry]:
        """Return its asked check-ins by session."""
        found = await self._found(sessions.c.treatment_id == treatment_id)
        return found.get(treatment_id, ())

    async def of_therapist(self, therapist_id: TherapistId) -> Mapping[TreatmentId, Sequence[Entry]]:
        """Return those of each treatment of a therapist that has any."""
        return await self._found(treatments.c.therapist_id == therapist_id)

    async def _found(self, whose: ColumnElement[bool]) -> dict[TreatmentId, list[Entry]]:
        asked = (
            select(check_ins.c.id, check_ins.c.state, check_ins.c.answered_at.is_not(None).label("is_answered"))
            .add_columns(_SPOKEN, *_SCORES.values())
            .add_columns(sessions.c.treatment_id, sessions.c.ends_at, sessions.c.cut)
            .join(sessions, check_ins.c.session_id == sessions.c.id)
            .join(treatments, sessions.c.treatment_id == treatments.c.id)
            .where(whose, check_ins.c.asked_at.is_not(None))
            .order_by(sessions.c.ends_at, check_ins.c.id)
        )
        courses: dict[TreatmentId, list[Entry]] = {}
        for row in await self._all(asked):
            courses.setdefault(TreatmentId(row["treatment_id"]), []).append(_entry(row))
        return courses


def _entry(row: RowMapping) -> Entry:
    scores = {item: Score(row[item]) for item in _SCORES if row[item] is not None}
    return Entry(CheckInId(row["id"]), row["ends_at"], _outcome(row, scores), scores, bool(row["spoken"]))


def _outcome(row: RowMapping, scores: Mapping[Item, Any]) -> Outcome:
    """Say what the rules make of it; a session whose connection failed says nothing, whatever was answered."""
    state = CheckInState(row["state"])
    if state in NOT_COMPARED or row["cut"]:
        return Outcome.PASSED
    if row["is_answered"]:
        return Outcome.ANSWERED
    if state is not CheckInState.CLOSED:
        return Outcome.PASSED
    return Outcome.PARTLY if any(item in scores for item in ALLIANCE) else Outcome.UNANSWERED

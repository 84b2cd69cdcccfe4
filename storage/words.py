"""What patients wrote, sealed; and the lines of the therapist's lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Label, RowMapping, Select, func, or_, select, update

from bot.domain.carried import TakenUp
from bot.domain.instrument import ALLIANCE
from bot.domain.model import (
    CheckInId,
    CheckInLine,
    CheckInState,
    Item,
    PatientId,
    Points,
    Score,
    TherapistId,
    Words,
    WordsId,
    WordsKind,
)
from bot.domain.post import Source
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import answers, check_ins, patients, sessions, treatments, words

_UNASKED: Final = (CheckInState.LATE, CheckInState.UNREACHABLE)
NOT_COMPARED: Final = (CheckInState.STOPPED, CheckInState.CANCELLED, CheckInState.NO_SESSION)
"""Their scores stand, but they are neither answered nor silent."""

_OF_A_LINE: Final = [
    check_ins.c[name] for name in ("id", "state", "answered_at", "touched_at", "done_at", "has_words", "taken_up")
]


def scored(measure: ColumnElement[int], items: Sequence[Item], name: str) -> Label[int]:
    """Measure the answers of one check-in at a time: grouped all at once they would be those of the whole practice."""
    given = select(measure).where(answers.c.check_in_id == check_ins.c.id, answers.c.item.in_(items))
    return given.correlate(check_ins).scalar_subquery().label(name)


_ALLIANCE: Final = scored(func.sum(answers.c.score), ALLIANCE, "alliance")
_PENDING: Final = scored(func.max(answers.c.score), [Item.PENDING], "pending")


class WordRows(Rows):
    """The part of `bot.services.ports.CheckIns` that is about words."""

    async def add_words(
        self,
        patient_id: PatientId,
        check_in_id: CheckInId | None,
        kind: WordsKind,
        text: str,
        source: Source,
        at: datetime,
    ) -> WordsId:
        """Keep words once per source; urgent ones take the place of what the same message said before they were."""
        ref = await self._place(patient_id, kind, text, source)
        row = {
            "patient_id": patient_id,
            "check_in_id": check_in_id,
            "kind": kind,
            "body": self._ring.seal(text),
            "source_ref": ref,
            "written_at": at,
        }
        new = insert_into(words).values(row)
        if kind is WordsKind.CRISIS:  # an edit may turn words that were kept before into urgent ones
            urgent = {"kind": kind, "body": row["body"], "changed_at": at}
            await self._do(new.on_conflict_do_update(index_elements=["source_ref"], set_=urgent))
        else:
            await self._do(new.on_conflict_do_nothing())
        return WordsId(await self._value(select(words.c.id).where(words.c.source_ref == ref)))

    async def change_words(self, source: Source, text: str, at: datetime) -> bool:
        """Replace edited words while their check-in is open; a left message can always be mended."""
        still_open = select(check_ins.c.id).where(check_ins.c.state == CheckInState.OPEN)
        answered = words.c.check_in_id.in_(still_open) & (words.c.kind != WordsKind.CRISIS)
        mendable = or_(words.c.kind == WordsKind.MESSAGE, answered)
        statement = update(words).where(words.c.source_ref == self._ref(source), mendable)
        return await self._do(statement.values(body=self._ring.seal(text), changed_at=at)) > 0

    async def words_of(self, check_in_id: CheckInId) -> Sequence[Words]:
        """Return the words of a check-in in order."""
        rows = await self._all(_words().where(words.c.check_in_id == check_in_id).order_by(words.c.id))
        return [self._words(row) for row in rows]

    async def words(self, words_id: WordsId) -> Words | None:
        """Find by id."""
        row = await self._first(_words().where(words.c.id == words_id))
        return self._words(row) if row else None

    async def lines(self, therapist_id: TherapistId, until: datetime) -> Sequence[CheckInLine]:
        """Return every asked check-in of a therapist's patients, by session."""
        statement = (
            select(*_OF_A_LINE, _ALLIANCE, _PENDING)
            .add_columns(sessions.c.ends_at, treatments.c.patient_id, patients.c.code)
            .join(sessions, check_ins.c.session_id == sessions.c.id)
            .join(treatments, sessions.c.treatment_id == treatments.c.id)
            .join(patients, treatments.c.patient_id == patients.c.id)
            .where(treatments.c.therapist_id == therapist_id, sessions.c.ends_at <= until)
            .where(check_ins.c.asked_at.is_not(None))
            .order_by(sessions.c.ends_at, check_ins.c.id)
        )
        return [_line(row) for row in await self._all(statement)]

    async def _place(self, patient_id: PatientId, kind: WordsKind, text: str, source: Source) -> bytes:
        """Return where words are kept: urgent ones never take the place of others, nor of another treatment's words."""
        there = await self._first(select(words).where(words.c.source_ref == self._ref(source)))
        if kind is not WordsKind.CRISIS or there is None:
            return self._ref(source)
        differs = there["kind"] == WordsKind.CRISIS and self._ring.unseal(there["body"]) != text
        apart = differs or there["patient_id"] != patient_id
        return self._ref(replace(source, version=f"{patient_id}:{text}") if apart else source)

    async def unasked(self, therapist_id: TherapistId, since: datetime, until: datetime) -> Mapping[CheckInState, int]:
        """Count what never reached a therapist's patients (late, unreachable), by when that was noted."""
        statement = (
            select(check_ins.c.state, func.count())
            .join(sessions, check_ins.c.session_id == sessions.c.id)
            .join(treatments, sessions.c.treatment_id == treatments.c.id)
            .where(treatments.c.therapist_id == therapist_id, check_ins.c.state.in_(_UNASKED))
            .where(check_ins.c.done_at > since, check_ins.c.done_at <= until)
            .group_by(check_ins.c.state)
        )
        return {CheckInState(row["state"]): row["count"] for row in await self._all(statement)}

    def _words(self, row: RowMapping) -> Words:
        return Words(
            WordsId(row["id"]),
            PatientId(row["patient_id"]),
            row["code"],
            TherapistId(row["therapist_id"]),
            WordsKind(row["kind"]),
            self._ring.unseal(row["body"]),
            row["written_at"],
        )


def _words() -> Select[Any]:
    return (
        select(words, patients.c.code, treatments.c.therapist_id)
        .join(patients, words.c.patient_id == patients.c.id)
        .join(treatments, treatments.c.patient_id == patients.c.id)
    )


def _line(row: RowMapping) -> CheckInLine:
    answered = row["answered_at"] is not None and CheckInState(row["state"]) not in NOT_COMPARED
    return CheckInLine(
        CheckInId(row["id"]),
        PatientId(row["patient_id"]),
        row["code"],
        CheckInState(row["state"]),
        row["ends_at"],
        Points(row["alliance"]) if answered else None,
        Score(row["pending"]) if row["pending"] is not None else None,
        bool(row["has_words"]),
        row["touched_at"],
        TakenUp(row["taken_up"]) if row["taken_up"] else None,
        row["done_at"] if CheckInState(row["state"]) in (CheckInState.DECLINED, CheckInState.CLOSED) else None,
    )

"""Check-ins and their scores."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import RowMapping, ScalarSelect, Select, bindparam, exists, or_, select, update

from bot.domain.asking import Situation
from bot.domain.carried import TakenUp
from bot.domain.check_in import face, next_at
from bot.domain.model import (
    Called,
    CheckIn,
    CheckInId,
    CheckInState,
    Item,
    PatientId,
    PersonId,
    Rating,
    Score,
    SessionId,
    SessionState,
    Step,
    TreatmentId,
)
from bot.domain.timing import LAG
from storage.dialects import insert_into
from storage.faces import FaceRows
from storage.people import read_called
from storage.prepared import Prepared
from storage.schema import answers, check_ins, outbox, patients, sessions, therapists, treatments
from storage.situation import SITUATION, situation
from storage.words import NOT_COMPARED, WordRows

_INSTANTS = (
    "planned_at",
    "sent_at",
    "opened_at",
    "corrected_at",
    "due_at",
    "asked_at",
    "touched_at",
    "answered_at",
    "done_at",
    "ask_again_at",
    "remind_at",
    "closes_at",
    "settles_at",
)


class CheckInRows(WordRows, FaceRows):
    """Implements `bot.services.ports.CheckIns` (with `storage.words` and `storage.faces`).

    Whatever looks for what is due returns ids: one damaged row must not keep the others from being found.
    """

    async def plan(self, session_id: SessionId, items: Sequence[Item], due_at: datetime) -> CheckInId:
        """Add the check-in of a session."""
        row = {
            "session_id": session_id,
            "state": CheckInState.PLANNED,
            "step": items[0],
            "items": ",".join(items),
            "due_at": due_at,
            "planned_at": due_at,
            "next_at": due_at,
        }
        return CheckInId(await self._add(insert_into(check_ins).values(row)))

    async def get(self, check_in_id: CheckInId) -> CheckIn | None:
        """Find by id."""
        asked = {"check_in": check_in_id}
        rows, given = await self._ask((_BY_ID, asked), (_SCORES, asked))
        return _read(rows[0], _by_item(given)) if rows else None

    async def about(self, check_in_id: CheckInId) -> tuple[CheckIn, Situation] | None:
        """Find by id, with how it stands around it."""
        asked = {"check_in": check_in_id}
        rows, given, around = await self._ask((_BY_ID, asked), (_SCORES, asked), (SITUATION, asked))
        return (_read(rows[0], _by_item(given)), situation(around[0])) if rows else None

    async def told(self, check_in_id: CheckInId) -> tuple[CheckIn, Called] | None:
        """Find by id, with how its therapist is called."""
        asked = {"check_in": check_in_id}
        rows, given = await self._ask((_TOLD, asked), (_SCORES, asked))
        return (_read(rows[0], _by_item(given)), read_called(rows[0], self._ring)) if rows else None

    async def of_session(self, session_id: SessionId) -> CheckIn | None:
        """Find by session."""
        return await self._check_in(_WHOLE.where(check_ins.c.session_id == session_id))

    async def open_of(self, person_id: PersonId) -> CheckIn | None:
        """Return the newest open one of a person."""
        return await self._check_in(_OPEN, person=person_id)

    async def unfinished_of(self, person_id: PersonId, now: datetime) -> Sequence[CheckIn]:
        """Return the open ones, newest first, and the planned ones whose session is over."""
        to_come = (check_ins.c.state == CheckInState.PLANNED) & (sessions.c.ends_at <= now)
        unfinished = (patients.c.person_id == person_id) & or_(check_ins.c.state == CheckInState.OPEN, to_come)
        return await self._check_ins(_WHOLE.where(unfinished).order_by(check_ins.c.asked_at.desc().nulls_last()))

    async def pending_of(self, person_id: PersonId) -> Sequence[CheckIn]:
        """Return what is still to be asked, or waits for an answer."""
        pending = check_ins.c.state.in_((CheckInState.PLANNED, CheckInState.OPEN))
        return await self._check_ins(_WHOLE.where(patients.c.person_id == person_id, pending))

    async def open_in(self, treatment_id: TreatmentId) -> Sequence[CheckIn]:
        """Return the open ones of a treatment."""
        mine = (treatments.c.id == treatment_id) & (check_ins.c.state == CheckInState.OPEN)
        return await self._check_ins(_WHOLE.where(mine))

    async def save(self, check_in: CheckIn, at: datetime) -> None:
        """Write everything that may have changed, scores included."""
        seen, due_face = check_in.shown, face(check_in)
        changed: dict[str, Any] = {name: getattr(check_in, name) for name in _INSTANTS}
        changed |= {
            "state": check_in.state,
            "step": check_in.step,
            "has_words": int(check_in.has_words),
            "text_version": check_in.text_version,
            "taken_up": check_in.taken_up,
            "next_at": next_at(check_in),
            "shown": seen,
            "lag_at": at + LAG if due_face is not None and due_face != seen else None,
        }
        self._later(_SAVE, {"row": check_in.id, **changed})
        rows = [
            {"check_in_id": check_in.id, "item": item, "score": int(score), "scored_at": at}
            for item, score in check_in.scores.items()
        ]
        self._later(_SCORE, *rows)

    async def due(self, now: datetime, limit: int) -> Sequence[CheckInId]:
        """Return those for which something is due."""
        return await self._ids(_DUE, now=now, limit=limit)

    async def put_off(self, check_in_id: CheckInId, until: datetime) -> None:
        """Let it fall due later."""
        await self._do(update(check_ins).where(check_ins.c.id == check_in_id).values(next_at=until))

    async def lagging(self, now: datetime, limit: int) -> Sequence[CheckInId]:
        """Return those whose person sees an outdated face, unless a message that mends it is on its way."""
        waiting = exists().where(
            outbox.c.check_in_id == check_ins.c.id, outbox.c.sent_at.is_(None), outbox.c.gave_up_at.is_(None)
        )
        late = (check_ins.c.lag_at <= now) & check_ins.c.message_id.is_not(None) & ~waiting
        return await self._ids(select(check_ins.c.id).where(late).order_by(check_ins.c.lag_at).limit(limit))

    async def show_later(self, check_in_id: CheckInId, until: datetime) -> None:
        """Let its person go on seeing what is outdated until then."""
        await self._do(update(check_ins).where(check_ins.c.id == check_in_id).values(lag_at=until))

    async def settling(self, now: datetime, limit: int) -> Sequence[CheckInId]:
        """Return answered ones whose grace is over."""
        return await self._ids(_SETTLING, now=now, limit=limit)

    async def settled(self, check_in_id: CheckInId) -> None:
        """Note that the rules have looked."""
        check_in = await self.get(check_in_id)
        if check_in is not None:
            looked = replace(check_in, settles_at=None)
            values = {"settles_at": None, "next_at": next_at(looked)}
            await self._do(update(check_ins).where(check_ins.c.id == check_in_id).values(values))

    async def mark_shown(
        self, check_in_id: CheckInId, shown: str, message_id: int, text_version: str | None, at: datetime
    ) -> None:
        """Note what was shown; the lag ends unless the check-in has moved on meanwhile.  Then it begins anew.

        Trap: what was on its way for long may have taken the place of something newer.
        """
        row = await self.get(check_in_id)
        changed: dict[str, Any] = {"shown": shown, "message_id": message_id}
        if text_version is not None:
            changed["text_version"] = text_version
        if row is not None and row.sent_at is None and row.asked_at is not None:
            changed["sent_at"] = min(at, row.opened_at or at)  # who has answered had got it, even if a kill hid that
        due_face = face(row) if row is not None else None
        if due_face is not None:
            changed["lag_at"] = at + LAG if due_face != shown else None
        self._later(_mark(tuple(changed)), {"row": check_in_id, **changed})

    async def history(self, treatment_id: TreatmentId) -> Sequence[Rating]:
        """Return the answered ones by session; stopped ones, and sessions that were cut, are not compared."""
        statement = (
            select(check_ins.c.id, sessions.c.ends_at, answers.c.item, answers.c.score)
            .join(sessions, check_ins.c.session_id == sessions.c.id)
            .join(answers, answers.c.check_in_id == check_ins.c.id)
            .where(sessions.c.treatment_id == treatment_id, check_ins.c.answered_at.is_not(None))
            .where(check_ins.c.state.not_in(NOT_COMPARED), sessions.c.cut == 0)
            .order_by(sessions.c.ends_at, check_ins.c.id)
        )
        scores: dict[tuple[CheckInId, datetime], dict[Item, Score]] = defaultdict(dict)
        for row in await self._all(statement):
            scores[CheckInId(row["id"]), row["ends_at"]][Item(row["item"])] = Score(row["score"])
        return [Rating(check_in_id, ends_at, given) for (check_in_id, ends_at), given in scores.items()]

    async def _ids(self, statement: Select[Any] | Prepared, **values: Any) -> list[CheckInId]:
        return [CheckInId(row["id"]) for row in await self._all(statement, **values)]

    async def _check_in(self, statement: Select[Any] | Prepared, **values: Any) -> CheckIn | None:
        found = await self._check_ins(statement, **values)
        return found[0] if found else None

    async def _check_ins(self, statement: Select[Any] | Prepared, **values: Any) -> list[CheckIn]:
        rows = await self._all(statement, **values)
        scores = await self._scores([row["id"] for row in rows]) if rows else {}
        return [_read(row, scores.get(row["id"], {})) for row in rows]

    async def _scores(self, check_in_ids: Sequence[int]) -> dict[int, dict[Item, Score]]:
        given: dict[int, dict[Item, Score]] = defaultdict(dict)
        if len(check_in_ids) == 1:
            return {check_in_ids[0]: _by_item(await self._all(_SCORES, check_in=check_in_ids[0]))}
        for row in await self._all(select(answers).where(answers.c.check_in_id.in_(check_in_ids))):
            given[row["check_in_id"]][Item(row["item"])] = Score(row["score"])
        return given


def _beside(*, before: bool) -> ScalarSelect[Any]:
    """Select when the treatment's session before or after begins, of those that take place."""
    other = sessions.alias()
    starts, this = other.c.starts_at, sessions.c.starts_at
    same = (other.c.treatment_id == sessions.c.treatment_id) & (other.c.state == SessionState.PLANNED)
    there = (starts < this) if before else (starts > this)
    order = starts.desc() if before else starts
    return select(starts).where(same, there).order_by(order).limit(1).correlate(sessions).scalar_subquery()


_WHOLE: Final = (
    select(check_ins, sessions.c.ends_at.label("session_ends_at"), sessions.c.treatment_id)
    .add_columns(treatments.c.patient_id, patients.c.person_id, sessions.c.starts_at.label("session_starts_at"))
    .add_columns(_beside(before=True).label("session_before"), _beside(before=False).label("session_after"))
    .join(sessions, check_ins.c.session_id == sessions.c.id)
    .join(treatments, sessions.c.treatment_id == treatments.c.id)
    .join(patients, treatments.c.patient_id == patients.c.id)
)
_BY_ID: Final = Prepared(_WHOLE.where(check_ins.c.id == bindparam("check_in")))
_SCORES: Final = Prepared(select(answers).where(answers.c.check_in_id == bindparam("check_in")))
_OPEN: Final = Prepared(
    _WHOLE.where(patients.c.person_id == bindparam("person"), check_ins.c.state == CheckInState.OPEN)
    .order_by(check_ins.c.asked_at.desc())
    .limit(1)
)
_DUE: Final = Prepared(
    select(check_ins.c.id)
    .where(check_ins.c.next_at <= bindparam("now"))
    .order_by(check_ins.c.next_at)
    .limit(bindparam("limit"))
)
_SETTLING: Final = Prepared(
    select(check_ins.c.id)
    .where(check_ins.c.next_at <= bindparam("now"), check_ins.c.settles_at <= bindparam("now"))
    .order_by(check_ins.c.settles_at)
    .limit(bindparam("limit"))
)
_TOLD: Final = Prepared(
    _WHOLE.add_columns(therapists.c.name, therapists.c.article)
    .join(therapists, treatments.c.therapist_id == therapists.c.id)
    .where(check_ins.c.id == bindparam("check_in"))
)
_STATE: Final = ("state", "step", "has_words", "text_version", "taken_up", "next_at", "shown", "lag_at")
_SAVE: Final = Prepared(update(check_ins).where(check_ins.c.id == bindparam("row")), sets=(*_INSTANTS, *_STATE))
_NEW: Final = insert_into(answers).inline()
_SCORE: Final = Prepared(
    _NEW.on_conflict_do_update(
        index_elements=["check_in_id", "item"],
        set_={"score": _NEW.excluded.score, "scored_at": _NEW.excluded.scored_at},
        where=answers.c.score != _NEW.excluded.score,
    ),
    sets=("check_in_id", "item", "score", "scored_at"),
)


@cache
def _mark(names: tuple[str, ...]) -> Prepared:
    """Return the statement that changes these columns of a check-in."""
    return Prepared(update(check_ins).where(check_ins.c.id == bindparam("row")), sets=names)


def _by_item(rows: Sequence[RowMapping]) -> dict[Item, Score]:
    return {Item(row["item"]): Score(row["score"]) for row in rows}


def _read(row: RowMapping, scores: dict[Item, Score]) -> CheckIn:
    return CheckIn(
        id=CheckInId(row["id"]),
        session_id=SessionId(row["session_id"]),
        treatment_id=TreatmentId(row["treatment_id"]),
        patient_id=PatientId(row["patient_id"]),
        person_id=row["person_id"],
        state=CheckInState(row["state"]),
        step=Step(row["step"]),
        items=tuple(Item(item) for item in row["items"].split(",")),
        scores=scores,
        session_ends_at=row["session_ends_at"],
        has_words=bool(row["has_words"]),
        text_version=row["text_version"],
        shown=row["shown"],
        message_id=row["message_id"],
        session_starts_at=row["session_starts_at"],
        taken_up=TakenUp(row["taken_up"]) if row["taken_up"] else None,
        beside=tuple(at for at in (row["session_before"], row["session_after"]) if at is not None),
        **{name: row[name] for name in _INSTANTS},
    )

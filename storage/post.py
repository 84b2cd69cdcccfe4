"""Inbox and outbox: every update that came and every notice that goes is a row until it is done."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    String,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.errors import StoreRefusedError
from bot.domain.model import CheckInId, CheckInState, InboxId, OutboxId, PatientState, PersonId, Urgency
from bot.domain.notices import ChatEmptied, Notice
from bot.domain.notices_parked import Unreadable
from bot.domain.post import OWN_FAULTS, PRESSING, InboxRow, Incoming, Lane, OutboxRow, Parked, Receipt, Standing
from storage.columns import KeyRing
from storage.dialects import insert_into
from storage.people import read_person
from storage.prepared import Prepared
from storage.rows import Rows
from storage.schema import check_ins, inbox, outbox, patients, people, sessions, treatments
from storage.schema_workers import lanes
from storage.session import Question, Session

NOTICE: Final[TypeAdapter[Notice]] = TypeAdapter(Notice)
LONGEST_REASON: Final = 200

_UNWORKED: Final = inbox.c.done_at.is_(None) & inbox.c.parked_at.is_(None)
_READY: Final = or_(inbox.c.again_at.is_(None), inbox.c.again_at <= bindparam("now"))
_KEEP: Final = Prepared(
    insert_into(inbox).inline().on_conflict_do_nothing(), sets=("key_ref", "lane_ref", "body", "received_at")
)
_PENDING: Final = Prepared(
    select(inbox.c.id, inbox.c.body, inbox.c.attempts, type_coerce(inbox.c.received_at, String).label("received_at"))
    .where(inbox.c.lane_ref == bindparam("lane"), _UNWORKED, _READY)
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
_KEPT: Final = Prepared(
    select(inbox.c.id, inbox.c.attempts).where(
        inbox.c.key_ref == bindparam("key"),
        inbox.c.lane_ref == bindparam("lane"),  # who is no app of Telegram may give two chats the same key
        _UNWORKED,
        inbox.c.again_at.is_(None),
    )
)
_FINISH: Final = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.done_at.is_(None))
    .values(done_at=bindparam("at"), body=None)
)
_TAKES_EFFECT: Final = Prepared(
    update(inbox).where(inbox.c.id == bindparam("row"), inbox.c.applied_at.is_(None)), sets=("applied_at",)
)

_FREE: Final = insert_into(lanes).values(lane_ref=bindparam("lane"), worker_id=bindparam("worker"))
_TAKE: Final = Prepared(
    _FREE.on_conflict_do_update(
        index_elements=["lane_ref"],
        set_={"worker_id": _FREE.excluded.worker_id},
        where=lanes.c.worker_id == _FREE.excluded.worker_id,
    )
)
_HOLDER: Final = select(lanes.c.worker_id).where(lanes.c.lane_ref == bindparam("lane")).scalar_subquery()
_FIRST: Final = select(func.min(inbox.c.id)).where(inbox.c.lane_ref == bindparam("lane"), _UNWORKED).scalar_subquery()
_HELD_BY: Final = Prepared(select(_HOLDER.label("worker")))
_IN_LANE: Final = Prepared(select(_HOLDER.label("worker"), _FIRST.label("first")))
_LET_GO: Final = Prepared(
    delete(lanes).where(lanes.c.lane_ref == bindparam("lane"), lanes.c.worker_id == bindparam("worker"))
)

_WAITING: Final = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)


def _due_in(urgency: Urgency) -> Select[Any]:
    """Look for the head of one class: however many wait behind it, or in the others, it is a few steps of an index."""
    each = func.json_each(bindparam("busy", type_=String)).table_valued("value")
    free = outbox.c.person_id.not_in(select(each.c.value))
    due = select(outbox).where(_WAITING, outbox.c.urgency == urgency, outbox.c.due_at <= bindparam("now"), free)
    return due.order_by(outbox.c.due_at, outbox.c.id).limit(bindparam("limit"))


def _to_take(due: Select[Any]) -> Select[Any]:
    """Pass over what is in the hands of another process, or on its way into them."""
    nobodys = outbox.c.worker_id.is_(None) | (outbox.c.worker_id == bindparam("worker", type_=Integer))
    return due.where(nobodys).with_for_update(skip_locked=True)


_DUE: Final = {urgency: Prepared(_due_in(urgency)) for urgency in Urgency}
_DUE_TO_TAKE: Final = {urgency: Prepared(_to_take(_due_in(urgency))) for urgency in Urgency}
_IN_HAND: Final = Prepared(
    update(outbox).where(outbox.c.id == bindparam("row")).values(worker_id=bindparam("worker", type_=Integer))
)
_STILL_DUE: Final = Prepared(
    select(people, check_ins.c.state.label("check_in"), check_ins.c.message_id, patients.c.state.label("patient"))
    .select_from(outbox)
    .join(people, outbox.c.person_id == people.c.id)
    .outerjoin(check_ins, outbox.c.check_in_id == check_ins.c.id)
    .outerjoin(sessions, check_ins.c.session_id == sessions.c.id)
    .outerjoin(treatments, sessions.c.treatment_id == treatments.c.id)
    .outerjoin(patients, treatments.c.patient_id == patients.c.id)
    .where(outbox.c.id == bindparam("row"), _WAITING, outbox.c.due_at <= bindparam("now"))
)
_CROWD: Final = Prepared(
    select(func.count().label("found")).select_from(
        select(outbox.c.id)
        .where(_WAITING, outbox.c.urgency == Urgency.BULK, outbox.c.due_at <= bindparam("now"))
        .limit(bindparam("limit"))
        .subquery()
    )
)
_HELD: Final = (
    select(func.max(outbox.c.due_at).label("until"))
    .where(_WAITING, outbox.c.attempts > 0, outbox.c.urgency + 0 == Urgency.REPLY)
    .where(outbox.c.person_id == bindparam("person"), outbox.c.id < bindparam("row"))
    .where(outbox.c.due_at > bindparam("at"))
)
_BEHIND_ANY: Final = Prepared(_HELD)
_BEHIND: Final = Prepared(_HELD.where(~or_(*(outbox.c.last_error.startswith(reason) for reason in OWN_FAULTS))))
_PUT: Final = Prepared(
    insert_into(outbox).inline().on_conflict_do_nothing(),
    sets=(*("key", "person_id", "kind", "body", "check_in_id", "urgency", "due_at", "wanted_at", "not_after"),),
)
_MARK_SENT: Final = Prepared(
    update(outbox).where(outbox.c.id == bindparam("row")), sets=("sent_at", "message_id", "body", "worker_id")
)
"""What every update and every message asks, built once: to build a statement takes longer than to run it.

Trap: without the `+ 0` SQLite goes through all replies that wait instead of those of one person.
"""


class _ParkedRows(Rows):
    """Rows of which some are parked."""

    async def _parked(self, found: Select[Any], at: ColumnElement[datetime], limit: int) -> Sequence[Parked]:
        rows = await self._all(found.order_by(at.desc()).limit(limit))
        return [Parked(row["id"], row["kind"], row["last_error"] or "", row["parked_at"]) for row in rows]


class OutboxRows(_ParkedRows):
    """Implements `bot.services.ports.Outbox`.  `worker`: of this process, where others might send the same."""

    def __init__(self, session: Session, ring: KeyRing, worker: int | None = None) -> None:
        super().__init__(session, ring)
        self._worker = worker

    async def put(
        self,
        notice: Notice,
        person_id: PersonId,
        urgency: Urgency,
        due_at: datetime,
        key: str,
        not_after: datetime | None = None,
    ) -> bool:
        """Add once per key."""
        return await self._do(_PUT, **self._row(notice, person_id, urgency, due_at, key), not_after=not_after) > 0

    async def add(self, notice: Notice, person_id: PersonId, urgency: Urgency, due_at: datetime, key: str) -> None:
        """Add once per key, along with what is said next."""
        self._later(_PUT, self._row(notice, person_id, urgency, due_at, key))

    def _row(self, notice: Notice, person_id: PersonId, urgency: Urgency, due_at: datetime, key: str) -> dict[str, Any]:
        return {
            "key": key,
            "person_id": person_id,
            "kind": notice.kind,
            "body": self._ring.seal(NOTICE.dump_json(notice).decode()),
            "check_in_id": getattr(notice, "check_in_id", None) if notice.kind == "question" else None,
            "urgency": urgency,
            "due_at": due_at,
            "wanted_at": due_at,
        }

    async def knows(self, key: str) -> bool:
        """Say whether there is a row of this key."""
        return await self._value(select(outbox.c.id).where(outbox.c.key == key)) is not None

    async def behind(self, row: OutboxRow) -> datetime | None:
        """Return until when an earlier reply waits that did not get through.

        One at fault itself holds up none but the emptying of the chat: the account goes with it, and the goodbye would.
        """
        if row.urgency is not Urgency.REPLY:
            return None
        wanted = _BEHIND_ANY if isinstance(row.notice, ChatEmptied) else _BEHIND
        until: datetime | None = await self._value(wanted, person=row.person_id, row=row.id, at=row.due_at)
        return until

    async def due(
        self,
        now: datetime,
        limits: Mapping[Urgency, int],
        busy: Collection[PersonId] = (),
        pressed: Collection[PersonId] = (),
    ) -> Sequence[OutboxRow]:
        """Return what should leave now, one class after the other; it is in the hands of this process then."""
        none = {True: json.dumps(list(pressed)), False: json.dumps(list(busy))}
        given = {"now": now, "worker": self._worker}
        asked = _DUE if self._worker is None else _DUE_TO_TAKE
        found = await self._ask(
            *(
                (due, {**given, "limit": limits.get(urgency, 0), "busy": none[urgency in PRESSING]})
                for urgency, due in asked.items()
            )
        )
        due = [row for rows in found for row in rows]
        if self._worker is not None:
            self._later(_IN_HAND, *({"row": row["id"], "worker": self._worker} for row in due))
        return [self._read(row) for row in due]

    async def planned(self, person_id: PersonId, after: datetime) -> Sequence[OutboxRow]:
        """Return what is to leave later and has not been tried."""
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & (outbox.c.due_at > after)
        untried = waiting & (outbox.c.person_id == person_id) & (outbox.c.attempts == 0)
        return [self._read(row) for row in await self._all(select(outbox).where(untried).order_by(outbox.c.id))]

    async def is_held_up(self, check_in_id: CheckInId) -> bool:
        """Say whether a question waits after a try that failed."""
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & (outbox.c.attempts > 0)
        return await self._value(select(outbox.c.id).where(waiting, outbox.c.check_in_id == check_in_id)) is not None

    async def came_late(self, check_in_id: CheckInId, after: datetime) -> bool:
        """Say whether the question left for the first time after then, a try before having failed."""
        left = (outbox.c.check_in_id == check_in_id) & outbox.c.sent_at.is_not(None)
        first = select(outbox.c.sent_at, outbox.c.attempts).where(left).order_by(outbox.c.sent_at, outbox.c.id).limit(1)
        row = await self._one(first)
        return row is not None and row["attempts"] > 0 and row["sent_at"] > after

    async def standing(self, row_id: OutboxId, now: datetime) -> Standing | None:
        """Say how it stands with what is still to leave now."""
        row = await self._one(_STILL_DUE, row=row_id, now=now)
        if row is None:
            return None
        person = read_person(row, self._ring)
        if row["check_in"] is None:
            return Standing(person)
        return Standing(person, CheckInState(row["check_in"]), row["message_id"], PatientState(row["patient"]))

    async def crowd(self, now: datetime, limit: int) -> int:
        """Count what waits in the last class, up to `limit`."""
        return int(await self._value(_CROWD, now=now, limit=limit))

    async def waits(self, person_id: PersonId, beginning: str) -> bool:
        """Say whether something under a key which begins so is still to leave."""
        mine = _WAITING & (outbox.c.person_id == person_id) & outbox.c.key.startswith(beginning, autoescape=True)
        return await self._value(select(outbox.c.id).where(mine).limit(1)) is not None

    async def left(self, person_id: PersonId, beginnings: Collection[str]) -> Sequence[int]:
        """Return the messages that have left under keys which begin so."""
        so = or_(*(outbox.c.key.startswith(beginning, autoescape=True) for beginning in beginnings))
        mine = (outbox.c.person_id == person_id) & outbox.c.message_id.is_not(None)
        return [int(row["message_id"]) for row in await self._all(select(outbox.c.message_id).where(mine, so))]

    async def hold(self, row_id: OutboxId, due_at: datetime) -> None:
        """Let it leave later."""
        await self._change(row_id, due_at=due_at)

    async def put_off(self, row_id: OutboxId, due_at: datetime) -> None:
        """Let it leave later, as it should."""
        await self._change(row_id, due_at=due_at, wanted_at=due_at)

    async def hold_behind(self, row: OutboxRow, now: datetime, until: datetime) -> None:
        """Let what is due for the same person and no more urgent leave later, too."""
        mine = (outbox.c.person_id == row.person_id) & (outbox.c.id != row.id) & (outbox.c.urgency >= row.urgency)
        await self._do(update(outbox).where(mine, _WAITING, outbox.c.due_at <= now).values(due_at=until))

    async def wake(self, person_id: PersonId, at: datetime) -> None:
        """Let what failed before leave now, as it is wanted now."""
        failed = (outbox.c.person_id == person_id) & (outbox.c.attempts > 0) & (outbox.c.due_at > at)
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
        await self._do(update(outbox).where(failed, waiting).values(due_at=at, wanted_at=at))

    async def mark_sent(self, row_id: OutboxId, at: datetime, message_id: int | None) -> None:
        """Note that it left."""
        self._later(_MARK_SENT, {"row": row_id, "sent_at": at, "message_id": message_id})

    async def postpone(self, row_id: OutboxId, due_at: datetime, reason: str, *, own: bool = False) -> None:
        """Try again later."""
        tries = {"attempts": outbox.c.attempts + 1, "faults": outbox.c.faults + int(own)}
        await self._change(row_id, due_at=due_at, last_error=reason[:LONGEST_REASON], **tries)

    async def park(self, row_id: OutboxId, at: datetime, reason: str) -> None:
        """Try no more."""
        tries = {"attempts": outbox.c.attempts + 1, "faults": outbox.c.faults + 1}
        ended = {"parked_at": at, "gave_up_at": at, "worker_id": None}
        await self._change(row_id, last_error=reason[:LONGEST_REASON], **tries, **ended)

    async def parked(self, limit: int) -> Sequence[Parked]:
        """Return what is parked, the newest first."""
        found = select(outbox.c.id, outbox.c.kind, outbox.c.last_error, outbox.c.parked_at)
        return await self._parked(found.where(outbox.c.parked_at.is_not(None)), outbox.c.parked_at, limit)

    async def again(self, row_id: OutboxId, at: datetime) -> bool:
        """Try again; trap: its age is counted anew, or it would be an alarm at once."""
        mine = (outbox.c.id == row_id) & outbox.c.parked_at.is_not(None) & outbox.c.body.is_not(None)
        fresh = {"parked_at": None, "gave_up_at": None, "attempts": 0, "faults": 0, "due_at": at, "wanted_at": at}
        return await self._do(update(outbox).where(mine).values(fresh)) > 0

    async def give_up(self, row_id: OutboxId, at: datetime, reason: str) -> None:
        """Keep on record that it was not sent."""
        await self._change(row_id, gave_up_at=at, last_error=reason[:LONGEST_REASON], body=None, worker_id=None)

    async def _change(self, row_id: OutboxId, **values: Any) -> None:
        await self._do(update(outbox).where(outbox.c.id == row_id).values(**values))

    def _read(self, row: RowMapping) -> OutboxRow:
        return OutboxRow(
            OutboxId(row["id"]),
            PersonId(row["person_id"]),
            self._notice(row),
            Urgency(row["urgency"]),
            row["due_at"],
            row["not_after"],
            row["attempts"],
            row["faults"],
            row["wanted_at"],
        )

    def _notice(self, row: RowMapping) -> Notice:
        """Return what is to be told; one row that cannot be read keeps no other from leaving."""
        try:
            return NOTICE.validate_json(self._ring.unseal(row["body"]))
        except (ValidationError, StoreRefusedError, TypeError):
            return Unreadable(row["kind"])


class InboxRows(_ParkedRows):
    """Implements `bot.services.ports.Inbox`.  `worker`: of this process, where others might work the same chats."""

    def __init__(self, session: Session, ring: KeyRing, worker: int | None = None) -> None:
        super().__init__(session, ring)
        self._worker = worker
        self.finished: list[InboxId] = []
        """What this transaction has marked done."""
        self.elsewhere: set[Lane] = set()
        """Lanes of what this transaction has kept that are in other hands."""
        self.behind: set[Lane] = set()
        """Lanes in which something else waits that another process has kept before."""

    async def keep(self, batch: Sequence[Incoming], at: datetime) -> Mapping[Lane, Sequence[InboxRow]]:
        """Store a batch; known keys change nothing.

        Trap: a lane is taken first.  So two processes that are brought updates of one chat keep them one after the
        other, and nobody can see the later one alone.
        """
        chats = [Lane(self._ring.blind("chat", incoming.chat_id)) for incoming in batch]
        rows = [self._row(incoming, lane, at) for incoming, lane in zip(batch, chats, strict=True)]
        self._take(sorted(set(chats)))
        self._later(_KEEP, *rows)
        kept: dict[Lane, list[InboxRow]] = {lane: [] for lane in chats}
        given = [] if self._worker is None else [(_IN_LANE, {"lane": lane}) for lane in kept]
        known = [(_KEPT, {"key": row["key_ref"], "lane": row["lane_ref"]}) for row in rows]
        found = await self._ask(*known, *given)
        bodies = dict(zip((row["key_ref"] for row in rows), batch, strict=True))
        for lane, row, ids in zip(chats, rows, found[: len(rows)], strict=True):
            incoming = bodies.pop(row["key_ref"], None)  # the same may come twice in a batch
            if ids and incoming is not None:
                kept[lane].append(InboxRow(InboxId(ids[0]["id"]), incoming.body, ids[0]["attempts"], at))
        for (_, asked), [stands] in zip(given, found[len(rows) :], strict=True):
            self._note_others(asked["lane"], stands, kept[asked["lane"]])
        return kept

    def _row(self, incoming: Incoming, lane: Lane, at: datetime) -> dict[str, Any]:
        key, body = self._ring.blind("update", incoming.key), self._ring.seal(incoming.body)
        return {"key_ref": key, "lane_ref": lane, "body": body, "received_at": at}

    def _note_others(self, lane: Lane, stands: RowMapping, kept: Sequence[InboxRow]) -> None:
        """Note whether a lane is in other hands, and whether its first update is none of these."""
        if stands["worker"] != self._worker:
            self.elsewhere.add(lane)
        if stands["first"] is not None and stands["first"] not in {row.id for row in kept}:
            self.behind.add(lane)

    def _take(self, wanted: Iterable[Lane]) -> None:
        """Take lanes that are in nobody's hands; who has one then is asked in the same go.

        That does not change before the end of the transaction: also the row of a lane in other hands is locked.
        """
        if self._worker is not None:
            self._later(_TAKE, *({"lane": lane, "worker": self._worker} for lane in wanted))

    async def take(self, lane: Lane, now: datetime, limit: int) -> Sequence[InboxRow] | None:
        """Take a lane, and return what waits in it; None: it is in other hands."""
        if self._worker is None:
            return await self.pending(lane, now, limit)
        self._take([lane])
        [holder], rows = await self._ask((_HELD_BY, {"lane": lane}), _next(lane, now, limit))
        return [self._read(row, now) for row in rows] if holder["worker"] == self._worker else None

    async def let_go(self, over: Collection[Lane]) -> None:
        """Give lanes out of hand."""
        if self._worker is not None:
            self._later(_LET_GO, *({"lane": lane, "worker": self._worker} for lane in sorted(over)))

    async def newest(self) -> datetime | None:
        """Return when the last update that is stored came in."""
        newest: datetime | None = await self._value(select(inbox.c.received_at).order_by(inbox.c.id.desc()).limit(1))
        return newest

    async def lanes(self, now: datetime) -> Collection[Lane]:
        """Return every lane in which something is to be worked now."""
        return await self._lanes(_UNWORKED & or_(inbox.c.again_at.is_(None), inbox.c.again_at <= now))

    async def lanes_again(self, now: datetime) -> Collection[Lane]:
        """Return the lanes in which a failed update is due again."""
        return await self._lanes(_UNWORKED & inbox.c.again_at.is_not(None) & (inbox.c.again_at <= now))

    async def _lanes(self, which: ColumnElement[bool]) -> Collection[Lane]:
        """Return lanes that are in nobody else's hands."""
        found = select(inbox.c.lane_ref).distinct().where(which)
        if self._worker is not None:
            others = select(lanes.c.lane_ref).where(lanes.c.worker_id != self._worker)
            found = found.where(inbox.c.lane_ref.not_in(others))
        return [Lane(row["lane_ref"]) for row in await self._all(found)]

    async def pending(self, lane: Lane, now: datetime, limit: int) -> Sequence[InboxRow]:
        """Return the next updates of a lane: a few steps along an index, however many wait behind them."""
        [rows] = await self._ask(_next(lane, now, limit))
        return [self._read(row, now) for row in rows]

    async def finish(self, row_id: InboxId, at: datetime) -> None:
        """Mark done and wipe the body."""
        await self.finish_all([row_id], at)

    async def finish_all(self, row_ids: Collection[InboxId], at: datetime) -> None:
        """Mark all of them done and wipe their bodies."""
        self.finished += row_ids
        self._later(_FINISH, *({"row": row_id, "at": at} for row_id in row_ids))

    async def takes_effect(self, receipt: Receipt, at: datetime) -> bool:
        """Say it once; a transaction that fails has not said it."""
        return await self._do(_TAKES_EFFECT, row=receipt, applied_at=at) > 0

    async def failed(self, row_id: InboxId, again_at: datetime | None, reason: str, at: datetime) -> None:
        """Try again, or park."""
        parked_at = at if again_at is None else None
        values = {"again_at": again_at, "parked_at": parked_at, "last_error": reason[:LONGEST_REASON]}
        unfinished = (inbox.c.id == row_id) & inbox.c.done_at.is_(None)
        await self._do(update(inbox).where(unfinished).values(attempts=inbox.c.attempts + 1, **values))

    async def parked(self, limit: int) -> Sequence[Parked]:
        """Return what is parked, the newest first."""
        found = select(inbox.c.id, literal("update").label("kind"), inbox.c.last_error, inbox.c.parked_at)
        return await self._parked(found.where(inbox.c.parked_at.is_not(None)), inbox.c.parked_at, limit)

    async def again(self, row_id: InboxId, at: datetime) -> bool:
        """Try again."""
        mine = (inbox.c.id == row_id) & inbox.c.parked_at.is_not(None)
        return await self._do(update(inbox).where(mine).values(parked_at=None, attempts=0, again_at=at)) > 0

    def _read(self, row: RowMapping, now: datetime) -> InboxRow:
        """Return an update; one that cannot be read is empty: it fails alone and keeps no other from being worked."""
        try:
            body = self._ring.unseal(row["body"])
        except (StoreRefusedError, TypeError):
            body = ""
        attempts = row["attempts"] if isinstance(row["attempts"], int) else 0
        return InboxRow(InboxId(row["id"]), body, attempts, _instant(row["received_at"]) or now)


def _next(lane: Lane, now: datetime, limit: int) -> Question:
    return _PENDING, {"lane": lane, "now": now, "limit": limit}


def _instant(written: Any) -> datetime | None:
    """Return what was written as an instant; None if it is none."""
    try:
        at = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None else None

"""Inbox and outbox: every update that came and every notice that goes is a row until it is done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, RowMapping, bindparam, func, or_, select, update

from bot.domain.model import CheckInId, InboxId, OutboxId, PersonId, Urgency
from bot.domain.notices import Notice
from bot.domain.post import OWN_FAULTS, InboxRow, Incoming, Lane, OutboxRow, Receipt
from storage.columns import KeyRing
from storage.prepared import Prepared
from storage.rows import Rows, insert_into
from storage.schema import inbox, outbox
from storage.session import Session

NOTICE: Final[TypeAdapter[Notice]] = TypeAdapter(Notice)
LONGEST_REASON: Final = 200

_UNWORKED: Final = inbox.c.done_at.is_(None) & inbox.c.parked_at.is_(None)
_READY: Final = or_(inbox.c.again_at.is_(None), inbox.c.again_at <= bindparam("now"))
_KEEP: Final = Prepared(
    insert_into(inbox).inline().on_conflict_do_nothing(), sets=("key_ref", "lane_ref", "body", "received_at")
)
_PENDING: Final = Prepared(
    select(inbox)
    .where(inbox.c.lane_ref == bindparam("lane"), _UNWORKED, _READY)
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
_KEPT: Final = Prepared(
    select(inbox.c.id, inbox.c.attempts).where(
        inbox.c.key_ref == bindparam("key"), _UNWORKED, inbox.c.again_at.is_(None)
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

_WAITING: Final = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_DUE: Final = (
    select(outbox)
    .where(_WAITING, outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.urgency, outbox.c.due_at, outbox.c.id)
    .limit(bindparam("limit"))
)
_STILL_WAITING: Final = select(outbox.c.id).where(outbox.c.id == bindparam("row"), _WAITING)
_BEHIND: Final = (
    select(func.max(outbox.c.due_at))
    .where(_WAITING, outbox.c.attempts > 0, outbox.c.urgency == Urgency.REPLY)
    .where(outbox.c.person_id == bindparam("person"), outbox.c.id < bindparam("row"))
    .where(outbox.c.due_at > bindparam("at"))
    .where(~or_(*(outbox.c.last_error.startswith(reason) for reason in OWN_FAULTS)))
)
"""What every update and every message asks, built once: to build a statement takes longer than to run it."""


class OutboxRows(Rows):
    """Implements `bot.services.ports.Outbox`."""

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
        row = {
            "key": key,
            "person_id": person_id,
            "kind": notice.kind,
            "body": self._ring.seal(NOTICE.dump_json(notice).decode()),
            "check_in_id": getattr(notice, "check_in_id", None) if notice.kind == "question" else None,
            "urgency": urgency,
            "due_at": due_at,
            "not_after": not_after,
        }
        return await self._do(insert_into(outbox).values(row).on_conflict_do_nothing()) > 0

    async def knows(self, key: str) -> bool:
        """Say whether there is a row of this key."""
        return await self._value(select(outbox.c.id).where(outbox.c.key == key)) is not None

    async def behind(self, row: OutboxRow) -> datetime | None:
        """Return until when an earlier reply waits that did not get through; one at fault itself holds up none."""
        if row.urgency is not Urgency.REPLY:
            return None
        until: datetime | None = await self._value(_BEHIND, person=row.person_id, row=row.id, at=row.due_at)
        return until

    async def due(self, now: datetime, limit: int, busy: Collection[PersonId] = ()) -> Sequence[OutboxRow]:
        """Return what should leave now."""
        due = _DUE.where(outbox.c.person_id.not_in(busy)) if busy else _DUE
        return [self._read(row) for row in await self._all(due, now=now, limit=limit)]

    async def planned(self, person_id: PersonId, after: datetime) -> Sequence[OutboxRow]:
        """Return what is to leave later and has not been tried."""
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & (outbox.c.due_at > after)
        untried = waiting & (outbox.c.person_id == person_id) & (outbox.c.attempts == 0)
        return [self._read(row) for row in await self._all(select(outbox).where(untried).order_by(outbox.c.id))]

    async def is_held_up(self, check_in_id: CheckInId) -> bool:
        """Say whether a question waits after a try that failed."""
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & (outbox.c.attempts > 0)
        return await self._value(select(outbox.c.id).where(waiting, outbox.c.check_in_id == check_in_id)) is not None

    async def is_waiting(self, row_id: OutboxId) -> bool:
        """Say whether it is still to leave."""
        return await self._value(_STILL_WAITING, row=row_id) is not None

    async def left(self, person_id: PersonId, beginnings: Collection[str]) -> Sequence[int]:
        """Return the messages that have left under keys which begin so."""
        so = or_(*(outbox.c.key.startswith(beginning, autoescape=True) for beginning in beginnings))
        mine = (outbox.c.person_id == person_id) & outbox.c.message_id.is_not(None)
        return [int(row["message_id"]) for row in await self._all(select(outbox.c.message_id).where(mine, so))]

    async def hold(self, row_id: OutboxId, due_at: datetime) -> None:
        """Let it leave later."""
        await self._change(row_id, due_at=due_at)

    async def wake(self, person_id: PersonId, at: datetime) -> None:
        """Let what failed before leave now."""
        failed = (outbox.c.person_id == person_id) & (outbox.c.attempts > 0) & (outbox.c.due_at > at)
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
        await self._do(update(outbox).where(failed, waiting).values(due_at=at))

    async def mark_sent(self, row_id: OutboxId, at: datetime, message_id: int | None) -> None:
        """Note that it left."""
        await self._change(row_id, sent_at=at, message_id=message_id, body=None)

    async def postpone(self, row_id: OutboxId, due_at: datetime, reason: str) -> None:
        """Try again later."""
        await self._change(row_id, due_at=due_at, attempts=outbox.c.attempts + 1, last_error=reason[:LONGEST_REASON])

    async def give_up(self, row_id: OutboxId, at: datetime, reason: str) -> None:
        """Keep on record that it was not sent."""
        await self._change(row_id, gave_up_at=at, last_error=reason[:LONGEST_REASON], body=None)

    async def _change(self, row_id: OutboxId, **values: Any) -> None:
        await self._do(update(outbox).where(outbox.c.id == row_id).values(**values))

    def _read(self, row: RowMapping) -> OutboxRow:
        return OutboxRow(
            OutboxId(row["id"]),
            PersonId(row["person_id"]),
            NOTICE.validate_json(self._ring.unseal(row["body"])),
            Urgency(row["urgency"]),
            row["due_at"],
            row["not_after"],
            row["attempts"],
        )


class InboxRows(Rows):
    """Implements `bot.services.ports.Inbox`."""

    def __init__(self, session: Session, ring: KeyRing) -> None:
        super().__init__(session, ring)
        self.finished: list[InboxId] = []
        """What this transaction has marked done."""

    async def keep(self, batch: Sequence[Incoming], at: datetime) -> Mapping[Lane, Sequence[InboxRow]]:
        """Store a batch; known keys change nothing."""
        lanes = [Lane(self._ring.blind("chat", incoming.chat_id)) for incoming in batch]
        rows = [
            {
                "key_ref": self._ring.blind("update", incoming.key),
                "lane_ref": lane,
                "body": self._ring.seal(incoming.body),
                "received_at": at,
            }
            for incoming, lane in zip(batch, lanes, strict=True)
        ]
        self._later(_KEEP, *rows)
        kept: dict[Lane, list[InboxRow]] = {lane: [] for lane in lanes}
        found = await self._ask(*((_KEPT, {"key": row["key_ref"]}) for row in rows))
        bodies = dict(zip((row["key_ref"] for row in rows), batch, strict=True))
        for lane, row, ids in zip(lanes, rows, found, strict=True):
            incoming = bodies.pop(row["key_ref"], None)  # the same may come twice in a batch
            if ids and incoming is not None:
                kept[lane].append(InboxRow(InboxId(ids[0]["id"]), incoming.body, ids[0]["attempts"]))
        return kept

    async def lanes(self) -> Collection[Lane]:
        """Return every lane in which something waits."""
        return await self._lanes(_UNWORKED)

    async def lanes_again(self, now: datetime) -> Collection[Lane]:
        """Return the lanes in which a failed update is due again."""
        return await self._lanes(_UNWORKED & inbox.c.again_at.is_not(None) & (inbox.c.again_at <= now))

    async def _lanes(self, which: ColumnElement[bool]) -> Collection[Lane]:
        return [Lane(row["lane_ref"]) for row in await self._all(select(inbox.c.lane_ref).distinct().where(which))]

    async def pending(self, lane: Lane, now: datetime, limit: int) -> Sequence[InboxRow]:
        """Return the next updates of a lane: a few steps along an index, however many wait behind them."""
        return [self._read(row) for row in await self._all(_PENDING, lane=lane, now=now, limit=limit)]

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

    def _read(self, row: RowMapping) -> InboxRow:
        return InboxRow(InboxId(row["id"]), self._ring.unseal(row["body"]), row["attempts"])

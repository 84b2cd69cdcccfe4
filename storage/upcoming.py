"""What falls due next, over all kinds of rows: a few steps along each index."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, literal, null, select

from bot.domain.figures import Coming, Upcoming
from bot.domain.model import CheckInState
from storage.schema import check_ins, chores, concerns, outbox, patients, sessions, therapists, treatments
from storage.session import Session

_WAITING: Final = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_CODE: Final = patients.c.code
_PLANNED: Final = check_ins.c.state == CheckInState.PLANNED


def _head(what: Coming, at: ColumnElement[Any], **columns: ColumnElement[Any]) -> Select[Any]:
    named = {"code": null(), "chore": null(), "ends_at": null()} | columns
    columns_of = [column.label(name) for name, column in named.items()]
    return select(literal(what.value).label("what"), at.label("at"), *columns_of).where(at.is_not(None)).order_by(at)


def _treated(head: Select[Any]) -> Select[Any]:
    return head.join(treatments, sessions.c.treatment_id == treatments.c.id).join(
        patients, treatments.c.patient_id == patients.c.id
    )


def _about(head: Select[Any]) -> Select[Any]:
    return _treated(head.select_from(check_ins).join(sessions, check_ins.c.session_id == sessions.c.id))


_HEADS: Final = (
    _about(_head(Coming.QUESTION, check_ins.c.next_at, code=_CODE, ends_at=sessions.c.ends_at)).where(_PLANNED),
    _about(_head(Coming.CHECK_IN, check_ins.c.next_at, code=_CODE)).where(~_PLANNED),
    _treated(_head(Coming.SESSION, sessions.c.note_at, code=_CODE).select_from(sessions)),
    _head(Coming.DIGEST, therapists.c.digest_at),
    _head(Coming.URGENT, concerns.c.next_at, code=_CODE).join(patients, concerns.c.patient_id == patients.c.id),
    _head(Coming.MESSAGE, outbox.c.due_at).where(_WAITING),
    _head(Coming.CHORE, chores.c.next_at, chore=chores.c.name),
)


async def upcoming(session: Session, limit: int) -> Sequence[Upcoming]:
    """Return the soonest, at most `limit`."""
    found = []
    for head in _HEADS:
        rows = (await session.execute(head.limit(limit))).mappings()
        found += [Upcoming(Coming(row["what"]), row["at"], row["code"], row["chore"], row["ends_at"]) for row in rows]
    return sorted(found, key=lambda one: one.at)[:limit]

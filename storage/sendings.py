"""The newest messages and what became of them, what has not left, how many answers: for who looks behind the scenes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.figures import Fate, Sending
from bot.domain.model import OutboxId, PersonId, Urgency
from storage.schema import answers, outbox
from storage.session import Session


async def sendings(session: Session, limit: int) -> Sequence[Sending]:
    """Return the messages that were written last, the newest first; content and keys stay where they are."""
    columns = (outbox.c.id, outbox.c.kind, outbox.c.person_id, outbox.c.urgency, outbox.c.attempts)
    fates = (outbox.c.sent_at, outbox.c.gave_up_at)
    rows = (await session.execute(select(*columns, *fates).order_by(outbox.c.id.desc()).limit(limit))).mappings()
    return [
        Sending(
            OutboxId(row["id"]),
            row["kind"],
            PersonId(row["person_id"]),
            Urgency(row["urgency"]),
            _fate(sent=row["sent_at"] is not None, gave_up=row["gave_up_at"] is not None),
            row["attempts"],
        )
        for row in rows
    ]


async def unsent(session: Session, limit: int) -> Sequence[datetime]:
    """Return when each message that has not left should leave, or should have left, the soonest first."""
    wanted_at = func.coalesce(outbox.c.wanted_at, outbox.c.due_at, type_=outbox.c.due_at.type).label("at")
    waits = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
    rows = (await session.execute(select(wanted_at).where(waits).order_by(wanted_at).limit(limit))).mappings()
    return [row["at"] for row in rows]


async def answers_kept(session: Session) -> int:
    """Count the numbers that patients gave."""
    return int((await session.execute(select(func.count()).select_from(answers))).scalar_one())


def _fate(*, sent: bool, gave_up: bool) -> Fate:
    if sent:
        return Fate.SENT
    return Fate.PARKED if gave_up else Fate.WAITING

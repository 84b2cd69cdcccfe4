"""How a changed series takes the place of the one before: what was done to single sessions is done to their successors.

For `bot.services.series`, inside its transactions.
"""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain import recurrence
from bot.domain.appointments import Appointment, Series, has_begun
from bot.domain.model import Patient, SeriesId, SessionState
from bot.domain.recurrence import Recurrence
from bot.services.planning import Planner, Span
from bot.services.ports import Tx


async def split(tx: Tx, old: Series, others: Recurrence | None, since: date, but: int, now: datetime) -> Series | None:
    """Let the other weekdays, all `but` one, go on as a series of their own, with the sessions that they have."""
    if others is None:
        return None
    number = await tx.series.add(old.treatment_id, others, old.zone, now, split_from=old.id)
    theirs = [one for one in await tx.series.sessions(old.id, since) if _on(one).weekday() != but]
    await hand_over(tx, theirs, number)
    if old.made_until:
        await tx.series.made(number, old.made_until)
    return Series(number, old.treatment_id, others, old.zone, old.made_until, split_from=old.id)


async def hand_over(tx: Tx, sessions: Sequence[Appointment], to: SeriesId) -> None:
    """Let sessions be those of another series."""
    await tx.series.hand_over([one.id for one in sessions], to)


async def carry_over(
    tx: Tx,
    planner: Planner,
    patient: Patient,
    before: tuple[Series, Sequence[Appointment]],
    fresh: Series,
    now: datetime,
) -> None:
    """Let the sessions of a changed series differ as those of `before` did whose place they take, week by week.

    The first one is where it was put just now.  A week whose session had been brought forward and is over has none.
    """
    series, sessions = before
    was = {_week(one): one for one in sessions if one.taken_back_at is None}
    for one in await tx.series.sessions(fresh.id, fresh.rule.first):
        old = was.get(_week(one))
        if old is None:
            continue
        if old.place is not None:
            await tx.sessions.set_place(one.id, old.place)
        if _on(one) == fresh.rule.first:
            continue
        if has_begun(old, now):
            await planner.take_back(tx, one.id, now)
        elif old.state is not SessionState.PLANNED:
            await planner.call_off(tx, one.id, SessionState.CANCELLED, now)
        elif not _differs(series, old):
            continue
        elif await tx.sessions.overlapping(old.treatment_id, old.starts_at, old.ends_at, but=one.id):
            await planner.take_back(tx, one.id, now)
        else:
            await planner.move(tx, patient, one.id, Span(old.starts_at, old.ends_at), now)


def _differs(series: Series, one: Appointment) -> bool:
    """Say whether a session is not when its series has it."""
    own = recurrence.spans(series.rule, series.zone, _on(one), _on(one))
    return [(one.starts_at, one.ends_at)] != [(span.starts_at, span.ends_at) for span in own]


def _week(one: Appointment) -> tuple[int, int]:
    """Return the ISO year and week in which a series has the session."""
    return _on(one).isocalendar()[:2]


def _on(one: Appointment) -> date:
    if one.occurrence is None:
        raise LookupError("a session of a series has no day in it")
    return one.occurrence.on

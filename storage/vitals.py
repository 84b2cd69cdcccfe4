"""What the rows say about how the bot is, asked in one statement each: for alarms, health and metrics.

Counts and instants only.  Traps: what looks at all of `outbox` or `inbox` would take longer every month; both are
asked through partial indexes alone.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, func, select

from bot.domain.alarms import CHORE_TRIES, PARKED_WITHIN, UNSENT_FOR, Vitals
from bot.domain.episodes import LIVE_EPISODE, EpisodeState, Family
from bot.domain.figures import Figures
from bot.domain.model import Urgency
from bot.domain.notices_alarms import ALARM_KINDS
from storage.schema import chores, concerns, episodes, inbox, outbox

BACKUP: Final = "backup"

_WAITING: Final = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_PRESSING: Final = _WAITING & outbox.c.urgency.in_((Urgency.URGENT, Urgency.ALERT)) & outbox.c.kind.not_in(ALARM_KINDS)
_ASIDE: Final = (inbox.c.parked_at, outbox.c.parked_at)
_UNSEEN: Final = (episodes.c.state == EpisodeState.OPEN) & (episodes.c.family != Family.SILENCE)
_FAILURES: Final = select(func.coalesce(func.sum(chores.c.attempts), 0)).where(chores.c.name == BACKUP)
_FAILING: Final = select(func.count()).where(chores.c.name != BACKUP, chores.c.attempts >= CHORE_TRIES)

VITALS: Final = select(
    select(func.count()).where(_PRESSING, outbox.c.wanted_at <= bindparam("late")).scalar_subquery().label("unsent"),
    select(func.min(outbox.c.wanted_at))
    .where(_PRESSING, outbox.c.wanted_at <= bindparam("now"))
    .scalar_subquery()
    .label("unsent_at"),
    select(func.min(concerns.c.opened_at)).where(concerns.c.seen_at.is_(None)).scalar_subquery().label("words_at"),
    select(func.min(episodes.c.opened_at)).where(_UNSEEN).scalar_subquery().label("alert_at"),
    *(
        select(func.count()).where(at > bindparam("day")).scalar_subquery().label(f"{at.table.name}_parked")
        for at in _ASIDE
    ),
    *(
        select(func.min(at)).where(at > bindparam("day")).scalar_subquery().label(f"{at.table.name}_parked_at")
        for at in _ASIDE
    ),
    _FAILURES.scalar_subquery().label("backup_failures"),
    _FAILING.scalar_subquery().label("chores_failing"),
)

_DEPTHS: Final = {
    urgency: select(func.count()).where(_WAITING, outbox.c.urgency == urgency).scalar_subquery().label(urgency.name)
    for urgency in Urgency
}
FIGURES: Final = select(
    *_DEPTHS.values(),
    select(func.count()).where(episodes.c.state.in_(LIVE_EPISODE)).scalar_subquery().label("episodes"),
    select(func.count()).where(concerns.c.contacted_at.is_(None)).scalar_subquery().label("concerns"),
)


def instants(now: datetime) -> dict[str, Any]:
    """Return what `VITALS` is asked with."""
    return {"now": now, "late": now - UNSENT_FOR, "day": now - PARKED_WITHIN}


def vitals(row: RowMapping) -> Vitals:
    """Read the answer."""
    asides = [row["inbox_parked_at"], row["outbox_parked_at"]]
    return Vitals(
        unsent=row["unsent"],
        unsent_at=row["unsent_at"],
        words_at=row["words_at"],
        alert_at=row["alert_at"],
        parked=row["inbox_parked"] + row["outbox_parked"],
        parked_at=min((at for at in asides if at is not None), default=None),
        backup_failures=row["backup_failures"],
        chores_failing=row["chores_failing"],
    )


def figures(row: RowMapping) -> Figures:
    """Read the answer."""
    return Figures({urgency: row[urgency.name] for urgency in Urgency}, row["episodes"], row["concerns"])

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
_PARKED: Final = inbox.c.parked_at > bindparam("day")
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
    select(func.count()).where(_PARKED).scalar_subquery().label("parked"),
    select(func.min(inbox.c.parked_at)).where(_PARKED).scalar_subquery().label("parked_at"),
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
    return Vitals(**row)


def figures(row: RowMapping) -> Figures:
    """Read the answer."""
    return Figures({urgency: row[urgency.name] for urgency in Urgency}, row["episodes"], row["concerns"])

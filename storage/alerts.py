"""Episodes and the alerts about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, or_, select, update

from bot.domain.alliance import Drop
from bot.domain.model import (
    LIVE_EPISODE,
    CheckInId,
    Episode,
    EpisodeId,
    EpisodeState,
    Points,
    TherapistId,
    TreatmentId,
)
from storage.rows import Rows, insert_into
from storage.schema import alerts, episodes, patients, treatments

DROP_RULE: Final = "drop"


class AlertRows(Rows):
    """Implements `bot.services.ports.Alerts`."""

    async def live_episode(self, treatment_id: TreatmentId) -> Episode | None:
        """Return the one that is not closed."""
        live = (episodes.c.treatment_id == treatment_id) & episodes.c.state.in_(LIVE_EPISODE)
        return await self._episode(_episodes().where(live, episodes.c.rule == DROP_RULE))

    async def episode(self, episode_id: EpisodeId) -> Episode | None:
        """Find by id."""
        return await self._episode(_episodes().where(episodes.c.id == episode_id))

    async def episode_raised_by(self, check_in_id: CheckInId) -> Episode | None:
        """Find by the check-in whose alert still stands."""
        standing = (alerts.c.check_in_id == check_in_id) & alerts.c.withdrawn_at.is_(None)
        statement = _episodes().join(alerts, alerts.c.episode_id == episodes.c.id).where(standing)
        return await self._episode(statement)

    async def open_episode(self, treatment_id: TreatmentId, fall: Drop, at: datetime) -> EpisodeId:
        """Open one."""
        row = {
            "treatment_id": treatment_id,
            "rule": DROP_RULE,
            "state": EpisodeState.OPEN,
            "previous_id": fall.previous.check_in_id,
            "current_id": fall.current.check_in_id,
            "level_before": fall.previous.alliance,
            "opened_at": at,
        }
        return EpisodeId(await self._add(insert_into(episodes).values(row)))

    async def deepen_episode(self, episode_id: EpisodeId, fall: Drop) -> None:
        """Note a further drop; it needs to be seen again."""
        deeper = {
            "previous_id": fall.previous.check_in_id,
            "current_id": fall.current.check_in_id,
            "acknowledged_at": None,
            "state": EpisodeState.OPEN,
        }
        await self._do(update(episodes).where(episodes.c.id == episode_id).values(deeper))

    async def set_episode_state(self, episode_id: EpisodeId, state: EpisodeState, at: datetime) -> None:
        """Move a live one to another state; closed ones never change again."""
        live = (episodes.c.id == episode_id) & episodes.c.state.in_(LIVE_EPISODE)
        changed = {"state": state} if state in LIVE_EPISODE else {"state": state, "closed_at": at, "next_at": None}
        await self._do(update(episodes).where(live).values(changed))

    async def acknowledge(self, episode_id: EpisodeId, at: datetime) -> None:
        """Note that it was seen; the first time counts.  It is not pushed again."""
        unseen = (episodes.c.id == episode_id) & episodes.c.acknowledged_at.is_(None)
        await self._do(update(episodes).where(unseen).values(acknowledged_at=at, next_at=None))

    async def repeat_at(self, episode_id: EpisodeId, at: datetime | None) -> None:
        """Plan to push once more if nobody has seen it by then; None: not (any more)."""
        await self._do(update(episodes).where(episodes.c.id == episode_id).values(next_at=at))

    async def unseen_due(self, now: datetime) -> Sequence[Episode]:
        """Return the episodes that are to be pushed once more."""
        return [_read(row) for row in await self._all(_episodes().where(episodes.c.next_at <= now))]

    async def add_alert(self, episode_id: EpisodeId, fall: Drop, at: datetime) -> None:
        """Note that a check-in raised an alert; once withdrawn, it may be raised again."""
        row = {
            "episode_id": episode_id,
            "previous_id": fall.previous.check_in_id,
            "check_in_id": fall.current.check_in_id,
            "lost": fall.lost,
            "raised_at": at,
            "withdrawn_at": None,
        }
        again = insert_into(alerts).values(row)
        await self._do(again.on_conflict_do_update(index_elements=["check_in_id"], set_=row))

    async def standing_alert(self, episode_id: EpisodeId) -> tuple[CheckInId, CheckInId] | None:
        """Return (previous, current) of the newest alert of the episode that was not withdrawn."""
        standing = (alerts.c.episode_id == episode_id) & alerts.c.withdrawn_at.is_(None)
        row = await self._first(select(alerts).where(standing).order_by(alerts.c.id.desc()))
        return (CheckInId(row["previous_id"]), CheckInId(row["check_in_id"])) if row else None

    async def look_back(self, episode_id: EpisodeId, previous: CheckInId, current: CheckInId) -> None:
        """Let the episode speak of an earlier fall again, because the later one was withdrawn."""
        await self._do(
            update(episodes).where(episodes.c.id == episode_id).values(previous_id=previous, current_id=current)
        )

    async def withdraw_alert(self, check_in_id: CheckInId, at: datetime) -> None:
        """Note that it no longer stands."""
        await self._do(update(alerts).where(alerts.c.check_in_id == check_in_id).values(withdrawn_at=at))

    async def episodes(self, therapist_id: TherapistId, since: datetime) -> Sequence[Episode]:
        """Return live ones and those closed after `since`."""
        current = or_(episodes.c.state.in_(LIVE_EPISODE), episodes.c.closed_at >= since)
        statement = _episodes().where(treatments.c.therapist_id == therapist_id, current).order_by(episodes.c.id)
        return [_read(row) for row in await self._all(statement)]

    async def _episode(self, statement: Select[Any]) -> Episode | None:
        row = await self._one(statement)
        return _read(row) if row else None


def _episodes() -> Select[Any]:
    return (
        select(episodes, patients.c.code, treatments.c.therapist_id)
        .join(treatments, episodes.c.treatment_id == treatments.c.id)
        .join(patients, treatments.c.patient_id == patients.c.id)
    )


def _read(row: RowMapping) -> Episode:
    return Episode(
        EpisodeId(row["id"]),
        TreatmentId(row["treatment_id"]),
        TherapistId(row["therapist_id"]),
        row["code"],
        EpisodeState(row["state"]),
        CheckInId(row["previous_id"]),
        CheckInId(row["current_id"]),
        Points(row["level_before"]),
        row["opened_at"],
        row["acknowledged_at"],
        row["closed_at"],
    )

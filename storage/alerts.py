"""Episodes and the alerts about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import RowMapping, Select, case, func, or_, select, update

from bot.domain.alliance import Finding, Rule
from bot.domain.episodes import (
    FAMILIES,
    LIVE_EPISODE,
    Episode,
    EpisodeState,
    Family,
    Precision,
    Raised,
    raised_by,
)
from bot.domain.model import CheckInId, EpisodeId, PatientState, PersonId, Points, TherapistId, TreatmentId
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import alerts, episodes, patients, therapists, treatments

_STANDS = alerts.c.withdrawn_at.is_(None)


class AlertRows(Rows):
    """Implements `bot.services.ports_alerts.Alerts`."""

    async def live(self, treatment_id: TreatmentId) -> Mapping[Family, Episode]:
        """Return those that are not closed."""
        live = (episodes.c.treatment_id == treatment_id) & episodes.c.state.in_(LIVE_EPISODE)
        found = [_read(row) for row in await self._all(_episodes().where(live).order_by(episodes.c.id))]
        return {episode.family: episode for episode in found}

    async def episode(self, episode_id: EpisodeId) -> Episode | None:
        """Find by id."""
        return await self._episode(_episodes().where(episodes.c.id == episode_id))

    async def raised_in(self, treatment_id: TreatmentId) -> Mapping[CheckInId, Mapping[Family, EpisodeId]]:
        """Return, by check-in, the episodes in which it raised an alert that still stands."""
        statement = (
            select(alerts.c.check_in_id, alerts.c.family, alerts.c.episode_id)
            .join(episodes, alerts.c.episode_id == episodes.c.id)
            .where(episodes.c.treatment_id == treatment_id, _STANDS)
        )
        found: dict[CheckInId, dict[Family, EpisodeId]] = {}
        for row in await self._all(statement):
            raised = found.setdefault(CheckInId(row["check_in_id"]), {})
            raised[Family(row["family"])] = EpisodeId(row["episode_id"])
        return found

    async def open_episode(self, treatment_id: TreatmentId, finding: Finding, at: datetime) -> EpisodeId:
        """Open one."""
        row = {
            "treatment_id": treatment_id,
            **_spoken_of(raised_by(finding)),
            "family": FAMILIES[finding.rule],
            "state": EpisodeState.OPEN,
            "level_before": None if finding.level is None else ceil(finding.level),
            "opened_at": at,
        }
        return EpisodeId(await self._add(insert_into(episodes).values(row)))

    async def deepen_episode(self, episode_id: EpisodeId, raised: Raised, state: EpisodeState) -> None:
        """Note a further fall; it needs to be seen again.  The level it fell from first stays."""
        await self._change(episode_id, **_spoken_of(raised), state=state, acknowledged_at=None, repeated_at=None)

    async def set_episode_state(self, episode_id: EpisodeId, state: EpisodeState, at: datetime) -> None:
        """Move a live one to another state; closed ones never change again."""
        live = (episodes.c.id == episode_id) & episodes.c.state.in_(LIVE_EPISODE)
        changed: dict[str, Any] = {"state": state}
        if state is EpisodeState.TALKED:
            changed["talked_at"] = at
        if state not in LIVE_EPISODE:
            changed |= {"closed_at": at, "next_at": None}
        await self._do(update(episodes).where(live).values(changed))

    async def acknowledge(self, episode_id: EpisodeId, at: datetime) -> None:
        """Note that it was seen; the first time counts.  It is not pushed again."""
        unseen = (episodes.c.id == episode_id) & episodes.c.acknowledged_at.is_(None)
        await self._do(update(episodes).where(unseen).values(acknowledged_at=at, next_at=None))

    async def repeat_at(self, episode_id: EpisodeId, at: datetime | None) -> None:
        """Plan to push once more if nobody has seen it by then; None: not to."""
        await self._change(episode_id, next_at=at)

    async def repeated(self, episode_id: EpisodeId, at: datetime) -> None:
        """Note that it was pushed once more; that was the last time."""
        await self._change(episode_id, next_at=None, repeated_at=at)

    async def unseen_due(self, now: datetime) -> Sequence[Episode]:
        """Return the episodes that are to be pushed once more."""
        return [_read(row) for row in await self._all(_episodes().where(episodes.c.next_at <= now))]

    async def add_alert(self, episode_id: EpisodeId, finding: Finding, at: datetime) -> None:
        """Note that a check-in raised an alert; once withdrawn, it may be raised again."""
        raised = raised_by(finding)
        row = {
            "episode_id": episode_id,
            "rule": raised.rule,
            "family": FAMILIES[raised.rule],
            "previous_id": raised.previous_id,
            "check_in_id": raised.current_id,
            "lost": raised.lost,
            "count": raised.count,
            "raised_at": at,
            "withdrawn_at": None,
        }
        again = insert_into(alerts).values(row)
        await self._do(again.on_conflict_do_update(index_elements=["check_in_id", "family"], set_=row))

    async def standing_alert(self, episode_id: EpisodeId) -> Raised | None:
        """Return the newest alert of the episode that was not withdrawn."""
        standing = (alerts.c.episode_id == episode_id) & _STANDS
        row = await self._first(select(alerts).where(standing).order_by(alerts.c.id.desc()))
        return _raised(row) if row else None

    async def look_back(self, episode_id: EpisodeId, raised: Raised) -> None:
        """Let the episode speak of an earlier fall again, because the later one was withdrawn."""
        await self._change(episode_id, **_spoken_of(raised))

    async def withdraw_alert(self, check_in_id: CheckInId, family: Family, at: datetime) -> None:
        """Note that it no longer stands."""
        raised = (alerts.c.check_in_id == check_in_id) & (alerts.c.family == family)
        await self._do(update(alerts).where(raised).values(withdrawn_at=at))

    async def episodes(self, therapist_id: TherapistId, since: datetime) -> Sequence[Episode]:
        """Return live ones and those closed after `since`."""
        current = or_(episodes.c.state.in_(LIVE_EPISODE), episodes.c.closed_at >= since)
        statement = _episodes().where(treatments.c.therapist_id == therapist_id, current).order_by(episodes.c.id)
        return [_read(row) for row in await self._all(statement)]

    async def precision(self, therapist_id: TherapistId) -> Mapping[Rule, Precision]:
        """Count, by rule, the closed episodes of a therapist's patients and the false alarms among them."""
        wrong = func.sum(case((episodes.c.state == EpisodeState.FALSE_ALARM, 1), else_=0))
        statement = (
            select(episodes.c.rule, func.count().label("closed"), wrong.label("wrong"))
            .join(treatments, episodes.c.treatment_id == treatments.c.id)
            .where(treatments.c.therapist_id == therapist_id)
            .where(episodes.c.state.not_in((*LIVE_EPISODE, EpisodeState.WITHDRAWN)))
            .group_by(episodes.c.rule)
        )
        return {Rule(row["rule"]): Precision(row["closed"], row["wrong"]) for row in await self._all(statement)}

    # Notes about what was found and renegotiated

    async def ask_note(self, episode_id: EpisodeId, until: datetime) -> None:
        """Let the next line of the therapist be the note, until then."""
        await self._change(episode_id, note_until=until)

    async def awaiting_note(self, person_id: PersonId, now: datetime) -> Episode | None:
        """Return the newest one for which this therapist was asked for a note that has not come."""
        asked = (therapists.c.person_id == person_id) & (episodes.c.note_until > now)
        statement = _episodes().join(therapists, treatments.c.therapist_id == therapists.c.id).where(asked)
        row = await self._first(statement.order_by(episodes.c.note_until.desc(), episodes.c.id.desc()))
        return _read(row) if row else None

    async def keep_note(self, episode_id: EpisodeId, text: str | None) -> None:
        """Keep the note sealed, in the place of an earlier one, or none; either way it is not asked for any more."""
        note = {} if text is None else {"note": self._ring.seal(text)}
        await self._change(episode_id, note_until=None, **note)

    async def note(self, episode_id: EpisodeId) -> str | None:
        """Return the note."""
        sealed = await self._value(select(episodes.c.note).where(episodes.c.id == episode_id))
        return None if sealed is None else self._ring.unseal(sealed)

    async def drop_note(self, episode_id: EpisodeId) -> None:
        """Delete the note."""
        await self._change(episode_id, note=None)

    async def _change(self, episode_id: EpisodeId, **values: Any) -> None:
        await self._do(update(episodes).where(episodes.c.id == episode_id).values(**values))

    async def _episode(self, statement: Select[Any]) -> Episode | None:
        row = await self._one(statement)
        return _read(row) if row else None


def _episodes() -> Select[Any]:
    return (
        select(episodes, patients.c.code, patients.c.state.label("patient_state"), treatments.c.therapist_id)
        .join(treatments, episodes.c.treatment_id == treatments.c.id)
        .join(patients, treatments.c.patient_id == patients.c.id)
    )


def _spoken_of(raised: Raised) -> dict[str, Any]:
    return {"rule": raised.rule, "previous_id": raised.previous_id, "current_id": raised.current_id}


def _raised(row: RowMapping) -> Raised:
    return Raised(
        Rule(row["rule"]), _check_in(row["previous_id"]), CheckInId(row["check_in_id"]), row["lost"], row["count"]
    )


def _check_in(number: int | None) -> CheckInId | None:
    return None if number is None else CheckInId(number)


def _read(row: RowMapping) -> Episode:
    return Episode(
        EpisodeId(row["id"]),
        TreatmentId(row["treatment_id"]),
        TherapistId(row["therapist_id"]),
        row["code"],
        Rule(row["rule"]),
        Family(row["family"]),
        EpisodeState(row["state"]),
        _check_in(row["previous_id"]),
        CheckInId(row["current_id"]),
        None if row["level_before"] is None else Points(row["level_before"]),
        row["opened_at"],
        row["acknowledged_at"],
        row["talked_at"],
        row["closed_at"],
        row["repeated_at"],
        row["note"] is not None,
        row["patient_state"] == PatientState.LEFT,
    )

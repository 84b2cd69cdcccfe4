"""Everything that is held about one patient, gathered for the patient or for the record."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, func, select

from bot.domain.episodes import EpisodeState
from bot.domain.holdings import (
    Decision,
    HeldCheckIn,
    HeldEpisode,
    HeldSession,
    HeldWords,
    Holdings,
    Reading,
)
from bot.domain.model import (
    Article,
    Called,
    CheckInState,
    Item,
    PatientId,
    PatientState,
    SessionState,
    WordsKind,
)
from storage.audit import TAKEN, AuditRows, name_of
from storage.schema import (
    answers,
    audit,
    check_ins,
    concerns,
    consents,
    disclosure_contacts,
    disclosures,
    episodes,
    erasures,
    inbox,
    outbox,
    patients,
    people,
    sent_messages,
    sessions,
    therapists,
    treatments,
    words,
)


class HoldingRows(AuditRows):
    """The part of `bot.services.ports.Audit` that tells a person everything."""

    async def holdings(self, patient_id: PatientId, *, confided: bool) -> Holdings:
        """Gather everything; what was `confided` is for the patient alone.  KeyError if there is no such patient."""
        one = await self._one(_whole(patient_id))
        if one is None:
            raise KeyError(patient_id)
        written = await self._written(patient_id)
        return Holdings(
            code=one["code"],
            state=PatientState(one["state"]),
            state_at=one["state_at"],
            therapist=Called(self._ring.unseal(one["name"]), Article(one["article"])),
            minor=bool(one["minor"]),
            guardian=self._opened(one["guardian"]),
            language=one["language"],
            zone=one["zone"],
            quiet=f"{one['quiet_from']}-{one['quiet_until']}" if one["quiet_from"] else None,
            decisions=await self._decisions(patient_id),
            sessions=await self._sessions(patient_id, written),
            messages_left=written[None],
            confided=await self._confided(patient_id) if confided else (),
            episodes=await self._episodes(patient_id, noted=not confided),
            acts=await self.of_patient(patient_id, confided=confided),
            words_deleted_at=one["export_until"],
            **await self._counts(one),
        )

    def _opened(self, sealed: bytes | None) -> str | None:
        return None if sealed is None else self._ring.unseal(sealed)

    async def _decisions(self, patient_id: PatientId) -> Sequence[Decision]:
        statement = select(consents).where(consents.c.patient_id == patient_id).order_by(consents.c.id)
        return [
            Decision(
                row["version"],
                row["text_hash"],
                row["language"],
                row["decided_at"],
                bool(row["accepted"]),
                self._opened(row["guardian"]),
            )
            for row in await self._all(statement)
        ]

    async def _sessions(
        self, patient_id: PatientId, written: dict[int | None, list[HeldWords]]
    ) -> Sequence[HeldSession]:
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        mine = sessions.c.treatment_id.in_(treated)
        check_in = {row["session_id"]: row for row in await self._all(_check_ins().where(mine))}
        given: dict[int, dict[Item, int]] = defaultdict(dict)
        statement = _check_ins().join(answers, answers.c.check_in_id == check_ins.c.id).where(mine)
        for row in await self._all(statement.add_columns(answers.c.item, answers.c.score)):
            given[row["id"]][Item(row["item"])] = row["score"]
        rows = await self._all(select(sessions).where(mine).order_by(sessions.c.ends_at, sessions.c.id))
        return [
            HeldSession(
                row["starts_at"],
                row["ends_at"],
                SessionState(row["state"]),
                _check_in(check_in[row["id"]], given, written) if row["id"] in check_in else None,
            )
            for row in rows
        ]

    async def _written(self, patient_id: PatientId) -> dict[int | None, list[HeldWords]]:
        """Return the patient's words by check-in; None holds the messages that were left outside of one."""
        read = await self._readings("words", select(words.c.id).where(words.c.patient_id == patient_id))
        found: dict[int | None, list[HeldWords]] = defaultdict(list)
        statement = (
            select(words, concerns.c.seen_at)
            .outerjoin(concerns, concerns.c.words_id == words.c.id)
            .where(words.c.patient_id == patient_id)
            .order_by(words.c.id)
        )
        for row in await self._all(statement):
            found[row["check_in_id"]].append(
                HeldWords(
                    WordsKind(row["kind"]),
                    self._ring.unseal(row["body"]),
                    row["written_at"],
                    row["changed_at"],
                    row["seen_at"],
                    read[row["id"]],
                )
            )
        return found

    async def _confided(self, patient_id: PatientId) -> Sequence[HeldWords]:
        mine = disclosures.c.patient_id == patient_id
        read = await self._readings("disclosure", select(disclosures.c.id).where(mine))
        told = await self._told(patient_id)
        return [
            HeldWords(
                WordsKind.MESSAGE,
                self._ring.unseal(row["body"]),
                row["told_at"],
                None,
                None,
                read[row["id"]],
                told[row["id"]],
            )
            for row in await self._all(select(disclosures).where(mine).order_by(disclosures.c.id))
        ]

    async def _told(self, patient_id: PatientId) -> dict[int, list[str]]:
        """Return the names of those to whom each disclosure was confided."""
        statement = (
            select(disclosures.c.id, name_of(disclosure_contacts.c.person_id))
            .join_from(disclosures, disclosure_contacts)
            .where(disclosures.c.patient_id == patient_id)
            .order_by(disclosures.c.id, disclosure_contacts.c.person_id)
        )
        told: dict[int, list[str]] = defaultdict(list)
        for row in await self._all(statement):
            told[row["id"]].append(self._ring.unseal(row["name"]))
        return told

    async def _readings(self, subject: str, ids: Select[Any]) -> dict[int, list[Reading]]:
        statement = (
            select(audit.c.subject_id, audit.c.at, audit.c.act, name_of(audit.c.actor))
            .where(audit.c.act.in_(("read", TAKEN)), audit.c.subject == subject, audit.c.subject_id.in_(ids))
            .order_by(audit.c.id)
        )
        read: dict[int, list[Reading]] = defaultdict(list)
        for row in await self._all(statement):
            read[row["subject_id"]].append(Reading(row["at"], self._opened(row["name"]), row["act"] == TAKEN))
        return read

    async def _episodes(self, patient_id: PatientId, *, noted: bool) -> Sequence[HeldEpisode]:
        """Return them with the notes of the therapist if `noted`; those are not part of what the patient gets."""
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        statement = select(episodes).where(episodes.c.treatment_id.in_(treated)).order_by(episodes.c.id)
        return [
            HeldEpisode(
                row["rule"],
                EpisodeState(row["state"]),
                row["level_before"],
                row["opened_at"],
                row["acknowledged_at"],
                row["talked_at"],
                row["closed_at"],
                row["note"] is not None,
                self._opened(row["note"]) if noted else None,
            )
            for row in await self._all(statement)
        ]

    async def _counts(self, one: RowMapping) -> dict[str, int]:
        """Count what is kept about the account itself; nothing when there is none."""
        if one["person_id"] is None:
            return {"messages": 0, "waiting": 0, "received": 0}
        sent = select(outbox.c.message_id).where(outbox.c.person_id == one["person_id"], outbox.c.sent_at.is_not(None))
        noted = select(sent_messages.c.message_id).where(sent_messages.c.person_id == one["person_id"])
        known = sent.where(outbox.c.message_id.is_not(None)).union(noted).subquery()
        waits = (outbox.c.person_id == one["person_id"]) & outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
        counted = {
            "messages": select(func.count()).select_from(known),
            "waiting": select(func.count()).select_from(outbox).where(waits, outbox.c.kind != "own_data"),
            "received": select(func.count()).select_from(inbox).where(inbox.c.lane_ref == one["chat_ref"]),
        }
        return {name: int(await self._value(statement)) for name, statement in counted.items()}


def _whole(patient_id: PatientId) -> Any:
    return (
        select(patients, people.c.language, people.c.zone, people.c.chat_ref, erasures.c.export_until)
        .add_columns(people.c.quiet_from, people.c.quiet_until, therapists.c.name, therapists.c.article)
        .join(treatments, treatments.c.patient_id == patients.c.id)
        .join(therapists, treatments.c.therapist_id == therapists.c.id)
        .outerjoin(people, patients.c.person_id == people.c.id)
        .outerjoin(erasures, erasures.c.patient_id == patients.c.id)
        .where(patients.c.id == patient_id)
    )


def _check_ins() -> Any:
    return select(check_ins).join(sessions, check_ins.c.session_id == sessions.c.id)


def _check_in(
    row: RowMapping, given: dict[int, dict[Item, int]], written: dict[int | None, list[HeldWords]]
) -> HeldCheckIn:
    return HeldCheckIn(
        CheckInState(row["state"]),
        row["due_at"],
        row["asked_at"],
        row["answered_at"],
        row["done_at"],
        row["text_version"],
        given[row["id"]],
        written[row["id"]],
    )

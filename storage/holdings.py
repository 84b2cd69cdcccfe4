"""Everything that is held about one patient, gathered for the patient or for the record."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, literal, select

from bot.domain.appointments import Place
from bot.domain.carried import TakenUp
from bot.domain.episodes import EpisodeState
from bot.domain.holdings import (
    Decision,
    HeldCheckIn,
    HeldEpisode,
    HeldRecord,
    HeldSession,
    HeldWords,
    Holdings,
    Reading,
)
from bot.domain.instrument import THREE_ITEMS
from bot.domain.model import (
    Article,
    Called,
    CheckInState,
    Item,
    PatientId,
    PatientState,
    SessionId,
    SessionState,
    WordsKind,
)
from bot.domain.records import RESERVED, RecordId, RecordKind, versions
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
from storage.schema_guesses import guesses, pauses
from storage.schema_records import records

_INSTANTS = (
    *("planned_at", "due_at", "asked_at", "sent_at", "opened_at"),
    *("answered_at", "done_at", "corrected_at"),
)


class HoldingRows(AuditRows):
    """The part of `bot.services.ports.Audit` that tells a person everything."""

    async def holdings(self, patient_id: PatientId, *, confided: bool) -> Holdings:
        """Gather everything; KeyError if there is no such patient.

        What was `confided` is for the patient alone, what was guessed for the record alone.
        """
        one = await self._one(_whole(patient_id))
        if one is None:
            raise KeyError(patient_id)
        written = await self._written(patient_id)
        return Holdings(
            id=UUID(bytes=self._ring.blind("exported patient", patient_id)[:16], version=5),
            code=one["code"],
            state=PatientState(one["state"]),
            state_at=one["state_at"],
            therapist=Called(self._ring.unseal(one["name"]), Article(one["article"])),
            minor=bool(one["minor"]),
            guardian=self._opened(one["guardian"]),
            language=one["language"],
            zone=one["zone"],
            manner=f"{one['register']} {one['form']} {one['region']}" if one["language"] else None,
            quiet=f"{one['quiet_from']}-{one['quiet_until']}" if one["quiet_from"] else None,
            decisions=await self._decisions(patient_id),
            sessions=await self._sessions(patient_id, written, guessed=not confided),
            messages_left=written[None],
            confided=await self._confided(patient_id) if confided else (),
            episodes=await self._episodes(patient_id, noted=not confided),
            records=await self._records(patient_id, for_patient=confided),
            acts=await self.of_patient(patient_id, confided=confided),
            words_deleted_at=one["export_until"],
            guesses_kept=await self._guesses_kept(patient_id) if confided else 0,
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
        self, patient_id: PatientId, written: dict[int | None, list[HeldWords]], *, guessed: bool
    ) -> Sequence[HeldSession]:
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        mine = sessions.c.treatment_id.in_(treated)
        around = _check_ins().add_columns(guesses.c.guessed, pauses.c.started_at.label("pause_at"))
        around = around.outerjoin(guesses, (guesses.c.check_in_id == check_ins.c.id) & literal(guessed))
        around = around.outerjoin(pauses, pauses.c.check_in_id == check_ins.c.id)
        check_in = {row["session_id"]: row for row in await self._all(around.where(mine))}
        given: dict[int, dict[Item, RowMapping]] = defaultdict(dict)
        statement = _check_ins().join(answers, answers.c.check_in_id == check_ins.c.id).where(mine)
        for row in await self._all(statement.with_only_columns(answers)):
            given[row["check_in_id"]][Item(row["item"])] = row
        rows = await self._all(select(sessions).where(mine).order_by(sessions.c.ends_at, sessions.c.id))
        return [
            HeldSession(
                SessionId(row["id"]),
                row["starts_at"],
                row["ends_at"],
                SessionState(row["state"]),
                Place(row["place"]) if row["place"] else None,
                bool(row["cut"]),
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

    async def _records(self, patient_id: PatientId, *, for_patient: bool) -> Sequence[HeldRecord]:
        """Return what was written down; subjective annotations keep their text from the patient (`RESERVED`)."""
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        rows = await self._all(select(records).where(records.c.treatment_id.in_(treated)).order_by(records.c.id))
        agreements = (row for row in rows if row["kind"] == RecordKind.AGREEMENT)
        numbers = versions((RecordId(row["id"]), row["struck_at"]) for row in agreements)
        return [
            HeldRecord(
                RecordKind(row["kind"]),
                None if reserved else self._opened(row["body"]),
                row["recorded_at"],
                row["ended_at"],
                row["struck_at"],
                reserved,
                numbers.get(row["id"]),
            )
            for row in rows
            for reserved in [for_patient and RecordKind(row["kind"]) in RESERVED]
        ]

    async def _guesses_kept(self, patient_id: PatientId) -> int:
        """Count what the therapist guessed about this patient."""
        treated = select(treatments.c.id).where(treatments.c.patient_id == patient_id)
        made = _check_ins().join(guesses, guesses.c.check_in_id == check_ins.c.id)
        made = made.where(sessions.c.treatment_id.in_(treated), guesses.c.guessed.is_not(None))
        return int(await self._value(select(func.count()).select_from(made.subquery())))

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
        .add_columns(people.c.register, people.c.form, people.c.region)
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
    row: RowMapping, given: dict[int, dict[Item, RowMapping]], written: dict[int | None, list[HeldWords]]
) -> HeldCheckIn:
    items = tuple(Item(item) for item in row["items"].split(","))
    scored = {item: given[row["id"]][item] for item in THREE_ITEMS if item in given[row["id"]]}
    return HeldCheckIn(
        state=CheckInState(row["state"]),
        items=items,
        **{name: row[name] for name in _INSTANTS},
        text_version=row["text_version"],
        scores={item: one["score"] for item, one in scored.items()},
        scored_at={item: one["scored_at"] for item, one in scored.items()},
        words=written[row["id"]],
        taken_up=TakenUp(row["taken_up"]) if row["taken_up"] else None,
        guess=row["guessed"],
        pause_at=row["pause_at"],
    )

"""What is asked at every tick and at every tap is found by an index, however long the practice has been running."""

import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection

from bot.domain.model import CheckInId, OutboxId, PatientId, PersonId, TherapistId, TreatmentId, Urgency
from bot.domain.notices import HelpFirst
from bot.domain.post import Lane, OutboxRow
from bot.domain.records import RecordKind
from storage.columns import KeyRing
from storage.database import Database, Rooms
from storage.engine import make_engine
from tests.storage.records import NOW, answer, furnish, raw

Question = Callable[[Rooms], Awaitable[object]]

REPLY = OutboxRow(OutboxId(2), PersonId(1), HelpFirst(), Urgency.REPLY, NOW, None, 0)
ASKED: dict[str, tuple[Question, set[str]]] = {
    "check-ins due": (lambda tx: tx.check_ins.due(NOW, 10), {"ix_check_ins_next_at"}),
    "check-ins settling": (lambda tx: tx.check_ins.settling(NOW, 10), {"ix_check_ins_settles_at"}),
    "what a check-in is about": (lambda tx: tx.check_ins.about(CheckInId(1)), {"ix_consents_patient_id"}),
    "check-ins lagging": (lambda tx: tx.check_ins.lagging(NOW, 10), {"ix_check_ins_lag_at", "ix_outbox_check_in"}),
    "outbox due": (lambda tx: tx.outbox.due(NOW, dict.fromkeys(Urgency, 10), {PersonId(1)}), {"ix_outbox_due"}),
    "how many wait": (lambda tx: tx.outbox.crowd(NOW, 10), {"ix_outbox_due"}),
    "what a message is about": (lambda tx: tx.outbox.standing(OutboxId(1), NOW), set()),
    "what is parked": (lambda tx: tx.outbox.parked(10), {"ix_outbox_parked"}),
    "updates that are parked": (lambda tx: tx.inbox.parked(10), {"ix_inbox_parked"}),
    "an earlier reply": (lambda tx: tx.outbox.behind(REPLY), {"ix_outbox_person_id"}),
    "updates of a chat": (lambda tx: tx.inbox.pending(Lane(b""), NOW, 10), {"ix_inbox_lanes"}),
    "updates to try again": (lambda tx: tx.inbox.lanes_again(NOW), {"ix_inbox_again"}),
    "wrong links": (lambda tx: tx.people.wrong_links(NOW), {"ix_failed_starts_at"}),
    "wrong links of a chat": (lambda tx: tx.people.failed_starts(200, NOW), {"ix_failed_starts_chat_ref_at"}),
    "sessions to announce": (lambda tx: tx.sessions.to_note(NOW, 10), {"ix_sessions_note_at"}),
    "an agreement": (lambda tx: tx.records.agreement(TreatmentId(1)), {"ix_records_treatment_id_kind_recorded_at"}),
    "agreements of a therapist": (lambda tx: tx.records.standing(TherapistId(1)), {"ix_treatments_therapist_id"}),
    "markers of a therapist": (
        lambda tx: tx.records.noted(TherapistId(1), RecordKind.MARKER, NOW, NOW),
        {"ix_treatments_therapist_id", "ix_records_treatment_id_kind_recorded_at"},
    ),
    "the last marker": (
        lambda tx: tx.records.last(TreatmentId(1), RecordKind.MARKER),
        {"ix_records_treatment_id_kind_recorded_at"},
    ),
    "guesses that lapse": (lambda tx: tx.guesses.due(NOW), {"ix_guesses_next_at"}),
    "pauses that go on": (lambda tx: tx.pauses.due(NOW), {"ix_pauses_next_at"}),
    "guesses of a treatment": (lambda tx: tx.guesses.open_in(TreatmentId(1)), {"sqlite_autoindex_guesses_1"}),
    "guesses of a therapist": (lambda tx: tx.guesses.unseen_of(TherapistId(1)), {"ix_treatments_therapist_id"}),
    "digests due": (lambda tx: tx.people.therapists_due(NOW), {"ix_therapists_digest_at"}),
    "chores due": (lambda tx: tx.chores.due(NOW), {"ix_chores_next_at"}),
    "alerts to repeat": (lambda tx: tx.alerts.unseen_due(NOW), {"ix_episodes_next_at"}),
    "the course of a treatment": (
        lambda tx: tx.courses.of_treatment(TreatmentId(1)),
        {"sqlite_autoindex_check_ins_1"},
    ),
    "concerns of a treatment": (lambda tx: tx.alerts.live(TreatmentId(1)), {"ix_episodes_treatment_id"}),
    "alerts of a treatment": (lambda tx: tx.alerts.raised_in(TreatmentId(1)), {"ix_episodes_treatment_id"}),
    "a note about a talk": (lambda tx: tx.alerts.awaiting_note(PersonId(1), NOW), {"ix_treatments_therapist_id"}),
    "urgent words to follow up": (lambda tx: tx.concerns.due(NOW), {"ix_concerns_next_at"}),
    "a note that was asked for": (
        lambda tx: tx.concerns.awaiting_note(PersonId(1), NOW),
        {"ix_concerns_contacted_by"},
    ),
    "other urgent words": (lambda tx: tx.concerns.unseen_of(PatientId(1)), {"ix_concerns_patient_id"}),
    "what waits for a person": (lambda tx: tx.check_ins.pending_of(PersonId(1)), {"ix_patients_person_id"}),
    "who writes": (lambda tx: tx.people.visitor(200), {"sqlite_autoindex_people_1", "ix_patients_person_id"}),
}


class Plans:
    """Collects how SQLite would go about each statement."""

    def __init__(self, path: Path) -> None:
        self.steps: list[str] = []
        self._path = path

    def note(self, statement: str) -> None:
        """Explain what SQLite is about to run, its values written out."""
        if statement.startswith("SELECT"):
            with closing(sqlite3.connect(self._path)) as db:
                self.steps += [row[3] for row in explained(db, statement)]

    def use(self, index: str) -> bool:
        return any(f"INDEX {index}" in step for step in self.steps)


def explained(db: sqlite3.Connection, statement: str) -> list[tuple[int, int, int, str]]:
    return db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()


@pytest.fixture
async def plans(path: Path) -> Plans:
    return Plans(path)


@pytest.fixture
async def store(path: Path, ring: KeyRing, plans: Plans) -> AsyncIterator[Database]:
    """Open a practice with one answered check-in, whose every SELECT is explained."""
    engine = make_engine(f"sqlite+aiosqlite:///{path}")
    listening: list[Callable[[str], None]] = []

    def hear(statement: str) -> None:
        for listener in listening:
            listener(statement)

    def on_connect(connection: AsyncAdapt_aiosqlite_connection, _: object) -> None:
        connection.run_async(lambda driver: driver.set_trace_callback(hear))

    event.listen(engine, "connect", on_connect)
    async with Database(engine, ring, lambda: NOW) as database:
        async with database.transaction() as tx:
            await answer(tx, await furnish(tx), 7, 8, 2)
        listening.append(plans.note)
        yield database


def scans(plans: Plans) -> list[str]:
    """Return the steps that go through a whole table; subqueries are one row."""
    tables = [step for step in plans.steps if re.match(r"(SCAN|SEARCH) (?!anon_|CONSTANT)\w+", step)]
    return [step for step in tables if step.startswith("SCAN") or "USING" not in step]


@pytest.mark.parametrize("name", ASKED)
async def test_no_question_of_the_day_reads_a_whole_table(store: Database, plans: Plans, name: str) -> None:
    ask, indexes = ASKED[name]

    async with store.reading() as tx:
        await ask(tx)

    assert scans(plans) == []
    assert {index for index in indexes if plans.use(index)} == indexes


HEADS = {
    *("ix_check_ins_next_at", "ix_check_ins_lag_at", "ix_therapists_digest_at", "ix_episodes_next_at"),
    *("ix_outbox_waiting", "ix_inbox_again", "ix_concerns_next_at", "ix_sessions_note_at"),
}


async def test_the_next_look_reads_the_head_of_each_index(store: Database, plans: Plans) -> None:
    await store.dues()

    assert scans(plans) == []
    assert {index for index in HEADS if plans.use(index)} == HEADS


FEW = {"concerns", "episodes", "chores"}
"""Tables that hold few rows after many years; they are gone through once a minute."""


async def test_the_look_at_itself_reads_little_of_the_post(store: Database, plans: Plans) -> None:
    await store.vitals(NOW)
    await store.figures()

    assert {step.split()[1] for step in scans(plans)} <= FEW
    assert all(plans.use(index) for index in ("ix_outbox_due", "ix_outbox_parked", "ix_inbox_parked"))


async def test_what_falls_due_next_is_found_at_the_head_of_each_index(store: Database, plans: Plans) -> None:
    await store.upcoming(8)

    assert [step for step in scans(plans) if "USING" not in step] == []


async def test_a_scan_would_be_noticed(store: Database, plans: Plans, path: Path) -> None:
    with raw(path) as db:
        db.execute("DROP INDEX ix_check_ins_next_at")

    await store.dues()

    assert scans(plans) == ["SEARCH check_ins"]

"""Who left is written down by row id, before anything is erased; and then really nothing of them is left."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alliance import Outcome, Rule, Rules, evaluate
from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from bot.domain.model import Article, Called, ConcernStep, Role, Urgency, WordsId, WordsKind
from bot.domain.notices import CrisisDelivered, Question
from bot.domain.post import Incoming, Source
from bot.domain.records import AwaitedLine, RecordKind
from storage.columns import KeyRing
from storage.database import Database, Rooms
from storage.erasure import erase_patient
from storage.erasures import Erasure, append, begin, read
from storage.schema import metadata
from tests import engines
from tests.storage.records import NOW, VOICE, WEEK, Room, answer, ask, furnish, open_database, rows

pytestmark = pytest.mark.both

SEVEN, EIGHT = Erasure(NOW, 7, keep_scores=True), Erasure(NOW + WEEK, 8, keep_scores=False)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "erasures.log"


def test_what_was_written_is_read_in_order(log: Path) -> None:
    append(log, SEVEN)
    append(log, EIGHT)

    assert read(log) == [SEVEN, EIGHT]
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_line_holds_row_ids_and_an_instant_alone(log: Path) -> None:
    append(log, SEVEN)

    assert json.loads(log.read_text()) == {"at": "2026-11-17T16:00:00Z", "patient_id": 7, "keep_scores": True}


def test_whoever_leaves_at_the_same_time_has_a_line_too(log: Path) -> None:
    """The list is read before it is written: whoever comes in between must not be written over."""
    numbers = range(200)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: append(log, replace(SEVEN, patient_id=number)), numbers))

    assert {erasure.patient_id for erasure in read(log)} == set(numbers)


def test_beginning_again_forgets_nobody(log: Path) -> None:
    begin(log)
    assert read(log) == []
    append(log, SEVEN)

    begin(log)

    assert read(log) == [SEVEN]


@pytest.mark.parametrize("length", range(1, 60, 7))
def test_a_line_that_a_kill_cut_short_is_passed_over(log: Path, length: int) -> None:
    append(log, SEVEN)
    whole = log.read_bytes()
    log.write_bytes(whole + whole[:length])

    assert read(log) == [SEVEN]
    append(log, EIGHT)
    assert read(log) == [SEVEN, EIGHT]


@pytest.mark.parametrize("line", ["{}", "[]", "7", "", '{"at": "2026-11-17", "patient_id": 7, "keep_scores": true}'])
def test_a_damaged_list_is_refused(log: Path, line: str) -> None:
    append(log, SEVEN)
    log.write_text(f"{line}\n{log.read_text()}")

    with pytest.raises(StoreRefusedError, match="is damaged"):
        read(log)


def test_a_list_that_cannot_be_written_stops_the_erasure(tmp_path: Path) -> None:
    (tmp_path / "backups").touch()

    with pytest.raises(StoreUnavailableError, match=r"erasures\.log cannot be written"):
        append(tmp_path / "backups" / "erasures.log", SEVEN)


# Erasing

LEAVES, STAYS = 200, 300
"""Chats of P-07 (patient 1) and of P-08 (patient 2), who have the same therapist and the same story."""


async def story(tx: Rooms, code: str, chat: int) -> None:
    """Put something of one patient into every table that can hold it."""
    room = await furnish(tx, code, chat)
    before, after = [await answer(tx, room, score, score, 8, ends_at=at) for score, at in ((9, NOW - WEEK), (3, NOW))]
    opened = await ask(tx, room, NOW + timedelta(hours=1))
    await alarm(tx, room)
    await tx.check_ins.add_words(room.patient.id, before.id, WordsKind.REFLECTION, "palabras", Source(chat, 1), NOW)
    words = await tx.check_ins.add_words(room.patient.id, after.id, WordsKind.CRISIS, "ayuda", Source(chat, 2), NOW)
    await _concern(tx, room, words, chat)
    await tx.people.add_consent(room.patient.id, "v1", "hash", "es", NOW, accepted=True)
    link = await tx.people.add_invitation(Role.PATIENT, f"token {code}", "Dra. Ruiz", room.patient.id, NOW, NOW)
    await tx.people.open_invitation(link, room.person, NOW)
    await tx.people.note_failed_start(chat, NOW)
    await tx.outbox.put(Question(opened.id), room.person, Urgency.BULK, NOW, f"ask:{code}")
    await tx.outbox.put(CrisisDelivered(room.patient.id), room.person, Urgency.URGENT, NOW, f"told:{code}")
    await tx.inbox.keep([Incoming(f"update {chat}", chat, "{}")], NOW)
    await tx.audit.note(NOW, room.person, "read", "words", words)
    await _records(tx, room, chat)


async def _concern(tx: Rooms, room: Room, words: WordsId, chat: int) -> None:
    concern = await tx.concerns.open(room.patient.id, words, NOW)
    await tx.concerns.add_step(concern.id, ConcernStep.OPENED, NOW)
    await tx.concerns.add_step(concern.id, ConcernStep.DELIVERED, NOW, room.person)
    second = await tx.people.remember(110, VOICE)
    await tx.people.add_contact(second, Role.SECOND_CONTACT, Called("Dra. Soto", Article.LA), NOW)
    told = await tx.concerns.add_disclosure(room.patient.id, "me pega", Source(chat, 3), NOW)
    await tx.concerns.confide(told, second)


async def _records(tx: Rooms, room: Room, chat: int) -> None:
    treatment, kind = room.patient.treatment_id, RecordKind.AGREEMENT
    former = await tx.records.add(treatment, kind, "dormir", Source(chat, 4), NOW)
    await tx.records.end(former, NOW)
    await tx.records.add(treatment, kind, "caminar", Source(chat, 5), NOW, former)
    if chat == LEAVES:
        await tx.records.await_line(AwaitedLine(room.patient.therapist_id, room.patient.id, kind, NOW, NOW + WEEK))


async def alarm(tx: Rooms, room: Room) -> None:
    course = await tx.courses.of_treatment(room.patient.treatment_id)
    low = [entry.check_in_id for entry in course if entry.outcome is Outcome.ANSWERED][-1]
    (fall,) = evaluate(course, low, Rules(on=frozenset({Rule.DROP})))
    episode = await tx.alerts.open_episode(room.patient.treatment_id, fall, NOW)
    await tx.alerts.add_alert(episode, fall, NOW)
    await tx.alerts.repeat_at(episode, NOW + WEEK)
    await tx.alerts.keep_note(episode, "iba deprisa")


@pytest.fixture
async def practice(store: Database, path: Path) -> Path:
    async with store.transaction() as tx:
        await story(tx, "P-07", LEAVES)
        await story(tx, "P-08", STAYS)
    return path


def erase(path: Path, patient_id: int = 1, *, keep_scores: bool) -> None:
    engine = engines.offline(path)
    with engine.begin() as connection:
        erase_patient(connection, patient_id, keep_scores=keep_scores)
    engine.dispose()


def counts(path: Path) -> dict[str, int]:
    return {table: len(rows(path, f"SELECT * FROM {table}")) for table in metadata.tables}  # noqa: S608


WORDS_AND_ACCOUNT = {
    "words",
    "concerns",
    "concern_steps",
    "disclosures",
    "disclosure_contacts",
    "records",
    "invitations",
    "outbox",
    "inbox",
    "failed_starts",
}
SCORES = {"answers", "check_ins", "sessions", "episodes", "alerts", "treatments", "consents", "patients"}


ONCE = {"people", "record_lines"}
"""Of these the patient who leaves has one more than the one who stays."""


def test_without_scores_nothing_of_the_patient_is_left_and_all_of_the_other(practice: Path) -> None:
    before = counts(practice)

    erase(practice, keep_scores=False)

    after = counts(practice)
    assert {table for table in before if after[table] != before[table]} == WORDS_AND_ACCOUNT | SCORES | ONCE
    assert all(after[table] * 2 == before[table] for table in WORDS_AND_ACCOUNT | SCORES)
    assert rows(practice, "SELECT code FROM patients") == [{"code": "P-08"}]
    assert engines.orphans(practice) == []


def test_with_scores_the_pseudonymous_ones_stay_and_lead_to_nobody(practice: Path) -> None:
    before = counts(practice)

    erase(practice, keep_scores=True)

    after = counts(practice)
    assert {table for table in before if after[table] != before[table]} == WORDS_AND_ACCOUNT | ONCE
    assert rows(practice, "SELECT code, person_id FROM patients WHERE id = 1") == [{"code": "P-07", "person_id": None}]
    assert rows(practice, "SELECT id FROM check_ins WHERE message_id IS NOT NULL AND id <= 3") == []


def test_with_scores_nothing_of_the_patient_falls_due_again(practice: Path) -> None:
    erase(practice, keep_scores=True)

    own = "id IN (SELECT c.id FROM check_ins c JOIN sessions s ON s.id = session_id WHERE treatment_id = 1)"
    assert rows(practice, f"SELECT id FROM check_ins WHERE {own} AND coalesce(next_at, lag_at) IS NOT NULL") == []  # noqa: S608
    assert rows(practice, f"SELECT id FROM check_ins WHERE {own} AND state IN ('planned', 'open')") == []  # noqa: S608
    assert rows(practice, "SELECT id FROM episodes WHERE next_at IS NOT NULL") == [{"id": 2}]


@pytest.mark.parametrize("keep_scores", [True, False])
async def test_the_account_is_a_stranger_afterwards(practice: Path, ring: KeyRing, keep_scores: bool) -> None:  # noqa: FBT001
    erase(practice, keep_scores=keep_scores)

    async with open_database(practice, ring) as store, store.reading() as tx:
        assert (await tx.people.visitor(LEAVES)).person is None
        assert (await tx.people.visitor(STAYS)).patient is not None


async def test_a_therapist_who_tried_it_as_a_patient_stays_a_therapist(practice: Path, ring: KeyRing) -> None:
    async with open_database(practice, ring) as store, store.transaction() as tx:
        person = await tx.people.remember(LEAVES, VOICE)
        await tx.people.add_therapist(person, Called("Marta", Article.NONE), NOW, NOW)

    erase(practice, keep_scores=False)

    async with open_database(practice, ring) as store, store.reading() as tx:
        visitor = await tx.people.visitor(LEAVES)
    assert visitor.roles == (Role.THERAPIST,)


@pytest.mark.parametrize("keep_scores", [True, False])
def test_a_second_time_and_for_nobody_it_changes_nothing(practice: Path, keep_scores: bool) -> None:  # noqa: FBT001
    erase(practice, keep_scores=keep_scores)
    before = counts(practice)

    erase(practice, keep_scores=keep_scores)
    erase(practice, 99, keep_scores=keep_scores)

    assert counts(practice) == before


def test_the_audit_stays(practice: Path) -> None:
    before = rows(practice, "SELECT * FROM audit")

    erase(practice, keep_scores=False)

    assert rows(practice, "SELECT * FROM audit") == before

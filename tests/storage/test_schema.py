"""The database is the last guard: what the program must never write is refused to anybody who tries, by plain SQL."""

# ruff: noqa: S608 - every statement is put together here, of numbers and names

from pathlib import Path

import pytest

from storage.database import Database
from tests.engines import REFUSALS, SQLITE, reason_of
from tests.storage.records import NOW, answer, furnish, raw, rows

pytestmark = pytest.mark.both

AT = "'2026-11-17T16:00:00.000000Z'"
SPAN = f"{AT}, {AT}, 'planned', {AT}"


@pytest.fixture
async def practice(store: Database, path: Path) -> Path:
    """Make a practice with one answered check-in (id 1) of one treatment (id 1)."""
    async with store.transaction() as tx:
        await answer(tx, await furnish(tx), 7, 8, 2)
        await tx.audit.note(NOW, None, "read", "words", 1)
    return path


def refused(path: Path, sql: str) -> str:
    with raw(path) as db, pytest.raises(REFUSALS) as refusal:
        db.execute(sql)
    return reason_of(refusal.value)


@pytest.mark.parametrize(
    "sql",
    [
        f"INSERT INTO answers VALUES (99, 'sense', 5, {AT})",
        f"INSERT INTO sessions (treatment_id, starts_at, ends_at, state, noted_at) VALUES (99, {SPAN})",
        f"INSERT INTO treatments VALUES (9, 1, 99, {AT}, NULL)",
        f"INSERT INTO words VALUES (9, 99, NULL, 'message', x'00', x'00', {AT}, NULL)",
        f"INSERT INTO outbox (key, person_id, kind, urgency, due_at) VALUES ('k', 99, 'question', 0, {AT})",
        f"INSERT INTO deletions (person_id, kind, before_at, delete_at) VALUES (99, 'confided', {AT}, {AT})",
        "INSERT INTO disclosure_contacts VALUES (99, 1)",
        "DELETE FROM check_ins WHERE id = 1",
        "DELETE FROM people",
    ],
)
def test_no_row_without_its_parent(practice: Path, sql: str) -> None:
    assert refused(practice, sql) == "FOREIGN KEY constraint failed"


def test_to_whom_something_was_confided_is_noted_once_and_goes_with_it(practice: Path) -> None:
    with raw(practice) as db:
        db.execute(f"INSERT INTO disclosures VALUES (1, 1, x'00', x'00', {AT})")
        db.execute("INSERT INTO disclosure_contacts VALUES (1, 1)")

    refusal = refused(practice, "INSERT INTO disclosure_contacts VALUES (1, 1)")
    with raw(practice) as db:
        db.execute("DELETE FROM disclosures")

    assert refusal == "UNIQUE constraint failed: disclosure_contacts.disclosure_id, disclosure_contacts.person_id"
    assert rows(practice, "SELECT * FROM disclosure_contacts") == []


@pytest.mark.parametrize("score", ["-1", "11"])
def test_a_score_is_a_whole_number_from_0_to_10(practice: Path, score: str) -> None:
    assert "ck_answers_score" in refused(practice, f"UPDATE answers SET score = {score} WHERE item = 'sense'")


@pytest.mark.file
@pytest.mark.parametrize("score", ["7.5", "'x'", "'٧'", "''", "x'07'", "1e300"])
def test_what_is_no_whole_number_is_no_score(practice: Path, score: str) -> None:
    """On a server the column has a type: what is none is refused before any rule is asked."""
    assert "ck_answers_score" in refused(practice, f"UPDATE answers SET score = {score} WHERE item = 'sense'")


@pytest.mark.parametrize("score", range(11))
def test_each_number_from_0_to_10_is_a_score(practice: Path, score: int) -> None:
    with raw(practice) as db:
        db.execute(f"UPDATE answers SET score = {score} WHERE item = 'sense'")

    (kept,) = rows(practice, "SELECT score FROM answers WHERE item = 'sense'")
    assert (kept["score"], type(kept["score"])) == (score, int)


def test_a_score_is_never_missing(practice: Path) -> None:
    assert refused(practice, "UPDATE answers SET score = NULL") == "NOT NULL constraint failed: answers.score"


def test_an_item_is_answered_once_per_check_in(practice: Path) -> None:
    sql = f"INSERT INTO answers VALUES (1, 'sense', 5, {AT})"

    assert refused(practice, sql) == "UNIQUE constraint failed: answers.check_in_id, answers.item"


def test_a_session_has_one_check_in(practice: Path) -> None:
    columns = "session_id, state, step, items, due_at"
    sql = f"INSERT INTO check_ins ({columns}) VALUES (1, 'open', 'sense', 'understood,sense', {AT})"

    assert refused(practice, sql) == "UNIQUE constraint failed: check_ins.session_id"


INVITATION = f"INSERT INTO invitations VALUES (1, {{}}, x'00', x'00', {{}}, {AT}, {AT}, 1, {AT}, {AT})"
OUTBOX = f"INSERT INTO outbox (key, person_id, kind, urgency, due_at) VALUES ('k', 1, 'question', {{}}, {AT})"


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE check_ins SET state = 'answered'", "ck_check_ins_state"),
        ("UPDATE check_ins SET step = 'mood'", "ck_check_ins_step"),
        ("UPDATE answers SET item = 'mood' WHERE item = 'sense'", "ck_answers_item"),
        ("UPDATE patients SET state = 'gone'", "ck_patients_state"),
        ("UPDATE people SET language = 'xx'", "ck_people_language"),
        ("UPDATE therapists SET article = 'der'", "ck_therapists_article"),
        ("UPDATE sessions SET starts_at = '2099-01-01T00:00:00.000000Z'", "ck_sessions_order"),
        ("INSERT INTO vault VALUES (2, x'00')", "ck_vault_single"),
        (f"INSERT INTO consents VALUES (1, 1, 'v', 'h', 'es', {AT}, 2, NULL)", "ck_consents_accepted"),
        (INVITATION.format("'boss'", 1), "ck_invitations"),
        (INVITATION.format("'patient'", "NULL"), "ck_invitations_whose"),
        (INVITATION.format("'therapist'", 1), "ck_invitations_whose"),
        ("UPDATE check_ins SET items = 'understood,mood'", "ck_check_ins_items"),
        ("UPDATE check_ins SET items = 'sense,understood'", "ck_check_ins_items"),
        (OUTBOX.format(4), "ck_outbox_urgency"),
        (OUTBOX.format(-1), "ck_outbox_urgency"),
    ],
)
def test_only_known_values_are_kept(practice: Path, sql: str, constraint: str) -> None:
    assert constraint in refused(practice, sql)


EPISODE = "INSERT INTO episodes (treatment_id, rule, family, state, previous_id, current_id, level_before, opened_at)"


def test_a_treatment_has_one_live_episode_per_family(practice: Path) -> None:
    with raw(practice) as db:
        db.execute(f"{EPISODE} VALUES (1, 'drop', 'fall', 'talked', 1, 1, 18, {AT})")

    refusal = refused(practice, f"{EPISODE} VALUES (1, 'drop', 'fall', 'open', 1, 1, 18, {AT})")

    assert refusal == "UNIQUE constraint failed: episodes.treatment_id, episodes.family"


@pytest.mark.parametrize("state", ["repaired", "unrepaired", "false_alarm", "withdrawn"])
def test_a_closed_episode_leaves_room_for_the_next(practice: Path, state: str) -> None:
    with raw(practice) as db:
        for each in (state, state, "open"):
            db.execute(f"{EPISODE} VALUES (1, 'drop', 'fall', '{each}', 1, 1, 18, {AT})")

    assert len(rows(practice, "SELECT id FROM episodes")) == 3


def test_two_families_may_have_a_live_episode_each(practice: Path) -> None:
    with raw(practice) as db:
        db.execute(f"{EPISODE} VALUES (1, 'drop', 'fall', 'open', 1, 1, 18, {AT})")
        db.execute(f"{EPISODE} VALUES (1, 'slide', 'slide', 'open', 1, 1, 18, {AT})")

    assert len(rows(practice, "SELECT id FROM episodes")) == 2


def test_the_numbers_of_an_alert_are_sums_of_two_items(practice: Path) -> None:
    assert "ck_episodes_level" in refused(practice, f"{EPISODE} VALUES (1, 'drop', 'fall', 'open', 1, 1, 21, {AT})")
    with raw(practice) as db:
        db.execute(f"{EPISODE} VALUES (1, 'drop', 'fall', 'open', 1, 1, 18, {AT})")
    assert "ck_alerts_lost" in refused(practice, f"{ALERT} (1, 'drop', 'fall', 1, 1, 21, 1, {AT})")


ALERT = "INSERT INTO alerts (episode_id, rule, family, previous_id, check_in_id, lost, count, raised_at) VALUES"


def test_a_check_in_raises_one_alert_of_each_family(practice: Path) -> None:
    with raw(practice) as db:
        db.execute(f"{EPISODE} VALUES (1, 'item_drop', 'fall', 'open', 1, 1, 18, {AT})")
        for rule, family in (("item_drop", "fall"), ("slide", "slide"), ("silence", "silence")):
            db.execute(f"{ALERT} (1, '{rule}', '{family}', 1, 1, 3, 1, {AT})")

    refusal = refused(practice, f"{ALERT} (1, 'drop', 'fall', 1, 1, 4, 1, {AT})")

    assert refusal == "UNIQUE constraint failed: alerts.check_in_id, alerts.family"


@pytest.mark.parametrize(("family", "level"), [("silence", "18"), ("fall", "NULL"), ("slide", "NULL")])
def test_every_concern_but_a_silence_has_a_level_to_come_back_to(practice: Path, family: str, level: str) -> None:
    refusal = refused(practice, f"{EPISODE} VALUES (1, 'drop', '{family}', 'open', 1, 1, {level}, {AT})")

    assert "ck_episodes_measured" in refusal


@pytest.mark.parametrize("rule", ["low_start", "pending", "ceiling", "mood"])
def test_what_is_only_told_in_the_digest_opens_no_episode(practice: Path, rule: str) -> None:
    assert "ck_episodes_rule" in refused(practice, f"{EPISODE} VALUES (1, '{rule}', 'fall', 'open', 1, 1, 18, {AT})")


REPLACED = f"INSERT OR REPLACE INTO audit VALUES (1, {AT}, NULL, 'nothing', 'words', 1, 1)"
UPSERT = f"INSERT INTO audit VALUES (1, {AT}, NULL, 'x', 'words', 1, 1) ON CONFLICT (id) DO UPDATE SET act = 'nothing'"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET act = 'nothing'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
        UPSERT,
    ],
)
def test_the_audit_is_only_ever_added_to(practice: Path, sql: str) -> None:
    assert refused(practice, sql) == "the audit is append-only"
    assert rows(practice, "SELECT act FROM audit") == [{"act": "read"}]


def test_nor_can_it_be_replaced_or_emptied_at_once(practice: Path, engine: str) -> None:
    whole = REPLACED if engine == SQLITE else "TRUNCATE audit"

    assert refused(practice, whole) == "the audit is append-only"
    assert rows(practice, "SELECT act FROM audit") == [{"act": "read"}]

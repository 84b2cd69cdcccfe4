"""Practices with many people in them, written straight into the database: the people exist, the past is made up."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.columns import KeyRing

ITEMS = ("understood", "sense", "pending")
FIRST_CHAT = 10_000
"""The therapists' chats begin here; their patients' come after them."""

_PEOPLE = """INSERT INTO people (id, chat, chat_ref, language, register, form, zone)
VALUES (?, ?, ?, 'es', 'usted', 'neutral', 'Europe/Madrid')"""
_THERAPISTS = """INSERT INTO therapists (id, person_id, name, article, enrolled_at, digest_at)
VALUES (?, ?, ?, 'la', ?, ?)"""
_PATIENTS = "INSERT INTO patients (id, code, person_id, state, state_at) VALUES (?, ?, ?, 'active', ?)"
_TREATMENTS = "INSERT INTO treatments (id, patient_id, therapist_id, started_at) VALUES (?, ?, ?, ?)"
_SESSIONS = """INSERT INTO sessions (id, treatment_id, starts_at, ends_at, state, noted_at)
VALUES (?, ?, ?, ?, 'planned', ?)"""
_CHECK_INS = """INSERT INTO check_ins (id, session_id, state, step, items, due_at, planned_at, sent_at, asked_at,
    answered_at, done_at)
VALUES (?, ?, 'done', 'summary', 'understood,sense,pending', ?, ?, ?, ?, ?, ?)"""
_CONSENTS = """INSERT INTO consents (patient_id, version, text_hash, language, decided_at, accepted)
VALUES (?, ?, '', 'es', ?, 1)"""
_PLANNED = """INSERT INTO check_ins (id, session_id, state, step, items, due_at, planned_at, next_at)
VALUES (?, ?, 'planned', 'understood', 'understood,sense,pending', ?, ?, ?)"""
_PATIENTS_OF_ONE = """
INSERT INTO patients (id, code, person_id, state, state_at)
SELECT id, 'B-' || id, id, 'active', '2020-01-01T00:00:00.000000Z' FROM people WHERE id > :first
"""
_TREATMENTS_OF_ONE = """
INSERT INTO treatments (id, patient_id, therapist_id, started_at)
SELECT id, id, 1, '2020-01-01T00:00:00.000000Z' FROM patients WHERE id > :first
"""
FIRST = 1_000_000
"""People who are added to a practice that is at work have greater ids than this."""

_ANSWERS = "INSERT INTO answers (check_in_id, item, score, scored_at) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many therapists with so many patients each, who each answered so many weekly check-ins."""

    therapists: int
    patients: int
    weeks: int

    @property
    def answers(self) -> int:
        """Return how many answers that makes."""
        return self.therapists * self.patients * self.weeks * len(ITEMS)

    def people(self) -> range:
        """Return their ids; those of the therapists come first."""
        return range(1, self.therapists * (1 + self.patients) + 1)


NOBODY = Crowd(therapists=0, patients=0, weeks=0)
NETWORK = Crowd(therapists=500, patients=40, weeks=17)
"""A little more than a million answers."""


def fill(database: Path, ring: KeyRing, crowd: Crowd, now: datetime) -> None:
    """Write a crowd into an empty database; the last sessions ended on the day before `now` (UTC)."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA synchronous=OFF")
        _write_people(db, ring, crowd, now)
        for week in range(crowd.weeks):
            _write_week(db, crowd, week, now - timedelta(days=1, weeks=crowd.weeks - 1 - week))
        db.commit()


def plan(database: Path, crowd: Crowd, due_at: datetime, version: str) -> None:
    """Let everybody have agreed to this version of the consent, and be asked about one more session at `due_at`."""
    due, began = text(due_at), text(due_at - timedelta(hours=1))
    everybody = range(1, crowd.therapists * crowd.patients + 1)
    first = crowd.weeks * len(everybody)
    with closing(sqlite3.connect(database)) as db:
        db.executemany(_CONSENTS, ((one, version, began) for one in everybody))
        db.executemany(_SESSIONS, ((first + one, one, began, began, began) for one in everybody))
        db.executemany(_PLANNED, ((first + one, first + one, due, due, due) for one in everybody))
        db.commit()


def treat(db: sqlite3.Connection) -> None:
    """Let everybody beyond `FIRST` be a patient of the first therapist; patient, person and treatment have one id."""
    for statement in (_PATIENTS_OF_ONE, _TREATMENTS_OF_ONE):
        db.execute(statement, {"first": FIRST})


def _write_people(db: sqlite3.Connection, ring: KeyRing, crowd: Crowd, now: datetime) -> None:
    long_ago, later = text(now - timedelta(days=400)), text(now + timedelta(days=30))
    chats = [(one, FIRST_CHAT + one) for one in crowd.people()]
    db.executemany(_PEOPLE, ((one, ring.seal(str(chat)), ring.blind("chat", chat)) for one, chat in chats))
    leading = range(1, crowd.therapists + 1)
    db.executemany(_THERAPISTS, ((one, one, ring.seal(f"Dra. {one}"), long_ago, later) for one in leading))
    patients = list(enumerate(crowd.people()[crowd.therapists :]))
    db.executemany(_PATIENTS, ((number + 1, f"B-{number + 1}", one, long_ago) for number, one in patients))
    treated = ((number + 1, number + 1, 1 + number // crowd.patients, long_ago) for number, _ in patients)
    db.executemany(_TREATMENTS, treated)


def _write_week(db: sqlite3.Connection, crowd: Crowd, week: int, ended_at: datetime) -> None:
    """Let everybody have a session and answer; the levels wander, so that some weeks are falls."""
    everybody = range(1, crowd.therapists * crowd.patients + 1)
    first = week * len(everybody)
    began, ended, asked = (text(ended_at + timedelta(minutes=minutes)) for minutes in (-50, 0, 15))
    db.executemany(_SESSIONS, ((first + one, one, began, ended, began) for one in everybody))
    instants: Sequence[str] = (asked,) * 6
    db.executemany(_CHECK_INS, ((first + one, first + one, *instants) for one in everybody))
    scores = (
        (first + one, item, _score(one, week, place), asked) for one in everybody for place, item in enumerate(ITEMS)
    )
    db.executemany(_ANSWERS, scores)


def _score(patient: int, week: int, place: int) -> int:
    return (7 + (patient * 7 + week * (3 + patient % 5) + place * 3) % 9) % 11


def text(at: datetime) -> str:
    """Write an instant (UTC) as it is kept."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

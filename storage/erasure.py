"""Forget a patient: what goes, what stays, in which order.  One transaction of the caller's, live or on a backup.

Gone: everything written, everything that waits to be sent to or was received from the account, links, the account
itself unless it is somebody else here too.  The audit stays: it holds row ids only.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Select, Table, delete, func, select, update

from bot.domain.model import CheckInState, PatientState
from storage.schema import (
    alerts,
    answers,
    check_ins,
    concerns,
    consents,
    episodes,
    failed_starts,
    inbox,
    invitations,
    outbox,
    patients,
    people,
    sessions,
    therapists,
    treatments,
    words,
)

_NEVER_AGAIN: dict[str, Any] = dict.fromkeys(
    ("ask_again_at", "remind_at", "closes_at", "settles_at", "next_at", "lag_at", "message_id", "shown")
)
"""What of a check-in leads to the person's phone, or falls due."""


def erase_patient(connection: Connection, patient_id: int, *, keep_scores: bool) -> None:
    """Erase a patient; who is not there (any more) is no error.

    `keep_scores`: scores, sessions, episodes and consents stay under the pseudonymous code, where the practice must
    keep them; without it, nothing of the patient stays.
    """
    person_id = connection.scalar(select(patients.c.person_id).where(patients.c.id == patient_id))
    _forget_words(connection, patient_id)
    if keep_scores:
        _let_rest(connection, patient_id)
    else:
        _forget_scores(connection, patient_id)
    if person_id is not None and not _has_another_role(connection, person_id):
        _forget_person(connection, person_id)


def _forget_words(connection: Connection, patient_id: int) -> None:
    mine = _check_ins_of(patient_id)
    for table in (concerns, words, invitations):
        connection.execute(_of(table, patient_id))
    connection.execute(delete(outbox).where(outbox.c.check_in_id.in_(mine)))
    connection.execute(update(check_ins).where(check_ins.c.id.in_(mine)).values(has_words=0, **_NEVER_AGAIN))


def _let_rest(connection: Connection, patient_id: int) -> None:
    mine, treated = check_ins.c.id.in_(_check_ins_of(patient_id)), _treatments_of(patient_id)
    for before, after in ((CheckInState.PLANNED, CheckInState.SKIPPED), (CheckInState.OPEN, CheckInState.CLOSED)):
        connection.execute(update(check_ins).where(mine, check_ins.c.state == before).values(state=after))
    connection.execute(update(episodes).where(episodes.c.treatment_id.in_(treated)).values(next_at=None))
    left = {"person_id": None, "state": PatientState.DECLINED}
    connection.execute(update(patients).where(patients.c.id == patient_id).values(**left))


def _forget_scores(connection: Connection, patient_id: int) -> None:
    mine, treated = _check_ins_of(patient_id), _treatments_of(patient_id)
    raised = select(episodes.c.id).where(episodes.c.treatment_id.in_(treated))
    gone: list[tuple[Table, ColumnElement[bool]]] = [
        (alerts, alerts.c.episode_id.in_(raised)),
        (episodes, episodes.c.treatment_id.in_(treated)),
        (answers, answers.c.check_in_id.in_(mine)),
        (check_ins, check_ins.c.id.in_(mine)),
        (sessions, sessions.c.treatment_id.in_(treated)),
        (treatments, treatments.c.patient_id == patient_id),
        (consents, consents.c.patient_id == patient_id),
        (patients, patients.c.id == patient_id),
    ]
    for table, where in gone:
        connection.execute(delete(table).where(where))


def _has_another_role(connection: Connection, person_id: int) -> bool:
    others = select(func.count()).select_from(patients).where(patients.c.person_id == person_id)
    doctors = select(func.count()).select_from(therapists).where(therapists.c.person_id == person_id)
    return bool(connection.scalar(others) or connection.scalar(doctors))


def _forget_person(connection: Connection, person_id: int) -> None:
    ref = select(people.c.chat_ref).where(people.c.id == person_id).scalar_subquery()
    connection.execute(delete(outbox).where(outbox.c.person_id == person_id))
    connection.execute(delete(inbox).where(inbox.c.lane_ref == ref))
    connection.execute(delete(failed_starts).where(failed_starts.c.chat_ref == ref))
    connection.execute(delete(invitations).where(invitations.c.opened_by == person_id))
    connection.execute(delete(people).where(people.c.id == person_id))


def _of(table: Table, patient_id: int) -> Delete:
    return delete(table).where(table.c.patient_id == patient_id)


def _treatments_of(patient_id: int) -> Select[Any]:
    return select(treatments.c.id).where(treatments.c.patient_id == patient_id)


def _check_ins_of(patient_id: int) -> Select[Any]:
    treated = sessions.c.treatment_id.in_(_treatments_of(patient_id))
    return select(check_ins.c.id).join(sessions, check_ins.c.session_id == sessions.c.id).where(treated)

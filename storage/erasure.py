"""Forget a patient: what goes, what stays, in which order.  One transaction of the caller's, live or on a backup.

Gone: everything written, everything that waits to be sent to or was received from the account, links, the account
itself unless it is somebody else here too.  The audit stays: it holds row ids only.

While the bot runs this happens in three steps (`let_go` at once, `forget_person` when the chat has been emptied,
`erase_patient` when nothing has to wait any more); on a backup in one.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Select,
    Table,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    union,
    update,
)

from bot.domain.guessing import GuessState
from bot.domain.model import CheckInState, PatientState
from storage.dialects import insert_into
from storage.schema import (
    alerts,
    answers,
    check_ins,
    concerns,
    consents,
    contacts,
    disclosures,
    episodes,
    erasures,
    failed_starts,
    inbox,
    invitations,
    outbox,
    patients,
    people,
    sent_messages,
    sessions,
    therapists,
    treatments,
    words,
)
from storage.schema_agenda import calendar_titles, series
from storage.schema_guesses import guesses, pauses
from storage.schema_records import record_lines, records

_NEVER_AGAIN: dict[str, Any] = dict.fromkeys(
    ("ask_again_at", "remind_at", "closes_at", "lag_at", "message_id", "shown")
)
"""What of a check-in leads to the person's phone."""


def erase_patient(connection: Connection, patient_id: int, *, keep_scores: bool) -> None:
    """Erase a patient; who is not there (any more) is no error.

    `keep_scores`: scores, sessions, episodes without their notes, and consents stay under the pseudonymous code, where
    the practice must keep them; without it, nothing of the patient stays.
    """
    person_id = let_go(connection, patient_id)
    connection.execute(delete(records).where(records.c.treatment_id.in_(_treatments_of(patient_id))))
    for table in (concerns, disclosures, words, record_lines, erasures):
        connection.execute(_of(table, patient_id))
    empty = {"has_words": 0, "settles_at": None, "next_at": None}
    connection.execute(update(check_ins).where(check_ins.c.id.in_(_check_ins_of(patient_id))).values(empty))
    aside = outbox.c.parked_at.is_not(None)  # whom a sealed message is about cannot be asked: none is kept
    connection.execute(update(outbox).where(aside).values(body=None))
    treated = episodes.c.treatment_id.in_(_treatments_of(patient_id))
    connection.execute(update(episodes).where(treated).values(next_at=None, note=None, note_until=None))
    if not keep_scores:
        forget_scores(connection, patient_id)
        for table in (treatments, consents):
            connection.execute(_of(table, patient_id))
        connection.execute(delete(patients).where(patients.c.id == patient_id))
    if person_id is not None:
        forget_person(connection, person_id, unworked=True)


def let_go(connection: Connection, patient_id: int) -> int | None:
    """Stop everything that concerns a patient and part them from their account; return the account, if there was one.

    What is written stays, and what was answered is still judged: no alert is lost by leaving.  Which messages the
    account has got is noted, so that they can be deleted there.
    """
    mine = check_ins.c.id.in_(_check_ins_of(patient_id))
    person_id = connection.scalar(select(patients.c.person_id).where(patients.c.id == patient_id))
    if person_id is not None:
        _note_messages(connection, patient_id, person_id)
    questions = outbox.c.check_in_id.in_(_check_ins_of(patient_id))
    if person_id is not None and not _has_another_role(connection, person_id, than=patient_id):
        questions |= outbox.c.person_id == person_id
    ended_at = func.coalesce(outbox.c.sent_at, outbox.c.gave_up_at, outbox.c.due_at)
    connection.execute(update(outbox).where(questions).values(check_in_id=None, body=None, gave_up_at=ended_at))
    answered = check_ins.c.answered_at.is_not(None)
    for before, where, after in (
        (CheckInState.PLANNED, true(), CheckInState.SKIPPED),
        (CheckInState.OPEN, answered, CheckInState.DONE),
        (CheckInState.OPEN, ~answered, CheckInState.DECLINED),
    ):
        connection.execute(update(check_ins).where(mine, check_ins.c.state == before, where).values(state=after))
    connection.execute(update(check_ins).where(mine).values(next_at=check_ins.c.settles_at, **_NEVER_AGAIN))
    _no_more_sessions(connection, patient_id)
    _no_more_guesses(connection, patient_id)
    connection.execute(_of(invitations, patient_id))
    left = {"person_id": None, "state": PatientState.LEFT, "guardian_asked_at": None}
    connection.execute(update(patients).where(patients.c.id == patient_id).values(**left))
    return person_id


def _no_more_sessions(connection: Connection, patient_id: int) -> None:
    """End what repeats, remind nobody of sessions, and forget which events of a calendar were about the patient."""
    connection.execute(_of(calendar_titles, patient_id))
    treated = _treatments_of(patient_id)
    known_at = select(patients.c.state_at).where(patients.c.id == patient_id).scalar_subquery()
    goes_on = series.c.treatment_id.in_(treated) & series.c.ended_at.is_(None)
    connection.execute(update(series).where(goes_on).values(ended_at=known_at))
    unknown = dict.fromkeys(("calendar_ref", "calendar_starts_at", "calendar_ends_at", "note_at"))
    connection.execute(update(sessions).where(sessions.c.treatment_id.in_(treated)).values(**unknown))


def _no_more_guesses(connection: Connection, patient_id: int) -> None:
    """Withdraw the question that waits for the therapist, and end a pause that is going on."""
    mine = _check_ins_of(patient_id)
    known_at = select(patients.c.state_at).where(patients.c.id == patient_id).scalar_subquery()
    asked = guesses.c.check_in_id.in_(mine) & (guesses.c.state == GuessState.OPEN)
    withdrawn = {"state": GuessState.WITHDRAWN, "ended_at": known_at, "next_at": None}
    connection.execute(update(guesses).where(asked).values(withdrawn))
    going_on = pauses.c.check_in_id.in_(mine) & pauses.c.ended_at.is_(None)
    connection.execute(update(pauses).where(going_on).values(ended_at=known_at, next_at=None))


def _note_messages(connection: Connection, patient_id: int, person_id: int) -> None:
    """Note the messages about the patient's check-ins, and if the account is nobody else, everything sent to it."""
    shown = select(literal(person_id), check_ins.c.message_id, func.coalesce(check_ins.c.asked_at, check_ins.c.due_at))
    of_patient = shown.where(check_ins.c.id.in_(_check_ins_of(patient_id)), check_ins.c.message_id.is_not(None))
    sent = select(literal(person_id), outbox.c.message_id, outbox.c.sent_at)
    about = outbox.c.check_in_id.in_(_check_ins_of(patient_id))
    where = about if _has_another_role(connection, person_id, than=patient_id) else outbox.c.person_id == person_id
    of_account = sent.where(where, outbox.c.message_id.is_not(None), outbox.c.sent_at.is_not(None))
    known = union(of_patient, of_account).subquery()
    first = select(known.c[0], known.c[1], func.min(known.c[2])).group_by(known.c[0], known.c[1])
    columns = ["person_id", "message_id", "sent_at"]
    connection.execute(insert_into(sent_messages).from_select(columns, first).on_conflict_do_nothing())


def forget_scores(connection: Connection, patient_id: int) -> None:
    """Delete the whole series of a patient: sessions, check-ins and what hangs on them, episodes.  Words go before."""
    mine, treated = _check_ins_of(patient_id), _treatments_of(patient_id)
    raised = select(episodes.c.id).where(episodes.c.treatment_id.in_(treated))
    gone: list[tuple[Table, ColumnElement[bool]]] = [
        (alerts, alerts.c.episode_id.in_(raised)),
        (episodes, episodes.c.treatment_id.in_(treated)),
        (answers, answers.c.check_in_id.in_(mine)),
        (guesses, guesses.c.check_in_id.in_(mine)),
        (pauses, pauses.c.check_in_id.in_(mine)),
        (check_ins, check_ins.c.id.in_(mine)),
        (sessions, sessions.c.treatment_id.in_(treated)),
        (series, series.c.treatment_id.in_(treated)),
    ]
    for table, where in gone:
        connection.execute(delete(table).where(where))


def forget_person(connection: Connection, person_id: int, *, unworked: bool = False) -> None:
    """Delete an account and what came from it or was sent to it; who is still somebody here only loses the list.

    `unworked`: also updates that nobody has looked at, as on a backup; live, they may be a call for help.
    """
    connection.execute(delete(sent_messages).where(sent_messages.c.person_id == person_id))
    if not _has_another_role(connection, person_id):
        _forget_account(connection, person_id, unworked=unworked)


def _has_another_role(connection: Connection, person_id: int, *, than: int | None = None) -> bool:
    others = select(func.count()).select_from(patients).where(patients.c.person_id == person_id)
    if than is not None:
        others = others.where(patients.c.id != than)
    elsewhere = [
        select(func.count()).select_from(table).where(table.c.person_id == person_id)
        for table in (therapists, contacts)
    ]
    return any(connection.scalar(counted) for counted in (others, *elsewhere))


def _forget_account(connection: Connection, person_id: int, *, unworked: bool) -> None:
    ref = select(people.c.chat_ref).where(people.c.id == person_id).scalar_subquery()
    connection.execute(delete(outbox).where(outbox.c.person_id == person_id))
    looked_at = or_(inbox.c.done_at.is_not(None), inbox.c.parked_at.is_not(None), literal(unworked))
    connection.execute(delete(inbox).where(inbox.c.lane_ref == ref, looked_at))
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

"""Who of the practice may be told what a patient's therapists must not know: one rule, for whatever asks it."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_

from bot.domain.model import Role
from storage.schema import contacts, patients, therapists, treatments


def is_confidant(person_id: Any, patient_id: Any) -> ColumnElement[bool]:
    """Say whether a person is a second contact now, and neither the patient nor anybody who treats them.

    Both are values, or columns of the statement around (of other tables than `treatments` and `therapists`).  Who
    treats the same account under another code treats them too.
    """
    held, asked, same = contacts.alias("held"), patients.alias("asked"), patients.alias("same")
    holds = exists().where(held.c.person_id == person_id, held.c.role == Role.SECOND_CONTACT, held.c.ended_at.is_(None))
    concerned = exists().where(
        asked.c.id == patient_id,
        or_(same.c.id == asked.c.id, same.c.person_id == asked.c.person_id),
        treatments.c.patient_id == same.c.id,
        therapists.c.id == treatments.c.therapist_id,
        or_(therapists.c.person_id == person_id, asked.c.person_id == person_id),
    )
    inside = (asked, same, treatments, therapists)
    return holds.correlate_except(held) & ~concerned.correlate_except(*inside)

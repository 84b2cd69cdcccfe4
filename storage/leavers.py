"""Whoever left and is back with an old copy of the database: erased once more, and nobody is told.

A line of the list names a row.  It is about whoever had that row when it was written: who began later is somebody else.
Whose leaving is in the copy already needs nothing: what of it still waits (a record to be taken over, urgent words) is
erased when its time has come.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from bot.domain.model import PatientState
from storage.erasure import erase_patient
from storage.erasures import Erasure
from storage.schema import patients, treatments

BEFORE: Final = timedelta(minutes=10)
"""An erasure is written down before it is done, and a clock may be set: so much earlier counts as later."""


def is_later(erasure: Erasure, than: datetime) -> bool:
    """Say whether an erasure may have been after this instant, or under way in it."""
    return erasure.at > than - BEFORE


def erase_again(engine: Engine, left: Sequence[Erasure]) -> int:
    """Erase those who left and are there, in one transaction; return how many they were.  Nobody else may use it."""
    with engine.begin() as connection:
        back = _back(connection, left)
        for patient_id, keep_scores in back.items():
            erase_patient(connection, patient_id, keep_scores=keep_scores)
    return len(back)


def _back(connection: Connection, left: Sequence[Erasure]) -> dict[int, bool]:
    """Return who is back, and whether their scores stay: only where each of their lines says so."""
    began = _began(connection)
    back: dict[int, bool] = {}
    for erasure in left:
        began_at = began.get(erasure.patient_id)
        if began_at is not None and is_later(erasure, began_at):
            back[erasure.patient_id] = erasure.keep_scores and back.get(erasure.patient_id, True)
    return back


def _began(connection: Connection) -> dict[int, datetime]:
    """Return everybody who has not left, and since when they are there."""
    began_at = func.min(treatments.c.started_at).label("began_at")
    there = select(patients.c.id, began_at).join(treatments).where(patients.c.state != PatientState.LEFT)
    return {row.id: row.began_at for row in connection.execute(there.group_by(patients.c.id))}

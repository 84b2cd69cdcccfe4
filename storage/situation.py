"""How it stands around a check-in for which something is due: one statement along indexes."""

from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, bindparam, exists, func, select

from bot.domain.asking import Situation
from bot.domain.guessing import GuessState
from bot.domain.model import CheckInState, PatientState, SessionState
from storage.people import read_quiet
from storage.prepared import Prepared
from storage.schema import check_ins, consents, patients, people, sessions, treatments
from storage.schema_guesses import guesses

_COMING: Final = sessions.alias()
_LATER: Final = (_COMING.c.treatment_id == treatments.c.id) & (_COMING.c.starts_at > sessions.c.ends_at)
_NEXT_START: Final = (
    select(func.min(_COMING.c.starts_at))
    .where(_LATER, _COMING.c.state == SessionState.PLANNED)
    .correlate(sessions, treatments)
    .scalar_subquery()
)
_AGREED: Final = (
    select(consents.c.version)
    .where(consents.c.patient_id == patients.c.id, consents.c.accepted == 1)
    .order_by(consents.c.id.desc())
    .limit(1)
    .correlate(patients)
    .scalar_subquery()
)
_OTHER: Final = check_ins.alias()
_ITS: Final = sessions.alias()
_OF_TREATMENT: Final = _ITS.c.treatment_id == treatments.c.id
_OTHERS_OPEN: Final = (
    exists()
    .where(_OF_TREATMENT, _OTHER.c.session_id == _ITS.c.id, _OTHER.c.state == CheckInState.OPEN)
    .where(_OTHER.c.id != check_ins.c.id)
    .correlate(check_ins, treatments)
)
_GUESSES_OPEN: Final = (
    exists()
    .where(_OF_TREATMENT, _OTHER.c.session_id == _ITS.c.id, guesses.c.check_in_id == _OTHER.c.id)
    .where(guesses.c.state == GuessState.OPEN)
    .correlate(treatments)
)
SITUATION: Final = Prepared(
    select(patients.c.state, people.c.zone, people.c.quiet_from, people.c.quiet_until)
    .add_columns(_NEXT_START.label("next_start"), _AGREED.label("agreed_version"))
    .add_columns(_OTHERS_OPEN.label("others_open"), _GUESSES_OPEN.label("guesses_open"))
    .select_from(check_ins)
    .join(sessions, check_ins.c.session_id == sessions.c.id)
    .join(treatments, sessions.c.treatment_id == treatments.c.id)
    .join(patients, treatments.c.patient_id == patients.c.id)
    .outerjoin(people, patients.c.person_id == people.c.id)
    .where(check_ins.c.id == bindparam("check_in"))
)


def situation(row: RowMapping) -> Situation:
    """Read a row of SITUATION."""
    return Situation(
        PatientState(row["state"]),
        ZoneInfo(row["zone"]) if row["zone"] is not None else None,
        read_quiet(row),
        row["next_start"],
        row["agreed_version"],
        bool(row["others_open"]),
        bool(row["guesses_open"]),
    )

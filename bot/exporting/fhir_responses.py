"""What a patient answered about one session, as FHIR: the session, the response, and the alliance as an observation."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.domain.appointments import Place
from bot.domain.holdings import HeldCheckIn, HeldSession, Holdings
from bot.domain.instrument import ALLIANCE as ITEMS
from bot.domain.model import CheckInState, Item, SessionState
from bot.exporting import fhir_parts as parts
from bot.exporting.fhir_parts import Resource
from bot.exporting.fhir_questionnaires import WORDS, canonical
from bot.exporting.instants import written

_STATUSES: Final = {
    CheckInState.OPEN: "in-progress",
    CheckInState.DONE: "completed",
    CheckInState.DECLINED: "stopped",
    CheckInState.CLOSED: "stopped",
    CheckInState.STOPPED: "stopped",
    CheckInState.NO_SESSION: "entered-in-error",
    CheckInState.CANCELLED: "entered-in-error",
}
"""What became of a question that was asked, in `http://hl7.org/fhir/ValueSet/questionnaire-answers-status`."""

_OBSERVED: Final = {
    "in-progress": "preliminary",
    "completed": "final",
    "amended": "amended",
    "stopped": "final",
    "entered-in-error": "entered-in-error",
}
"""The same in `http://hl7.org/fhir/ValueSet/observation-status`; scores stand when a questionnaire was stopped."""

_ACTS: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_ONLINE: Final = {"system": _ACTS, "code": "VR", "display": "virtual"}
_IN_PERSON: Final = {"system": _ACTS, "code": "AMB", "display": "ambulatory"}
_CATEGORIES: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_SURVEY: Final = {"coding": [{"system": _CATEGORIES, "code": "survey", "display": "Survey"}]}
_UNITS: Final = {"unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"}


def asked(session: HeldSession) -> HeldCheckIn | None:
    """Return the check-in of a session if it was put to the patient; what was never asked has no response."""
    one = session.check_in
    return one if one is not None and one.asked_at is not None and one.state in _STATUSES else None


def encounter(held: Holdings, session: HeldSession, now: datetime) -> Resource:
    """Return the session."""
    return {
        "resourceType": "Encounter",
        "id": str(parts.named(held.id, "session", session.id)),
        "status": _became(session, now),
        "class": _ONLINE if session.place is Place.ONLINE else _IN_PERSON,
        "subject": parts.to_patient(held),
        "period": {"start": written(session.starts_at), "end": written(session.ends_at)},
    }


def _became(session: HeldSession, now: datetime) -> str:
    """Say what became of a session; where the patient says that there was none, the status is not known."""
    if session.state is not SessionState.PLANNED:
        return "cancelled"
    if session.check_in is not None and session.check_in.state is CheckInState.NO_SESSION:
        return "unknown"
    if session.ends_at <= now:
        return "finished"
    return "in-progress" if session.starts_at <= now else "planned"


def response(held: Holdings, session: HeldSession, one: HeldCheckIn) -> Resource:
    """Return what was answered, so far or for good; words stand at the invitation that they answer."""
    made = {
        "resourceType": "QuestionnaireResponse",
        "id": str(parts.named(held.id, "response", session.id)),
        "questionnaire": canonical(one),
        "status": _status(one),
        "subject": parts.to_patient(held),
        "encounter": parts.to_encounter(held, session),
        "authored": written(_authored_at(one)),
        "author": parts.to_patient(held),
        "source": parts.to_patient(held),
        "item": list(_answers(one)),
    }
    return {name: value for name, value in made.items() if value}


def _status(one: HeldCheckIn) -> str:
    return "amended" if one.state is CheckInState.DONE and _amended(one) else _STATUSES[one.state]


def _amended(one: HeldCheckIn) -> bool:
    """Say whether an answer was changed, or words were, after the summary had been shown."""
    since = one.corrected_at
    scored = since is not None and any(at >= since for at in one.scored_at.values())
    done_at = one.done_at
    return scored or (done_at is not None and any(each.changed_at and each.changed_at > done_at for each in one.words))


def _authored_at(one: HeldCheckIn) -> datetime | None:
    answers = [each for each in one.words if each.kind in WORDS]
    return max((*one.scored_at.values(), *(each.changed_at or each.written_at for each in answers)), default=None)


def _answers(one: HeldCheckIn) -> Iterator[Resource]:
    for item in one.items:
        if item in one.scores:
            yield {"linkId": str(item), "answer": [{"valueInteger": one.scores[item]}]}
    for kind, link_id in WORDS.items():
        texts = [_sound(each.text) for each in one.words if each.kind is kind and each.text.strip()]
        if texts:
            yield {"linkId": link_id, "answer": [{"valueString": text} for text in texts]}


def _sound(text: str) -> str:
    """Leave out what a FHIR string may not hold: control characters other than tab and ends of lines."""
    return "".join(each for each in text if each >= " " or each in "\t\r\n")


def observation(held: Holdings, session: HeldSession, one: HeldCheckIn) -> Resource | None:
    """Return the alliance, 0–10, once both of its items are scored."""
    if not all(item in one.scores for item in ITEMS):
        return None
    return {
        "resourceType": "Observation",
        "id": str(parts.named(held.id, parts.ALLIANCE, session.id)),
        "status": _OBSERVED[_status(one)],
        "category": [_SURVEY],
        "code": parts.code_of(parts.ALLIANCE),
        "subject": parts.to_patient(held),
        "encounter": parts.to_encounter(held, session),
        "effectiveDateTime": written(max(one.scored_at[item] for item in ITEMS)),
        "valueQuantity": {"value": sum(one.scores[item] for item in ITEMS) / len(ITEMS)} | _UNITS,
        "derivedFrom": [parts.to_response(held, session)],
        "component": [_component(item, one) for item in ITEMS],
    }


def _component(item: Item, one: HeldCheckIn) -> Resource:
    return {"code": parts.code_of(item), "valueInteger": one.scores[item]}

"""The record as a FHIR R4 (4.0.1) bundle: patients under their codes, sessions, responses, the alliance.

A collection, not a transaction: it is a copy for a record, and what a server should do with it is for the one to say
who brings it there.  Addresses are `urn:uuid`, the same in every export, so that what was taken over before is known.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from bot.domain.holdings import HeldSession, Holdings
from bot.domain.model import PatientState
from bot.exporting.fhir_parts import Resource, code_system, urn
from bot.exporting.fhir_questionnaires import Wording, questionnaire
from bot.exporting.fhir_responses import asked, encounter, observation, response
from bot.exporting.instants import written


def bundle(patients: Sequence[Holdings], wording: Wording, now: datetime) -> Resource:
    """Return everything that was asked and answered; questions that never reached anybody are not in it."""
    resources = [code_system(), *_questionnaires(patients, wording)]
    resources += [resource for held in patients for resource in _of(held, now)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": written(now),
        "entry": [{"fullUrl": urn(UUID(resource["id"])), "resource": resource} for resource in resources],
    }


def _questionnaires(patients: Sequence[Holdings], wording: Wording) -> list[Resource]:
    """Return each that was shown, once."""
    found: dict[str, Resource] = {}
    for held in patients:
        for one in filter(None, map(asked, held.sessions)):
            made = questionnaire(one, wording)
            found.setdefault(made["id"], made)
    return [found[key] for key in sorted(found)]


def _of(held: Holdings, now: datetime) -> Iterator[Resource]:
    yield {
        "resourceType": "Patient",
        "id": str(held.id),
        "identifier": [{"value": held.code}],
        "active": held.state is not PatientState.LEFT,
    }
    for session in held.sessions:
        yield from _about(held, session, now)


def _about(held: Holdings, session: HeldSession, now: datetime) -> Iterator[Resource]:
    one = asked(session)
    if one is None:
        return
    yield encounter(held, session, now)
    yield response(held, session, one)
    alliance = observation(held, session, one)
    if alliance is not None:
        yield alliance

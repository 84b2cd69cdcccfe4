"""What FHIR resources are made of: names that stay the same, references, codes.

All resources are plain mappings in the shape of FHIR R4 (4.0.1), as its JSON has them.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from bot.domain.holdings import HeldSession, Holdings
from bot.domain.model import Item

Resource = dict[str, Any]

CODES: Final = UUID("36b5110c-9339-474b-a4a7-e1e86e6429e5")
"""The code system of the instrument: no published code means these questions, and none is made up."""

ALLIANCE: Final = "alliance"
MEANINGS: Final[Mapping[str, str]] = {
    Item.UNDERSTOOD: "Felt understood in the session, 0 (not at all) to 10 (completely)",
    Item.SENSE: "What was done in the session made sense, 0 (not at all) to 10 (completely)",
    Item.PENDING: "Something was left pending in the session, 0 (nothing) to 10 (much)",
    ALLIANCE: "Perceived alliance: mean of understood and sense, 0 to 10",
}


def named(about: UUID, kind: str, number: int) -> UUID:
    """Return the same id for the same thing in every export, and no other thing's."""
    return uuid5(about, f"{kind}/{number}")


def urn(of: UUID) -> str:
    """Write an id as an address that needs no server."""
    return of.urn


def to_patient(held: Holdings) -> Resource:
    """Refer to a patient of the bundle."""
    return {"reference": urn(held.id)}


def to_encounter(held: Holdings, session: HeldSession) -> Resource:
    """Refer to a session of the bundle."""
    return {"reference": urn(named(held.id, "session", session.id))}


def to_response(held: Holdings, session: HeldSession) -> Resource:
    """Refer to the answers about a session."""
    return {"reference": urn(named(held.id, "response", session.id))}


def code_of(what: str) -> Resource:
    """Return the code of an item or of the alliance, with its meaning."""
    return {"coding": [{"system": urn(CODES), "code": str(what), "display": MEANINGS[what]}]}


def code_system() -> Resource:
    """Return the codes and what they mean, so that a bundle explains itself."""
    return {
        "resourceType": "CodeSystem",
        "id": str(CODES),
        "url": urn(CODES),
        "name": "Microchequeo",
        "title": "Microchequeo",
        "status": "active",
        "caseSensitive": True,
        "content": "complete",
        "concept": [{"code": str(code), "display": meaning} for code, meaning in MEANINGS.items()],
    }

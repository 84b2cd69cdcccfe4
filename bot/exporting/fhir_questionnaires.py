"""The instrument as FHIR Questionnaires: one for each set of items, a version of it for each wording that was shown."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from uuid import UUID, uuid5

from bot.domain.holdings import HeldCheckIn
from bot.domain.instrument import THREE_ITEMS, TWO_ITEMS
from bot.domain.model import HIGHEST, LOWEST, Item, WordsKind
from bot.exporting.fhir_parts import Resource, code_of, urn

FORMS: Final = {
    THREE_ITEMS: UUID("1bbea61b-ca52-432d-817e-c6b34fc99264"),
    TWO_ITEMS: UUID("702f40f7-2cad-43e9-af36-17fe44dcb900"),
}
"""Different item sets are never compared, so they are different questionnaires."""

WORDS: Final = {WordsKind.PENDING: "pending-words", WordsKind.REFLECTION: "reflection"}
"""The invitations to write, by what was written there, with their link ids."""

_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition"
_BOUNDS: Final = {"minValue": LOWEST, "maxValue": HIGHEST, "questionnaire-sliderStepValue": 1}

Wording = Callable[[str, str], str | None]
"""Give the words of a link id in a text version, None where they are not known (any more)."""


def canonical(one: HeldCheckIn) -> str:
    """Name the questionnaire of a check-in, with the version that was shown if there is one."""
    url = urn(FORMS[tuple(one.items)])
    return f"{url}|{one.text_version}" if one.text_version else url


def questionnaire(one: HeldCheckIn, wording: Wording) -> Resource:
    """Return the questionnaire that a check-in showed."""
    form, version = FORMS[tuple(one.items)], one.text_version
    made = {
        "resourceType": "Questionnaire",
        "id": str(uuid5(form, version or "")),
        "url": urn(form),
        "version": version,
        "name": "Microchequeo" if len(one.items) == len(THREE_ITEMS) else "MicrochequeoTwoItems",
        "title": "Microchequeo",
        "language": version.partition(".")[0] if version else None,
        "status": "active",
        "subjectType": ["Patient"],
        "item": [*_scored(one.items, version, wording), *_written(one.items, version, wording)],
    }
    return {name: value for name, value in made.items() if value is not None}


def _scored(items: Sequence[Item], version: str | None, wording: Wording) -> Iterator[Resource]:
    bounds = [{"url": f"{_EXTENSION}/{name}", "valueInteger": value} for name, value in _BOUNDS.items()]
    for item in items:
        asked = {"extension": bounds, "linkId": str(item), "code": code_of(item)["coding"]}
        yield asked | _text(item, version, wording) | {"type": "integer"}


def _written(items: Sequence[Item], version: str | None, wording: Wording) -> Iterator[Resource]:
    for kind, link_id in WORDS.items():
        if kind is WordsKind.REFLECTION or Item.PENDING in items:
            yield {"linkId": link_id} | _text(link_id, version, wording) | {"type": "text", "repeats": True}


def _text(link_id: str, version: str | None, wording: Wording) -> Resource:
    text = wording(version, link_id) if version else None
    return {"text": text} if text else {}

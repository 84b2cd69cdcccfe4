"""The header of a file of ratings: which column is what, in English or Spanish, and what separates them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.model import Item
from bot.evidence.refusals import Place, RatingsRefusedError, refused

DELIMITERS: Final = ",;\t"
PATIENT: Final = "patient"
SESSION: Final = "session"
DATE: Final = "date"
ITEMS: Final = {item.value: item for item in Item}
NAMES: Final = {
    PATIENT: {"patient", "paciente"},
    SESSION: {"session", "sesion", "sesión"},
    DATE: {"date", "fecha"},
    Item.UNDERSTOOD.value: {"understood", "comprendido", "comprendida"},
    Item.SENSE.value: {"sense", "sentido"},
    Item.PENDING.value: {"pending", "pendiente"},
}
_MEANING: Final = {name: meaning for meaning, names in NAMES.items() for name in names}
_LONGEST_SHOWN: Final = 30
"""Characters of a column's name that are repeated to the reader."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each meaning stands (counted from 0); `unused` are the names of the other columns."""

    delimiter: str
    places: dict[str, int]
    width: int
    unused: tuple[str, ...] = field(default=(), repr=False)

    def place(self, meaning: str) -> Place:
        """Return where a meaning stands as people count columns."""
        return Place(self.places[meaning] + 1, meaning)


def cells(line: str, delimiter: str, number: int) -> list[str]:
    """Split one line.  Raises RatingsRefusedError for a quotation mark that is out of place or never closed."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise refused(number, "a quotation mark is not closed, or stands where none may stand") from None


def read_header(line: str, number: int) -> Columns:
    """Find the separator and the columns.  Raises RatingsRefusedError for a header that lacks one or has it twice."""
    headers: dict[str, list[str]] = {}
    refusals: list[RatingsRefusedError] = []
    for delimiter in DELIMITERS:
        try:
            headers[delimiter] = [name.strip().casefold() for name in cells(line, delimiter, number)]
        except RatingsRefusedError as error:
            refusals.append(error)
    if not headers:
        raise refusals[0]
    delimiter = max(headers, key=lambda one: len(_MEANING.keys() & headers[one]))
    found = _columns(headers[delimiter], delimiter, number)
    _check(found, number)
    return found


def _columns(names: Sequence[str], delimiter: str, number: int) -> Columns:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        meaning = _MEANING.get(name)
        if meaning in places:
            raise refused(number, "there are two columns for this", Place(place + 1, meaning))
        if meaning:
            places[meaning] = place
    return Columns(delimiter, places, len(names), tuple(_shown(names)))


def _shown(names: Sequence[str]) -> list[str]:
    unknown = [name for name in names if name and name not in _MEANING]
    return ["".join(sign for sign in name if sign.isprintable())[:_LONGEST_SHOWN] for name in unknown]


def _check(columns: Columns, number: int) -> None:
    required = (PATIENT, Item.UNDERSTOOD.value, Item.SENSE.value)
    missing = [name for name in required if name not in columns.places]
    if SESSION not in columns.places and DATE not in columns.places:
        missing.append(f"{SESSION} or {DATE}")
    if missing:
        raise refused(
            number,
            f"the first line names the columns, and there is none called {', '.join(missing)}"
            " (columns: patient, session or date, understood, sense, and pending if it was asked)",
        )

"""Tables that a spreadsheet opens as they are: RFC 4180, and no cell that it would take for a formula."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel reads a double-clicked file in the code page of Windows, and the code Ñ-07 becomes Ã‘-07."""

GUARD: Final = "'"
"""What OWASP puts before a cell that would be calculated ("CSV Injection"): a spreadsheet then takes it for text."""

_CALCULATED: Final = frozenset("=+-@\u2212")
_CONTROLS: Final = frozenset("\t\r\n")


def table(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Write a table: commas, CRLF, quotes where needed, UTF-8 with its mark."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def guarded(cell: str) -> str:
    """Put a guard before what a spreadsheet would calculate.

    Full-width signs count, since some programs fold them; so does a sign behind spaces, quotes or what nobody sees,
    which others take away.
    """
    first = next(filter(_counts, unicodedata.normalize("NFKC", cell)), "")
    return GUARD + cell if cell[:1] in _CONTROLS or first in _CALCULATED else cell


def _counts(character: str) -> bool:
    """Say whether a character stands in the way of the one behind it."""
    unseen = character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}
    return not unseen and unicodedata.category(character) not in {"Pi", "Pf"} and character not in "'\"`"

"""The table of what therapists wrote down: agreements, micro-objectives, safety markers and reviews, a row for each."""

from collections.abc import Iterable
from typing import Final

from bot.domain.holdings import HeldRecord, Holdings
from bot.exporting.cells import table
from bot.exporting.instants import written

COLUMNS: Final = ("code", "kind", "version", "text", "recorded_at", "ended_at", "struck_at")


def records_table(patients: Iterable[Holdings]) -> bytes:
    """Write them patient by patient, the oldest first, with their texts; one that was struck out has none."""
    return table(COLUMNS, [(held.code, *_cells(one)) for held in patients for one in held.records])


def _cells(one: HeldRecord) -> tuple[str | int, ...]:
    instants = (one.recorded_at, one.ended_at, one.struck_at)
    return (one.kind, one.version or "", one.text or "", *map(written, instants))
